"""Shapes of accounts: what people send, what they get back, and who is behind a request."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from gantry_edge.accounts.names import LONGEST_NAME, clean_name


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"


RANKS = {Role.MEMBER: 1, Role.ADMIN: 2, Role.OWNER: 3}


class User(Struct, frozen=True):
    """`name` is what they sign in with, `display_name` how they want to be called: empty is by their name."""

    id: str
    name: str
    role: Role
    created_at: int
    display_name: str = ""


class Session(Struct, frozen=True):
    """One signed-in browser. `current` marks the one that asks."""

    id: str
    created_at: int
    seen_at: int
    expires_at: int
    address: str
    agent: str
    current: bool


# No stored password is longer than 256 characters, so a longer one is a bad request, not a wrong guess.
# A new password has no limit here: `passwords.check_password` says `weak_password`.
Known = Annotated[str, Meta(max_length=256)]


class Setup(Struct, forbid_unknown_fields=True):
    """The first account. The token comes from the link that the program prints."""

    token: Annotated[str, Meta(max_length=128)]
    name: Annotated[str, Meta(min_length=1, max_length=4 * LONGEST_NAME)]  # spaces around it do not count
    password: str

    def __post_init__(self) -> None:
        self.name = clean_name(self.name)


class Login(Struct, forbid_unknown_fields=True):
    """`email` may be any user name."""

    email: Annotated[str, Meta(max_length=256)]
    password: Known


class ChangePassword(Struct, forbid_unknown_fields=True):
    current: Known
    password: str


class Person(Struct, frozen=True):
    """An account as those see it who look after the appliance; times in ms."""

    id: str
    name: str
    role: Role
    disabled: bool
    created_at: int
    signed_in_at: int | None
    sessions: int


class ProfileChange(Struct, forbid_unknown_fields=True):
    """What is left out stays; another user name needs the password."""

    name: Annotated[str, Meta(min_length=1, max_length=4 * LONGEST_NAME)] | None = None
    display_name: Annotated[str, Meta(max_length=4 * LONGEST_NAME)] | None = None
    password: Known | None = None

    def __post_init__(self) -> None:
        self.name = self.name and clean_name(self.name)
        self.display_name = self.display_name and self.display_name.strip() and clean_name(self.display_name)


class NewPerson(Struct, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, max_length=4 * LONGEST_NAME)]
    password: str
    role: Role = Role.MEMBER


class PersonChanges(Struct, forbid_unknown_fields=True):
    """What is left out stays as it is."""

    role: Role | None = None
    disabled: bool | None = None


class NewInvitation(Struct, forbid_unknown_fields=True):
    """For somebody new; or, with `person_id`, for somebody who needs a new password."""

    role: Role = Role.MEMBER
    note: Annotated[str, Meta(max_length=200)] = ""
    person_id: Annotated[str, Meta(max_length=100)] | None = None


class Invitation(Struct, frozen=True):
    """An open one; `name` is whose password it sets, null for somebody new."""

    id: str
    role: Role
    note: str
    name: str | None
    made_by: str
    created_at: int
    expires_at: int


class Invited(Struct, frozen=True):
    """`token` is told this once."""

    invitation: Invitation
    token: str


class Opening(Struct, forbid_unknown_fields=True):
    token: Annotated[str, Meta(max_length=128)]


class Opened(Struct, frozen=True):
    """What the holder of a link may do with it: `name` is whose password it sets, null for somebody new."""

    role: Role
    name: str | None
    expires_at: int


class Acceptance(Struct, forbid_unknown_fields=True):
    """`name` is wanted of somebody new, and of nobody else."""

    token: Annotated[str, Meta(max_length=128)]
    password: str
    name: Annotated[str, Meta(max_length=4 * LONGEST_NAME)] = ""


class Principal(Struct, frozen=True):
    """Who is behind a request, and by which session."""

    user: User
    session_id: str


class Visitor(Struct, frozen=True):
    """Where a request comes from, and the token it carries. Forwarded headers are never looked at."""

    address: str
    agent: str = ""
    token: str | None = None


class SignedIn(Struct, frozen=True):
    """A user and the token of a session that starts now: the only place where a token is plain."""

    user: User
    token: str
