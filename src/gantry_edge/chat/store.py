"""SQL of conversations, messages and answers. Each asks for the owner; a foreign id looks like none."""

from collections.abc import Sequence

import msgspec
from msgspec import UNSET, UnsetType

from gantry_edge.chat import images
from gantry_edge.chat.choices import set_memory, set_order, set_persona, set_scope, set_temporary, take_out
from gantry_edge.chat.drafts import end_draft
from gantry_edge.chat.prompt import title_of
from gantry_edge.chat.schema import (
    MOST_TEXT,
    Answer,
    AnswerError,
    Attachment,
    Conversation,
    ConversationChange,
    Message,
    Move,
    Part,
    SendMessage,
    Started,
    Text,
)
from gantry_edge.documents.schema import Scope
from gantry_edge.errors import AnswerRunning, BadRequest, NotFound
from gantry_edge.facts import known
from gantry_edge.ids import new_id, now
from gantry_edge.paging import Page
from gantry_edge.personas import choice
from gantry_edge.storage.database import Connection, Row

CONVERSATION = """json_object(
    'id', id, 'title', title, 'created_at', created_at, 'updated_at', updated_at, 'leaf_id', leaf_id,
    'scope', json(scope), 'persona_id', persona_id, 'memory', memory, 'place', place, 'pinned', pinned > 0,
    'folder_id', folder_id
)"""

MESSAGE = """
m.id, m.conversation_id, m.parent_id, m.version, m.role, m.parts, m.created_at,
a.status, a.model, a.error_code, a.error_detail, a.finish_reason, a.prompt_tokens, a.completion_tokens,
a.first_token_ms, a.duration_ms, a.created_at AS answer_created_at, a.finished_at, a.persona_name, a.from_cache,
a.thought_ms
"""

GET_MESSAGE = f"""
SELECT {MESSAGE} FROM messages m
JOIN conversations c ON c.id = m.conversation_id AND c.user_id = :user
LEFT JOIN answers a ON a.id = m.id
WHERE m.id = :id
"""

WHOLE = 2**62  # messages, as a limit of a branch
BRANCH = """
WITH RECURSIVE branch (id, parent_id, depth) AS (
    SELECT id, parent_id, 0 FROM messages WHERE id = :leaf
    UNION ALL
    SELECT up.id, up.parent_id, depth + 1 FROM branch JOIN messages up ON up.id = branch.parent_id
    WHERE depth + 1 < :limit
)
"""
BRANCH_IDS = f"{BRANCH}SELECT id FROM branch ORDER BY depth"
GET_ANY_MESSAGE = f"SELECT {MESSAGE} FROM messages m LEFT JOIN answers a ON a.id = m.id WHERE m.id = ?"

VERSIONS_BELOW = "SELECT id, parent_id FROM messages WHERE parent_id IN ({marks}) ORDER BY parent_id, version"
FIRST_VERSIONS = """
SELECT id, parent_id FROM messages WHERE conversation_id = ? AND parent_id IS NULL ORDER BY version
"""
NEXT_BELOW = "SELECT id FROM messages WHERE parent_id = ? ORDER BY version DESC LIMIT 1"
COUNT_BELOW = "SELECT count(*) FROM messages WHERE conversation_id = ? AND parent_id = ?"
COUNT_FIRST = "SELECT count(*) FROM messages WHERE conversation_id = ? AND parent_id IS NULL"
PAGE_BYTES = 1_000_000  # of message text on one page

parts_from = msgspec.json.Decoder(list[Part]).decode
# not strict, as the truth of SQLite is a number
_conversation = msgspec.json.Decoder(Conversation, strict=False)


# some of it may be gone already
DOOM = "UPDATE conversations SET place = 'trash', moved_at = 0 WHERE id = ?"
DOOMED = "(place = 'trash' AND moved_at = 0)"


def get_conversation(connection: Connection, user_id: str, id: str) -> Conversation:
    row = connection.execute(
        f"SELECT {CONVERSATION} FROM conversations WHERE id = ? AND user_id = ? AND NOT {DOOMED}", (id, user_id)
    ).fetchone()
    if row is None:
        raise NotFound("There is no such conversation")
    return _conversation.decode(row[0])


