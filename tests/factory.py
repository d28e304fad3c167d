"""Rows for tests, made by the stores themselves where they can be."""

from gantry_edge.chat import store
from gantry_edge.chat.schema import Answer, Part, SendMessage, Started, Text
from gantry_edge.ids import new_id, now
from gantry_edge.storage.database import Connection


def make_user(connection: Connection, name: str = "ada", role: str = "member") -> str:
    id = new_id()
    connection.execute(
        "INSERT INTO users (id, name, name_key, role, password_hash, created_at, updated_at)"
        " VALUES (?, ?, ?, ?, '', ?, ?)",
        (id, name, name, role, now(), now()),
    )
    return id


def ask(connection: Connection, user_id: str, content: str = "Why?", **rest: object) -> Started:
    """A question and its running answer."""
    return store.add_exchange(connection, user_id, SendMessage(content, **rest))[0]  # type: ignore[arg-type]


def exchange(
    connection: Connection, user_id: str, content: str = "Why?", reply: str = "Because.", **rest: object
) -> Started:
    """A question and its finished answer."""
    started = ask(connection, user_id, content, **rest)
    parts: list[Part] = [Text(reply)]
    answer = Answer(id=started.answer_id, status="done", model="m", created_at=now(), finished_at=now())
    store.finish_answer(connection, answer, parts)
    return started
