"""SQL of answers that are there already: written, cut short, gone on with."""

import msgspec

from gantry_edge.chat.choices import take_out
from gantry_edge.chat.schema import Answer, AnswerError, Memories, Message, Part, Started
from gantry_edge.chat.sources import bare
from gantry_edge.chat.store import get_conversation, get_message, parts_from
from gantry_edge.errors import AnswerRunning, BadRequest, NotFound
from gantry_edge.ids import now
from gantry_edge.memory.forgetting import exclude
from gantry_edge.personas.schema import Snapshot
from gantry_edge.storage.database import Connection
from gantry_edge.storage.events import delete_events

RUNNING_ANSWERS = """
SELECT a.id, m.conversation_id, m.parts FROM answers a JOIN messages m ON m.id = a.id
WHERE a.status = 'running'
"""


def get_answer(connection: Connection, user_id: str, id: str) -> tuple[Message, Answer]:
    message = get_message(connection, user_id, id)
    if message.answer is None:
        raise NotFound("There is no such answer")
    return message, message.answer


def read_persona(connection: Connection, id: str) -> Snapshot | None:
    """What the answer began with."""
    row = connection.execute("SELECT persona FROM answers WHERE id = ?", (id,)).fetchone()
    return msgspec.json.decode(row["persona"], type=Snapshot) if row and row["persona"] else None


def restart_answer(connection: Connection, user_id: str, id: str) -> tuple[Message, Started]:
    """Set an answer that was cut short running again, to be continued in place."""
    message, answer = get_answer(connection, user_id, id)
    if answer.status == "running":
        raise AnswerRunning("This answer is still being written; wait for it or stop it")
    if answer.status == "done" and answer.finish_reason != "length":
        raise BadRequest("This answer is complete; ask for another one instead")
    conversation = get_conversation(connection, user_id, message.conversation_id)
    take_out(connection, conversation)
    connection.execute(
        "UPDATE answers SET status = 'running', error_code = NULL, error_detail = NULL, finish_reason = NULL"
        " WHERE id = ?",
        (id,),
    )
    assert message.parent_id is not None
    return message, Started(conversation.id, conversation.title, message.parent_id, id, answer.model)


def remove_memory(connection: Connection, user_id: str, id: str, memory_id: str) -> None:
    """From the answer, and from all that come in its conversation."""
    message, answer = get_answer(connection, user_id, id)
    if answer.status == "running":
        raise AnswerRunning("This answer is still being written; wait for it or stop it")
    parts = [
        Memories([memory for memory in part.items if memory.id != memory_id]) if isinstance(part, Memories) else part
        for part in message.parts
    ]
    if parts == message.parts:
        raise NotFound("There is no such memory in this answer")
    parts = [part for part in parts if part != Memories([])]
    connection.execute("UPDATE messages SET parts = ? WHERE id = ?", (stored(parts), id))
    exclude(connection, message.conversation_id, memory_id)


def finish_answer(connection: Connection, answer: Answer, parts: list[Part]) -> None:
    """Write the result in place of the saved events."""
    connection.execute("UPDATE messages SET parts = ? WHERE id = ?", (stored(parts), answer.id))
    connection.execute(
        """
        UPDATE answers SET status = ?, model = ?, error_code = ?, error_detail = ?, finish_reason = ?,
        prompt_tokens = ?, completion_tokens = ?, first_token_ms = ?, duration_ms = ?, finished_at = ?, from_cache = ?,
        thought_ms = ?
        WHERE id = ?
        """,
        (
            answer.status,
            answer.model,
            answer.error.code if answer.error else None,
            answer.error.detail if answer.error else None,
            answer.finish_reason,
            answer.prompt_tokens,
            answer.completion_tokens,
            answer.first_token_ms,
            answer.duration_ms,
            answer.finished_at,
            int(answer.from_cache),
            answer.thought_ms,
            answer.id,
        ),
    )
    delete_events(connection, answer.id)


def interrupt_answer(connection: Connection, id: str, error: AnswerError, parts: list[Part]) -> None:
    """What a crash left running, with the text that was saved."""
    connection.execute("UPDATE messages SET parts = ? WHERE id = ?", (stored(parts), id))
    connection.execute(
        "UPDATE answers SET status = 'interrupted', error_code = ?, error_detail = ?, finished_at = ? WHERE id = ?",
        (error.code, error.detail, now(), id),
    )
    delete_events(connection, id)


def read_running(connection: Connection) -> list[tuple[str, list[Part]]]:
    """Answers that claim to run, with the parts they had before."""
    return [(row["id"], parts_from(row["parts"])) for row in connection.execute(RUNNING_ANSWERS)]


def stored(parts: list[Part]) -> str:
    return msgspec.json.encode([bare(part) for part in parts]).decode()
