"""Backups: one snapshot of the database and the files it names, while everybody goes on working.

The index and the cache are not in one, as both are made anew from what is. Keys of model servers are in one only
behind a passphrase: the database holds them sealed, and what opens them stays at home.
"""

import errno
import logging
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from filelock import FileLock, Timeout

from gantry_edge import __version__
from gantry_edge.admin import archive, sealing
from gantry_edge.admin.archive import Manifest
from gantry_edge.admin.masking import without_keys
from gantry_edge.errors import BadBackup, BadRequest, Conflict, DiskFull
from gantry_edge.ids import new_id, now
from gantry_edge.storage.copy import copy_database, inspect
from gantry_edge.storage.database import Connection, open_reader
from gantry_edge.storage.files import sync_file, sync_folder
from gantry_edge.storage.room import Room

FOLDER = "backups"
LOCK = "backup.lock"
WORK = ".work-"
PREFIX = "gantry-edge-"
NAME = f"{PREFIX}%Y-%m-%d-%H%M%S"
PATTERN = f"{PREFIX}????-??-??-??????.*"
SUFFIXES = (".zip", ".sealed")
WEEKS = 4
TRIES = 3  # a document deleted between the snapshot and the copy of its file

Wanted = Callable[[Connection], Iterable[str]]
Beside = Callable[[Path, Path], list[tuple[str, Path]]]  # small files of a data folder, with a place for copies

log = logging.getLogger(__name__)


def back_up(home: Path, wanted: Wanted, target: Path | None = None, passphrase: str | None = None) -> Path:
    """Make one, look through it, and only then give it its name. `wanted` reads the digests of the files in use."""
    if not (home / archive.DATABASE).exists():
        raise BadRequest(f"There is no Gantry Edge in {home}")
    place = target or home / FOLDER / (time.strftime(NAME) + (".sealed" if passphrase else ".zip"))
    if place.exists():
        raise Conflict(f"{place} exists already; give the backup another name")
    with _alone(home), _work_folder(home / FOLDER) as work:
        try:
            made = _make(home, wanted, work, _secret if passphrase else _open)
            if passphrase:
                sealing.seal(made, work / "sealed", passphrase)
                made = work / "sealed"
            _put(made, place)
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise DiskFull("There is no room for the backup; nothing of it was kept") from error
            raise BadRequest(f"The backup cannot be written: {error}") from error
    return place


def verify(path: Path, work: Path, passphrase: str | None = None) -> Manifest:
    """Unpack all of it into an empty folder, and look at everything; BadBackup says what is wrong."""
    if not path.is_file():
        raise BadRequest(f"There is no file {path}")
    if sealing.is_sealed(path):
        if not passphrase:
            raise BadRequest(f"{path.name} is sealed; give its passphrase")
        plain = work.with_name(work.name + ".plain")
        try:
            sealing.unseal(path, plain, passphrase)
            return verify(plain, work)
        finally:
            plain.unlink(missing_ok=True)
    manifest = archive.unpack(path, work)
    steps, tables = inspect(work / archive.DATABASE)
    if steps != manifest.steps or tables != manifest.tables:
        raise BadBackup("The database in it is not the one its manifest describes")
    return manifest


def verify_only(path: Path, passphrase: str | None = None) -> Manifest:
    """The same, beside the backup, and nothing of it stays."""
    with _work_folder(path.parent) as work:
        return verify(path, work / "unpacked", passphrase)


def prune(folder: Path, keep: int) -> list[Path]:
    """Delete those with a name of ours but the newest, and the last of each of some weeks before; the deleted ones."""
    older = list_newest(folder)[max(1, keep) :]
    of_week: dict[str, Path] = {}
    for path in older:
        of_week.setdefault(_week(path), path)
    kept = set(list(of_week.values())[:WEEKS])
    old = [path for path in older if path not in kept]
    for path in old:
        path.unlink(missing_ok=True)
    return old


def newest(folder: Path) -> float | None:
    """When the last one was made, in seconds since 1970."""
    found = list_newest(folder)
    return found[0].stat().st_mtime if found else None


def list_newest(folder: Path) -> list[Path]:
    """Those with a name of ours, the newest first."""
    return sorted((path for path in folder.glob(PATTERN) if path.suffix in SUFFIXES), reverse=True)


def _week(path: Path) -> str:
    """By its name, as a copy may have another time."""
    day = path.name[len(PREFIX) :][:10]
    try:
        return "{}-{}".format(*date.fromisoformat(day).isocalendar())
    except ValueError:
        return day


def _make(home: Path, wanted: Wanted, work: Path, beside: Beside) -> Path:
    for left in reversed(range(TRIES)):
        try:
            return _pack(home, wanted, work / f"try-{left}", beside)
        except FileNotFoundError:
            if not left:
                raise
    raise AssertionError


def _pack(home: Path, wanted: Wanted, work: Path, beside: Beside) -> Path:
    work.mkdir()
    copy = work / archive.DATABASE
    room, database = Room(home), home / archive.DATABASE
    room.check(database.stat().st_size)
    copy_database(database, copy)
    steps, tables = inspect(copy)
    connection = open_reader(copy)
    try:
        digests = sorted(set(wanted(connection)))
    finally:
        connection.close()
    sources = [(archive.DATABASE, copy), *beside(home, work)]
    sources += [(name, home / name) for name in (f"files/{digest[:2]}/{digest}" for digest in digests)]
    room.check(2 * sum(path.stat().st_size for _, path in sources))  # packed, and unpacked to look through it
    made = work / "backup.zip"
    archive.pack(made, sources, Manifest(archive.FORMAT, __version__, now(), steps, tables, {}))
    verify(made, work / "verified")
    shutil.rmtree(work / "verified")
    return made


def _secret(home: Path, work: Path) -> list[tuple[str, Path]]:
    """With all keys."""
    return [(name, home / name) for name in (archive.SETTINGS, archive.SECRETS) if (home / name).exists()]


def _open(home: Path, work: Path) -> list[tuple[str, Path]]:
    """Without keys."""
    file = home / archive.SETTINGS
    if not file.exists():
        return []
    text = without_keys(file.read_text(encoding="utf-8", errors="replace"))
    if text is None:
        log.warning("%s is not in the backup, as a key in it cannot be left out; seal the backup", file)
        return []
    copy = work / archive.SETTINGS
    copy.write_text(text, encoding="utf-8", newline="")
    return [(archive.SETTINGS, copy)]


def _put(made: Path, place: Path) -> None:
    """Give it its name in one step, also on another disk."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = place.with_name(f"{place.name}.partial")
    try:
        shutil.copyfile(made, partial)
        partial.chmod(0o600)
        sync_file(partial)
        partial.replace(place)
    finally:
        partial.unlink(missing_ok=True)
    sync_folder(place.parent)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    lock = FileLock(home / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise Conflict("A backup is being made already; wait until it has ended") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _work_folder(parent: Path) -> Iterator[Path]:
    """For what is not whole yet; what a crash left there goes with the next one."""
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in parent.glob(f"{WORK}*"):
        shutil.rmtree(left, ignore_errors=True)
    work = parent / f"{WORK}{new_id()}"
    work.mkdir(mode=0o700)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)
