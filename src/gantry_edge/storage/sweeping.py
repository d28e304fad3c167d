"""Rows that nothing needs any more: found on a reader, taken out a portion at a time. Knows every table."""

from collections.abc import Sequence

from gantry_edge.storage.database import INCREMENTAL, Connection

PORTION = 20  # of what is taken out by one write: the events of an answer are hundreds
PAGES = 64  # given back by one write
KEPT = 2_500  # free pages that stay for what is written next, some 10 MB; and a tenth of all

# what is still to be erased, or being written, is left alone
ROWS = {
    "events": "key NOT IN (SELECT id FROM answers WHERE status = 'running')",
    "drafts": "text = '' AND at < :old",
    "jobs": "status IN ('done', 'failed') AND updated_at < :old"
    " AND id NOT IN (SELECT id FROM documents WHERE deleted_at IS NOT NULL)",
}
KEYS = {"events": "key", "drafts": "rowid", "jobs": "id"}
# of a passage that is gone, or of what was remembered and is forgotten
LOST_VECTORS = """
SELECT chunk_id FROM embeddings WHERE chunk_id NOT IN (SELECT id FROM chunks)
AND substr(chunk_id, 1, 36) NOT IN (SELECT id FROM exchanges) {only} LIMIT ?
"""


def find_rows(connection: Connection, table: str, old: int) -> list[str | int]:
    sql = f"SELECT DISTINCT {KEYS[table]} FROM {table} WHERE {ROWS[table]} LIMIT {PORTION}"
    return [row[0] for row in connection.execute(sql, {"old": old})]


def delete_rows(connection: Connection, table: str, keys: Sequence[str | int], old: int) -> int:
    """Those of them that are needed no more still."""
    values = {"old": old, **{f"key{at}": key for at, key in enumerate(keys)}}
    marks = ", ".join(f":key{at}" for at in range(len(keys)))
    sql = f"DELETE FROM {table} WHERE {KEYS[table]} IN ({marks}) AND {ROWS[table]}"
    return connection.execute(sql, values).rowcount


def find_lost_vectors(connection: Connection) -> list[str]:
    return [row[0] for row in connection.execute(LOST_VECTORS.format(only=""), (PORTION,))]


def still_lost(connection: Connection, ids: Sequence[str]) -> list[str]:
    only = f"AND chunk_id IN ({', '.join('?' * len(ids))})"
    return [row[0] for row in connection.execute(LOST_VECTORS.format(only=only), (*ids, len(ids)))]


def give_back(connection: Connection) -> int:
    """Some of the room that deleted rows left, in bytes; 0 where there is little of it, or the file cannot shrink."""
    pages, free, size, mode = (
        _pragma(connection, name) for name in ("page_count", "freelist_count", "page_size", "auto_vacuum")
    )
    spare = min(PAGES, free - max(KEPT, pages // 10))
    if mode != INCREMENTAL or spare <= 0:
        return 0
    connection.execute(f"PRAGMA incremental_vacuum({spare})").fetchall()
    return (pages - _pragma(connection, "page_count")) * size


def _pragma(connection: Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
