"""One program for each data folder: the lock, and where the running one can be found."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from gantry_edge.errors import DataFolderLocked

LOCK = "lock"
RUNNING = "running.json"


class Running(msgspec.Struct):
    url: str
    pid: int


@contextmanager
def own(folder: Path) -> Iterator[None]:
    """Hold the data folder, or DataFolderLocked. A lock file left by a crash is no obstacle."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise DataFolderLocked(f"Another Gantry Edge uses {folder}") from error
    try:
        yield
    finally:
        (folder / RUNNING).unlink(missing_ok=True)
        lock.release()


def announce(folder: Path, running: Running) -> None:
    (folder / RUNNING).write_bytes(msgspec.json.encode(running))


def find_running(folder: Path) -> Running | None:
    try:
        return msgspec.json.decode((folder / RUNNING).read_bytes(), type=Running)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
