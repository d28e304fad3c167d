"""The words of what is known about a person. Mirrors `web/src/types.ts`."""

from typing import Annotated, Literal, NamedTuple

import msgspec
from msgspec import UNSET, Meta, UnsetType

Kind = Literal["me", "person", "organisation", "place", "tool", "project", "thing"]
Predicate = Literal[
    "name",
    "works_at",
    "works_as",
    "lives_in",
    "comes_from",
    "located_in",
    "part_of",
    "uses",
    "prefers",
    "works_on",
    "relation",
    "also_called",
    "speaks",
    "allergic_to",
    "birthday",
    "deadline",
    "note",
]
Status = Literal["suggested", "approved", "pinned"]
Origin = Literal["rule", "model"]
Chosen = Literal["approved", "pinned"]
Wording = Annotated[str, Meta(min_length=1, max_length=500)]
Name = Annotated[str, Meta(min_length=1, max_length=100)]

SURE = 0.8  # from here on a fact counts at once; below it waits to be approved
# of these one is true at a time: the newest
FUNCTIONAL: frozenset[Predicate] = frozenset(
    {"name", "works_at", "works_as", "lives_in", "comes_from", "located_in", "part_of", "birthday", "deadline"}
)
ONE_OF_A_KIND = frozenset({"manager", "boss", "wife", "husband", "partner", "mother", "father", "assistant"})


class Mention(NamedTuple):
    """Someone or something as a message names it."""

    kind: Kind
    name: str


ME = Mention("me", "")


class Candidate(NamedTuple):
    """What a message says; `start` and `end` are characters of its text.

    `explicit`: the person asked to remember it. `ended`: it is not so any more.
    """

    subject: Mention
    predicate: Predicate
    object: Mention | None
    value: str
    start: int
    end: int
    confidence: float
    explicit: bool = False
    ended: bool = False
    origin: Origin = "rule"


class Entity(msgspec.Struct):
    """Whom or what facts are about. `kind` is "me" for the person themselves."""

    id: str
    kind: Kind
    name: str
    aliases: list[str] = []


class Said(msgspec.Struct):
    """Where a fact was said, in the person's own words."""

    message_id: str
    conversation_id: str
    conversation_title: str
    said_at: int
    words: str


class Fact(msgspec.Struct, kw_only=True):
    """`text` is the fact as a sentence. One with a `valid_to` was true until then and is kept as history."""

    id: str
    subject: Entity
    predicate: Predicate
    object: Entity | None
    value: str
    text: str
    status: Status
    confidence: float
    origin: Origin
    own: bool  # pinned or worded by its person: outlives the messages it came from
    valid_from: int
    valid_to: int | None
    superseded_by: str | None
    learned_at: int
    sources: list[Said] = []


class FactChange(msgspec.Struct, forbid_unknown_fields=True):
    """`ended`: whether it is history."""

    status: Chosen | UnsetType = UNSET
    text: Wording | UnsetType = UNSET
    ended: bool | UnsetType = UNSET


class EntityChange(msgspec.Struct, forbid_unknown_fields=True):
    """The name of another entity makes both one."""

    name: Name


class Edge(msgspec.Struct):
    fact_id: str
    source: str
    target: str
    label: str


class Graph(msgspec.Struct):
    """`left_out` counts the entities beyond the most connected ones."""

    nodes: list[Entity]
    edges: list[Edge]
    left_out: int = 0
