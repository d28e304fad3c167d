"""Can the database be written? Asked by anyone, so it is tried at most once a second."""

import asyncio
import logging
import time

from gantry_edge.admin.schema import Check
from gantry_edge.storage.database import Connection, Database, DatabaseError

log = logging.getLogger(__name__)
EVERY = 1.0  # seconds


class Probe:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._found = Check("database", "pass")
        self._next = 0.0
        self._lock = asyncio.Lock()

    async def check(self) -> Check:
        async with self._lock:
            if time.monotonic() >= self._next:
                self._found = await self._look()
                self._next = time.monotonic() + EVERY
            return self._found

    async def _look(self) -> Check:
        try:
            await self._database.write(_touch)
        except DatabaseError as error:
            log.error("the database cannot be written: %s", error)
            return Check("database", "fail", "the database cannot be written: is the disk full?")
        return Check("database", "pass")


def _touch(connection: Connection) -> None:
    connection.execute("UPDATE settings SET updated_at = updated_at WHERE name = 'instance_id'")
