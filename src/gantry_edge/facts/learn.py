"""The worker that reads what people wrote for facts, while no answer is being written. The server holds one.

The queue is a table, filled with the question itself; a message leaves it together with what was learned from it, so
that a crash loses nothing and learns nothing twice.
"""

import asyncio
import logging

from gantry_edge.facts.extract import extract
from gantry_edge.facts.learned import keep_learned, next_message
from gantry_edge.quiet import Quiet
from gantry_edge.storage.database import Database, DatabaseError

BREATH = 0.01  # seconds between two messages

log = logging.getLogger(__name__)


class Learner:
    def __init__(self, database: Database, quiet: Quiet) -> None:
        self._database = database
        self._quiet = quiet

    async def work_forever(self) -> None:
        while True:
            await self._quiet.idle()
            seen = self._quiet.asked
            try:
                more = await self._read_next()
            except DatabaseError as error:
                log.error("the messages to learn from cannot be read: %s", error)
                more = False
            if more:
                await asyncio.sleep(BREATH)
            else:
                await self._quiet.disturbed(seen)

    async def _read_next(self) -> bool:
        waiting = await self._database.write(next_message)
        if waiting is None:
            return False
        found = extract(waiting.text)
        await self._database.write(lambda c: keep_learned(c, waiting, found))
        return True
