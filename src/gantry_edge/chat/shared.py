"""Conversations as those see them whom they are shared with: the branch on screen, as it is at that moment.

What an answer was made from stays with its owner. Memories and thoughts are left out, what was attached is a name, and
so is a source whose document the reader may not read. An answer shows once it is written.
"""

import msgspec

from gantry_edge.chat.answers import stored
from gantry_edge.chat.branching import check_written
from gantry_edge.chat.schema import (
    Answer,
    Attachment,
    Conversation,
    Image,
    Memories,
    Message,
    Part,
    Reasoning,
    SharedConversation,
)
from gantry_edge.chat.sources import fill_sources
from gantry_edge.chat.store import PAGE_BYTES, WHOLE, branch_ids, get_any_message, get_conversation, read_branch
from gantry_edge.errors import NotFound
from gantry_edge.ids import new_id, now
from gantry_edge.paging import Page
from gantry_edge.sharing.reading import granted
from gantry_edge.storage.database import Connection, Row

READABLE = f"""
SELECT c.id, c.title, coalesce(nullif(u.display_name, ''), u.name) AS owner, c.updated_at, c.leaf_id
FROM conversations c JOIN users u ON u.id = c.user_id
WHERE c.id = :id AND c.place IN ('current', 'archived')
AND (c.user_id = :user OR {granted("conversation", "c.id")})
"""
CONVERSATION = """
INSERT INTO conversations (id, user_id, title, created_at, updated_at, leaf_id, memory) VALUES (?, ?, ?, ?, ?, ?, 0)
"""
MESSAGE = """
INSERT INTO messages (id, conversation_id, parent_id, version, role, parts, created_at)
VALUES (?, ?, ?, 0, ?, ?, ?)
"""
ANSWER = """
INSERT INTO answers (id, status, model, error_code, error_detail, finish_reason, prompt_tokens, completion_tokens,
    first_token_ms, duration_ms, created_at, finished_at)
SELECT ?, status, model, error_code, error_detail, finish_reason, prompt_tokens, completion_tokens,
    first_token_ms, duration_ms, created_at, finished_at FROM answers WHERE id = ?
"""


def read_conversation(connection: Connection, user_id: str, id: str) -> SharedConversation:
    row = _row(connection, user_id, id)
    return SharedConversation(row["id"], row["title"], row["owner"], row["updated_at"])


def list_messages(connection: Connection, user_id: str, id: str, before: str | None, limit: int) -> Page[Message]:
    """The last ones, oldest first; `before` is the oldest message the reader has."""
    leaf = _row(connection, user_id, id)["leaf_id"]
    if before is not None:
        if before not in branch_ids(connection, leaf, WHOLE):  # a reader sees no other branch
            raise NotFound("There is no such message in this conversation")
        leaf = get_any_message(connection, before).parent_id
    messages, above = read_branch(connection, leaf, limit, PAGE_BYTES)
    messages = [_told(message) for message in messages]
    fill_sources(connection, user_id, messages)
    return Page(messages, messages[0].id if above else None)


def copy_conversation(connection: Connection, user_id: str, id: str) -> Conversation:
    """As a conversation of the reader's own, to go on with. It is not remembered: somebody else said it."""
    row = _row(connection, user_id, id)
    branch = branch_ids(connection, row["leaf_id"], WHOLE)[::-1]
    check_written(connection, branch)
    copies = {original: new_id() for original in branch}
    copy, at = new_id(), now()
    connection.execute(CONVERSATION, (copy, user_id, row["title"], at, at, copies.get(row["leaf_id"])))
    parent = None
    for original, new in copies.items():
        message = _told(get_any_message(connection, original))
        connection.execute(MESSAGE, (new, copy, parent, message.role, stored(message.parts), message.created_at))
        connection.execute(ANSWER, (new, original))
        parent = new
    return get_conversation(connection, user_id, copy)


def _row(connection: Connection, user_id: str, id: str) -> Row:
    row = connection.execute(READABLE, {"user": user_id, "id": id}).fetchone()
    if row is None:
        raise NotFound("There is no such conversation")
    return row  # type: ignore[no-any-return]


def _told(message: Message) -> Message:
    parts = [_named(part) for part in message.parts if not isinstance(part, Reasoning | Memories)]
    answer: Answer | None = message.answer and msgspec.structs.replace(message.answer, persona=None)
    return msgspec.structs.replace(message, parts=parts, siblings=[message.id], answer=answer)


def _named(part: Part) -> Part:
    return Attachment(part.name, "") if isinstance(part, Attachment | Image) else part