def add_conversation(
    connection: Connection, user_id: str, title: str, persona_id: str | UnsetType | None = UNSET
) -> Conversation:
    at = now()
    if persona_id is UNSET:
        persona_id = choice.default_persona(connection, user_id)
    elif persona_id is not None:
        choice.check_persona(connection, user_id, persona_id)
    row = connection.execute(
        "INSERT INTO conversations (id, user_id, title, created_at, updated_at, persona_id) VALUES (?, ?, ?, ?, ?, ?)"
        f" RETURNING {CONVERSATION}",
        (new_id(), user_id, title, at, at, persona_id),
    ).fetchone()
    return _conversation.decode(row[0])


def change_conversation(connection: Connection, user_id: str, id: str, change: ConversationChange) -> Conversation:
    conversation = get_conversation(connection, user_id, id)
    if change.title is not UNSET:
        conversation.title = change.title
    if change.leaf_id is not UNSET:
        message = get_message(connection, user_id, change.leaf_id)
        if message.conversation_id != id:
            raise NotFound("There is no such message in this conversation")
        conversation.leaf_id = newest_below(connection, message.id)
    connection.execute(
        "UPDATE conversations SET title = ?, leaf_id = ? WHERE id = ?",
        (conversation.title, conversation.leaf_id, id),
    )
    if change.scope is not UNSET:
        set_scope(connection, conversation, change.scope)
    if change.persona_id is not UNSET:
        set_persona(connection, user_id, conversation, change.persona_id)
    if change.memory is not UNSET:
        set_memory(connection, conversation, change.memory)
    set_order(connection, user_id, conversation, change)
    return conversation


def move_conversations(connection: Connection, user_id: str, moves: Sequence[Move]) -> list[Conversation]:
    """Those that are there, as they are now."""
    moved = []
    for move in moves:
        try:
            conversation = get_conversation(connection, user_id, move.id)
        except NotFound:
            continue
        set_order(connection, user_id, conversation, move)
        moved.append(conversation)
    return moved


def doom_conversation(connection: Connection, user_id: str, id: str) -> None:
    """Nobody has it any more, whatever stops its deletion: it lies in the trash as if it always had."""
    get_conversation(connection, user_id, id)
    connection.execute(DOOM, (id,))


def list_messages(
    connection: Connection, user_id: str, conversation_id: str, before: str | None, limit: int
) -> Page[Message]:
    """The branch on screen, oldest first; `before` is the oldest message the reader has."""
    leaf = get_conversation(connection, user_id, conversation_id).leaf_id
    if before is not None:
        oldest = get_message(connection, user_id, before)
        if oldest.conversation_id != conversation_id:
            raise NotFound("There is no such message in this conversation")
        leaf = oldest.parent_id
    messages, above = read_branch(connection, leaf, limit, PAGE_BYTES)
    _add_siblings(connection, conversation_id, messages)
    return Page(messages, messages[0].id if above else None)


def read_branch(connection: Connection, leaf: str | None, limit: int, most_bytes: int) -> tuple[list[Message], int]:
    """The messages from the top down to `leaf`, the last that fit (one at least), and how many lie above.

    Above is counted to one when `limit` ended it. Siblings are left empty.
    """
    ids = branch_ids(connection, leaf, limit + 1)
    messages: list[Message] = []
    for id in ids[:limit]:
        row = connection.execute(GET_ANY_MESSAGE, (id,)).fetchone()
        most_bytes -= len(row["parts"])
        if most_bytes < 0 and messages:
            break
        messages.append(_message(row))
    return messages[::-1], len(ids) - len(messages)


def branch_ids(connection: Connection, leaf: str | None, limit: int) -> list[str]:
    """From the leaf upwards."""
    return [row[0] for row in connection.execute(BRANCH_IDS, {"leaf": leaf, "limit": limit})]


