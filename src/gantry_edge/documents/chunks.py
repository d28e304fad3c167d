"""SQL of what is read in documents: their text, its chunks, and what finds them. For ingest, erasing and search.

A chunk, its words, its embedding and the note for the index are written, and deleted, in one transaction.
"""

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from gantry_edge.documents.extract.result import Extracted
from gantry_edge.documents.schema import Document
from gantry_edge.documents.store import DOCUMENT, document_of, remove_empty_collection
from gantry_edge.ids import now
from gantry_edge.retrieval.store import add_embeddings, delete_embeddings
from gantry_edge.sharing.reading import granted
from gantry_edge.storage.database import Connection, Row
from gantry_edge.storage.jobs import Job, advance_job, finish_job
from gantry_edge.storage.words import add_words, delete_words

if TYPE_CHECKING:
    from gantry_edge.documents.chunk import Chunk

CHUNK = "number, id, document_id, seq, begins, ends, page, page_end, heading, gap, text"
INSERT_CHUNK = """
INSERT INTO chunks (id, document_id, seq, begins, ends, page, page_end, heading, gap, text)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING RETURNING number
"""
# one's own, or in a collection that is shared with one at this moment
READABLE = f"(d.user_id = ?1 OR {granted('collection', 'd.collection_id', '?1')}) AND d.deleted_at IS NULL"
# Who may read it, its state and the deletion are asked once more here, whatever an index said. CROSS: by the chunks'
# ids, where SQLite would rather go through all documents of the person.
FOUND = f"""
SELECT k.id, k.document_id, d.name, d.collection_id, k.seq, k.begins, k.ends, k.page, k.page_end,
k.heading, k.gap, k.text
FROM chunks k CROSS JOIN documents d ON d.id = k.document_id
WHERE {READABLE} AND d.status = 'ready' AND k.id IN ({{marks}})
"""
# as one row: for each that is fetched, a reader lets go of the interpreter and waits for it again
NUMBERS = f"""
SELECT json_group_array(json_object(
    'number', k.number, 'id', k.id, 'document_id', k.document_id, 'collection_id', d.collection_id
)) FROM chunks k CROSS JOIN documents d ON d.id = k.document_id
WHERE {READABLE} AND d.status = 'ready' AND k.number IN ({{marks}})
"""

READY = f"""
FROM documents d JOIN document_texts t ON t.document_id = d.id
WHERE {READABLE} AND d.status = 'ready' AND d.id IN ({{marks}})
"""
WHOLE_SIZE = "SELECT sum(octet_length(t.text))" + READY
WHOLE = f"""
SELECT (SELECT k.id FROM chunks k WHERE k.document_id = d.id ORDER BY k.seq LIMIT 1) AS id,
d.id AS document_id, d.name, d.collection_id, d.pages, t.text {READY} ORDER BY d.id
"""


_numbered = msgspec.json.Decoder(list[dict[str, Any]]).decode


class Work(NamedTuple):
    """A document as the one who reads it sees it."""

    id: str
    user_id: str
    collection_id: str
    name: str
    digest: str

    @property
    def scope(self) -> tuple[str, str, str]:
        return scope_names(self.user_id, self.collection_id, self.id)


class Piece(NamedTuple):
    """A chunk on its way in. `gap` is the text between the chunk before it and this one."""

    id: str
    gap: str
    chunk: "Chunk"


class Taken(Exception):
    """The document was paused or deleted meanwhile; its work is no longer wanted."""


def scope_names(user_id: str, collection_id: str, document_id: str) -> tuple[str, str, str]:
    return f"u{user_id}", f"c{collection_id}", f"d{document_id}"


def pieces_of(document_id: str, text: str, chunks: "Sequence[Chunk]") -> list[Piece]:
    """Ids follow from the document and the text, so that a repeated run makes the same ones."""
    pieces: list[Piece] = []
    end = 0
    for chunk in chunks:
        digest = hashlib.sha256(chunk.text.encode("utf-8", "surrogatepass")).hexdigest()
        id = str(uuid.uuid5(uuid.UUID(document_id), f"{chunk.seq}:{digest}"))
        pieces.append(Piece(id, text[end : chunk.start], chunk))
        end = chunk.end
    return pieces


