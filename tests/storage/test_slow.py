"""Statements that take long: told once, with their plan, without a value."""

import logging
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from gantry_edge.storage.database import Connection, Database
from gantry_edge.storage.slow import KEPT, Slow

COUNT = """WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 300000)
    SELECT count(*) FROM n WHERE :canary = 'canary'"""


def count(connection: Connection) -> int:
    return int(connection.execute(COUNT, {"canary": "canary"}).fetchone()[0])


@pytest.fixture
def watched(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setattr("gantry_edge.storage.database.LIMIT", 0.01)
    return database


async def test_a_statement_that_takes_long_is_kept_with_its_plan(watched: Database) -> None:
    assert await watched.read(count) == 300_000
    (slow,) = watched.slow.list()
    assert slow.sql == " ".join(COUNT.split())
    assert slow.count == 1
    assert any("SCAN" in step for step in slow.plan)


async def test_a_value_is_never_in_it(watched: Database, caplog: pytest.LogCaptureFixture) -> None:
    await watched.read(
        lambda c: c.execute(COUNT.replace("'canary'", ":other"), {"canary": "values", "other": "values"}).fetchall()
    )
    assert watched.slow.list()
    assert "values" not in str(watched.slow.list()) + caplog.text


async def test_the_log_tells_it_once_a_minute(watched: Database, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    for _ in range(3):
        await watched.write(count)
    assert [record.name for record in caplog.records] == ["gantry_edge.storage.slow"]
    assert watched.slow.list()[0].count == 3


async def test_one_that_fails_is_told_too(watched: Database) -> None:
    def fail(connection: Connection) -> None:
        count(connection)
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        await watched.read(fail)
    assert len(watched.slow.list()) == 1


async def test_rows_taken_one_after_the_other_count(watched: Database) -> None:
    numbers = COUNT.replace("SELECT count(*)", "SELECT x")
    rows = await watched.read(lambda c: [row[0] for row in c.execute(numbers, {"canary": "canary"})])
    assert rows == list(range(1, 300_001))
    assert len(watched.slow.list()) == 1


async def test_what_is_done_between_two_statements_does_not_count(watched: Database) -> None:
    def read(connection: Connection) -> None:
        connection.execute("SELECT 1").fetchone()
        time.sleep(0.1)
        connection.execute("SELECT 2").fetchone()

    await watched.read(read)
    assert watched.slow.list() == []


def test_of_many_the_slowest_are_kept() -> None:
    slow = Slow()
    for n in range(KEPT + 10):
        slow.note(f"SELECT {n}", [], n)
    assert [each.sql for each in slow.list()] == [f"SELECT {n}" for n in reversed(range(10, KEPT + 10))]


def test_several_threads_note_theirs_at_the_same_time() -> None:
    slow = Slow()

    def note(of: int) -> None:
        for n in range(2_000):
            slow.note(f"SELECT {of} + {n}", [], n)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor() as threads:
            list(threads.map(note, range(4)))
    finally:
        sys.setswitchinterval(before)
    assert slow.count == 8_000
