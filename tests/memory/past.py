"""What somebody has behind them: finished exchanges, remembered by the real worker."""

import asyncio
from dataclasses import dataclass

from factory import ask, exchange, make_user

from gantry_edge.chat.schema import Started
from gantry_edge.memory.recall import Recall
from gantry_edge.memory.remember import Remembering
from gantry_edge.memory.schema import Memory
from gantry_edge.retrieval.embedder import Embedder
from gantry_edge.retrieval.index import Index
from gantry_edge.storage.database import Database

DAY = 24 * 3600 * 1000  # milliseconds


@dataclass
class Past:
    database: Database
    embedder: Embedder
    index: Index

    def __post_init__(self) -> None:
        self.remembering = Remembering(self.database, self.embedder, self.index)
        self.recall = Recall(self.database, self.embedder, self.index)

    async def person(self, name: str = "ada") -> str:
        return await self.database.write(lambda c: make_user(c, name))

    async def say(self, user: str, question: str, answer: str = "I see.", *, at: int = 0, **rest: object) -> Started:
        """An exchange that is done; `at` is when it was said."""
        started = await self.database.write(lambda c: exchange(c, user, question, answer, **rest))
        if at:
            ids = (at, started.message_id, started.answer_id)
            await self.database.write(lambda c: c.execute("UPDATE messages SET created_at = ? WHERE id IN (?, ?)", ids))
        return started

    async def begin(self, user: str) -> str:
        """A conversation in which something is asked now."""
        return (await self.database.write(lambda c: ask(c, user, "Hello"))).conversation_id

    async def find(self, user: str, query: str, conversation: str | None = None, budget: int = 400) -> list[Memory]:
        await self.remembering.remember_all()
        return await self.recall.gather(user, conversation or await self.begin(user), query, budget=budget)

    async def indexed(self) -> None:
        """Until the index knows of everything."""
        self.index.wake()
        async with asyncio.timeout(20):
            while await self.index.lag() or self.index.state != "ready":
                await asyncio.sleep(0.05)

    async def count(self, table: str) -> int:
        rows = await self.database.read(lambda c: c.execute(f"SELECT count(*) FROM {table}").fetchone())
        return int(rows[0])