def begin_reading(connection: Connection, job: Job) -> tuple[Work, Document]:
    row = connection.execute(
        "UPDATE documents SET status = 'extracting', stage_done = 0, stage_total = 1, updated_at = ?"
        " WHERE id = ? AND deleted_at IS NULL AND status IN ('queued', 'extracting', 'embedding')"
        f" RETURNING {DOCUMENT}",
        (now(), job.id),
    ).fetchone()
    if row is None:
        raise Taken
    return get_work(connection, job.id), document_of(row)


def get_work(connection: Connection, id: str) -> Work:
    row = connection.execute(
        "SELECT id, user_id, collection_id, name, sha256 FROM documents WHERE id = ?", (id,)
    ).fetchone()
    if row is None:
        raise Taken
    return Work(*row)


def save_text(connection: Connection, job: Job, extracted: Extracted, total: int) -> Document:
    """What was read; from here on it is embedded."""
    _advance(connection, job)
    connection.execute(
        "INSERT INTO document_texts (document_id, text, pages) VALUES (?, ?, ?)"
        " ON CONFLICT (document_id) DO UPDATE SET text = excluded.text, pages = excluded.pages",
        (job.id, extracted.text, msgspec.json.encode(extracted.pages).decode()),
    )
    row = connection.execute(
        "UPDATE documents SET status = 'embedding', stage_done = 0, stage_total = ?, kind = ?, pages = ?, chunks = ?,"
        f" warning = ?, updated_at = ? WHERE id = ? RETURNING {DOCUMENT}",
        (total, extracted.kind, len(extracted.pages) or None, total, extracted.warning, now(), job.id),
    ).fetchone()
    return document_of(row)


def read_text(connection: Connection, user_id: str, document_id: str) -> str:
    """Nothing when it is not there any more."""
    row = connection.execute(
        f"SELECT t.text FROM document_texts t JOIN documents d ON d.id = t.document_id WHERE {READABLE} AND d.id = ?",
        (user_id, document_id),
    ).fetchone()
    return str(row[0]) if row else ""


def read_whole(connection: Connection, user_id: str, ids: Sequence[str], most_bytes: int) -> list[Row]:
    """All that these documents say, when it is no more than that; else nothing."""
    marks = ", ".join("?" * len(ids))
    size = connection.execute(WHOLE_SIZE.format(marks=marks), (user_id, *ids)).fetchone()[0]
    if size is None or size > most_bytes:
        return []
    return connection.execute(WHOLE.format(marks=marks), (user_id, *ids)).fetchall()


def read_headings(connection: Connection, user_id: str, ids: Sequence[str]) -> dict[str, str]:
    return {row["id"]: row["heading"] for row in find_chunks(connection, user_id, ids)}


def known_ids(connection: Connection, document_id: str) -> set[str]:
    """Chunks that an earlier, cut off run has stored."""
    return {row[0] for row in connection.execute("SELECT id FROM chunks WHERE document_id = ?", (document_id,))}


def save_pieces(
    connection: Connection, job: Job, work: Work, model: str, pieces: Iterable[tuple[Piece, bytes]], done: int
) -> Document:
    """Some chunks with all that finds them."""
    _advance(connection, job)
    vectors: list[tuple[str, bytes]] = []
    for piece, vector in pieces:
        chunk = piece.chunk
        values = (piece.id, work.id, chunk.seq, chunk.start, chunk.end, chunk.page, chunk.page_end, chunk.heading)
        row = connection.execute(INSERT_CHUNK, (*values, piece.gap, chunk.text)).fetchone()
        if row is not None:
            add_words(connection, row[0], work.scope, context_words(work.name, chunk.heading), chunk.text)
            vectors.append((piece.id, vector))
    add_embeddings(connection, work.collection_id, model, vectors)
    row = connection.execute(
        f"UPDATE documents SET stage_done = ?, updated_at = ? WHERE id = ? RETURNING {DOCUMENT}",
        (done, now(), work.id),
    ).fetchone()
    return document_of(row)


