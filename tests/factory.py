"""Rows for tests, made by the stores themselves where they can be."""

from gantry_edge.chat import answers, store
from gantry_edge.chat.removal import shorten_or_remove
from gantry_edge.chat.schema import Answer, Part, SendMessage, Started, Text
from gantry_edge.documents import store as documents
from gantry_edge.documents.schema import Document
from gantry_edge.facts.extract import extract
from gantry_edge.facts.learned import keep_learned
from gantry_edge.facts.queue import next_message
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
    answers.finish_answer(connection, answer, parts)
    return started


def shelve(connection: Connection, user_id: str, text: str, digest: str) -> Document:
    """A document that was read, in a collection of its own. It has no chunks."""
    place = documents.add_collection(connection, user_id, "Mine")
    received = [documents.Received("notes.txt", digest, len(text))]
    document = documents.add_documents(connection, user_id, place.id, received, 1_000_000_000)[0]
    connection.execute("DELETE FROM jobs WHERE id = ?", (document.id,))
    connection.execute("UPDATE documents SET status = 'ready' WHERE id = ?", (document.id,))
    connection.execute("INSERT INTO document_texts VALUES (?, ?, '[]')", (document.id, text))
    return document


def learned(connection: Connection, user_id: str, content: str, **rest: str) -> dict[str, str]:
    """What is learned from a message, whatever else waits to be read: its first fact, and whom that is about."""
    message_id = exchange(connection, user_id, content, **rest).message_id
    while waiting := next_message(connection, "rules"):
        keep_learned(connection, waiting, extract(waiting.text))
    row = connection.execute(
        "SELECT f.id, f.subject_id FROM facts f JOIN fact_sources s ON s.fact_id = f.id WHERE s.message_id = ?"
        " ORDER BY f.id LIMIT 1",
        (message_id,),
    ).fetchone()
    return {"fact_id": row[0], "entity_id": row[1]} if row else {}


def delete_conversation(connection: Connection, user_id: str, id: str) -> None:
    """As a person does, in one write."""
    store.doom_conversation(connection, user_id, id)
    while shorten_or_remove(connection, id):
        pass