def get_message(connection: Connection, user_id: str, id: str) -> Message:
    row = connection.execute(GET_MESSAGE, {"user": user_id, "id": id}).fetchone()
    if row is None:
        raise NotFound("There is no such message")
    return _message(row)


def get_any_message(connection: Connection, id: str) -> Message:
    """Whose it is has been asked."""
    return _message(connection.execute(GET_ANY_MESSAGE, (id,)).fetchone())


def read_questions(connection: Connection, user_id: str, started: Started) -> tuple[list[Message], Scope | None]:
    """What an answer answers, behind what was asked before it, and the documents it may rest on."""
    conversation = get_conversation(connection, user_id, started.conversation_id)
    branch, _ = read_branch(connection, started.message_id, 3, PAGE_BYTES)
    return [message for message in branch if message.role == "user"], conversation.scope


def add_exchange(connection: Connection, user_id: str, send: SendMessage) -> tuple[Started, bool]:
    """Store a question and its empty answer; False when this very question is here already."""
    pictures = images.parts_of(connection, user_id, send.images)
    parts = [*parts_of(send), *pictures]
    id = send.message_id
    if id is not None and (existing := _find_message(connection, id)):
        owner, conversation_id = existing
        if owner == user_id:
            conversation = get_conversation(connection, user_id, conversation_id)
            return _started(connection, conversation, id), False
        id = None
    if send.conversation_id is None:
        conversation = add_conversation(connection, user_id, _title(send), send.persona_id)
        if send.temporary:
            set_temporary(connection, conversation)
    else:
        conversation = get_conversation(connection, user_id, send.conversation_id)
        take_out(connection, conversation)
        if send.persona_id is not UNSET:
            set_persona(connection, user_id, conversation, send.persona_id)
    if send.scope is not UNSET:
        set_scope(connection, conversation, send.scope)
    if send.memory is not UNSET:
        set_memory(connection, conversation, send.memory)
    parent_id = conversation.leaf_id if send.parent_id is UNSET else send.parent_id
    if parent_id is not None:
        _check_parent(connection, user_id, conversation.id, parent_id)
    message_id = _add_message(connection, conversation.id, parent_id, "user", parts, id)
    images.keep_with(connection, message_id, pictures)
    known.queue_message(connection, user_id, conversation.id, message_id)
    end_draft(connection, user_id, send.conversation_id, send.content)
    return add_answer(connection, user_id, conversation, message_id, send.model or ""), True


def parts_of(send: SendMessage) -> list[Part]:
    """What a question is stored as."""
    if not (send.content.strip() or send.attachments or send.images):
        raise BadRequest("The message is empty; write something first")
    if len(send.content) + sum(len(one.text) for one in send.attachments) > MOST_TEXT:
        raise BadRequest(f"A message may have {MOST_TEXT:,} characters with all that goes with it; leave something out")
    return [Text(send.content), *(Attachment(one.name, one.text) for one in send.attachments)]


def _title(send: SendMessage) -> str:
    names = [one.name for one in send.attachments] + [one.name for one in send.images]
    return title_of(send.content or names[0])


def add_answer(
    connection: Connection, user_id: str, conversation: Conversation, question_id: str, model: str
) -> Started:
    """Store an empty, running answer below a question, with the persona as it is now, and put it on screen."""
    id = _add_message(connection, conversation.id, question_id, "assistant", [])
    persona = choice.snapshot(connection, user_id, conversation.persona_id) if conversation.persona_id else None
    connection.execute(
        "INSERT INTO answers (id, status, model, created_at, persona_name, persona) VALUES (?, 'running', ?, ?, ?, ?)",
        (id, model, now(), persona and persona.name, persona and msgspec.json.encode(persona).decode()),
    )
    connection.execute(
        "UPDATE conversations SET leaf_id = ?, updated_at = ? WHERE id = ?", (id, now(), conversation.id)
    )
    return Started(conversation.id, conversation.title, question_id, id, model)


