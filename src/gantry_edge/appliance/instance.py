"""One program for each data folder: the lock, and where the running one can be found."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from gantry_edge.errors import DataFolderLocked, DataFolderUnusable

LOCK = "lock"
RUNNING = "running.json"
LOOK = 0.05


class Running(msgspec.Struct):
    url: str
    pid: int
    setup: str = ""  # the page of the first account, until there is one
    recovery: str = ""  # the page that brings a backup back, where the database is damaged


@contextmanager
def own(folder: Path) -> Iterator[None]:
    """Hold the data folder, or DataFolderLocked. A lock file left by a crash is no obstacle."""
    lock = FileLock(folder / LOCK)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock.acquire(timeout=0)
        (folder / RUNNING).unlink(missing_ok=True)  # of one that crashed
    except Timeout as error:
        raise DataFolderLocked(f"Another Gantry Edge uses {folder}") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataFolderUnusable(f"{folder}: {reason}. Make it writable, or choose another with --data-dir") from error
    try:
        yield
    finally:
        (folder / RUNNING).unlink(missing_ok=True)
        lock.release()


def is_free(folder: Path) -> bool:
    """Does no program hold the data folder?"""
    if not (folder / LOCK).exists():
        return True
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    lock.release()
    return True


def announce(folder: Path, running: Running) -> None:
    """Readable by its owner only, as it may hold the link that makes the first account."""
    partial = folder / f"{RUNNING}.partial"
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.encode(running))
    partial.replace(folder / RUNNING)


def find_running(folder: Path) -> Running | None:
    try:
        return msgspec.json.decode((folder / RUNNING).read_bytes(), type=Running)
    except (OSError, msgspec.DecodeError):
        return None


def first_page(running: Running) -> str:
    """Where to send a browser: to what has to be done first, if anything."""
    if running.recovery:
        return running.recovery
    return running.setup if running.setup and _needs_setup(running.url) else running.url


def await_end(folder: Path, seconds: float) -> bool:
    """Whether the folder became free in time."""
    until = time.monotonic() + seconds
    while not (free := is_free(folder)) and time.monotonic() < until:
        time.sleep(LOOK)
    return free


def answers(url: str) -> bool:
    """Is it a Gantry Edge that is alive?"""
    return _said_by(f"{url}health", "status") == "pass"


def _needs_setup(url: str) -> bool:
    return _said_by(f"{url}api/auth/me", "code") == "setup_needed"


def _said_by(url: str, name: str) -> object:
    """A value of its reply, which may be an error; None where nobody answers in JSON. No proxy is asked."""
    import urllib.error  # slow, and every child process comes past here
    import urllib.request

    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        try:
            reply = direct.open(url, timeout=5)
        except urllib.error.HTTPError as error:
            reply = error
        with reply:
            return json.loads(reply.read())[name]
    except (OSError, ValueError, KeyError, TypeError):
        return None
