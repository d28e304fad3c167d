"""The front door: what a person said in earlier conversations that belongs to a question.

Where memory is off, nothing is looked up: neither words nor vectors, and the encoder is not asked. The indexes give
ids only; what they name is read from SQLite, which asks once more whose it is.
"""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gantry_edge.documents.search import BYTES_PER_TOKEN
from gantry_edge.ids import now
from gantry_edge.memory import store
from gantry_edge.memory.saying import best_part, day_of, told
from gantry_edge.memory.schema import Memory
from gantry_edge.memory.store import Place
from gantry_edge.retrieval import hybrid
from gantry_edge.storage.database import Connection, Database, Row
from gantry_edge.storage.words import find_words

if TYPE_CHECKING:
    from gantry_edge.retrieval.embedder import Embedder
    from gantry_edge.retrieval.index import Index

BEST = 100  # exchanges of each kind, before they are fused
VIEWS = 3  # of most exchanges
OWN_MOST = 200  # exchanges of the conversation itself that are looked past
LONGEST_QUERY = 2000  # characters that are looked for
# docs/decisions/0029-recall.md has the measurement of these
LEAN = 0.7  # towards meaning: people seldom ask in the words they once used
FLOOR = 0.2  # cosine of an exchange, or
SHARE = 0.4  # of the question's words in it
FADING = 0.05  # of the score, that what was said a year ago has lost
LONG_AGO = 365 * 24 * 3600 * 1000  # milliseconds
LINE = 24  # bytes around a memory: the day, the names, the line's end

Hits = list[tuple[str, float]]


class Found(NamedTuple):
    """An exchange that is near enough to the question."""

    row: Row
    score: float


class Recall:
    def __init__(self, database: Database, embedder: "Embedder", index: "Index") -> None:
        self._database = database
        self._embedder = embedder
        self._index = index

    async def gather(self, user_id: str, conversation_id: str, query: str, *, budget: int) -> list[Memory]:
        """The best first, of `budget` tokens in all; none when nothing is near enough, or memory is off."""
        query = query.strip()[:LONGEST_QUERY]
        place = await self._database.read(lambda c: store.read_place(c, user_id, conversation_id))
        if not query or not place.open or budget < 1:
            return []
        return choose(await self._find(user_id, conversation_id, query, place), query, budget * BYTES_PER_TOKEN)

    async def _find(self, user_id: str, conversation_id: str, query: str, place: Place) -> list[Found]:
        limit = BEST + min(place.own, OWN_MOST)
        dense, words = await asyncio.gather(
            self._by_meaning(user_id, query, limit * VIEWS),
            self._database.read(lambda c: find_by_words(c, user_id, conversation_id, query, limit)),
        )
        ids = list(dense)
        rows = await self._database.read(lambda c: store.find_exchanges(c, user_id, conversation_id, ids))
        own = {row["id"]: row for row in (*rows, *(row for row, _ in words))}
        near = [(id, cosine) for id, cosine in dense.items() if id in own][:BEST]
        return rank(query, own, near, [(row["id"], score) for row, score in words])

    async def _by_meaning(self, user_id: str, query: str, limit: int) -> dict[str, float]:
        """The cosine of each exchange's nearest view, the best first."""
        vector = await asyncio.to_thread(self._embedder.embed_question, query)
        nearest: dict[str, float] = {}
        for view, cosine in await self._index.nearest([store.vault_of(user_id)], vector, limit):
            nearest.setdefault(view.partition(":")[0], cosine)
        return nearest


def find_by_words(
    connection: Connection, user_id: str, conversation_id: str, query: str, limit: int
) -> list[tuple[Row, float]]:
    scope = [store.scope_of(user_id)]
    scores = dict(find_words(connection, hybrid.words_of(query), scope, limit, table=store.WORDS))
    rows = store.find_numbers(connection, user_id, conversation_id, list(scores))
    return sorted(((row, scores[row["number"]]) for row in rows), key=lambda hit: -hit[1])[:BEST]


def rank(query: str, own: dict[str, Row], near: Hits, words: Hits) -> list[Found]:
    """Exchanges that are near enough by meaning or by words, the best first; what is old counts a little less."""
    cosines, at = dict(near), now()
    found = []
    for id, score in hybrid.fuse(near, words, BEST, lean=LEAN):
        row = own[id]
        if cosines.get(id, 0.0) < FLOOR and hybrid.share_of_words(query, row["text"]) < SHARE:
            continue
        age = min(1.0, max(0, at - row["said_at"]) / LONG_AGO)
        found.append(Found(row, score * (1 - FADING * age)))
    return sorted(found, key=lambda each: -each.score)


def choose(found: Sequence[Found], query: str, most_bytes: int) -> list[Memory]:
    """What there is room for. What the person said goes first, of all of them; what was answered, in the room left.

    Of a question asked several times only the newest; of a long one, and of a long answer, the best part.
    """
    chosen: list[tuple[Found, list[int]]] = []
    for each in newest_of_each(found):
        spans = [*best_part(each.row["question"], query), 0, 0]
        size = _size(each.row["question"][spans[0] : spans[1]]) + LINE
        if size > most_bytes and chosen:
            break
        chosen.append((each, spans))
        most_bytes -= size
    for each, spans in chosen:
        answered = best_part(each.row["answer"], query)
        size = _size(each.row["answer"][slice(*answered)]) + LINE
        if LINE < size <= most_bytes:
            spans[2:] = answered
            most_bytes -= size
    return [memory_of(each, spans) for each, spans in chosen]


def newest_of_each(found: Sequence[Found]) -> list[Found]:
    newest: dict[str, int] = {}
    for each in found:
        newest[each.row["asked"]] = max(newest.get(each.row["asked"], 0), each.row["said_at"])
    return [each for each in found if each.row["said_at"] == newest[each.row["asked"]]]


def memory_of(found: Found, spans: list[int]) -> Memory:
    row = found.row
    return Memory(
        id=row["id"],
        kind="exchange",
        conversation_id=row["conversation_id"],
        message_id=row["id"],
        title=row["title"],
        said_at=row["said_at"],
        text=_told(row, spans),
        score=found.score,
        spans=spans,
    )


def fill(connection: Connection, user_id: str, memories: Sequence[Memory]) -> list[Memory]:
    """With title and text as they are remembered now; both are empty where it is forgotten."""
    rows = store.read_exchanges(connection, user_id, [memory.id for memory in memories])
    return [
        msgspec.structs.replace(memory, title=row["title"], text=_told(row, memory.spans))
        if (row := rows.get(memory.id))
        else msgspec.structs.replace(memory, title="", text="")
        for memory in memories
    ]


def _told(row: Row, spans: Sequence[int]) -> str:
    """With the day it was said: people say "yesterday"."""
    return f"{day_of(row['said_at'])}. {told(row['name'], row['question'], row['answer'], spans)}"


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))
