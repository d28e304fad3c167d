"""Once a day, while nobody asks: is the database whole, and what is there that nothing needs any more?"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from functools import partial

import msgspec

from gantry_edge.admin.schema import Cared
from gantry_edge.ids import now
from gantry_edge.quiet import Quiet
from gantry_edge.retrieval.store import delete_embeddings
from gantry_edge.storage import sweeping
from gantry_edge.storage.cache import DiskStore
from gantry_edge.storage.database import Connection, Database, DatabaseError
from gantry_edge.storage.files import Files
from gantry_edge.storage.settings import put_setting, read_setting
from gantry_edge.storage.soundness import find_damage

SETTING = "cared"
DAY = 24 * 3600 * 1000  # milliseconds
OLD = 30 * DAY
FIRST = 600.0  # seconds after the start
LOOK = 60.0  # seconds, as long as nobody may have asked
CHECK = 600.0  # seconds, for the database
BREATH = 0.02  # seconds between two writes, for others

log = logging.getLogger(__name__)


class Care:
    """`last` is what was found the last time."""

    def __init__(
        self,
        database: Database,
        files: Files,
        cache: DiskStore,
        quiet: Quiet,
        wanted: Callable[[Connection], Iterable[str]],
    ) -> None:
        self.last: Cared | None = None
        self._database = database
        self._files = files
        self._cache = cache
        self._quiet = quiet
        self._wanted = wanted

    async def work_forever(self) -> None:
        self.last = await self._database.read(_read)
        await asyncio.sleep(FIRST)
        while True:
            await self._quiet.idle()
            undisturbed = await self._quiet.undisturbed(self._quiet.asked, LOOK)
            if undisturbed and not (self.last and 0 <= now() - self.last.at < DAY):
                try:
                    await self.look()
                except (DatabaseError, OSError) as error:
                    log.error("the data could not be looked after: %s", error)

    async def look(self) -> Cared:
        asked = self._quiet.asked
        damage = await asyncio.to_thread(
            find_damage, self._database.path, CHECK, stop=lambda: self._quiet.asked != asked
        )
        if damage:  # nothing more is changed in it
            log.critical("the database is damaged; bring a backup back with `gantry-edge restore`: %s", damage)
            self.last = Cared(now(), damaged=True)
            return self.last
        if self.last and self.last.damaged and self._quiet.asked != asked:  # broken off: no sign that it is whole
            return self.last
        rows = sum([await self._sweep_rows(table) for table in sweeping.ROWS]) + await self._sweep_vectors()
        files, missing = await self._sweep_files()
        expired = await self._cache.sweep()
        cared = Cared(now(), False, rows, files, missing, expired, await self._give_back())
        await self._database.write(lambda c: put_setting(c, SETTING, msgspec.to_builtins(cared)))
        log.info(
            "looked after the data: %d rows, %d files and %d cached answers that nothing needs are gone, "
            "%d bytes given back, %d files missing",
            rows, files, expired, cared.given_back, missing,
        )  # fmt: skip
        self.last = cared
        return cared

    async def _sweep_rows(self, table: str) -> int:
        swept, old = 0, now() - OLD
        while keys := await self._database.read(lambda c: sweeping.find_rows(c, table, old)):
            gone = await self._database.write(partial(sweeping.delete_rows, table=table, keys=keys, old=old))
            if not gone:
                break
            swept += gone
            await asyncio.sleep(BREATH)
        return swept

    async def _sweep_vectors(self) -> int:
        swept = 0
        while ids := await self._database.read(sweeping.find_lost_vectors):
            gone = await self._database.write(partial(_delete_lost, ids=ids))
            if not gone:
                break
            swept += gone
            await asyncio.sleep(BREATH)
        return swept

    async def _sweep_files(self) -> tuple[int, int]:
        """How many no row refers to, which are deleted, and how many are missing."""
        async with self._files.lock:
            wanted = set(await self._database.read(self._wanted))
            lost = await asyncio.to_thread(self._files.sweep, wanted)
            return lost, await asyncio.to_thread(self._files.missing, wanted)

    async def _give_back(self) -> int:
        given = 0
        while some := await self._database.write(sweeping.give_back):
            given += some
            await asyncio.sleep(BREATH)
        return given


def _delete_lost(connection: Connection, ids: list[str]) -> int:
    lost = sweeping.still_lost(connection, ids)
    delete_embeddings(connection, lost)
    return len(lost)


def _read(connection: Connection) -> Cared | None:
    """None also where an earlier version kept something else."""
    try:
        return msgspec.convert(read_setting(connection, SETTING), Cared | None)
    except msgspec.ValidationError:
        return None
