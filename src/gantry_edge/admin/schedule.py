"""Backups by themselves: one every so many hours, the newest few kept."""

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path

from gantry_edge.admin import backup
from gantry_edge.errors import GantryError

FIRST_LOOK = 60.0  # seconds after the start, which has better things to do
LOOK = 600.0
HOUR = 3600.0

log = logging.getLogger(__name__)


async def back_up_forever(folder: Path, make: Callable[[], Path], *, every: float, keep: int) -> None:
    """`every` so many seconds since the newest in the folder, also over restarts."""
    await asyncio.sleep(FIRST_LOOK)
    while True:
        await asyncio.to_thread(back_up_when_due, folder, make, every, keep)
        await asyncio.sleep(LOOK)


def back_up_when_due(folder: Path, make: Callable[[], Path], every: float, keep: int) -> None:
    last = backup.newest(folder)
    if last is not None and 0 <= time.time() - last < every:
        return
    try:
        log.info("backed up to %s", make())
    except (GantryError, OSError) as error:
        age = "there is none" if last is None else f"the last is {(time.time() - last) / HOUR:.0f} hours old"
        log.error("no backup could be made, and %s: %s", age, error)
        return
    for path in backup.prune(folder, keep):
        log.info("deleted the old backup %s", path)
