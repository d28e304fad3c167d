"""Work on a data folder without a server: its people, its index, and the removal of a person."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gantry_edge.accounts.passwords import Passwords
from gantry_edge.accounts.people import People, named
from gantry_edge.admin.backup import FOLDER
from gantry_edge.belongings import leaving
from gantry_edge.chat.images import Images
from gantry_edge.config import Settings
from gantry_edge.documents.ingest import Ingest
from gantry_edge.documents.progress import Progress
from gantry_edge.documents.removal import has_documents
from gantry_edge.errors import Conflict
from gantry_edge.retrieval.embedder import Embedder
from gantry_edge.services import DATABASE, make_index, make_private, this_program
from gantry_edge.storage.database import READERS, Database
from gantry_edge.storage.files import Files
from gantry_edge.storage.migrations import migrate
from gantry_edge.storage.upgrade import copy_before_upgrade

if TYPE_CHECKING:
    from gantry_edge.retrieval.index import Index

SETTLE_LOOKS, SETTLE_LOOK = 600, 0.1  # times, seconds


@asynccontextmanager
async def opened(home: Path, readers: int = READERS) -> AsyncIterator[Database]:
    """The database, brought up to date as a start does it: a copy of what it was comes first."""
    copy_before_upgrade(home / DATABASE, home / FOLDER)
    database = Database(home / DATABASE, readers=readers)
    try:
        await database.write(migrate)
        yield database
    finally:
        database.close()


@asynccontextmanager
async def open_people(home: Path) -> AsyncIterator[People]:
    """The accounts alone, beside a running server or without one."""
    make_private(home)
    async with opened(home, readers=1) as database:
        passwords = Passwords()
        try:
            yield People(database, passwords)
        finally:
            passwords.close()


async def reindex(settings: Settings) -> int:
    """Build the index anew from the database; how many passages it has."""
    async with opened(settings.home) as database:
        index = make_index(settings.home, database)
        try:
            return await index.reindex()
        finally:
            await index.stop()


async def remove_person(home: Path, name: str) -> None:
    """The account and everything of theirs, as no server runs: rows, files, words, and what the index has of them."""
    async with opened(home) as database:
        index = make_index(home, database)
        files = Files(home / "files")
        ingest = Ingest(database, files, Embedder(), index, Progress(), this_program())
        await ingest.recover()
        user_id = (await database.read(named(name))).user.id
        await database.write(partial(leaving.begin, user_id=user_id))
        await leaving.remove_rows(database, user_id)
        await ingest.erase_now()
        if await database.read(partial(has_documents, user_id=user_id)):
            raise Conflict(f"Not all documents of {name} could be erased; the log says why. Try again")
        await database.write(partial(leaving.finish, user_id=user_id))
        await Images(database, files, 0).erase_lost()
        await settle_index(index)
        await database.empty_log()


async def settle_index(index: "Index") -> None:
    """Until it holds nothing that was erased; what hinders it is made good at the next start."""
    await index.start()
    try:
        for _ in range(SETTLE_LOOKS):
            if not await index.lag():
                break
            await asyncio.sleep(SETTLE_LOOK)
    finally:
        await index.stop()
