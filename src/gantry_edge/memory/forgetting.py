"""The front door of forgetting. What is deleted goes in the transaction that deletes it: by references and triggers
(`storage/steps/m008_memory.py`), whoever deletes. What is left to do is behind that: the log of the database, where
old text is kept, and the index.
"""

import asyncio
from typing import TYPE_CHECKING

from gantry_edge.memory.store import exclude, exclude_as_in
from gantry_edge.storage.database import Connection, Database

if TYPE_CHECKING:
    from gantry_edge.retrieval.index import Index

__all__ = [
    "Forgetting",
    "exclude",
    "exclude_as_in",
    "forget_all",
    "forget_conversation",
    "remember_conversation",
]

TRY_AGAIN = 1.0  # seconds; the log cannot be emptied while someone reads


class Forgetting:
    """Finishes in the background what was deleted."""

    def __init__(self, database: Database, index: "Index") -> None:
        self._database = database
        self._index = index
        self._deleted = asyncio.Event()

    def finish_soon(self) -> None:
        """Something was deleted."""
        self._deleted.set()

    async def finish_forever(self) -> None:
        while True:
            await self._deleted.wait()
            self._deleted.clear()
            self._index.wake()
            if not await self._database.empty_log():
                await asyncio.sleep(TRY_AGAIN)
                self._deleted.set()


def forget_all(connection: Connection, user_id: str) -> None:
    """All that one person said before; the conversations stay."""
    for row in connection.execute("SELECT id FROM conversations WHERE user_id = ?", (user_id,)).fetchall():
        forget_conversation(connection, row[0])


def forget_conversation(connection: Connection, conversation_id: str) -> None:
    """Whose it is has been asked."""
    waiting = "DELETE FROM exchange_queue WHERE answer_id IN (SELECT id FROM messages WHERE conversation_id = ?)"
    connection.execute(waiting, (conversation_id,))
    connection.execute("DELETE FROM exchanges WHERE conversation_id = ?", (conversation_id,))


def remember_conversation(connection: Connection, conversation_id: str) -> None:
    """What was said before it began was said in the one it branches off from."""
    connection.execute(
        "INSERT INTO exchange_queue (answer_id) SELECT a.id FROM answers a JOIN messages m ON m.id = a.id"
        " JOIN conversations c ON c.id = m.conversation_id"
        " WHERE c.id = ? AND m.created_at >= c.created_at AND a.status = 'done' ON CONFLICT DO NOTHING",
        (conversation_id,),
    )
