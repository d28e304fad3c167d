"""What is one person's, counted, and how far an export of it has come."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from gantry_edge.accounts.schema import Known


class Belongings(Struct, frozen=True):
    """`bytes` are those of the documents' originals; `may_leave` is false for the only owner."""

    conversations: int
    messages: int
    collections: int
    documents: int
    bytes: int
    facts: int
    exchanges: int
    personas: int
    sessions: int
    may_leave: bool


ExportState = Literal["waiting", "running", "done", "failed", "cancelled"]


class Export(Struct, frozen=True):
    """`files` of `of` are packed, `bytes` were sent. It begins when its file is asked for."""

    id: str
    state: ExportState
    files: int
    of: int
    bytes: int


class Leave(Struct, forbid_unknown_fields=True):
    """`name` is typed by who wants to go, and must be theirs."""

    password: Known
    name: Annotated[str, Meta(max_length=256)]
