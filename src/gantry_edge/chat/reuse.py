"""Answers given again: to the very same request of the same person, where they want that.

The cache has a hash of the request and the id of the answer, for a while. The words are in the conversation and nowhere
else, and are read there after asking whose it is: with the answer, whoever deletes it, goes its use.
"""

from hashlib import blake2b
from typing import Protocol

import msgspec

from gantry_edge.chat.schema import Answer, ChatSettings, Reasoning, Text
from gantry_edge.chat.store import parts_from
from gantry_edge.models.schema import ChatRequest, Delta, Endpoint
from gantry_edge.storage.database import Connection, Database

GOOD_FOR = 30 * 24 * 3600  # seconds
CUT_SHORT = "length"  # by the longest answer allowed: it can be gone on with
WANTED = """
SELECT u.reuse_answers FROM conversations c JOIN users u ON u.id = c.user_id
WHERE c.id = ? AND u.id = ? AND c.place <> 'temporary'
"""
DONE = """
SELECT m.parts, a.finish_reason FROM answers a JOIN messages m ON m.id = a.id
JOIN conversations c ON c.id = m.conversation_id
WHERE a.id = ? AND c.user_id = ? AND c.place <> 'trash' AND a.status = 'done'
"""


class Cache(Protocol):
    """The part of a Litestar Store needed here."""

    async def get(self, key: str) -> bytes | None: ...
    async def set(self, key: str, value: bytes, expires_in: int) -> None: ...
    async def delete(self, key: str) -> None: ...


class Reuse:
    def __init__(self, database: Database, cache: Cache) -> None:
        self._database = database
        self._cache = cache

    async def key_for(self, user_id: str, conversation_id: str, endpoint: Endpoint, request: ChatRequest) -> str | None:
        """The same for the same person, place, model, sampling and messages; None where no answer is given again."""
        if not await self._database.read(lambda c: is_wanted(c, user_id, conversation_id)):
            return None
        whole = msgspec.json.encode((user_id, endpoint.id, endpoint.url, request))
        return f"answer {blake2b(whole, digest_size=32).hexdigest()}"

    async def find(self, user_id: str, key: str) -> list[Delta]:
        """What was answered, as its model would say it; nothing where that is gone."""
        id = await self._cache.get(key)
        if id is None:
            return []
        told = await self._database.read(lambda c: read_deltas(c, user_id, id.decode("ascii", "replace")))
        if not told:
            await self._cache.delete(key)
        return told

    async def keep(self, key: str, answer: Answer) -> None:
        """What is complete, in place of what was kept before."""
        if answer.status == "done" and answer.finish_reason != CUT_SHORT:
            await self._cache.set(key, answer.id.encode(), expires_in=GOOD_FOR)


def read_deltas(connection: Connection, user_id: str, answer_id: str) -> list[Delta]:
    row = connection.execute(DONE, (answer_id, user_id)).fetchone()
    deltas: list[Delta] = []
    for part in parts_from(row["parts"]) if row else ():
        match part:
            case Text(text):
                deltas.append(Delta(text=text))
            case Reasoning(text):
                deltas.append(Delta(reasoning=text))
    return [*deltas, Delta(finish_reason=row["finish_reason"])] if any(delta.text for delta in deltas) else []


def is_wanted(connection: Connection, user_id: str, conversation_id: str) -> bool:
    """A temporary conversation leaves nothing behind, so it takes nothing either."""
    row = connection.execute(WANTED, (conversation_id, user_id)).fetchone()
    return bool(row and row[0])


def read_settings(connection: Connection, user_id: str) -> ChatSettings:
    row = connection.execute("SELECT reuse_answers FROM users WHERE id = ?", (user_id,)).fetchone()
    return ChatSettings(reuse_answers=bool(row and row[0]))


def save_settings(connection: Connection, user_id: str, settings: ChatSettings) -> ChatSettings:
    connection.execute("UPDATE users SET reuse_answers = ? WHERE id = ?", (int(settings.reuse_answers), user_id))
    return settings
