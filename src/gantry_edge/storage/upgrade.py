"""Before the schema of a database changes: a copy of it, looked through, beside it."""

import logging
import time
from pathlib import Path

from gantry_edge.errors import DataFolderUnusable
from gantry_edge.storage.copy import copy_database, inspect
from gantry_edge.storage.database import INCREMENTAL, DatabaseError, open_connection, open_reader
from gantry_edge.storage.migrations import applied_steps, newer_steps, pending_steps
from gantry_edge.storage.room import Room

KEPT = 3
SMALL = 100_000_000  # bytes: a second or so

log = logging.getLogger(__name__)


def copy_before_upgrade(path: Path, folder: Path) -> Path | None:
    """The copy, where there is data and something to change; the newest few are kept."""
    if not path.exists():
        return None
    connection = open_reader(path)
    try:
        steps = applied_steps(connection)
        pending = pending_steps(connection)
    finally:
        connection.close()
    if not steps or not pending or newer_steps(steps):
        return None
    folder.mkdir(mode=0o700, exist_ok=True)
    copy = folder / f"before-{pending[0]}-{time.strftime('%Y-%m-%d-%H%M%S')}.db"
    _remove_halves(folder)  # left by a kill
    part = copy.with_name(f"{copy.name}.part")
    try:
        copy_database(path, part)
        inspect(part)
        part.replace(copy)
    except (DatabaseError, OSError) as error:
        _remove_halves(folder)
        size = path.stat().st_size / 1e6
        raise DataFolderUnusable(
            f"An upgrade keeps a copy of {path.name} ({size:.0f} MB) in {folder}, and it could not be made ({error}). "
            "Make room there and start again; nothing was changed"
        ) from error
    for old in sorted(folder.glob("before-*.db"), key=lambda each: each.stat().st_mtime)[:-KEPT]:
        old.unlink()
    return copy


def _remove_halves(folder: Path) -> None:
    for half in folder.glob("before-*.part*"):  # and the journal beside it
        half.unlink()


def let_shrink(path: Path) -> None:
    """A small file of an earlier version is made one that can give room back; a large one is when it is restored."""
    if not path.exists() or path.stat().st_size > SMALL or not Room(path.parent).has(2 * path.stat().st_size):
        return
    connection = open_connection(path)
    try:
        if connection.execute("PRAGMA auto_vacuum").fetchone()[0] != INCREMENTAL:
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("VACUUM")
    except DatabaseError as error:
        log.warning("the database cannot be made to shrink yet: %s", error)
    finally:
        connection.close()
