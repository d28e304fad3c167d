"""How much one person has."""

from gantry_edge.belongings.schema import Belongings
from gantry_edge.storage.database import Connection

# `users`, and what the rooms keep under its id
COUNTS = {
    "conversations": "conversations WHERE user_id = :user",
    "messages": "messages m JOIN conversations c ON c.id = m.conversation_id WHERE c.user_id = :user",
    "collections": "collections WHERE user_id = :user AND deleted_at IS NULL",
    "documents": "documents WHERE user_id = :user AND deleted_at IS NULL",
    "facts": "facts WHERE user_id = :user",
    "exchanges": "exchanges WHERE user_id = :user",
    "personas": "personas WHERE user_id = :user",
    "sessions": "sessions WHERE user_id = :user",
}
BYTES = "SELECT coalesce(sum(bytes), 0) FROM documents WHERE user_id = :user AND deleted_at IS NULL"


def count(connection: Connection, user_id: str, *, may_leave: bool) -> Belongings:
    values = {"user": user_id}
    counts = {
        name: int(connection.execute(f"SELECT count(*) FROM {rows}", values).fetchone()[0])
        for name, rows in COUNTS.items()
    }
    bytes = int(connection.execute(BYTES, values).fetchone()[0])
    return Belongings(**counts, bytes=bytes, may_leave=may_leave)
