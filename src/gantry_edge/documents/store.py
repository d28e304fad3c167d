"""SQL of collections and documents. Each asks for the owner; a foreign id looks like none.

What is deleted stays for a minute, hidden, so that it can be brought back; then a job erases it.
"""

from typing import Any, NamedTuple

from gantry_edge.documents.schema import Collection, Document, DocumentError
from gantry_edge.errors import Conflict, NotFound, QuotaReached
from gantry_edge.ids import new_id, now
from gantry_edge.paging import Page
from gantry_edge.storage.database import Connection, Row
from gantry_edge.storage.jobs import drop_job, put_job

INGEST = "ingest"
ERASE = "erase"
UNDO = 60_000  # milliseconds
DEFAULT_NAME = "My documents"
AFTER_EVERY_ID = "z"

COLLECTION = """
c.id, c.name, (SELECT count(*) FROM documents d WHERE d.collection_id = c.id AND d.deleted_at IS NULL) AS documents,
c.created_at, c.updated_at
"""
DOCUMENT = """
id, collection_id, name, kind, bytes, status, stage_done, stage_total, error_code, error_detail, warning,
pages, chunks, created_at, updated_at
"""
UNFINISHED = ("queued", "extracting", "embedding")


class Received(NamedTuple):
    """A file that came in: what it was called, and where its content is."""

    name: str
    digest: str
    size: int


def list_collections(connection: Connection, user_id: str, before: str | None, limit: int) -> Page[Collection]:
    """The newest first."""
    rows = connection.execute(
        f"SELECT {COLLECTION} FROM collections c WHERE c.user_id = ? AND c.id < ? AND c.deleted_at IS NULL"
        " ORDER BY c.id DESC LIMIT ?",
        (user_id, before or AFTER_EVERY_ID, limit + 1),
    ).fetchall()
    items = [Collection(*row) for row in rows[:limit]]
    return Page(items, items[-1].id if len(rows) > limit else None)


def get_collection(connection: Connection, user_id: str, id: str) -> Collection:
    row = connection.execute(
        f"SELECT {COLLECTION} FROM collections c WHERE c.id = ? AND c.user_id = ? AND c.deleted_at IS NULL",
        (id, user_id),
    ).fetchone()
    if row is None:
        raise NotFound("There is no such collection")
    return Collection(*row)


def add_collection(connection: Connection, user_id: str, name: str) -> Collection:
    id, at = new_id(), now()
    connection.execute(
        "INSERT INTO collections (id, user_id, name, created_at, updated_at) VALUES (?, ?, ?, ?, ?)",
        (id, user_id, name, at, at),
    )
    return Collection(id, name, 0, at, at)


def change_collection(connection: Connection, user_id: str, id: str, name: str) -> Collection:
    get_collection(connection, user_id, id)
    connection.execute(
        "UPDATE collections SET name = ?, updated_at = ? WHERE id = ? AND user_id = ?", (name, now(), id, user_id)
    )
    return get_collection(connection, user_id, id)


def delete_collection(connection: Connection, user_id: str, id: str) -> list[str]:
    """With its documents, whose ids are returned."""
    get_collection(connection, user_id, id)
    at = now()
    ids = [
        row[0]
        for row in connection.execute(
            "UPDATE documents SET deleted_at = ? WHERE collection_id = ? AND user_id = ? AND deleted_at IS NULL"
            " RETURNING id",
            (at, id, user_id),
        ).fetchall()
    ]
    for document_id in ids:
        put_job(connection, document_id, ERASE, user_id, delay=UNDO)
    connection.execute(
        "UPDATE collections SET deleted_at = ?, is_default = 0 WHERE id = ? AND user_id = ?", (at, id, user_id)
    )
    remove_empty_collection(connection, id)
    return ids


def has_documents(connection: Connection, user_id: str) -> bool:
    """Also such that are being erased."""
    row = connection.execute("SELECT EXISTS (SELECT 1 FROM documents WHERE user_id = ?)", (user_id,)).fetchone()
    return bool(row[0])


def remove_empty_collection(connection: Connection, id: str) -> None:
    """A deleted one goes once its last document is erased."""
    connection.execute(
        "DELETE FROM collections WHERE id = ? AND deleted_at IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.collection_id = collections.id)",
        (id,),
    )


def default_collection(connection: Connection, user_id: str) -> str:
    """Its id; made when first needed."""
    row = connection.execute("SELECT id FROM collections WHERE user_id = ? AND is_default = 1", (user_id,)).fetchone()
    if row is not None:
        return str(row[0])
    id = add_collection(connection, user_id, DEFAULT_NAME).id
    connection.execute("UPDATE collections SET is_default = 1 WHERE id = ?", (id,))
    return id


def add_documents(
    connection: Connection, user_id: str, collection_id: str | None, files: list[Received], quota: int
) -> list[Document]:
    """One queued document for each file; one that lies there already, by name and content, is not added twice."""
    if collection_id is None:
        collection_id = default_collection(connection, user_id)
    else:
        get_collection(connection, user_id, collection_id)
    documents: list[Document] = []
    for file in files:
        present = connection.execute(
            f"SELECT {DOCUMENT} FROM documents WHERE collection_id = ? AND sha256 = ? AND name = ? AND user_id = ?"
            " AND deleted_at IS NULL",
            (collection_id, file.digest, file.name, user_id),
        ).fetchone()
        documents.append(document_of(present) if present else _add_document(connection, user_id, collection_id, file))
    if used_bytes(connection, user_id) > quota:
        raise QuotaReached(quota_sentence(quota))
    return documents


