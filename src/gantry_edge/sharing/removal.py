"""Ends what a person shares, at once when they leave. The front door for that."""

from gantry_edge.storage.database import Connection


def begin(connection: Connection, user_id: str) -> None:
    connection.execute("DELETE FROM grants WHERE made_by = ?", (user_id,))
