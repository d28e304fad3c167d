"""One SQLite file: one thread writes, a few threads read. Knows no room.

Callers hand over a function that receives a connection: `await db.write(fn)` runs it inside a transaction and
returns when that is on disk, `await db.read(fn)` runs it on a consistent snapshot. Writes that wait together
share one commit, so `synchronous=FULL` costs little.
"""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar, cast

from gantry_edge.counting import COMMIT_SECONDS, Histogram
from gantry_edge.errors import DatabaseUnsafe
from gantry_edge.storage.slow import LIMIT, Slow

if TYPE_CHECKING:
    import sqlite3 as sqlite
    from sqlite3 import Connection, Row
else:
    try:
        import pysqlite3.dbapi2 as sqlite
    except ImportError:  # a Python whose own SQLite may be new enough; open_connection decides
        import sqlite3 as sqlite
    Connection, Row = sqlite.Connection, sqlite.Row

__all__ = ["Connection", "Database", "DatabaseError", "Row"]

DatabaseError = sqlite.DatabaseError
FULL = 13  # SQLITE_FULL
INCREMENTAL = 2  # what PRAGMA auto_vacuum says of a file that can shrink bit by bit
SQLITE_VERSION: str = sqlite.sqlite_version

T = TypeVar("T")
Outcome = tuple[Any, BaseException | None]
Work = tuple[Callable[[Connection], Any], asyncio.AbstractEventLoop, "asyncio.Future[Any]"]

OLDEST_SAFE = (3, 51, 3)  # older ones can corrupt a WAL under a rare race of checkpoint and write
APPLICATION_ID = 0x47456467  # "GEdg"
LOG_WAIT = 500  # milliseconds; writers wait as long
READERS = 4
ROWS = 256  # fetched at once, by who takes one after the other
BATCH = 256  # writes that may share one commit

# 10,000 pages of 4 KiB in all, shared out over one writer and four readers; what is deleted is overwritten
PRAGMAS = """
PRAGMA busy_timeout = 30000;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA temp_store = MEMORY;
PRAGMA secure_delete = ON;
PRAGMA cache_size = -8000;
"""


class Database:
    """The one owner of a database file."""

    def __init__(self, path: Path, *, readers: int = READERS) -> None:
        self.path = path
        self.slow = Slow()
        self.commits = Histogram(COMMIT_SECONDS)
        self._writer = open_connection(path)
        # opened now: one that fails to open later, for want of file handles, would fail for good
        self._readers = [open_reader(path) for _ in range(readers)]
        self._queue: SimpleQueue[Work | None] = SimpleQueue()
        self._questions: SimpleQueue[Work | None] = SimpleQueue()
        self._post: dict[asyncio.AbstractEventLoop, _Post] = {}
        self._threads = [threading.Thread(target=self._write_forever, name="database-writer", daemon=True)]
        for connection in self._readers:
            read = partial(self._read_forever, connection)
            self._threads.append(threading.Thread(target=read, name="database-reader", daemon=True))
        for thread in self._threads:
            thread.start()

    async def read(self, fn: Callable[[Connection], T]) -> T:
        """Run `fn` on a reader's connection, on one snapshot."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._questions.put((fn, loop, done))
        return await done

    async def write(self, fn: Callable[[Connection], T]) -> T:
        """Run `fn` on the writer's connection; returns once it is durable. An error undoes only `fn`."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._queue.put((fn, loop, done))
        return await done

    async def empty_log(self) -> bool:
        """Move everything from the write-ahead log, where old text is kept, into the file; False while it is in use."""
        return await asyncio.to_thread(empty_log, self.path)

    def close(self) -> None:
        """Finish the queued writes, then close every connection."""
        self._queue.put(None)
        for _ in self._readers:
            self._questions.put(None)
        for thread in self._threads:
            thread.join()
        for connection in (*self._readers, self._writer):
            connection.close()

    def _read_forever(self, connection: "Watched") -> None:
        while (work := self._questions.get()) is not None:
            fn, loop, done = work
            outcome = _look(connection, fn, self.slow)
            if (post := self._post.get(loop)) is None:
                post = self._post[loop] = _Post(loop)
            post.send(done, outcome)
            del work, fn, done, outcome, post  # nothing is held while it waits

    def _write_forever(self) -> None:
        running = True
        while running:
            batch: list[Work] = []
            work = self._queue.get()
            while work is not None:
                batch.append(work)
                if len(batch) == BATCH:
                    break
                try:
                    work = self._queue.get_nowait()
                except Empty:
                    break
            running = work is not None
            if batch:
                _deliver(batch, self._commit([fn for fn, _, _ in batch]))
        with suppress(sqlite.Error):  # a full or read-only disk is no reason not to close
            self._writer.execute("PRAGMA optimize")

    def _commit(self, functions: list[Callable[[Connection], Any]]) -> list[Outcome]:
        connection = self._writer
        try:
            connection.execute("BEGIN IMMEDIATE")
            outcomes = [_attempt(connection, fn, self.slow) for fn in functions]
            begun = time.perf_counter()
            connection.execute("COMMIT")
            self.commits.observe(time.perf_counter() - begun)
        except BaseException as error:  # the transaction itself broke (disk full, I/O): none of it counts
            with suppress(sqlite.Error):
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
            return [(None, error)] * len(functions)
        return outcomes


