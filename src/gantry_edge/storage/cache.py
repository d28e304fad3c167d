"""A cache on disk, as a Litestar Store over diskcache, that cannot run or touch anything (CVE-2025-69872).

diskcache unpickles what it finds, opens and deletes the files that rows name, and takes its settings from the
database. Here a value is bytes inside the row, and settings are ours: no pickle, no files. A row of another
kind is a miss and is deleted; a damaged database is thrown away and made anew. Nothing that happens to a
cache is an error for the caller. Entries expire by the wall clock.
"""

import asyncio
import logging
import math
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import diskcache
from diskcache.core import DBNAME, DEFAULT_SETTINGS, MODE_RAW
from litestar.stores.base import Store

log = logging.getLogger(__name__)

T = TypeVar("T")

# rows this program did not write
STRANGE = "raw IS NOT 1 OR mode IS NOT ? OR filename IS NOT NULL OR typeof(key) <> 'text' OR typeof(value) <> 'blob'"
# What diskcache raises when what it finds is not what it wrote.
DAMAGED = (sqlite3.DatabaseError, ValueError, TypeError, KeyError, AttributeError)
# The disk is full, a statement had to wait too long, a key is no text: the entries themselves are sound.
UNABLE = (sqlite3.OperationalError, diskcache.Timeout, OSError, UnicodeError)


class RefusedRow(Exception):
    """A row this program did not write."""


class SafeDisk(diskcache.Disk):  # type: ignore[misc]
    """Text keys and bytes values, kept in the row itself."""

    def put(self, key: Any) -> tuple[str, bool]:
        if type(key) is not str:
            raise RefusedRow(f"a key of type {type(key).__name__}")
        return key, True

    def get(self, key: Any, raw: Any) -> str:
        if not raw or type(key) is not str:
            raise RefusedRow("a key that is not text")
        return key

    def store(self, value: Any, read: bool, key: Any = None) -> tuple[int, int, None, memoryview]:
        if read or type(value) is not bytes:
            raise RefusedRow(f"a value of type {type(value).__name__}")
        return 0, MODE_RAW, None, memoryview(value)

    def fetch(self, mode: Any, filename: Any, value: Any, read: bool) -> bytes:
        if read or mode != MODE_RAW or filename is not None or type(value) is not bytes:
            raise RefusedRow(f"a value of mode {mode!r}, file {filename!r}")
        return value

    def filename(self, key: Any = None, value: Any = None) -> tuple[str, str]:
        raise RefusedRow("a value in a file")

    def remove(self, file_path: Any) -> None:
        """diskcache deletes the file of a row that goes. No row of ours has one."""
        log.warning("the cache had a row that names the file %r; the file was left alone", file_path)


class DiskStore(Store):
    """Keeps entries over restarts, up to `size_limit` bytes; the oldest go first."""

    def __init__(self, folder: Path, *, size_limit: int) -> None:
        self._folder = folder
        self._size_limit = size_limit
        self._cache: Any = None
        # one thread: a connection belongs to the thread that opened it, which must also close it
        self._thread = ThreadPoolExecutor(1, "cache")

    async def set(self, key: str, value: str | bytes, expires_in: int | timedelta | None = None) -> None:
        data = value.encode() if isinstance(value, str) else value
        await self._run(lambda cache: cache.set(key, data, expire=_seconds(expires_in)), key)

    async def get(self, key: str, renew_for: int | timedelta | None = None) -> bytes | None:
        def work(cache: Any) -> bytes | None:
            value, expire_time = cache.get(key, expire_time=True)
            if expire_time is not None and renew_for:
                cache.touch(key, expire=_seconds(renew_for))
            return value  # type: ignore[no-any-return]

        return await self._run(work, key)

    async def delete(self, key: str) -> None:
        await self._run(lambda cache: cache.delete(key), key)

    async def delete_all(self) -> None:
        await self._run(lambda cache: cache.clear())

    async def exists(self, key: str) -> bool:
        return bool(await self._run(lambda cache: key in cache, key))

    async def expires_in(self, key: str) -> int | None:
        """Seconds; -1 for an entry that stays, None for a missing one, as Litestar's stores say it."""

        def work(cache: Any) -> int | None:
            value, expire_time = cache.get(key, expire_time=True)
            if value is None:
                return None
            return -1 if expire_time is None else math.ceil(expire_time - time.time())

        return await self._run(work, key)

    async def sweep(self) -> int:
        """Take out what has expired; how many."""
        return await self._run(lambda cache: int(cache.expire())) or 0

    def close(self) -> None:
        self._thread.submit(self._close).result()
        self._thread.shutdown()

    async def _run(self, work: Callable[[Any], T], key: str | None = None) -> T | None:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._attempt, work, key)

    def _attempt(self, work: Callable[[Any], T], key: str | None) -> T | None:
        """What `work` says, or None: a cache that fails is an empty one."""
        try:
            cache = self._open()
            try:
                return work(cache)
            except RefusedRow as refused:
                log.warning("the cache had %s at %r; the row was deleted", refused, key)
                cache.delete(key)
        except UNABLE as error:
            log.warning("the cache did not answer: %s", error)
        except DAMAGED as error:
            self._start_over(error)
        return None

    def _open(self) -> Any:
        if self._cache is None:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder.chmod(0o700)
            try:
                _inspect(self._folder)
                self._cache = self._new_cache()
            except (*DAMAGED, RefusedRow) as error:
                self._start_over(error)
                self._cache = self._new_cache()
        return self._cache

    def _new_cache(self) -> Any:
        settings = DEFAULT_SETTINGS | {"size_limit": self._size_limit}
        return diskcache.Cache(str(self._folder), timeout=10, disk=SafeDisk, **settings)

    def _start_over(self, error: Exception) -> None:
        log.warning("the cache is damaged and starts anew: %s", error)
        self._close()
        for path in self._folder.glob(f"{DBNAME}*"):
            with suppress(OSError):
                path.unlink()

    def _close(self) -> None:
        if self._cache is not None:
            self._cache.close()
            self._cache = None


def _inspect(folder: Path) -> None:
    """Before diskcache believes the database: no links elsewhere, no settings but ours, no strange rows."""
    if any(path.is_symlink() for path in folder.glob(f"{DBNAME}*")):
        raise RefusedRow("a link in place of its database")
    if not (folder / DBNAME).exists():
        return
    with closing(sqlite3.connect(folder / DBNAME, isolation_level=None)) as connection:
        connection.execute("DELETE FROM Settings WHERE key NOT IN ('count', 'size', 'hits', 'misses')")
        strange = connection.execute(
            f"DELETE FROM Cache WHERE {STRANGE}",
            (MODE_RAW,),
        ).rowcount
        if strange:
            log.warning("the cache had %d rows of another kind; they were deleted", strange)


def _seconds(expires_in: int | timedelta | None) -> float | None:
    if isinstance(expires_in, timedelta):
        expires_in = int(expires_in.total_seconds())
    return expires_in or None
