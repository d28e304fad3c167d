"""The front door: finds passages in a person's own documents, for the chat and for the search page.

The indexes give ids, nothing else. What they name is read from SQLite, which asks once more whose it is: an index
that names somebody else's text changes nothing.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from gantry_edge.documents import chunks as sql
from gantry_edge.documents.passages import assemble, found_of, whole_of
from gantry_edge.documents.schema import Passage, Scope
from gantry_edge.retrieval import hybrid
from gantry_edge.storage.database import Connection, Database, Row
from gantry_edge.storage.words import find_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gantry_edge.retrieval.embedder import Embedder
    from gantry_edge.retrieval.index import Index
    from gantry_edge.retrieval.rerank import Reranker

    Vector = NDArray[np.float32]

BEST = 100  # of each kind, before they are fused
BYTES_PER_TOKEN = 3  # low for English, about right for other scripts: errs to the safe side
LONGEST_QUERY = 2000  # characters that are looked for

LOOKED_AT = 5  # hits by words
READ_AGAIN = 30  # of the best, where something can read them with the question

Hits = list[tuple[str, float]]


class Reach(NamedTuple):
    """A scope after asking whose it is: whole collections, and single documents elsewhere with their collections."""

    collections: list[str]
    documents: dict[str, str]
    names: list[str]  # for the words

    def holds(self, row: Row) -> bool:
        return row["collection_id"] in self.collections or row["document_id"] in self.documents


class Span(NamedTuple):
    """Where a passage stands; `passage_id` names the chunk it was found by."""

    document_id: str
    passage_id: str
    start: int
    end: int


class Search:
    def __init__(
        self, database: Database, embedder: "Embedder", index: "Index", reranker: "Reranker | None" = None
    ) -> None:
        self._database = database
        self._reranker = reranker
        self._embedder = embedder
        self._index = index

    async def gather(self, user_id: str, query: str, scope: Scope, *, budget: int) -> list[Passage]:
        """What a question is answered from: documents chosen one by one go in whole when they fit."""
        if scope.document_ids and not scope.collection_ids:
            ids, most_bytes = scope.document_ids, budget * BYTES_PER_TOKEN
            if whole := await self._database.read(lambda c: sql.read_whole(c, user_id, ids, most_bytes)):
                return [whole_of(row) for row in whole]
        return await self.find(user_id, query, scope, budget=budget)

    async def find(self, user_id: str, query: str, scope: Scope, *, budget: int, limit: int = 20) -> list[Passage]:
        """The best passages first, of `budget` tokens in all; none when nothing relevant was found."""
        query = query.strip()[:LONGEST_QUERY]
        reach = await self._database.read(lambda c: read_reach(c, user_id, scope))
        if not query or not reach.names:
            return []
        dense, words = await asyncio.gather(self._by_meaning(query, reach), self._by_words(query, reach))
        fused = hybrid.fuse(dense, words, BEST)
        rows = await self._database.read(lambda c: sql.find_chunks(c, user_id, [id for id, _ in fused]))
        own = {row["id"]: row for row in rows if reach.holds(row)}
        if not is_found(dense, words, own, query):
            return []
        found = [found_of(own[id], score) for id, score in await self._read_again(query, fused, own)]
        return assemble(found, budget * BYTES_PER_TOKEN, limit)

    async def _read_again(self, query: str, fused: Hits, own: Mapping[str, Row]) -> Hits:
        """The best in the order of the reranker, if there is one; the scores stay sorted."""
        hits = [hit for hit in fused if hit[0] in own]
        if self._reranker is None:
            return hits
        best, rest = hits[:READ_AGAIN], hits[READ_AGAIN:]
        order = await asyncio.to_thread(self._reranker.order, query, [own[id]["text"] for id, _ in best])
        return [(best[place][0], score) for place, (_, score) in zip(order, best, strict=True)] + rest

    async def _by_meaning(self, query: str, reach: Reach) -> Hits:
        vector = await asyncio.to_thread(self._vector, query)
        hits: Hits = []
        if reach.collections:
            hits += await self._index.nearest(reach.collections, vector, BEST)
        if reach.documents:
            among = await self._database.read(lambda c: ids_of_documents(c, list(reach.documents)))
            if among:
                hits += await self._index.nearest(sorted(set(reach.documents.values())), vector, BEST, among)
        return sorted(hits, key=lambda hit: -hit[1])[:BEST]

    def _vector(self, query: str) -> "Vector":
        vector: Vector = self._embedder.embed([self._shortened(query)])[0]
        return vector

    def _shortened(self, query: str) -> str:
        """What of it the encoder reads."""
        from gantry_edge.retrieval.tokens import LIMIT

        if len(query) <= LIMIT:  # a word piece has one character at least
            return query
        spans = self._embedder.tokens.spans(query)
        return query[: spans[LIMIT - 1][1]] if len(spans) > LIMIT else query

    async def _by_words(self, query: str, reach: Reach) -> Hits:
        return await self._database.read(lambda c: find_by_words(c, hybrid.words_of(query), reach.names))


def is_found(dense: Hits, words: Hits, own: Mapping[str, Row], query: str) -> bool:
    """Is the nearest near enough, or does one of the best by words have the question's own words?"""
    cosine = max((score for id, score in dense if id in own), default=0.0)
    rows = [own[id] for id, _ in words[:LOOKED_AT] if id in own]
    texts = [f"{row['name']} {row['heading']} {row['text']}" for row in rows]
    return hybrid.found(cosine, max((hybrid.share_of_words(query, text) for text in texts), default=0.0))