def _add_document(connection: Connection, user_id: str, collection_id: str, file: Received) -> Document:
    at = now()
    row = connection.execute(
        "INSERT INTO documents (id, user_id, collection_id, sha256, name, bytes, status, created_at, updated_at)"
        f" VALUES (?, ?, ?, ?, ?, ?, 'queued', ?, ?) RETURNING {DOCUMENT}",
        (new_id(), user_id, collection_id, file.digest, file.name, file.size, at, at),
    ).fetchone()
    put_job(connection, row["id"], INGEST, user_id)
    return document_of(row)


def used_bytes(connection: Connection, user_id: str) -> int:
    row = connection.execute(
        "SELECT coalesce(sum(bytes), 0) FROM bytes_in_use WHERE user_id = ?", (user_id,)
    ).fetchone()
    return int(row[0])


def quota_sentence(quota: int) -> str:
    return f"Your documents and pictures may take {quota // 1_000_000} MB in all; delete some first"


def list_unfinished(connection: Connection, user_id: str) -> list[Document]:
    """What is waiting or being read, the oldest first."""
    rows = connection.execute(
        f"SELECT {DOCUMENT} FROM documents WHERE user_id = ? AND deleted_at IS NULL"
        " AND status IN ('queued', 'extracting', 'embedding') ORDER BY id LIMIT 1000",
        (user_id,),
    )
    return [document_of(row) for row in rows]


def get_document(connection: Connection, user_id: str, id: str) -> Document:
    """One's own, to change it; `reading` has those that one may look at."""
    return document_of(_row(connection, user_id, id))


def pause_document(connection: Connection, user_id: str, id: str) -> Document:
    return _turn(connection, user_id, id, UNFINISHED, "paused", "Only a document that is waiting can be paused")


def resume_document(connection: Connection, user_id: str, id: str) -> Document:
    return _turn(connection, user_id, id, ("paused",), "queued", "Only a paused document can go on")


def retry_document(connection: Connection, user_id: str, id: str) -> Document:
    return _turn(connection, user_id, id, ("failed",), "queued", "Only a document that failed can be tried again")


def delete_document(connection: Connection, user_id: str, id: str) -> None:
    _row(connection, user_id, id)
    connection.execute("UPDATE documents SET deleted_at = ? WHERE id = ? AND user_id = ?", (now(), id, user_id))
    put_job(connection, id, ERASE, user_id, delay=UNDO)


def restore_document(connection: Connection, user_id: str, id: str) -> Document:
    """Bring it back, with its collection; NotFound once erasing has begun."""
    row = connection.execute(
        "UPDATE documents SET deleted_at = NULL, updated_at = ?,"
        " status = CASE WHEN status IN ('extracting', 'embedding') THEN 'queued' ELSE status END"
        f" WHERE id = ? AND user_id = ? AND deleted_at IS NOT NULL AND NOT erasing RETURNING {DOCUMENT}",
        (now(), id, user_id),
    ).fetchone()
    if row is None:
        return get_document(connection, user_id, id)  # asking twice is no error
    connection.execute("UPDATE collections SET deleted_at = NULL WHERE id = ?", (row["collection_id"],))
    _requeue(connection, user_id, id, row["status"])
    return document_of(row)


def mend_queue(connection: Connection) -> None:
    """At the start: every document that something is left to do for has its job, whatever became of it."""
    rows = connection.execute(
        "SELECT d.id, d.user_id, d.deleted_at FROM documents d LEFT JOIN jobs j ON j.id = d.id"
        " AND j.status = 'queued' AND j.kind = CASE WHEN d.deleted_at IS NULL THEN ? ELSE ? END"
        " WHERE j.id IS NULL AND (d.deleted_at IS NOT NULL OR d.status IN ('queued', 'extracting', 'embedding'))",
        (INGEST, ERASE),
    ).fetchall()
    for row in rows:
        put_job(connection, row["id"], INGEST if row["deleted_at"] is None else ERASE, row["user_id"])


def _turn(connection: Connection, user_id: str, id: str, before: tuple[str, ...], after: str, refusal: str) -> Document:
    """From one state to another; asking twice is no error."""
    document = get_document(connection, user_id, id)
    if document.status == after:
        return document
    if document.status not in before:
        raise Conflict(refusal)
    connection.execute(
        "UPDATE documents SET status = ?, stage_done = 0, stage_total = 0, error_code = NULL, error_detail = NULL,"
        " updated_at = ? WHERE id = ? AND user_id = ?",
        (after, now(), id, user_id),
    )
    _requeue(connection, user_id, id, after)
    return get_document(connection, user_id, id)


def _requeue(connection: Connection, user_id: str, id: str, status: str) -> None:
    if status == "queued":
        put_job(connection, id, INGEST, user_id)
    else:
        drop_job(connection, id)


def _row(connection: Connection, user_id: str, id: str, columns: str = DOCUMENT) -> Row:
    row = connection.execute(
        f"SELECT {columns} FROM documents WHERE id = ? AND user_id = ? AND deleted_at IS NULL", (id, user_id)
    ).fetchone()
    if row is None:
        raise NotFound("There is no such document")
    return row  # type: ignore[no-any-return]


def document_of(row: Row) -> Document:
    fields: dict[str, Any] = dict(row)
    code, detail = fields.pop("error_code"), fields.pop("error_detail")
    return Document(**fields, error=DocumentError(code, detail) if code else None)
