"""Can the database be written, and is there room? Asked by anyone, so it is tried at most once a second."""

import asyncio
import logging
import time

from gantry_edge.admin.schema import Check
from gantry_edge.storage.database import Connection, Database, DatabaseError
from gantry_edge.storage.room import Room

log = logging.getLogger(__name__)
EVERY = 1.0  # seconds
PATIENCE = 2.0  # seconds; who asks wants an answer within five


class Probe:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._found = (Check("database", "pass"), Check("disk", "pass"))
        self._next = 0.0
        self._lock = asyncio.Lock()

    async def check(self) -> tuple[Check, Check]:
        """The database, and the disk it is on."""
        async with self._lock:
            if time.monotonic() >= self._next:
                self._found = await self._look_at_database(), self._look_at_disk()
                self._next = time.monotonic() + EVERY
            return self._found

    async def _look_at_database(self) -> Check:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._database.write(_touch)
        except (DatabaseError, TimeoutError) as error:
            log.error("the database cannot be written: %s", error or "it hangs")
            return Check("database", "fail", "the database cannot be written: is the disk full?")
        return Check("database", "pass")

    def _look_at_disk(self) -> Check:
        try:
            enough = Room(self._database.path.parent).has()
        except OSError as error:
            return Check("disk", "fail", f"the data folder cannot be reached: {error.strerror}")
        return Check("disk", "pass") if enough else Check("disk", "fail", "the disk is as good as full: make room")


def _touch(connection: Connection) -> None:
    connection.execute("UPDATE settings SET updated_at = updated_at WHERE name = 'instance_id'")
