"""SQL of what may be looked at: one's own documents, and those of a collection that is shared with one."""

from typing import NamedTuple

import msgspec

from gantry_edge.documents.schema import Document, DocumentText
from gantry_edge.documents.store import AFTER_EVERY_ID, DOCUMENT, document_of
from gantry_edge.errors import Conflict, NotFound
from gantry_edge.paging import Page
from gantry_edge.sharing.reading import granted
from gantry_edge.storage.database import Connection, Row

COLLECTION = f"""
SELECT 1 FROM collections
WHERE id = :id AND deleted_at IS NULL AND (user_id = :user OR {granted("collection", "collections.id")})
"""
READABLE = f"(user_id = :user OR {granted('collection', 'documents.collection_id')})"


class Original(NamedTuple):
    name: str
    kind: str
    digest: str
    size: int


def list_documents(
    connection: Connection, user_id: str, collection_id: str | None, before: str | None, limit: int
) -> Page[Document]:
    """The newest first; all of one's own where no collection is named."""
    within = "user_id = :user"
    if collection_id is not None:
        if connection.execute(COLLECTION, {"user": user_id, "id": collection_id}).fetchone() is None:
            raise NotFound("There is no such collection")
        within = f"collection_id = :collection AND {READABLE}"
    rows = connection.execute(
        f"SELECT {DOCUMENT} FROM documents WHERE {within} AND id < :before AND deleted_at IS NULL"
        " ORDER BY id DESC LIMIT :limit",
        {"user": user_id, "before": before or AFTER_EVERY_ID, "limit": limit + 1, "collection": collection_id},
    ).fetchall()
    items = [document_of(row) for row in rows[:limit]]
    return Page(items, items[-1].id if len(rows) > limit else None)


def read_document(connection: Connection, user_id: str, id: str) -> Document:
    return document_of(_row(connection, user_id, id, DOCUMENT))


def read_original(connection: Connection, user_id: str, id: str) -> Original:
    return Original(*_row(connection, user_id, id, "name, kind, sha256, bytes"))


def read_text(connection: Connection, user_id: str, id: str) -> DocumentText:
    name = _row(connection, user_id, id, "name")[0]
    row = connection.execute("SELECT text, pages FROM document_texts WHERE document_id = ?", (id,)).fetchone()
    if row is None:
        raise Conflict("This document has not been read yet")
    return DocumentText(name, row["text"], msgspec.json.decode(row["pages"], type=list[int]))


def _row(connection: Connection, user_id: str, id: str, columns: str) -> Row:
    row = connection.execute(
        f"SELECT {columns} FROM documents WHERE id = :id AND deleted_at IS NULL AND {READABLE}",
        {"user": user_id, "id": id},
    ).fetchone()
    if row is None:
        raise NotFound("There is no such document")
    return row  # type: ignore[no-any-return]
