"""From an upload to `ready`, and back to nothing."""

import asyncio
import errno
import os
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import numpy as np
import pytest
from documents.desk import COMMAND, Desk, chunk_rows

from gantry_edge.documents import chunks
from gantry_edge.documents import ingest as module
from gantry_edge.documents.schema import Document
from gantry_edge.errors import DiskFull, NotFound, QuotaReached, TooLarge
from gantry_edge.retrieval.embedder import Embedder
from gantry_edge.storage import jobs
from gantry_edge.storage.database import Connection, Database

MARKER = "Zyxomatic"


def story(sentences: int, about: str = "lighthouse") -> str:
    """Sentences that are all different."""
    return " ".join(
        f"The {about} number {at} was painted in year {1800 + at} by keeper {at * 7}." for at in range(sentences)
    )


def count(connection: Connection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


async def test_a_document_becomes_ready(working: Desk) -> None:
    ada = await working.person("ada")
    text = story(60)
    (id,) = await working.read(ada, ("lights.txt", text))
    document = await working.document(ada, id)
    rows = await working.database.read(lambda c: chunk_rows(c, id))
    assert (document.status, document.error) == ("ready", None)
    assert document.chunks == len(rows) == document.stage_done == document.stage_total > 3
    assert all(text[row[2] : row[3]] == row[6] for row in rows)
    assert all(np.frombuffer(row[7], dtype=np.float32).shape == (384,) for row in rows)


async def test_its_progress_is_told_in_order(working: Desk) -> None:
    ada = await working.person("ada")
    seen: list[Document] = []

    async def watch() -> None:
        with working.progress.watch(ada) as watcher:
            while not seen or seen[-1].status != "ready":
                seen.extend(document for document in (await watcher.wait()).values() if document)

    watching = asyncio.create_task(watch())
    await asyncio.sleep(0)
    await working.read(ada, ("lights.txt", story(400)))
    await asyncio.wait_for(watching, 5)
    states = list(dict.fromkeys(document.status for document in seen))
    assert states == ["queued", "extracting", "embedding", "ready"]
    embedding = [document.stage_done for document in seen if document.status == "embedding"]
    assert embedding == sorted(embedding)
    assert len(embedding) > 1


async def test_a_document_without_text_says_so(working: Desk) -> None:
    ada = await working.person("ada")
    (document,) = await working.add(ada, ("empty.txt", "   \n"))
    document = await working.wait(ada, document.id)
    assert document.status == "failed"
    assert document.error
    assert document.error.code == "document_unreadable"


async def test_a_file_nobody_can_read_does_not_stop_the_others(working: Desk) -> None:
    ada = await working.person("ada")
    documents = await working.add(ada, ("broken.pdf", b"%PDF-1.7\nnothing"), ("fine.txt", story(3)))
    states = [(await working.wait(ada, document.id)).status for document in documents]
    assert states == ["failed", "ready"]


async def test_a_repeated_run_makes_the_same_chunks(working: Desk) -> None:
    ada = await working.person("ada")
    (id,) = await working.read(ada, ("lights.txt", story(200)))
    before = await working.database.read(lambda c: chunk_rows(c, id))

    def start_anew(connection: Connection) -> None:
        connection.execute("UPDATE documents SET status = 'failed'")
        ids = [row[0] for row in connection.execute("SELECT id FROM chunks ORDER BY seq LIMIT 3")]
        chunks.delete_chunks(connection, chunks.get_work(connection, id), ids)

    await working.database.write(start_anew)
    await working.library.retry(ada, id)
    await working.wait(ada, id)
    assert await working.database.read(lambda c: chunk_rows(c, id)) == before
    assert await working.database.read(lambda c: count(c, "embeddings")) == len(before)


async def test_a_stop_in_the_middle_loses_and_repeats_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 4)
    ada = await desk.person("ada")
    await desk.start()
    (document,) = await desk.add(ada, ("lights.txt", story(200)))
    for _ in range(3):
        await desk.wait(ada, document.id, "embedding")
        await desk.stop()
        assert (await desk.database.read(lambda c: c.execute("SELECT attempts FROM jobs").fetchone()))[0] == 0
        await desk.start()
    await desk.wait(ada, document.id)
    interrupted = await desk.database.read(lambda c: chunk_rows(c, document.id))
    whole = await desk.database.read(lambda c: c.execute("SELECT text FROM document_texts").fetchone()[0])
    assert [row[1] for row in interrupted] == list(range(len(interrupted)))
    assert all(whole[row[2] : row[3]] == row[6] for row in interrupted)


