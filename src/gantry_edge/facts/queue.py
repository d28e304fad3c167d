"""SQL of the messages that wait to be read for facts: by rules first, then by the model that answered them."""

from typing import Literal, NamedTuple

import msgspec

from gantry_edge.memory.switch import is_on
from gantry_edge.storage.database import Connection

Step = Literal["rules", "model"]

ATTEMPTS = 3  # a message that ends the program is left alone

NEXT = """
UPDATE facts_queue SET attempts = attempts + 1
WHERE message_id = (SELECT message_id FROM facts_queue WHERE step = ? ORDER BY attempts, message_id LIMIT 1)
RETURNING message_id, user_id, attempts
"""
ANSWERED = """
SELECT a.model FROM messages m JOIN answers a ON a.id = m.id
WHERE m.parent_id = ? AND a.status = 'done' ORDER BY m.id DESC LIMIT 1
"""


class _Part(msgspec.Struct):
    type: str
    text: str = ""


_parts = msgspec.json.Decoder(list[_Part])


class Waiting(NamedTuple):
    """A message to be read."""

    message_id: str
    conversation_id: str
    user_id: str
    text: str
    said_at: int


def words_said(parts: str) -> str:
    """What a person typed, from a message as it is stored."""
    return "".join(part.text for part in _parts.decode(parts) if part.type == "text")


def queue_message(connection: Connection, user_id: str, conversation_id: str, message_id: str) -> None:
    """Unless memory is off: then it is never looked at, later neither."""
    if is_on(connection, user_id, conversation_id):
        connection.execute(
            "INSERT INTO facts_queue (message_id, user_id, step) VALUES (?, ?, 'rules') ON CONFLICT DO NOTHING",
            (message_id, user_id),
        )


def next_message(connection: Connection, step: Step) -> Waiting | None:
    """The next one, with an attempt counted. Where memory was switched off meanwhile it is not read."""
    while row := connection.execute(NEXT, (step,)).fetchone():
        message = connection.execute(
            "SELECT conversation_id, parts, created_at FROM messages WHERE id = ? AND role = 'user'",
            (row["message_id"],),
        ).fetchone()
        if message is not None and row["attempts"] <= ATTEMPTS and is_on(connection, row["user_id"], message[0]):
            return Waiting(row["message_id"], message[0], row["user_id"], words_said(message[1]), message[2])
        drop_message(connection, row["message_id"])
    return None


def drop_message(connection: Connection, message_id: str) -> bool:
    """False when it waits no more."""
    sql = "DELETE FROM facts_queue WHERE message_id = ? RETURNING message_id"
    return connection.execute(sql, (message_id,)).fetchone() is not None


def hand_on(connection: Connection, message_id: str) -> bool:
    """To the model; False when it waits no more."""
    sql = "UPDATE facts_queue SET step = 'model', attempts = 0 WHERE message_id = ? RETURNING message_id"
    return connection.execute(sql, (message_id,)).fetchone() is not None


def give_back(connection: Connection, message_id: str) -> None:
    """The attempt did not count: somebody asked in between."""
    connection.execute("UPDATE facts_queue SET attempts = attempts - 1 WHERE message_id = ?", (message_id,))


def answered_by(connection: Connection, message_id: str) -> str | None:
    """The model that has seen the message already, as "endpoint/model"."""
    row = connection.execute(ANSWERED, (message_id,)).fetchone()
    return row[0] if row else None
