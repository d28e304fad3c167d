"""Takes away all that is known about a person who leaves. The front door for that."""

from gantry_edge.storage.database import Connection

PORTION = 200  # rows of one write
TABLES = {"facts_queue": "message_id", "facts": "id", "entities": "id"}


def remove_some(connection: Connection, user_id: str) -> bool:
    """Whether there may be more."""
    return any(
        connection.execute(
            f"DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE user_id = ? LIMIT ?)",
            (user_id, PORTION),
        ).rowcount
        for table, key in TABLES.items()
    )
