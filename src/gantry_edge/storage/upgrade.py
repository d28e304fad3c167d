"""Before the schema of a database changes: a copy of it, looked through, beside it."""

import time
from pathlib import Path

from gantry_edge.storage.copy import copy_database, inspect
from gantry_edge.storage.database import open_reader
from gantry_edge.storage.migrations import applied_steps, newer_steps, pending_steps

KEPT = 3


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
    copy.unlink(missing_ok=True)
    copy_database(path, copy)
    inspect(copy)
    for old in sorted(folder.glob("before-*.db"), key=lambda each: each.stat().st_mtime)[:-KEPT]:
        old.unlink()
    return copy
