"""The front door: finds passages in documents that a person may read, for the chat and for the search page.

The indexes give ids, nothing else. What they name is read from SQLite, which asks once more who may read it: an
index that names somebody else's text changes nothing.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from gantry_edge.documents import chunks as sql
from gantry_edge.documents.passages import assemble, found_of, whole_of
from gantry_edge.documents.schema import Passage, Scope
from gantry_edge.retrieval import hybrid
from gantry_edge.sharing.reading import granted
from gantry_edge.storage.database import Connection, Database, Row
from gantry_edge.storage.words import find_words

if TYPE_CHECKING:
    from gantry_edge.retrieval.embedder import Embedder
    from gantry_edge.retrieval.index import Index
    from gantry_edge.retrieval.rerank import Reranker

BEST = 100  # of each kind, before they are fused
BYTES_PER_TOKEN = 3  # low for English, about right for other scripts: errs to the safe side
LONGEST_QUERY = 2000  # characters that are looked for

LOOKED_AT = 5  # of each kind of hits, to judge whether anything was found
READ_AGAIN = 30  # of the best, where something can read them with the question
PORTION = 32  # chunks read at once, the best first, until they are more than is wanted
SAMPLE = 32  # chunks of the whole library that tell how much of it a scope is
MOST = 0.5  # of the library; a scope of so much is looked for by words as if there was none

COLLECTIONS = f"""
SELECT id FROM collections WHERE deleted_at IS NULL
AND (user_id = ?1 OR {granted("collection", "collections.id", "?1")})
"""
DOCUMENTS = f"""
SELECT id FROM documents WHERE deleted_at IS NULL
AND (user_id = ?1 OR {granted("collection", "documents.collection_id", "?1")})
"""

Hits = list[tuple[str, float]]


class Reach(NamedTuple):
    """What of a scope one may read: whole collections, and single documents elsewhere with their collections."""

    collections: list[str]
    documents: dict[str, str]
    names: list[str]  # for the words

    def holds(self, row: Row | Mapping[str, Any]) -> bool:
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
        with self._embedder.hurry():
            return await self._find(user_id, query.strip()[:LONGEST_QUERY], scope, budget, limit)

    async def _find(self, user_id: str, query: str, scope: Scope, budget: int, limit: int) -> list[Passage]:
        reach = await self._database.read(lambda c: read_reach(c, user_id, scope))
        if not query or not reach.names:
            return []
        dense, words = await asyncio.gather(
            self._by_meaning(query, reach),
            self._database.read(lambda c: find_by_words(c, user_id, hybrid.words_of(query), reach)),
        )
        fused, room = hybrid.fuse(dense, words, BEST), budget * BYTES_PER_TOKEN
        judged = [id for id, _ in dense[:LOOKED_AT] + words[:LOOKED_AT]]
        own = await self._database.read(lambda c: read_best(c, user_id, reach, judged, fused, room))
        if not is_found(dense, words, own, query):
            return []
        found = [found_of(own[id], score) for id, score in await self._read_again(query, fused, own)]
        return assemble(found, room, limit)

    async def _read_again(self, query: str, fused: Hits, own: Mapping[str, Row]) -> Hits:
        """The best in the order of the reranker, if there is one; the scores stay sorted."""
        hits = [hit for hit in fused if hit[0] in own]
        if self._reranker is None:
            return hits
        best, rest = hits[:READ_AGAIN], hits[READ_AGAIN:]
        order = await asyncio.to_thread(self._reranker.order, query, [own[id]["text"] for id, _ in best])
        return [(best[place][0], score) for place, (_, score) in zip(order, best, strict=True)] + rest

    async def _by_meaning(self, query: str, reach: Reach) -> Hits:
        vector = await asyncio.to_thread(self._embedder.embed_question, query)
        hits: Hits = []
        if reach.collections:
            hits += await self._index.nearest(reach.collections, vector, BEST)
        if reach.documents:
            among = await self._database.read(lambda c: ids_of_documents(c, list(reach.documents)))
            if among:
                hits += await self._index.nearest(sorted(set(reach.documents.values())), vector, BEST, among)
        return sorted(hits, key=lambda hit: -hit[1])[:BEST]


def is_found(dense: Hits, words: Hits, own: Mapping[str, Row], query: str) -> bool:
    """Is the nearest near enough, or does one of the best by words have the question's own words?"""
    cosine = next((score for id, score in dense if id in own), 0.0)
    rows = (own[id] for id, _ in words[:LOOKED_AT] if id in own)
    texts = (f"{row['name']} {row['heading']} {row['text']}" for row in rows)
    return hybrid.found(cosine, 0.0) or any(hybrid.found(cosine, hybrid.share_of_words(query, text)) for text in texts)