def read_reach(connection: Connection, user_id: str, scope: Scope) -> Reach:
    """What of a scope is one's own; the rest is left out without a word."""
    everything = scope.collection_ids is None and scope.document_ids is None
    if everything:
        rows = connection.execute(
            "SELECT id FROM collections WHERE user_id = ? AND deleted_at IS NULL"
            " AND EXISTS (SELECT 1 FROM documents d WHERE d.collection_id = collections.id)",
            (user_id,),
        )
        collections = [row[0] for row in rows]
        return Reach(collections, {}, [f"u{user_id}"] if collections else [])
    collections = _own(
        connection, "SELECT id FROM collections WHERE user_id = ? AND deleted_at IS NULL", user_id, scope.collection_ids
    )
    documents = _own(
        connection, "SELECT id FROM documents WHERE user_id = ? AND deleted_at IS NULL", user_id, scope.document_ids
    )
    places = {id: sql.get_work(connection, id).collection_id for id in documents}
    places = {id: place for id, place in places.items() if place not in collections}
    return Reach(collections, places, [*(f"c{id}" for id in collections), *(f"d{id}" for id in places)])


def _own(connection: Connection, statement: str, user_id: str, ids: Sequence[str] | None) -> list[str]:
    if not ids:
        return []
    marks = ", ".join("?" * len(ids))
    return [row[0] for row in connection.execute(f"{statement} AND id IN ({marks})", (user_id, *ids))]


def ids_of_documents(connection: Connection, documents: Sequence[str]) -> list[str]:
    marks = ", ".join("?" * len(documents))
    return [
        row[0] for row in connection.execute(f"SELECT id FROM chunks WHERE document_id IN ({marks})", tuple(documents))
    ]


def find_by_words(connection: Connection, words: Sequence[str], names: Sequence[str]) -> Hits:
    found = find_words(connection, words, names, BEST)
    if not found:
        return []
    marks = ", ".join("?" * len(found))
    rows = connection.execute(
        f"SELECT number, id FROM chunks WHERE number IN ({marks})", tuple(number for number, _ in found)
    )
    ids = {row["number"]: row["id"] for row in rows}
    return [(ids[number], score) for number, score in found if number in ids]


def read_spans(connection: Connection, user_id: str, spans: Sequence[Span]) -> list[tuple[str, str]]:
    """Heading and text of passages as they are now; both empty where the document is gone."""
    texts = {id: sql.read_text(connection, user_id, id) for id in {span.document_id for span in spans}}
    headings = sql.read_headings(connection, user_id, [span.passage_id for span in spans])
    return [(headings.get(span.passage_id, ""), texts[span.document_id][span.start : span.end]) for span in spans]
