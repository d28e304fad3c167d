"""The words of sharing. Mirrors `web/src/types.ts`."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from gantry_edge.accounts.names import name_key

Kind = Literal["conversation", "collection", "persona"]
GroupName = Annotated[str, Meta(min_length=1, max_length=100)]


class Reader(Struct, frozen=True):
    """Whom something can be shared with. `account` is the user name of a person, `members` how many a group has."""

    id: str
    kind: Literal["person", "group"]
    name: str
    account: str
    members: int


class Sharing(Struct, frozen=True):
    """Who may read something, beside its owner."""

    id: str
    kind: Kind
    name: str
    readers: list[Reader]


class Shared(Struct, frozen=True):
    """What somebody else lets one read; `owner` is how they are called."""

    id: str
    kind: Kind
    name: str
    owner: str
    updated_at: int


class Group(Struct, frozen=True):
    id: str
    name: str
    members: int
    created_at: int


class GroupFields(Struct, forbid_unknown_fields=True):
    name: GroupName

    def __post_init__(self) -> None:
        self.name = " ".join(self.name.split())
        if not name_key(self.name):
            raise ValueError("A group needs a name")
