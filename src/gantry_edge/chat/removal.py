"""Takes away messages and conversations a portion at a time, so that what others write goes on in between.

The front door for who leaves, too.
"""

from collections.abc import Sequence

from gantry_edge.storage.database import Connection

PORTION = 50  # messages of one write, some 10 ms where their words are only marked
AT_ONCE = 8  # where the words are taken out at once, some 4 ms each

OF_PERSON = """
SELECT m.id FROM messages m JOIN conversations c ON c.id = m.conversation_id
WHERE c.user_id = ? ORDER BY m.id DESC LIMIT ?
"""
OF_CONVERSATION = "SELECT id FROM messages WHERE conversation_id = ? ORDER BY id DESC LIMIT ?"


def remove_some(connection: Connection, user_id: str) -> bool:
    """Whether there may be more. No answer of theirs is being written any more."""
    if ids := _ids(connection, OF_PERSON, user_id, PORTION):
        _remove_messages(connection, ids)
        return True
    some = "SELECT id FROM conversations WHERE user_id = ? LIMIT ?"
    return connection.execute(f"DELETE FROM conversations WHERE id IN ({some})", (user_id, PORTION)).rowcount > 0


def shorten_or_remove(connection: Connection, conversation_id: str) -> bool:
    """Whether some of it is left: of a long one the newest messages go, what is short goes as a whole."""
    ids = _ids(connection, OF_CONVERSATION, conversation_id, AT_ONCE)
    if len(ids) == AT_ONCE:
        _remove_messages(connection, ids)
        return True
    connection.execute("DELETE FROM conversations WHERE id = ?", (conversation_id,))
    return False


def _ids(connection: Connection, statement: str, whose: str, limit: int) -> list[str]:
    return [row[0] for row in connection.execute(statement, (whose, limit))]


def _remove_messages(connection: Connection, ids: Sequence[str]) -> None:
    marks = ", ".join("?" * len(ids))
    # an answer may be older than its question, by a clock that was set
    connection.execute(f"UPDATE messages SET parent_id = NULL WHERE parent_id IN ({marks})", ids)
    connection.execute(f"DELETE FROM messages WHERE id IN ({marks})", ids)
