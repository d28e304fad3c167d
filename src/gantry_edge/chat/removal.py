"""Takes away all conversations of a person who leaves. The front door for that."""

from gantry_edge.storage.database import Connection

PORTION = 50  # messages of one write, some 10 ms
NEWEST = """
SELECT m.id FROM messages m JOIN conversations c ON c.id = m.conversation_id
WHERE c.user_id = ? ORDER BY m.id DESC LIMIT ?
"""


def remove_some(connection: Connection, user_id: str) -> bool:
    """Whether there may be more. No answer of theirs is being written any more."""
    ids = [row[0] for row in connection.execute(NEWEST, (user_id, PORTION))]
    marks = ", ".join("?" * len(ids))
    # an answer may be older than its question, by a clock that was set
    connection.execute(f"UPDATE messages SET parent_id = NULL WHERE parent_id IN ({marks})", ids)
    connection.execute(f"DELETE FROM messages WHERE id IN ({marks})", ids)
    if ids:
        return True
    some = "SELECT id FROM conversations WHERE user_id = ? LIMIT ?"
    return connection.execute(f"DELETE FROM conversations WHERE id IN ({some})", (user_id, PORTION)).rowcount > 0
