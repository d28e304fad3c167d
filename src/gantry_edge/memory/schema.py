"""The words of memory. Mirrors `web/src/types.ts`."""

from typing import Literal

import msgspec


class Memory(msgspec.Struct, frozen=True):
    """Something said earlier, as it is handed to the model; `message_id` is the answer it was said with.

    Stored with an answer, it keeps only where it stands: `title` and `text` are empty once it is forgotten.
    """

    id: str
    kind: Literal["exchange", "fact"]
    conversation_id: str
    message_id: str
    title: str
    said_at: int
    text: str
    score: float
    spans: list[int] = []  # where its parts begin and end in an exchange's question
    answered: list[int] = []  # and in its answer


class Candidate(msgspec.Struct, array_like=True, frozen=True):
    """An exchange that may be near: what it is ranked by. The words are stems."""

    id: str
    said_at: int
    asked: str
    words: str


class Past(msgspec.Struct, array_like=True, frozen=True):
    """An exchange that is looked at closely: whose words they are."""

    id: str
    conversation_id: str
    said_at: int
    question: str
    answer: str
    title: str
    name: str


class Exchange(msgspec.Struct, frozen=True):
    """One that is remembered; its id is the answer's."""

    id: str
    conversation_id: str
    title: str
    said_at: int
    question: str


class MemoryState(msgspec.Struct, frozen=True):
    """How many exchanges are remembered, wait to be read, and are not to be used again."""

    enabled: bool
    exchanges: int
    waiting: int
    muted: int


class MemoryChange(msgspec.Struct, forbid_unknown_fields=True):
    enabled: bool