def finish_reading(connection: Connection, job: Job) -> Document:
    """Ready: from now on it is found."""
    _advance(connection, job)
    row = connection.execute(
        f"UPDATE documents SET status = 'ready', stage_done = stage_total, updated_at = ? WHERE id = ?"
        f" RETURNING {DOCUMENT}",
        (now(), job.id),
    ).fetchone()
    finish_job(connection, job)
    return document_of(row)


def set_failed(connection: Connection, id: str, code: str, detail: str) -> Document | None:
    row = connection.execute(
        "UPDATE documents SET status = 'failed', error_code = ?, error_detail = ?, updated_at = ?"
        f" WHERE id = ? AND deleted_at IS NULL AND status <> 'paused' RETURNING {DOCUMENT}",
        (code, detail, now(), id),
    ).fetchone()
    return document_of(row) if row else None


def set_waiting(connection: Connection, id: str) -> Document | None:
    """It goes back to the queue."""
    row = connection.execute(
        "UPDATE documents SET status = 'queued', stage_done = 0, stage_total = 0, updated_at = ?"
        f" WHERE id = ? AND deleted_at IS NULL AND status IN ('extracting', 'embedding') RETURNING {DOCUMENT}",
        (now(), id),
    ).fetchone()
    return document_of(row) if row else None


def delete_chunks(connection: Connection, work: Work, ids: Sequence[str]) -> None:
    """Some chunks with all that finds them."""
    marks = ", ".join("?" * len(ids))
    rows = connection.execute(f"SELECT {CHUNK} FROM chunks WHERE id IN ({marks})", tuple(ids)).fetchall()
    for row in rows:
        delete_words(connection, row["number"], work.scope, context_words(work.name, row["heading"]), row["text"])
    delete_embeddings(connection, [row["id"] for row in rows])
    connection.execute(f"DELETE FROM chunks WHERE id IN ({marks})", tuple(ids))


def begin_erasing(connection: Connection, id: str) -> Work:
    """From now on it cannot be restored; Taken when it has been."""
    row = connection.execute(
        "UPDATE documents SET erasing = 1 WHERE id = ? AND deleted_at IS NOT NULL RETURNING id", (id,)
    ).fetchone()
    if row is None:
        raise Taken
    return get_work(connection, id)


def next_chunks(connection: Connection, document_id: str, limit: int) -> list[str]:
    rows = connection.execute("SELECT id FROM chunks WHERE document_id = ? LIMIT ?", (document_id, limit))
    return [row[0] for row in rows]


def finish_erasing(connection: Connection, job: Job, work: Work) -> None:
    connection.execute("DELETE FROM document_texts WHERE document_id = ?", (work.id,))
    connection.execute("DELETE FROM documents WHERE id = ?", (work.id,))
    remove_empty_collection(connection, work.collection_id)
    finish_job(connection, job)


def is_wanted(connection: Connection, digest: str) -> bool:
    """Does any document, or a picture, refer to this file?"""
    row = connection.execute("SELECT EXISTS (SELECT 1 FROM files_in_use WHERE sha256 = ?)", (digest,)).fetchone()
    return bool(row[0])


def wanted_files(connection: Connection) -> set[str]:
    """Also of data that an older version wrote, which are backed up as they are."""
    view = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'files_in_use'").fetchone()
    return {row[0] for row in connection.execute(f"SELECT sha256 FROM {'files_in_use' if view else 'documents'}")}


def find_chunks(connection: Connection, user_id: str, ids: Sequence[str]) -> list[Row]:
    """Those of them that this person may read and that are ready."""
    marks = ", ".join("?" * len(ids))
    return connection.execute(FOUND.format(marks=marks), (user_id, *ids)).fetchall()


def find_numbers(connection: Connection, user_id: str, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """The same by their numbers, without what they say."""
    marks = ", ".join("?" * len(numbers))
    found = connection.execute(NUMBERS.format(marks=marks), (user_id, *numbers)).fetchone()[0]
    return _numbered(found)


def context_words(name: str, heading: str) -> str:
    """What is indexed beside the text. Deleting needs it again: what it makes of a name may never change."""
    return f"{name}\n{heading}"


def _advance(connection: Connection, job: Job) -> None:
    if not advance_job(connection, job):
        raise Taken
