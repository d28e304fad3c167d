"""A branch of a conversation as the beginning of a new one."""

import re
from collections.abc import Mapping, Sequence

import msgspec

from gantry_edge.chat import images
from gantry_edge.chat.schema import Conversation
from gantry_edge.chat.store import WHOLE, branch_ids, get_conversation, get_message
from gantry_edge.errors import AnswerRunning, BadRequest
from gantry_edge.ids import new_id, now
from gantry_edge.memory.forgetting import exclude_as_in
from gantry_edge.storage.database import Connection

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
RUNNING = "SELECT 1 FROM answers WHERE status = 'running' AND id IN (SELECT value FROM json_each(?)) LIMIT 1"
CONVERSATION = """
INSERT INTO conversations (id, user_id, title, created_at, updated_at, scope, persona_id, memory, folder_id, place)
SELECT ?, user_id, title, ?, ?, scope, persona_id, memory, folder_id,
CASE place WHEN 'temporary' THEN place ELSE 'current' END FROM conversations WHERE id = ?
"""
MESSAGE = """
INSERT INTO messages (id, conversation_id, parent_id, version, role, parts, created_at)
SELECT ?, ?, ?, 0, role, parts, created_at FROM messages WHERE id = ?
"""


def branch_off(connection: Connection, user_id: str, message_id: str) -> Conversation:
    """Everything down to an answer, copied; the conversation it comes from stays as it is.

    What is remembered of the exchanges stays with the conversation they were said in.
    """
    message = get_message(connection, user_id, message_id)
    if message.answer is None:
        raise BadRequest("A conversation branches off from an answer; name the one below this question")
    branch = branch_ids(connection, message_id, WHOLE)[::-1]
    check_written(connection, branch)
    id, at = new_id(), now()
    connection.execute(CONVERSATION, (id, at, at, message.conversation_id))
    answers = [row["name"] for row in connection.execute("SELECT name FROM pragma_table_info('answers')")]
    others = ", ".join(name for name in answers if name != "id")
    copies = {original: new_id() for original in branch}
    parent = None
    for original, copy in copies.items():
        connection.execute(MESSAGE, (copy, id, parent, original))
        connection.execute(
            f"INSERT INTO answers (id, {others}) SELECT ?, {others} FROM answers WHERE id = ?", (copy, original)
        )
        images.copy_with(connection, original, copy)
        _copy_context(connection, original, copies)
        parent = copy
    connection.execute("UPDATE conversations SET leaf_id = ? WHERE id = ?", (parent, id))
    exclude_as_in(connection, message.conversation_id, id)
    return get_conversation(connection, user_id, id)


def check_written(connection: Connection, branch: Sequence[str]) -> None:
    if connection.execute(RUNNING, (msgspec.json.encode(branch).decode(),)).fetchone():
        raise AnswerRunning("An answer is still being written here; wait for it or stop it")


def _copy_context(connection: Connection, original: str, copies: Mapping[str, str]) -> None:
    """What the model saw for it, said of the messages here: whether it read documents must not be forgotten."""
    row = connection.execute("SELECT context FROM answer_contexts WHERE id = ?", (original,)).fetchone()
    if row:
        context = ID.sub(lambda found: copies.get(found[0], found[0]), row["context"])
        connection.execute("INSERT INTO answer_contexts (id, context) VALUES (?, ?)", (copies[original], context))
