"""The front door: what a person said in earlier conversations that belongs to a question.

Where memory is off, nothing is looked up: neither words nor vectors, and the encoder is not asked. The indexes give
ids only; what they name is read from SQLite, which asks once more whose it is.
"""

import asyncio
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gantry_edge.documents.search import BYTES_PER_TOKEN
from gantry_edge.ids import now
from gantry_edge.memory import store
from gantry_edge.memory.ranking import LEAST, Asked, Found, Sentence, names_of, newest_of_each
from gantry_edge.memory.saying import day_of, joined, told
from gantry_edge.memory.schema import Candidate, Memory, Past
from gantry_edge.retrieval import hybrid
from gantry_edge.storage.database import Connection, Database

if TYPE_CHECKING:
    from gantry_edge.retrieval.embedder import Embedder, Vectors
    from gantry_edge.retrieval.index import Index

BEST = 100  # exchanges of each kind, by meaning and by words
VIEWS = 2  # of most exchanges
CLOSER = 30  # exchanges whose sentences are looked at
NAMED = 20  # exchanges with a name that the first look brought up
OWN_MOST = 200  # exchanges of the conversation itself that are looked past
LONGEST_QUERY = 2000  # characters that are looked for
LINE = 1  # byte between two


class Recall:
    def __init__(self, database: Database, embedder: "Embedder", index: "Index") -> None:
        self._database = database
        self._embedder = embedder
        self._index = index

    def foresee(self, connection: Connection, user_id: str, conversation_id: str, query: str) -> None:
        """Begin to read a question that is only being stored: reading it takes longer than the disk."""
        if (text := looked_for(query)) and store.read_place(connection, user_id, conversation_id).open:
            self._embedder.foresee(text)

    async def gather(self, user_id: str, conversation_id: str, query: str, *, budget: int) -> list[Memory]:
        """The best first, of `budget` tokens in all; none when nothing is near enough, or memory is off."""
        query = looked_for(query)
        if not query or budget < 1:
            return []
        with self._embedder.hurry():
            return choose(
                await self._look(Look(user_id, conversation_id, query, self._embedder.model)), budget * BYTES_PER_TOKEN
            )

    async def _look(self, look: "Look") -> list[Sentence]:
        limit, said = await self._database.read(partial(self._begin, look=look))
        if not limit:
            return []
        vector = await asyncio.to_thread(self._embedder.embed_question, look.query)
        cosines = await self._nearest(look.user_id, vector, limit * VIEWS)
        return await self._database.read(lambda c: look.closely(c, vector, cosines, said))

    def _begin(self, connection: Connection, look: "Look") -> tuple[int, list[Candidate]]:
        """How many to look for, and those found by words, while the encoder reads the question; 0 where it may not."""
        place = store.read_place(connection, look.user_id, look.conversation_id)
        if not place.open:
            return 0, []
        self._embedder.foresee(look.query)
        limit = BEST + min(place.own, OWN_MOST)
        return limit, look.by_words(connection, hybrid.words_of(look.query), limit)

    async def _nearest(self, user_id: str, vector: "Vectors", limit: int) -> dict[str, float]:
        """The cosine of each exchange's nearest view, the best first."""
        nearest: dict[str, float] = {}
        for view, cosine in await self._index.nearest([store.vault_of(user_id)], vector, limit):
            nearest.setdefault(view.partition(":")[0], cosine)
        return nearest


def looked_for(query: str) -> str:
    return query.strip()[:LONGEST_QUERY]


class Look(NamedTuple):
    """Whose exchanges are looked at, from where, and what for."""

    user_id: str
    conversation_id: str
    query: str
    model: str

    def by_words(self, connection: Connection, words: Iterable[str], limit: int) -> list[Candidate]:
        numbers = store.find_by_words(connection, self.user_id, list(words), limit)
        return store.find_numbers(connection, self.user_id, self.conversation_id, numbers)

    def closely(
        self, connection: Connection, vector: "Vectors", cosines: dict[str, float], said: list[Candidate]
    ) -> list[Sentence]:
        """The sentences of what is nearest, the best first; those with a name that the best bring up are lifted."""
        known = {row.id for row in said}
        near = [id for id in cosines if id not in known]
        rows = [*said, *store.find_exchanges(connection, self.user_id, self.conversation_id, near)]
        asked = Asked(self.query, vector, cosines, rows, now())
        found = newest_of_each(asked.rank(rows))[:CLOSER]
        sentences = self._weigh(connection, asked, found)
        if not sentences or not asked.suffices(sentences[0]):
            return []
        if not (names := names_of(self.query, sentences)):
            return sentences
        same = {each.row.asked for each in found}
        named = [row for row in self.by_words(connection, map(str.lower, names), NAMED) if row.asked not in same]
        more = self._weigh(connection, asked, newest_of_each(asked.rank(named)))
        return asked.lift([*sentences, *more], names)

    def _weigh(self, connection: Connection, asked: Asked, found: Sequence[Found]) -> list[Sentence]:
        ids = [each.row.id for each in found]
        texts = store.read_exchanges(connection, self.user_id, ids)
        return asked.weigh(found, texts, store.read_sentences(connection, ids, self.model))


def choose(sentences: Iterable[Sentence], most_bytes: int) -> list[Memory]:
    """Those there is room for, put together as they were said; the exchange with the best one first."""
    chosen: dict[str, list[Sentence]] = {}
    sizes: dict[str, int] = {}
    left = most_bytes
    for sentence in sentences:
        if sentence.score < LEAST or len(sentence.text) > left:
            continue
        id = sentence.row.id
        beside = [*chosen.get(id, []), sentence]
        size = _size(memory_of(beside).text)
        if (more := size - sizes.get(id, 0)) <= left:
            chosen[id], sizes[id] = beside, size
            left -= more
    return [memory_of(each) for each in chosen.values()]


def memory_of(sentences: Sequence[Sentence]) -> Memory:
    """Of one exchange, the best first."""
    row = sentences[0].row
    asked, answered = (_joined(row, sentences, answered) for answered in (False, True))
    return Memory(
        id=row.id,
        kind="exchange",
        conversation_id=row.conversation_id,
        message_id=row.id,
        title=row.title,
        said_at=row.said_at,
        text=_told(row, asked, answered),
        score=sentences[0].score,
        spans=asked,
        answered=answered,
    )


def _joined(row: Past, sentences: Sequence[Sentence], answered: bool) -> list[int]:
    spans = [sentence.span for sentence in sentences if sentence.span.answered == answered]
    return joined(row.answer if answered else row.question, spans)


def fill(connection: Connection, user_id: str, memories: Sequence[Memory]) -> list[Memory]:
    """With title and text as they are remembered now; both are empty where it is forgotten."""
    rows = store.read_exchanges(connection, user_id, [memory.id for memory in memories])
    return [
        msgspec.structs.replace(memory, title=row.title, text=_told(row, memory.spans, memory.answered))
        if (row := rows.get(memory.id))
        else msgspec.structs.replace(memory, title="", text="")
        for memory in memories
    ]


def _told(row: Past, asked: Sequence[int], answered: Sequence[int]) -> str:
    """With the day it was said: people say "yesterday"."""
    return f"{day_of(row.said_at)}. {told(row.name, row.question, row.answer, asked, answered)}"


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace")) + LINE
