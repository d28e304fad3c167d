"""SQL of the order of pinned conversations: a row's `pinned` is its rank, the highest on top, 0 of all others."""

from msgspec import UNSET, UnsetType

from gantry_edge.storage.database import Connection

ON_TOP = """
UPDATE conversations SET pinned = 1 + (SELECT coalesce(max(pinned), 0) FROM conversations WHERE user_id = ?1 AND pinned)
WHERE id = ?2 AND pinned = 0
"""
IN_ORDER = "SELECT id FROM conversations WHERE user_id = ? AND pinned ORDER BY pinned DESC, id DESC"


def pin(connection: Connection, user_id: str, id: str, above: str | UnsetType | None) -> None:
    """Above another one, or below all for None, or for one that is pinned no longer; UNSET: a new one on top."""
    if above is UNSET:
        connection.execute(ON_TOP, (user_id, id))
        return
    if above == id:
        return
    order = [row[0] for row in connection.execute(IN_ORDER, (user_id,)) if row[0] != id]
    order.insert(order.index(above) if above in order else len(order), id)
    ranks = [(rank, one) for rank, one in enumerate(reversed(order), 1)]
    connection.executemany("UPDATE conversations SET pinned = ? WHERE id = ?", ranks)
