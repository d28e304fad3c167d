"""The daily look at what is kept: nothing that is needed goes, nothing that is not stays."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from factory import ask, exchange, make_user, shelve

from gantry_edge.admin.care import Care
from gantry_edge.chat import drafts
from gantry_edge.documents.chunks import wanted_files
from gantry_edge.ids import now
from gantry_edge.quiet import Quiet
from gantry_edge.retrieval.store import add_embeddings
from gantry_edge.storage.cache import DiskStore
from gantry_edge.storage.database import Connection, Database, open_connection
from gantry_edge.storage.events import add_events
from gantry_edge.storage.files import Files
from gantry_edge.storage.jobs import claim_job, fail_job, put_job
from gantry_edge.storage.upgrade import let_shrink

LONG_AGO = now() - 40 * 24 * 3600 * 1000


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "files")


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[DiskStore]:
    cache = DiskStore(tmp_path / "cache", size_limit=1_000_000)
    yield cache
    cache.close()


@pytest.fixture
async def care(database: Database, files: Files, cache: DiskStore) -> Care:
    return Care(database, files, cache, Quiet(), wanted_files)


def store(files: Files, content: bytes) -> str:
    incoming = files.receive(1_000_000)
    incoming.write(content)
    return incoming.keep()


def count(connection: Connection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


async def test_events_stay_as_long_as_their_answer_is_written(database: Database, care: Care) -> None:
    def prepare(connection: Connection) -> str:
        user = make_user(connection)
        done, running = exchange(connection, user).answer_id, ask(connection, user).answer_id
        add_events(connection, [(key, at, "delta", "a") for key in (done, running) for at in range(3)])
        return running

    running = await database.write(prepare)
    assert (await care.look()).rows == 3
    keys = await database.read(lambda c: {row[0] for row in c.execute("SELECT key FROM events")})
    assert keys == {running}


async def test_drafts_that_were_sent_long_ago_go_and_those_with_words_stay(database: Database, care: Care) -> None:
    def prepare(connection: Connection) -> None:
        for name, text in (("ada", ""), ("eve", "Not sent yet")):
            drafts.keep_draft(connection, make_user(connection, name), drafts.NEW, text, 0)
        connection.execute("UPDATE drafts SET at = ?", (LONG_AGO,))

    await database.write(prepare)
    await care.look()
    assert await database.read(lambda c: [row[0] for row in c.execute("SELECT text FROM drafts")]) == ["Not sent yet"]


async def test_jobs_that_were_given_up_go_once_they_are_old(database: Database, care: Care) -> None:
    def prepare(connection: Connection) -> None:
        for id in ("old", "new"):
            put_job(connection, id, "ingest", "ada")
            job = claim_job(connection, ["ingest"])
            assert job
            fail_job(connection, job, "it cannot be read", attempts=0)
        put_job(connection, "waiting", "ingest", "ada")
        connection.execute("UPDATE jobs SET updated_at = ? WHERE id <> 'new'", (LONG_AGO,))

    await database.write(prepare)
    await care.look()
    assert await database.read(lambda c: {row[0] for row in c.execute("SELECT id FROM jobs")}) == {"new", "waiting"}


async def test_vectors_of_nothing_go_and_the_index_is_told(database: Database, care: Care) -> None:
    def prepare(connection: Connection) -> None:
        user = make_user(connection)
        document = shelve(connection, user, "The lighthouse", "0" * 64)
        connection.execute(
            "INSERT INTO chunks VALUES (NULL, 'here', ?, 0, 0, 1, NULL, NULL, '', '', 'text')", (document.id,)
        )
        said = exchange(connection, user)
        connection.execute(
            "INSERT INTO exchanges VALUES (1, ?, ?, ?, 0, '', '', '', 'memory-a', '', '', '')",
            (said.answer_id, user, said.conversation_id),
        )
        add_embeddings(connection, "documents-a", "m", [("here", b"0000"), ("gone", b"0000")])
        add_embeddings(connection, "memory-a", "m", [(f"{said.answer_id}:0", b"0000"), (f"{'f' * 36}:0", b"0000")])
        connection.execute("DELETE FROM index_ops")

    await database.write(prepare)
    assert (await care.look()).rows == 2
    assert await database.read(lambda c: count(c, "embeddings")) == 2
    told = await database.read(lambda c: [tuple(row) for row in c.execute("SELECT op, chunk_id FROM index_ops")])
    assert sorted(told) == [("delete", f"{'f' * 36}:0"), ("delete", "gone")]


async def test_files_of_no_row_go_and_rows_without_a_file_are_told(
    database: Database, files: Files, care: Care
) -> None:
    kept, lost = store(files, b"kept"), store(files, b"lost")

    def prepare(connection: Connection) -> None:
        user = make_user(connection)
        shelve(connection, user, "kept", kept)
        shelve(connection, user, "never came", "f" * 64)

    await database.write(prepare)
    found = await care.look()
    assert (found.files, found.missing_files) == (1, 1)
    assert files.path(kept).exists()
    assert not files.path(lost).exists()


async def test_answers_that_expired_leave_the_cache(care: Care, cache: DiskStore) -> None:
    await cache.set("old", b"1", timedelta(seconds=1))
    await cache.set("new", b"1")
    await asyncio.sleep(1.1)
    assert (await care.look()).cached == 1
    assert await cache.get("new") == b"1"


async def test_room_that_was_freed_is_given_back_bit_by_bit(database: Database, care: Care) -> None:
    def fill(connection: Connection) -> None:
        connection.execute("CREATE TABLE heap (data BLOB)")
        connection.executemany("INSERT INTO heap VALUES (?)", [(bytes(1_000_000),) for _ in range(20)])

    await database.write(fill)
    await database.empty_log()
    before = database.path.stat().st_size
    await database.write(lambda c: c.execute("DELETE FROM heap"))
    given = (await care.look()).given_back
    await database.empty_log()
    assert given > 5_000_000
    assert database.path.stat().st_size == before - given


async def test_what_was_done_is_known_after_a_restart(
    database: Database, files: Files, cache: DiskStore, care: Care
) -> None:
    found = await care.look()
    again = Care(database, files, cache, Quiet(), wanted_files)
    working = asyncio.create_task(again.work_forever())
    while again.last is None:
        await asyncio.sleep(0.01)
    working.cancel()
    assert again.last == found


async def test_a_damaged_database_is_told_and_nothing_is_swept(
    database: Database, care: Care, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gantry_edge.admin.care.find_damage", lambda *_, **__: "Tree 5 page 7: out of order")
    await database.write(lambda c: add_events(c, [("nobody's", 1, "delta", "a")]))
    assert (await care.look()).damaged
    assert await database.read(lambda c: count(c, "events")) == 1


async def test_a_look_that_is_broken_off_says_nothing_better_of_a_damaged_database(
    database: Database, files: Files, cache: DiskStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet, found = Quiet(), ["Tree 5 page 7: out of order", ""]

    def look(*_: object, **__: object) -> str:
        quiet.begin()
        quiet.end()
        return found.pop(0)

    monkeypatch.setattr("gantry_edge.admin.care.find_damage", look)
    care = Care(database, files, cache, quiet, wanted_files)
    await care.look()
    assert (await care.look()).damaged


def test_a_file_of_an_earlier_version_can_shrink_after_a_start(tmp_path: Path) -> None:
    path = tmp_path / "gantry.db"
    connection = open_connection(path)
    connection.execute("PRAGMA auto_vacuum = NONE")
    connection.execute("CREATE TABLE words (id INTEGER PRIMARY KEY, text TEXT)")
    connection.execute("INSERT INTO words VALUES (7, 'kept')")
    connection.execute("VACUUM")
    assert connection.execute("PRAGMA auto_vacuum").fetchone()[0] == 0
    connection.close()
    let_shrink(path)
    connection = open_connection(path)
    assert connection.execute("PRAGMA auto_vacuum").fetchone()[0] == 2
    assert tuple(connection.execute("SELECT * FROM words").fetchone()) == (7, "kept")
    connection.close()