class Statement(sqlite.Cursor):
    """Knows how long SQLite took for it."""

    sql = ""
    parameters: Any = ()
    spent = 0.0  # seconds

    def take(self, work: Callable[..., T], *given: Any) -> T:
        begun = time.perf_counter()
        try:
            return work(*given)
        finally:
            before, self.spent = self.spent, self.spent + time.perf_counter() - begun
            if before <= LIMIT < self.spent:
                cast("Watched", self.connection).slow.append(self)

    def fetchone(self) -> Any:
        return self.take(super().fetchone)

    def fetchall(self) -> list[Any]:
        return self.take(super().fetchall)

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]
        while rows := self.take(super().fetchmany, ROWS):
            yield from rows


class Watched(sqlite.Connection):
    """Of the database's own: it knows which of its statements were slow."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.slow: list[Statement] = []

    def execute(self, sql: str, parameters: Any = (), /) -> Statement:
        statement = self.cursor(Statement)
        statement.sql, statement.parameters = sql, parameters
        return statement.take(statement.execute, sql, parameters)

    def run(self, fn: Callable[[Connection], T], slow: Slow) -> T:
        """What `fn` gives; the statements it was slow for are told."""
        try:
            return fn(self)
        finally:
            for statement in self.slow:
                slow.note(statement.sql, self._plan(statement), statement.spent)
            self.slow.clear()

    def _plan(self, statement: Statement) -> list[str]:
        try:
            plan = super().execute(f"EXPLAIN QUERY PLAN {statement.sql}", statement.parameters)
            return [row["detail"] for row in plan.fetchall()]
        except sqlite.Error:  # of what is no query
            return []


class _Post:
    """Brings outcomes to an event loop. Those of one moment wake it once: to wake it costs more than most reads."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._sent: deque[tuple[asyncio.Future[Any], Outcome]] = deque()
        self._woken = False

    def send(self, future: "asyncio.Future[Any]", outcome: Outcome) -> None:
        self._sent.append((future, outcome))
        if not self._woken:
            self._woken = True
            with suppress(RuntimeError):  # the loop is closed: nobody waits
                self._loop.call_soon_threadsafe(self._open)

    def _open(self) -> None:
        self._woken = False  # before it is emptied: what comes in between wakes it again
        while self._sent:
            _settle([self._sent.popleft()])


def open_connection(path: Path) -> Watched:
    """A tuned connection in WAL mode; DatabaseUnsafe for an old library or a file that is not ours."""
    if sqlite.sqlite_version_info < OLDEST_SAFE:
        raise DatabaseUnsafe(
            f"SQLite {sqlite.sqlite_version} can damage its write-ahead log; install pysqlite3 0.6.1 or newer"
        )
    connection = sqlite.connect(
        path, isolation_level=None, check_same_thread=False, cached_statements=256, factory=Watched
    )
    connection.row_factory = Row
    try:
        connection.executescript(PRAGMAS)
        _claim(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA journal_size_limit = 67108864")
    except sqlite.DatabaseError as error:
        connection.close()
        raise DatabaseUnsafe(f"{path} cannot be opened: {error}") from error
    except DatabaseUnsafe:
        connection.close()
        raise
    return connection


def is_full(error: DatabaseError) -> bool:
    """Did it fail for want of room?"""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == FULL


def open_reader(path: Path) -> Watched:
    connection = open_connection(path)
    connection.execute("PRAGMA query_only = ON")
    return connection


def open_unchanged(path: Path) -> Connection:
    """For a database that may be anything: read only, and nothing is written beside it."""
    connection = sqlite.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True, isolation_level=None)
    connection.row_factory = Row
    return connection


def open_read_only(path: Path) -> Connection:
    """Beside a server that runs, or on a copy."""
    connection = sqlite.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    connection.row_factory = Row
    connection.execute("PRAGMA busy_timeout = 5000")
    return connection


def empty_log(path: Path) -> bool:
    connection = open_connection(path)
    try:
        connection.execute(f"PRAGMA busy_timeout = {LOG_WAIT}")
        return bool(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
    except sqlite.OperationalError:
        return False
    finally:
        connection.close()


def _claim(connection: Connection, path: Path) -> None:
    """Mark an empty file as ours, and refuse a stranger's."""
    found = connection.execute("PRAGMA application_id").fetchone()[0]
    if found == APPLICATION_ID:
        return
    if found or connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
        raise DatabaseUnsafe(f"{path} belongs to another program; nothing in it was changed")
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # before anything is in it
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _look(connection: Watched, fn: Callable[[Connection], Any], slow: Slow) -> Outcome:
    try:
        connection.execute("BEGIN")
        try:
            return connection.run(fn, slow), None
        finally:
            connection.execute("ROLLBACK")
    except BaseException as error:  # it belongs to the caller, who awaits it on another thread
        return None, error


def _attempt(connection: Watched, fn: Callable[[Connection], Any], slow: Slow) -> Outcome:
    connection.execute("SAVEPOINT work")
    try:
        value = connection.run(fn, slow)
    except BaseException as error:  # it belongs to the caller, who awaits it on another thread
        if not connection.in_transaction:
            raise
        connection.execute("ROLLBACK TO work")
        connection.execute("RELEASE work")
        return None, error
    connection.execute("RELEASE work")
    return value, None


def _deliver(batch: list[Work], outcomes: list[Outcome]) -> None:
    """Hand the results over in one step for each event loop, so that a batch wakes a loop once."""
    loops = {loop for _, loop, _ in batch}
    for loop in loops:
        settled = [(future, outcome) for (_, of, future), outcome in zip(batch, outcomes, strict=True) if of is loop]
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle, settled)


def _settle(settled: "list[tuple[asyncio.Future[Any], Outcome]]") -> None:
    for future, (value, error) in settled:
        if future.done():  # the caller was cancelled meanwhile; the write stands
            continue
        if error is None:
            future.set_result(value)
        else:
            future.set_exception(error)
