"""Exports that people take over the page: packed by a thread while they are sent, so that nothing of them is stored.

One snapshot of the database, as long as it takes. One that nobody reads any more ends, as a snapshot that is kept
makes the write-ahead log grow.
"""

import asyncio
import logging
import zipfile
from collections.abc import AsyncGenerator
from contextlib import AbstractContextManager, aclosing
from functools import partial
from typing import IO, cast

from gantry_edge.accounts.schema import User
from gantry_edge.belongings.counting import count
from gantry_edge.belongings.export import export_person
from gantry_edge.belongings.schema import Export, ExportState
from gantry_edge.errors import Conflict, NotFound
from gantry_edge.ids import new_id
from gantry_edge.storage.database import Database, DatabaseError, open_reader
from gantry_edge.storage.files import Files
from gantry_edge.storage.packing import Packing, Zip
from gantry_edge.storage.piping import BrokenPipe, Pipe

ALWAYS = 8  # files of every export: person, preferences, personas, prompts, sharing, documents, and memory twice

log = logging.getLogger(__name__)


class Running:
    """One export, from being asked for to its last byte."""

    def __init__(self, user: User, of: int) -> None:
        self.id, self.user, self.of = new_id(), user, of
        self.state: ExportState = "waiting"
        self.files = self.bytes = 0
        self.pipe = Pipe()

    @property
    def told(self) -> Export:
        return Export(self.id, self.state, min(self.files, self.of), self.of, self.bytes)

    def cancel(self) -> None:
        if self.state in ("waiting", "running"):
            self.state = "cancelled"
            self.pipe.close()


class Counted:
    """A packing that counts its files."""

    def __init__(self, packing: Packing, running: Running) -> None:
        self._packing, self._running = packing, running

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        self._running.files += 1
        return self._packing.open(name)


class Exports:
    """The latest of each person."""

    def __init__(self, database: Database, files: Files) -> None:
        self._database = database
        self._files = files
        self._latest: dict[str, Running] = {}

    async def begin(self, user: User) -> Export:
        """In place of one that is under way."""
        have = await self._database.read(partial(count, user_id=user.id, may_leave=False))
        await self.stop(user.id)
        running = Running(user, 2 * have.conversations + have.documents + ALWAYS)
        self._latest[user.id] = running
        return running.told

    def get(self, user_id: str, id: str) -> Export:
        return self._find(user_id, id).told

    def cancel(self, user_id: str, id: str) -> None:
        self._find(user_id, id).cancel()

    async def stop(self, user_id: str) -> None:
        """Whatever is under way for them, and what is known of it."""
        if running := self._latest.pop(user_id, None):
            running.cancel()

    def read(self, user_id: str, id: str) -> AsyncGenerator[bytes, None]:
        """The archive; it breaks off where it cannot be whole. Conflict for one that has begun."""
        running = self._find(user_id, id)
        if running.state != "waiting":
            raise Conflict("This export was taken already; begin a new one")
        running.state = "running"
        return self._pieces(running)

    async def _pieces(self, running: Running) -> AsyncGenerator[bytes, None]:
        packing = asyncio.create_task(asyncio.to_thread(self._pack, running))
        try:
            async with aclosing(running.pipe.pieces()) as pieces:
                async for piece in pieces:
                    running.bytes += len(piece)
                    yield piece
            running.state = "done"
        finally:
            running.cancel()
            await packing

    def _pack(self, running: Running) -> None:
        connection = open_reader(self._database.path)
        try:
            connection.execute("BEGIN")  # one snapshot, whatever goes on meanwhile
            file = cast("IO[bytes]", running.pipe)
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                export_person(connection, running.user, self._files, Counted(Zip(archive), running))
            running.pipe.finish()
        except BrokenPipe:
            running.cancel()
        except (DatabaseError, OSError) as error:
            log.error("an export failed: %s", error)
            running.state = "failed"
            running.pipe.close()
        finally:
            connection.close()

    def _find(self, user_id: str, id: str) -> Running:
        running = self._latest.get(user_id)
        if running is None or running.id != id:
            raise NotFound("There is no such export; begin a new one")
        return running