async def test_a_pause_keeps_what_is_done_and_resume_goes_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 4)
    ada = await desk.person("ada")
    await desk.start()
    (document,) = await desk.add(ada, ("lights.txt", story(300)))
    while (await desk.document(ada, document.id)).stage_done < 4:
        await asyncio.sleep(0.01)
    paused = await desk.library.pause(ada, document.id)
    done = await desk.database.read(lambda c: count(c, "chunks"))
    await asyncio.sleep(0.2)
    assert (await desk.document(ada, document.id)).status == paused.status == "paused"
    assert await desk.database.read(lambda c: count(c, "chunks")) == done >= 4
    await desk.library.resume(ada, document.id)
    assert (await desk.wait(ada, document.id)).status == "ready"


async def test_a_failure_of_our_own_is_tried_three_times(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "BACKOFF", (10, 10))
    desk.ingest._embedder = None  # type: ignore[assignment]
    ada = await desk.person("ada")
    await desk.start()
    (document,) = await desk.add(ada, ("lights.txt", story(3)))
    document = await desk.wait(ada, document.id)
    assert document.error
    assert document.error.code == "internal"
    job = await desk.database.read(lambda c: tuple(c.execute("SELECT status, attempts FROM jobs").fetchone()))
    assert job == ("failed", 3)


async def test_a_parser_that_dies_fails_the_document_only(
    tmp_path: Path, database: Database, embedder: Embedder
) -> None:
    desk = Desk(tmp_path, database, embedder, command=[sys.executable, "-c", "import os; os.abort()"])
    ada = await desk.person("ada")
    await desk.start()
    (document,) = await desk.add(ada, ("a.txt", story(3)))
    assert (await desk.wait(ada, document.id)).status == "failed"
    desk.ingest._command = COMMAND
    await desk.library.retry(ada, document.id)
    assert (await desk.wait(ada, document.id)).status == "ready"
    await desk.stop()


async def test_the_files_of_one_do_not_keep_another_waiting(desk: Desk) -> None:
    ada, bob = await desk.person("ada"), await desk.person("bob")
    many = await desk.add(ada, *((f"{at}.txt", story(5, f"tower{at}")) for at in range(6)))
    (one,) = await desk.add(bob, ("mine.txt", story(5)))
    await desk.start()
    await desk.wait(bob, one.id)
    ready = [(await desk.document(ada, document.id)).status == "ready" for document in many]
    assert sum(ready) < 4


@pytest.mark.parametrize("state", ["ready", "embedding", "queued"])
async def test_deleting_leaves_nothing(desk: Desk, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 4)
    ada = await desk.person("ada")
    kept = f"{story(20)} The kept one."
    await desk.start()
    await desk.read(ada, ("kept.txt", kept))
    if state == "queued":
        await desk.stop()
    text = " ".join(f"{MARKER} {sentence}." for sentence in story(120, MARKER).split("."))
    (document,) = await desk.add(ada, (f"{MARKER}.txt", text))
    if state != "queued":
        await desk.wait(ada, document.id, state, "ready")
    await desk.library.delete(ada, document.id)
    if state == "queued":
        await desk.start()
    assert await desk.find(ada, MARKER) == [] or MARKER not in str(await desk.find(ada, MARKER))
    await desk.erased()
    with pytest.raises(NotFound):
        await desk.library.restore(ada, document.id)
    left = [
        path
        for path in desk.home.rglob("*")
        if path.is_file() and MARKER.lower() in path.read_bytes().lower().decode("latin-1")
    ]
    assert left == []
    assert len([path for path in (desk.home / "files").rglob("*") if path.is_file()]) == 1
    assert await desk.database.read(lambda c: count(c, "documents")) == 1
    assert await desk.find(ada, "lighthouse keeper")
    await desk.database.write(lambda c: c.execute("INSERT INTO chunk_words (chunk_words) VALUES ('integrity-check')"))


