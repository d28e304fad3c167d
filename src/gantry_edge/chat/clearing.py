"""Deletes for good what has lain in the trash for long, temporary conversations that were left, deleted folders."""

import asyncio
import logging
from collections.abc import Callable

from gantry_edge.chat.folders import forget_folders
from gantry_edge.chat.removal import shorten_or_remove
from gantry_edge.chat.store import DOOM
from gantry_edge.ids import now
from gantry_edge.storage.database import Connection, Database, DatabaseError

DAY = 24 * 3600 * 1000  # milliseconds
TRASH = 30 * DAY
LEFT = DAY // 24  # after the last word in a temporary conversation
EVERY = 600.0  # seconds

OLD = """
SELECT c.id FROM conversations c WHERE (
    c.place = 'trash' AND c.moved_at < :trash OR c.place = 'temporary' AND c.updated_at < :left
) AND NOT EXISTS (
    SELECT 1 FROM messages m JOIN answers a ON a.id = m.id WHERE m.conversation_id = c.id AND a.status = 'running'
) LIMIT 1
"""

log = logging.getLogger(__name__)


async def clear_forever(database: Database, finish: Callable[[], None]) -> None:
    """At the start nobody has a temporary conversation open: all of them go. `finish` is told of deletions."""
    left: int | None = now()
    while True:
        try:
            if count := await clear(database, now() - TRASH, now() - LEFT if left is None else left):
                log.info("%d conversations are deleted for good", count)
                finish()
            left = None
            await database.write(lambda c: forget_folders(c, now() - DAY))
        except DatabaseError as error:
            log.error("what is to be deleted for good is there still: %s", error)
        await asyncio.sleep(EVERY)


async def empty_trash(database: Database, user_id: str) -> None:
    """All at once, whatever is asked meanwhile; what is still being answered goes at the next clearing."""
    doom = "UPDATE conversations SET moved_at = 0 WHERE user_id = ? AND place = 'trash'"
    await database.write(lambda c: c.execute(doom, (user_id,)))
    await clear(database, trash=1, left=0)


async def clear(database: Database, trash: int, left: int) -> int:
    """What was moved to the trash, or left, before those times; returns how many."""
    cleared = 0
    while (some_left := await database.write(lambda c: clear_some(c, trash, left))) is not None:
        cleared += not some_left
    return cleared


def clear_some(connection: Connection, trash: int, left: int) -> bool | None:
    """Of one conversation; None where there is none, else whether some of it is left."""
    row = connection.execute(OLD, {"trash": trash, "left": left}).fetchone()
    if not row:
        return None
    connection.execute(DOOM, row)
    return shorten_or_remove(connection, row[0])
