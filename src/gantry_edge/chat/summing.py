"""The worker that sums up what no longer fits into a prompt, while nobody asks. The server holds one.

A new question breaks it off; it is begun again when all is quiet. What is wanted stands in a table, so that a crash
loses nothing.
"""

import asyncio
import logging

from gantry_edge.chat import summaries
from gantry_edge.chat.planner import Planner
from gantry_edge.chat.summaries import Wanted
from gantry_edge.errors import GantryError, ModelError
from gantry_edge.models.client import Client
from gantry_edge.models.endpoints import Endpoints
from gantry_edge.quiet import Quiet
from gantry_edge.storage.database import Database, DatabaseError

PAUSE = 5.0  # seconds without a question: the next one finds it, and the engine reads that prompt anew anyway
LONGEST = 120.0  # seconds of an answer

log = logging.getLogger(__name__)


class Summing:
    def __init__(
        self,
        database: Database,
        quiet: Quiet,
        endpoints: Endpoints,
        client: Client,
        planner: Planner,
        *,
        pause: float = PAUSE,
    ) -> None:
        self._database = database
        self._quiet = quiet
        self._endpoints = endpoints
        self._client = client
        self._planner = planner
        self._pause = pause

    async def work_forever(self) -> None:
        while True:
            await self._quiet.idle()
            seen = self._quiet.asked
            try:
                if await self._quiet.undisturbed(seen, self._pause):
                    while self._quiet.asked == seen and await self.sum_up_next():
                        pass
            except DatabaseError as error:
                log.error("what is to be summed up cannot be read: %s", error)
            await self._quiet.disturbed(seen)

    async def sum_up_next(self) -> bool:
        """One summary; False when none is wanted, someone asked, or the model failed."""
        seen = self._quiet.asked
        wanted = await self._database.write(summaries.next_wanted)
        if wanted is None:
            return False
        try:
            text = await self._quiet.unless_disturbed(seen, self._sum_up(wanted))
        except asyncio.CancelledError:
            await self._database.write(lambda c: summaries.give_back(c, wanted.id))
            raise
        except (GantryError, TimeoutError) as error:  # it waits; after some attempts it is left alone
            log.info("nothing was summed up: %s", type(error).__name__)  # it may quote what it was asked
            return not isinstance(error, ModelError | TimeoutError)
        if text is None:
            await self._database.write(lambda c: summaries.give_back(c, wanted.id))
            return False
        await self._database.write(lambda c: summaries.put(c, wanted.id, text))
        return True

    async def _sum_up(self, wanted: Wanted) -> str:
        """What the model says; nothing where it is not able to, or there is nothing to sum up."""
        endpoint, model = await self._endpoints.resolve(wanted.model)
        if endpoint.small:
            return ""
        told = await self._database.read(lambda c: summaries.read_untold(c, wanted.id))
        if not told:
            return ""
        request = summaries.request(model, told, await self._planner.window(endpoint, model))
        async with asyncio.timeout(LONGEST):
            return (await self._client.say(endpoint, request)).strip()
