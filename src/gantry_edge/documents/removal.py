"""Takes away all documents of a person who leaves: hidden at once, and erased as soon as someone works. The front door
for that."""

from gantry_edge.documents.store import ERASE, has_documents, remove_empty_collection
from gantry_edge.ids import now
from gantry_edge.storage.database import Connection
from gantry_edge.storage.jobs import put_job

__all__ = ["has_documents", "remove_some"]

PORTION = 200  # documents of one write
LEFT = f"""
SELECT id FROM documents d WHERE user_id = :user AND NOT EXISTS (
    SELECT 1 FROM jobs j WHERE j.id = d.id AND j.kind = '{ERASE}' AND (j.status = 'running' OR j.run_at <= :now)
) LIMIT {PORTION}
"""


def remove_some(connection: Connection, user_id: str) -> bool:
    """Whether there may be more. What could still be brought back cannot any more."""
    at = now()
    ids = [row[0] for row in connection.execute(LEFT, {"user": user_id, "now": at})]
    for id in ids:
        connection.execute("UPDATE documents SET deleted_at = coalesce(deleted_at, ?) WHERE id = ?", (at, id))
        put_job(connection, id, ERASE, user_id)
    if ids:
        return True
    collections = connection.execute(
        "UPDATE collections SET deleted_at = coalesce(deleted_at, ?), is_default = 0 WHERE user_id = ? RETURNING id",
        (at, user_id),
    ).fetchall()
    for row in collections:
        remove_empty_collection(connection, row["id"])
    return False
