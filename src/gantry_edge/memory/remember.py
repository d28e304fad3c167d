"""The worker: reads answers that are done, with their questions, and stores them as what can be recalled.

The queue is a table that an answer enters itself in, so that a crash loses nothing. It works behind everybody else: one
exchange, then a pause.
"""

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING

from gantry_edge.errors import GantryError
from gantry_edge.memory import store
from gantry_edge.memory.reading import read_closely
from gantry_edge.storage.database import Database, DatabaseError

if TYPE_CHECKING:
    from gantry_edge.retrieval.embedder import Embedder
    from gantry_edge.retrieval.index import Index

LOOK_EVERY = 3.0  # seconds
PAUSE = 0.1  # seconds between two exchanges: less than half of a core while old ones are read
TRY_AGAIN = 60.0  # seconds after something failed

log = logging.getLogger(__name__)


class Remembering:
    def __init__(self, database: Database, embedder: "Embedder", index: "Index") -> None:
        self._database = database
        self._embedder = embedder
        self._index = index

    async def work_forever(self) -> None:
        looked = False
        while True:
            try:
                if not looked:
                    await self._database.write(lambda c: store.queue_others(c, self._embedder.model))
                    looked = True
                await asyncio.sleep(PAUSE if await self.remember_next() else LOOK_EVERY)
            except (GantryError, DatabaseError, OSError) as error:
                log.warning("what was said is not remembered yet: %s", error)
                await asyncio.sleep(TRY_AGAIN)

    async def remember_all(self) -> None:
        while await self.remember_next():
            pass

    async def remember_next(self) -> bool:
        """One exchange; False when none waits."""
        if await self._database.read(store.is_idle):
            return False
        id = await self._database.write(store.claim)
        if id is None:
            return False
        try:
            said = await self._database.read(partial(store.read_said, answer_id=id))
            read = await asyncio.to_thread(read_closely, said, self._embedder) if said else None
        except BaseException:  # whatever it was, the program did not end by it
            await self._database.write(partial(store.give_back, answer_id=id))
            raise
        if said is None or read is None:
            await self._database.write(partial(store.drop_waiting, answer_id=id))
            return True
        save = partial(store.save, said=said, read=read, model=self._embedder.model)
        if await self._database.write(save):
            self._index.wake()
        return True