async def test_a_file_that_two_have_goes_with_the_second(working: Desk) -> None:
    ada, bob = await working.person("ada"), await working.person("bob")
    (hers,) = await working.read(ada, ("a.txt", story(4)))
    (his,) = await working.read(bob, ("b.txt", story(4)))
    folder = working.home / "files"
    await working.library.delete(ada, hers)
    await working.erased()
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1
    await working.library.delete(bob, his)
    await working.erased()
    assert [path for path in folder.rglob("*") if path.is_file()] == []


async def test_a_restored_document_is_found_again(working: Desk) -> None:
    ada = await working.person("ada")
    (id,) = await working.read(ada, ("lights.txt", story(10)))
    await working.library.delete(ada, id)
    assert await working.find(ada, "lighthouse") == []
    await working.library.restore(ada, id)
    await working.undo_has_passed()
    assert await working.find(ada, "lighthouse")


async def test_an_upload_is_taken_whole_or_not_at_all(tmp_path: Path, database: Database, embedder: Embedder) -> None:
    desk = Desk(tmp_path, database, embedder, quota=5000, upload_bytes=3000)
    ada = await desk.person("ada")
    with pytest.raises(TooLarge):
        await desk.add(ada, ("small.txt", "x" * 10), ("large.txt", "x" * 3001))
    await desk.add(ada, ("small.txt", "y" * 2500))
    with pytest.raises(QuotaReached):
        await desk.add(ada, ("one.txt", "x" * 1500), ("two.txt", "z" * 1500))
    assert await database.read(lambda c: count(c, "documents")) == 1
    assert len([path for path in (tmp_path / "files").rglob("*") if path.is_file()]) == 1


async def test_a_sender_who_goes_away_leaves_nothing(desk: Desk) -> None:
    ada = await desk.person("ada")

    async def breaks_off() -> AsyncIterator[bytes]:
        yield b'--zz\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n' + b"x" * 600_000
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await desk.library.add(ada, "multipart/form-data; boundary=zz", None, breaks_off())
    assert [path for path in (desk.home / "files").rglob("*") if path.is_file()] == []


async def test_a_word_of_a_file_lost_at_a_crash_is_swept(desk: Desk) -> None:
    ada = await desk.person("ada")
    await desk.add(ada, ("kept.txt", "kept"))
    lost = desk.files.receive(10)
    lost.write(b"lost")
    digest = lost.keep()
    await desk.ingest.recover()
    assert not desk.files.path(digest).exists()
    assert len([path for path in (desk.home / "files").rglob("*") if path.is_file()]) == 1


async def test_a_disk_that_fills_at_the_second_file_keeps_none(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = await desk.person("ada")
    left = iter([os.replace])

    def replace(source: Path, place: Path) -> None:
        for really in left:
            return really(source, place)
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr("gantry_edge.storage.files.os.replace", replace)
    with pytest.raises(DiskFull):
        await desk.add(ada, ("a.txt", "first"), ("b.txt", "second"))
    assert [path for path in (desk.home / "files").rglob("*") if path.is_file()] == []


async def test_erasing_is_tried_until_it_works(working: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = await working.person("ada")
    (id,) = await working.read(ada, ("a.txt", story(4)))
    failures = iter(range(4))

    def delete_chunks(*values: object, **named: object) -> None:
        for _ in failures:
            raise OSError("a fault of the disk")
        really(*values, **named)

    really: Callable[..., None] = chunks.delete_chunks
    monkeypatch.setattr(chunks, "delete_chunks", delete_chunks)
    monkeypatch.setattr("gantry_edge.storage.jobs.BACKOFF", (0, 0))
    await working.library.delete(ada, id)
    await working.erased()
    assert await working.database.read(lambda c: count(c, "documents")) == 0


async def test_the_start_empties_the_log_that_a_crash_left(desk: Desk) -> None:
    ada = await desk.person("ada")
    await desk.add(ada, ("a.txt", "some text"))
    log = next(desk.home.rglob("*.db-wal"))
    assert log.stat().st_size > 0
    await desk.ingest.recover()
    assert log.stat().st_size == 0
