"""Shapes of accounts: what people send, what they get back, and who is behind a request."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from gantry_edge.accounts.names import LONGEST_NAME, clean_name


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"


class User(Struct, frozen=True):
    id: str
    name: str
    role: Role
    created_at: int


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
