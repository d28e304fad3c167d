"""Deletes people with all that is theirs, a portion at a time, so that what others write goes on in between."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from gantry_edge.accounts import leaving
from gantry_edge.chat import removal as chat
from gantry_edge.documents import removal as documents
from gantry_edge.facts import removal as facts
from gantry_edge.memory import removal as memory
from gantry_edge.sharing import removal as sharing
from gantry_edge.storage.audit import MACHINE, By
from gantry_edge.storage.database import Connection, Database, DatabaseError
from gantry_edge.storage.words import mark_deleted, merge_some, take_marked

WORDS = ("exchange_words", "message_words")
PORTIONS = (facts.remove_some, memory.remove_some, chat.remove_some, documents.remove_some)
BREATH = 0.005  # seconds between two portions
ERASING = 0.1  # seconds between two looks whether the documents are erased
TRY_AGAIN = 30.0  # seconds, where the disk is full or the like

log = logging.getLogger(__name__)


class Leaving:
    """`stops` end what is being done for a person, `erase` wakes who erases documents, `finish` who ends forgetting."""

    def __init__(
        self,
        database: Database,
        stops: Sequence[Callable[[str], Awaitable[None]]],
        erase: Callable[[], None],
        finish: Callable[[], None],
    ) -> None:
        self._database = database
        self._stops = stops
        self._erase = erase
        self._finish = finish
        self._wanted = asyncio.Event()

    async def leave(self, user_id: str, by: By) -> None:
        """From here on nobody sees anything of theirs; Conflict for the last owner."""
        await self._database.write(partial(begin, user_id=user_id, by=by))
        self._wanted.set()

    async def work_forever(self) -> None:
        """Also what a crash left half done."""
        while True:
            self._wanted.clear()
            try:
                for user_id in await self._database.read(leaving.list_leaving):
                    await self._remove(user_id)
            except DatabaseError as error:
                log.error("a person who left could not be deleted yet: %s", error)
                await asyncio.sleep(TRY_AGAIN)
                self._wanted.set()
            await self._wanted.wait()

    async def _remove(self, user_id: str) -> None:
        for stop in self._stops:
            await stop(user_id)
        await remove_rows(self._database, user_id)
        await self._erased(user_id)
        await self._database.write(partial(finish, user_id=user_id))
        self._finish()
        log.info("a person left, and nothing of theirs is here any more")

    async def _erased(self, user_id: str) -> None:
        self._erase()
        while True:
            if not await self._database.read(partial(documents.has_documents, user_id=user_id)):
                return
            await asyncio.sleep(ERASING)


def begin(connection: Connection, user_id: str, by: By = MACHINE) -> None:
    leaving.begin(connection, user_id, by)
    memory.begin(connection, user_id)
    sharing.begin(connection, user_id)


async def remove_rows(database: Database, user_id: str) -> None:
    """All but the documents, which are hidden and wait for who erases them."""
    for table in WORDS:
        await database.write(partial(mark_deleted, table=table))
    for portion in PORTIONS:
        await _by_portions(database, partial(portion, user_id=user_id))
    for table in WORDS:
        await database.write(partial(take_marked, table=table))
        await _by_portions(database, partial(merge_some, table=table))


async def _by_portions(database: Database, some: Callable[[Connection], bool]) -> None:
    while True:
        if not await database.write(some):
            return
        await asyncio.sleep(BREATH)


def finish(connection: Connection, user_id: str) -> None:
    """The account itself, with what little is left: settings, personas, folders, choices."""
    memory.finish(connection, user_id)
    leaving.delete_user(connection, user_id)
