"""SQL of messages that are being written, so that another device finds them. Each asks for the owner."""

from gantry_edge.chat.schema import Draft
from gantry_edge.errors import NotFound
from gantry_edge.ids import now
from gantry_edge.storage.database import Connection

NEW = "new"  # in place of a conversation: of the one that has not begun
LONGEST_AGO = 30 * 24 * 3600 * 1000  # milliseconds

READ = "SELECT text, at FROM drafts WHERE user_id = ? AND conversation_id IS ?"
KEEP = """
INSERT INTO drafts (user_id, conversation_id, text, at) VALUES (:user, :conversation, :text, :at)
ON CONFLICT DO UPDATE SET text = excluded.text, at = excluded.at WHERE excluded.at >= drafts.at
"""
# what is sent is no draft any more; another one that is being written meanwhile stays
SENT = "UPDATE drafts SET text = '', at = ? WHERE user_id = ? AND conversation_id IS ? AND text = ?"


def read_draft(connection: Connection, user_id: str, place: str) -> Draft:
    conversation_id, _ = _place(connection, user_id, place)
    row = connection.execute(READ, (user_id, conversation_id)).fetchone()
    return Draft(row["text"], row["at"]) if row else Draft("", 0)


def keep_draft(connection: Connection, user_id: str, place: str, text: str, age: int) -> Draft:
    """The last word counts, by when it was written; the one that does is returned. A temporary one keeps nothing."""
    conversation_id, temporary = _place(connection, user_id, place)
    at = now() - min(age, LONGEST_AGO)
    if not temporary:
        values = {"user": user_id, "conversation": conversation_id, "text": text, "at": at}
        connection.execute(KEEP, values)
    return read_draft(connection, user_id, place)


def end_draft(connection: Connection, user_id: str, conversation_id: str | None, text: str) -> None:
    connection.execute(SENT, (now(), user_id, conversation_id, text))


def _place(connection: Connection, user_id: str, place: str) -> tuple[str | None, bool]:
    """The conversation, and whether it is to leave nothing behind."""
    if place == NEW:
        return None, False
    row = connection.execute(
        "SELECT place FROM conversations WHERE id = ? AND user_id = ?", (place, user_id)
    ).fetchone()
    if row is None:
        raise NotFound("There is no such conversation")
    return place, row["place"] == "temporary"
