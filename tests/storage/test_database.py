import asyncio
import sqlite3
import threading
from functools import partial
from pathlib import Path

import pytest

from gantry_edge.errors import DatabaseUnsafe
from gantry_edge.storage import database as module
from gantry_edge.storage.database import Connection, Database, DatabaseError, open_connection


def add(name: str):  # type: ignore[no-untyped-def]
    return lambda c: c.execute("INSERT INTO settings VALUES (?, 'x', 1)", (name,)).rowcount


def count(connection: Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM settings").fetchone()[0])


async def test_a_write_can_be_read_at_once(database: Database) -> None:
    await database.write(add("a"))
    assert await database.read(count) == 1


async def test_an_error_undoes_only_its_own_write(database: Database) -> None:
    def add_then_fail(connection: Connection) -> None:
        add("b")(connection)
        raise ValueError("no")

    results = await asyncio.gather(
        database.write(add("a")),
        database.write(add_then_fail),
        database.write(add("c")),
        return_exceptions=True,
    )
    assert isinstance(results[1], ValueError)
    assert await database.read(count) == 2


async def test_a_broken_constraint_reaches_its_caller(database: Database) -> None:
    await database.write(add("a"))
    with pytest.raises(DatabaseError, match="UNIQUE"):
        await database.write(add("a"))


async def test_readers_cannot_write(database: Database) -> None:
    with pytest.raises(DatabaseError, match="readonly"):
        await database.read(add("a"))


async def test_writes_that_wait_together_share_a_commit(database: Database) -> None:
    commits: list[str] = []
    database._writer.set_trace_callback(lambda statement: commits.append(statement))
    await asyncio.gather(*(database.write(add(str(n))) for n in range(500)))
    database._writer.set_trace_callback(None)
    assert sum(statement == "COMMIT" for statement in commits) < 50
    assert await database.read(count) == 500


async def test_a_cancelled_caller_does_not_stop_the_writer(database: Database) -> None:
    task = asyncio.create_task(database.write(add("a")))
    await asyncio.sleep(0)
    task.cancel()
    await database.write(add("b"))
    assert await database.read(count) == 2


async def test_commits_are_durable_and_the_log_is_a_wal(database: Database) -> None:
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "temp_store")

    def read(connection: Connection) -> list[object]:
        return [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas]

    assert await database.read(read) == ["wal", 2, 1, 30000, 2]
    assert await database.write(read) == ["wal", 2, 1, 30000, 2]


async def test_there_is_exactly_one_connection_that_can_write(database: Database) -> None:
    await asyncio.gather(*(database.read(count) for _ in range(50)))
    only = [c.execute("PRAGMA query_only").fetchone()[0] for c in (*database._readers, database._writer)]
    assert only.count(0) == 1


async def test_the_writer_survives_whatever_a_write_does(database: Database) -> None:
    def lose_the_transaction(connection: Connection) -> None:
        connection.execute("ROLLBACK")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await database.write(lose_the_transaction)
    assert await database.write(add("after")) == 1


def test_an_old_sqlite_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "OLDEST_SAFE", (99, 0, 0))
    with pytest.raises(DatabaseUnsafe, match="pysqlite3"):
        open_connection(tmp_path / "x.db")


def test_a_strangers_database_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    stranger = sqlite3.connect(path)
    stranger.execute("CREATE TABLE theirs (x)")
    stranger.commit()
    stranger.close()
    before = path.read_bytes()
    with pytest.raises(DatabaseUnsafe, match="another program"):
        open_connection(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(DatabaseUnsafe, match="cannot be opened"):
        open_connection(path)
    assert path.read_bytes() == b"not a database at all" * 100


async def test_reads_of_many_callers_end_each_with_its_own(database: Database) -> None:
    def double(connection: Connection, number: int) -> int:
        return int(connection.execute("SELECT ? * 2", (number,)).fetchone()[0])

    answers = await asyncio.gather(*(database.read(partial(double, number=n)) for n in range(500)))
    assert answers == [2 * n for n in range(500)]


async def test_a_read_that_was_given_up_harms_nobody(database: Database) -> None:
    held = threading.Event()
    waiting = asyncio.create_task(database.read(lambda c: held.wait()))
    await asyncio.sleep(0.01)
    waiting.cancel()
    held.set()
    assert await database.read(lambda c: 1) == 1


async def test_an_error_of_a_read_is_the_callers(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        await database.read(lambda c: 1 // 0)
    assert await asyncio.gather(*(database.read(lambda c: 1) for _ in range(20))) == [1] * 20
