"""The worker that reads what people wrote for facts, while no answer is being written. The server holds one.

Rules read a message first. Later, when nobody has asked for a while, the model that answered it reads it too, if it is
able: whoever asks goes first, and the message waits. The queue is a table, filled with the question itself; a message
leaves it together with what was learned from it, so that a crash loses nothing and learns nothing twice.
"""

import asyncio
import logging
from functools import partial

from gantry_edge.errors import ModelError, ModelRefused, NotFound, PromptTooLong
from gantry_edge.facts import by_model, queue
from gantry_edge.facts.extract import extract
from gantry_edge.facts.learned import keep_learned
from gantry_edge.facts.queue import Waiting
from gantry_edge.models.client import Client
from gantry_edge.models.endpoints import Endpoints
from gantry_edge.models.schema import Endpoint
from gantry_edge.quiet import Quiet
from gantry_edge.storage.database import Database, DatabaseError

BREATH = 0.01  # seconds between two messages
PAUSE = 60.0  # seconds without a question: a conversation that goes on finds its words in the engine's cache still
LONGEST = 120.0  # seconds of an answer
REST, LONGEST_REST = 60.0, 3600.0  # seconds after an endpoint failed, doubled each time

log = logging.getLogger(__name__)


class Learner:
    def __init__(
        self, database: Database, quiet: Quiet, endpoints: Endpoints, client: Client, *, pause: float = PAUSE
    ) -> None:
        self._database = database
        self._quiet = quiet
        self._endpoints = endpoints
        self._client = client
        self._pause = pause
        self._rest = 0.0
        self._free: set[str] = set()  # endpoints that keep to no schema

    async def work_forever(self) -> None:
        while True:
            await self._quiet.idle()
            seen = self._quiet.asked
            try:
                while self._quiet.asked == seen and await self.read_next():
                    pass
                if await self._quiet.undisturbed(seen, max(self._pause, self._rest)):
                    while self._quiet.asked == seen and await self.ask_next():
                        pass
                    if self._rest:
                        continue
            except DatabaseError as error:
                log.error("the messages to learn from cannot be read: %s", error)
            await self._quiet.disturbed(seen)

    async def read_next(self) -> bool:
        """One message, by rules; False when none waits."""
        waiting = await self._database.write(lambda c: queue.next_message(c, "rules"))
        if waiting is None:
            return False
        found, ask_model = extract(waiting.text), bool(by_model.own_words(waiting.text))
        await self._database.write(lambda c: keep_learned(c, waiting, found, ask_model=ask_model))
        await asyncio.sleep(BREATH)
        return True

    async def ask_next(self) -> bool:
        """One message, by the model that answered it; False when none waits, someone asked, or the model failed."""
        waiting = await self._database.write(lambda c: queue.next_message(c, "model"))
        if waiting is None:
            self._rest = 0.0
            return False
        seen = self._quiet.asked
        try:
            answer = await self._quiet.unless_disturbed(seen, self._ask(waiting))
        except asyncio.CancelledError:
            await self._database.write(lambda c: queue.give_back(c, waiting.message_id))
            raise
        except (ModelError, TimeoutError) as error:  # it waits; after some attempts it is left alone
            self._rest = min(max(REST, self._rest * 2), LONGEST_REST)
            log.info("no model learns for %g s: %s", self._rest, type(error).__name__)  # it may quote what it was asked
            return False
        if answer is None:
            await self._database.write(lambda c: queue.give_back(c, waiting.message_id))
            return False
        self._rest = 0.0
        found = by_model.read_answer(answer, waiting.text, extract(waiting.text))
        await self._database.write(lambda c: keep_learned(c, waiting, found))
        await asyncio.sleep(BREATH)
        return True

    async def _ask(self, waiting: Waiting) -> str:
        """What the model says; nothing where none is able. It is one that has seen the message before."""
        name = await self._database.read(lambda c: queue.answered_by(c, waiting.message_id))
        if not name:
            return ""
        try:
            endpoint, model = await self._endpoints.resolve(name)
        except NotFound:
            return ""
        if endpoint.small:
            return ""
        ask = partial(self._say, endpoint, model, waiting.text)
        try:
            async with asyncio.timeout(LONGEST):
                return await ask(strict=endpoint.id not in self._free)
        except PromptTooLong:
            return ""
        except ModelRefused:
            if endpoint.id in self._free:
                return ""
            self._free.add(endpoint.id)
        async with asyncio.timeout(LONGEST):
            return await ask(strict=False)

    async def _say(self, endpoint: Endpoint, model: str, text: str, *, strict: bool) -> str:
        return await self._client.say(endpoint, by_model.request(model, text, strict=strict))
