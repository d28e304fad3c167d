"""What an answer is made from, looked up at the same time: passages of documents and what is remembered."""

import asyncio
import logging
from collections.abc import Sequence

import msgspec

from gantry_edge.chat import store
from gantry_edge.chat.beside import Found
from gantry_edge.chat.prompt import text_of, told
from gantry_edge.chat.schema import Memories, Message, Notice, Part, Source, Sources, Started
from gantry_edge.chat.sources import sources_of
from gantry_edge.documents.schema import Scope
from gantry_edge.documents.search import BYTES_PER_TOKEN, Search
from gantry_edge.errors import GantryError
from gantry_edge.facts.known import known_for
from gantry_edge.memory.recall import Recall
from gantry_edge.memory.schema import Memory
from gantry_edge.models.schema import Endpoint
from gantry_edge.personas.schema import Snapshot
from gantry_edge.retrieval.hybrid import stems
from gantry_edge.storage.database import Connection, Database

SOURCES_MOST = 3000  # tokens; more passages make answers worse before they make them better
SOURCES_SMALL = 400  # for the smallest models
MEMORIES_MOST = 800  # tokens
MEMORIES_SMALL = 120  # for the smallest models
LONGEST_QUERY = 1000  # characters, of what goes with a question that says nothing itself
STANDING = 5  # times what one question may bring
FEW_WORDS = 3  # beside stop words
FACTS_SMALL = 3  # for the smallest models
NOT_RECALLED = Notice("not_recalled", "Earlier conversations could not be searched; the log says why")
NOTHING_FOUND = Notice("nothing_found", "Nothing relevant was found in the chosen documents")
NOTHING_MORE = Notice("nothing_more", "Nothing more was found in the chosen documents than stands above")

log = logging.getLogger(__name__)


class Gathered(msgspec.Struct):
    found: Found = Found()
    told: list[Part] = []  # of it, what the person has not been told yet
    documents: bool = False  # may be looked at


class Gatherer:
    def __init__(self, database: Database, search: Search, recall: Recall) -> None:
        self._database = database
        self._search = search
        self._recall = recall

    def foresee(self, connection: Connection, user_id: str, started: Started) -> None:
        """What can begin while the question is being stored."""
        questions, _ = store.read_questions(connection, user_id, started)
        self._recall.foresee(connection, user_id, started.conversation_id, search_query(questions))

    async def gather(
        self, user_id: str, started: Started, endpoint: Endpoint, persona: Snapshot | None, parts: Sequence[Part]
    ) -> Gathered:
        """`parts` are those the answer has already: one that is continued rests on what it began with."""
        questions, scope = await self._database.read(lambda c: store.read_questions(c, user_id, started))
        if scope is None and persona and persona.collection_ids:
            scope = Scope(persona.collection_ids)
        query = search_query(questions)
        memories, sources, facts = await asyncio.gather(
            self._recall_memories(user_id, started, query, endpoint, parts),
            self._find_sources(user_id, query, scope, endpoint, parts),
            self._database.read(lambda c: known_for(c, user_id, started.conversation_id, query)),
        )
        facts = facts[:FACTS_SMALL] if endpoint.small else facts
        return Gathered(Found(facts, memories[0], sources[0]), memories[1] + sources[1], scope is not None)

    async def _recall_memories(
        self, user_id: str, started: Started, query: str, endpoint: Endpoint, parts: Sequence[Part]
    ) -> tuple[list[Memory], list[Part]]:
        if any(not isinstance(part, Notice) for part in parts):  # it goes on with what it had
            return [memory for part in parts if isinstance(part, Memories) for memory in part.items], []
        budget = memories_budget(endpoint)
        try:
            memories = await self._recall.gather(user_id, started.conversation_id, query, budget=budget)
        except (GantryError, OSError) as error:  # an answer without memories is better than none
            log.warning("nothing is recalled: %s", error)
            return [], [NOT_RECALLED]
        return memories, [Memories(memories)] if memories else []

    async def _find_sources(
        self, user_id: str, query: str, scope: Scope | None, endpoint: Endpoint, parts: Sequence[Part]
    ) -> tuple[list[Source], list[Part]]:
        if had := [source for part in parts if isinstance(part, Sources) for source in part.items]:
            return had, []
        if scope is None:
            return [], []
        passages = await self._search.gather(user_id, query, scope, budget=sources_budget(endpoint))
        if not passages:
            return [], [NOTHING_FOUND]
        sources = sources_of(passages)
        return sources, [Sources(sources)]


def search_query(questions: Sequence[Message]) -> str:
    """What is looked for: a short question, like "And on Sundays?", means nothing without the one before it."""
    texts = [text_of(question) or told(question)[:LONGEST_QUERY] for question in questions]
    if len(texts) > 1 and len(stems(texts[-1])) < FEW_WORDS:
        return f"{texts[-2]}\n{texts[-1]}"
    return texts[-1]


def sources_budget(endpoint: Endpoint) -> int:
    """Tokens of passages that go with a question."""
    most = SOURCES_SMALL if endpoint.small else SOURCES_MOST
    return most if endpoint.window is None else min(most, endpoint.window // 4)


def standing_budget(endpoint: Endpoint) -> int:
    """Bytes of what was found for all questions of a conversation."""
    return STANDING * (sources_budget(endpoint) + memories_budget(endpoint)) * BYTES_PER_TOKEN


def memories_budget(endpoint: Endpoint) -> int:
    """Tokens of what is recalled."""
    most = MEMORIES_SMALL if endpoint.small else MEMORIES_MOST
    return most if endpoint.window is None else min(most, endpoint.window // 10)
