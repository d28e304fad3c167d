"""Is a database whole? Looked at before anything opens it to write, so that what is damaged stays as it was found."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from gantry_edge.errors import DatabaseDamaged
from gantry_edge.storage.database import APPLICATION_ID, DatabaseError, open_read_only

STEPS = 10_000  # of SQLite's machine between two looks at the clock
DAMAGED = {11, 26}  # SQLITE_CORRUPT, SQLITE_NOTADB
UNREADABLE = {266, 522, 8202, 8458}  # SQLITE_IOERR_READ, _SHORT_READ, _DATA, _CORRUPTFS; a full disk is neither
KEPT = ".damaged-"


def check(path: Path, seconds: float, *, expected: bool) -> None:
    """DatabaseDamaged for what is found in so long. `expected` is a database that other things tell of."""
    if damage := find_damage(path, seconds, expected=expected):
        raise DatabaseDamaged(f"{path} cannot be used: {damage}")


def find_damage(path: Path, seconds: float, *, expected: bool = True, stop: Callable[[], bool] = lambda: False) -> str:
    """What is wrong with it; not all of a large one is seen in so long, or before `stop`."""
    if not path.exists():
        return "it is gone" if expected else ""
    if not path.stat().st_size:
        return "it is empty" if expected else ""
    try:
        connection = open_read_only(path)  # with its locks: a server, or a command, may be writing
        try:
            if connection.execute("PRAGMA application_id").fetchone()[0] not in (0, APPLICATION_ID):
                return ""  # a stranger's is for others to refuse
            until = time.monotonic() + seconds
            connection.set_progress_handler(lambda: stop() or time.monotonic() > until, STEPS)
            found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
            return "" if found == "ok" else found.splitlines()[-1]
        finally:
            connection.close()
    except DatabaseError as error:
        return str(error) if is_damage(error) else ""  # what else hinders is told by who opens it


def damage_of(error: DatabaseDamaged | DatabaseError) -> DatabaseDamaged:
    """Also of what only the opening came upon; raises again what is no damage."""
    if isinstance(error, DatabaseDamaged):
        return error
    if not is_damage(error):
        raise error
    return DatabaseDamaged(f"The database cannot be used: {error}")


def is_damage(error: DatabaseError) -> bool:
    code = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF in DAMAGED or code in UNREADABLE


def keep_copy(path: Path) -> Path | None:
    """Beside it, named with the time; the same damage is kept once. None where there is nothing, or no room."""
    if not path.exists():
        return None
    found = path.stat()
    for kept in path.parent.glob(f"{path.name}{KEPT}*"):
        if (kept.stat().st_size, kept.stat().st_mtime_ns) == (found.st_size, found.st_mtime_ns):
            return kept
    copy = path.with_name(f"{path.name}{KEPT}{time.strftime('%Y-%m-%d-%H%M%S')}")
    try:
        if _has_log(path):
            shutil.copy2(_log_of(path), _log_of(copy))
        shutil.copy2(path, copy)
    except OSError:
        copy.unlink(missing_ok=True)
        _log_of(copy).unlink(missing_ok=True)
        return None
    return copy


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _has_log(path: Path) -> bool:
    log = _log_of(path)
    return log.exists() and log.stat().st_size > 0