def read_reach(connection: Connection, user_id: str, scope: Scope) -> Reach:
    """What of a scope one may read; the rest is left out without a word. What others share has to be named."""
    everything = scope.collection_ids is None and scope.document_ids is None
    if everything:
        rows = connection.execute(
            "SELECT id FROM collections WHERE user_id = ? AND deleted_at IS NULL"
            " AND EXISTS (SELECT 1 FROM documents d WHERE d.collection_id = collections.id)",
            (user_id,),
        )
        collections = [row[0] for row in rows]
        return Reach(collections, {}, [f"u{user_id}"] if collections else [])
    collections = _named(connection, COLLECTIONS, user_id, scope.collection_ids)
    documents = _named(connection, DOCUMENTS, user_id, scope.document_ids)
    places = {id: sql.get_work(connection, id).collection_id for id in documents}
    places = {id: place for id, place in places.items() if place not in collections}
    return Reach(collections, places, [*(f"c{id}" for id in collections), *(f"d{id}" for id in places)])


def _named(connection: Connection, statement: str, user_id: str, ids: Sequence[str] | None) -> list[str]:
    if not ids:
        return []
    marks = ", ".join("?" * len(ids))
    return [row[0] for row in connection.execute(f"{statement} AND id IN ({marks})", (user_id, *ids))]


def ids_of_documents(connection: Connection, documents: Sequence[str]) -> list[str]:
    marks = ", ".join("?" * len(documents))
    return [
        row[0] for row in connection.execute(f"SELECT id FROM chunks WHERE document_id IN ({marks})", tuple(documents))
    ]


def find_by_words(connection: Connection, user_id: str, words: Sequence[str], reach: Reach) -> Hits:
    share = share_of_library(connection, user_id, reach)
    if share >= MOST:
        wanted = round(BEST / share * 1.25)
        found = find_words(connection, words, None, wanted)
        own = own_numbers(connection, user_id, reach, [number for number, _ in found])
        hits = [(own[number], score) for number, score in found if number in own][:BEST]
        if len(hits) == BEST or len(found) < wanted:
            return hits
    found = find_words(connection, words, reach.names, BEST)
    own = own_numbers(connection, user_id, reach, [number for number, _ in found])
    return [(own[number], score) for number, score in found if number in own]


def share_of_library(connection: Connection, user_id: str, reach: Reach) -> float:
    """About how much of all there is, everybody's, lies within reach."""
    last = connection.execute("SELECT coalesce(max(number), 0) FROM chunks").fetchone()[0]
    sample = range(1, last + 1, max(1, last // SAMPLE))
    marks = ", ".join("?" * len(sample))
    there = connection.execute(f"SELECT count(*) FROM chunks WHERE number IN ({marks})", tuple(sample)).fetchone()[0]
    return len(own_numbers(connection, user_id, reach, sample)) / there if there else 0.0


def own_numbers(connection: Connection, user_id: str, reach: Reach, numbers: Sequence[int]) -> dict[int, str]:
    """Ids of those of them that lie within reach."""
    rows = sql.find_numbers(connection, user_id, numbers)
    return {row["number"]: row["id"] for row in rows if reach.holds(row)}


def read_best(
    connection: Connection, user_id: str, reach: Reach, judged: Sequence[str], fused: Hits, room: int
) -> dict[str, Row]:
    """Those within reach: what it is judged by whether anything was found, and the best until the room is full."""
    own: dict[str, Row] = {}
    size = 0
    for ids in (judged, *portions([id for id, _ in fused])):
        rows = [row for row in sql.find_chunks(connection, user_id, ids) if reach.holds(row)]
        own |= {row["id"]: row for row in rows}
        size += sum(len(row["text"]) for row in rows) if ids is not judged else 0
        if size > room:
            break
    return own


def portions(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + PORTION] for start in range(0, len(ids), PORTION))


def read_spans(connection: Connection, user_id: str, spans: Sequence[Span]) -> list[tuple[str, str]]:
    """Heading and text of passages as they are now; both empty where the document is gone."""
    texts = {id: sql.read_text(connection, user_id, id) for id in {span.document_id for span in spans}}
    headings = sql.read_headings(connection, user_id, [span.passage_id for span in spans])
    return [(headings.get(span.passage_id, ""), texts[span.document_id][span.start : span.end]) for span in spans]