def add_version(connection: Connection, user_id: str, message_id: str, model: str) -> Started:
    """A new answer beside an answer, or below a question."""
    message = get_message(connection, user_id, message_id)
    conversation = get_conversation(connection, user_id, message.conversation_id)
    take_out(connection, conversation)
    question_id = message.parent_id if message.role == "assistant" else message.id
    assert question_id is not None
    return add_answer(connection, user_id, conversation, question_id, model)


def newest_below(connection: Connection, id: str) -> str:
    """The end of the newest branch through a message."""
    while (row := connection.execute(NEXT_BELOW, (id,)).fetchone()) is not None:
        id = row[0]
    return id


def _find_message(connection: Connection, id: str) -> tuple[str, str] | None:
    row = connection.execute(
        "SELECT c.user_id, c.id FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE m.id = ?",
        (id,),
    ).fetchone()
    return (row[0], row[1]) if row else None


def _started(connection: Connection, conversation: Conversation, question_id: str) -> Started:
    answer_id = connection.execute(NEXT_BELOW, (question_id,)).fetchone()
    if answer_id is None:
        raise BadRequest("`message_id` names a message that is not a question")
    model = connection.execute("SELECT model FROM answers WHERE id = ?", (answer_id[0],)).fetchone()
    if model is None:
        raise BadRequest("`message_id` names a message that is not a question")
    return Started(conversation.id, conversation.title, question_id, answer_id[0], model[0])


def _check_parent(connection: Connection, user_id: str, conversation_id: str, parent_id: str) -> None:
    parent = get_message(connection, user_id, parent_id)
    if parent.conversation_id != conversation_id:
        raise NotFound("There is no such message in this conversation")
    if parent.answer is None:
        raise BadRequest("`parent_id` must name an answer, or be null to begin anew")
    if parent.answer.status == "running":
        raise AnswerRunning("The answer before is still being written; wait for it or stop it")


def _add_message(
    connection: Connection,
    conversation_id: str,
    parent_id: str | None,
    role: str,
    parts: list[Part],
    id: str | None = None,
) -> str:
    if parent_id is None:
        version = connection.execute(COUNT_FIRST, (conversation_id,)).fetchone()[0]
    else:
        version = connection.execute(COUNT_BELOW, (conversation_id, parent_id)).fetchone()[0]
    id = id or new_id()
    connection.execute(
        "INSERT INTO messages (id, conversation_id, parent_id, version, role, parts, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (id, conversation_id, parent_id, version, role, msgspec.json.encode(parts).decode(), now()),
    )
    return id


def _add_siblings(connection: Connection, conversation_id: str, messages: list[Message]) -> None:
    parents = [message.parent_id for message in messages if message.parent_id is not None]
    rows: list[Row] = []
    if parents:
        marks = ", ".join("?" * len(parents))
        rows += connection.execute(VERSIONS_BELOW.format(marks=marks), parents)
    if len(parents) < len(messages):
        rows += connection.execute(FIRST_VERSIONS, (conversation_id,))
    versions: dict[str | None, list[str]] = {}
    for id, parent_id in rows:
        versions.setdefault(parent_id, []).append(id)
    for message in messages:
        message.siblings = versions[message.parent_id]


def _message(row: Row) -> Message:
    return Message(
        id=row["id"],
        conversation_id=row["conversation_id"],
        parent_id=row["parent_id"],
        role=row["role"],
        parts=parts_from(row["parts"]),
        created_at=row["created_at"],
        siblings=[],
        answer=_answer(row) if row["status"] else None,
    )


def _answer(row: Row) -> Answer:
    return Answer(
        id=row["id"],
        status=row["status"],
        model=row["model"],
        error=AnswerError(row["error_code"], row["error_detail"]) if row["error_code"] else None,
        finish_reason=row["finish_reason"],
        prompt_tokens=row["prompt_tokens"],
        completion_tokens=row["completion_tokens"],
        first_token_ms=row["first_token_ms"],
        duration_ms=row["duration_ms"],
        created_at=row["answer_created_at"],
        finished_at=row["finished_at"],
        persona=row["persona_name"],
        thought_ms=row["thought_ms"],
        from_cache=bool(row["from_cache"]),
    )
