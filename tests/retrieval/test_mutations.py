"""The index's folder is damaged in every way we know of: the program stays, answers stay right, the index returns."""

import asyncio
import os
import random
import shutil
import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from retrieval.library import Library

from gantry_edge.retrieval import store
from gantry_edge.retrieval.index import Index
from gantry_edge.retrieval.seal import make_seal
from gantry_edge.storage.database import Database
from gantry_edge.storage.migrations import migrate

pytestmark = pytest.mark.slow  # each starts the child that holds the folder

Ready = Callable[[Index], Awaitable[None]]
Damage = Callable[[Path], None]

MANY = 2_300


def cut(part: float) -> Damage:
    def damage(path: Path) -> None:
        os.truncate(path, int(path.stat().st_size * part))

    return damage


def fill(byte: bytes | None, start: float, share: float) -> Damage:
    """`None` is noise."""

    def damage(path: Path) -> None:
        size = path.stat().st_size
        length = max(1, int(size * share))
        noise = random.Random(1).randbytes(length)
        with path.open("r+b") as file:
            file.seek(int(size * start))
            file.write(noise if byte is None else byte * length)

    return damage


def delete(path: Path) -> None:
    path.unlink()


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(random.Random(2).randbytes(100_000))


def become_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def forget_rows(table: str) -> Damage:
    def damage(path: Path) -> None:
        with sqlite3.connect(path) as connection:
            connection.execute(f"DELETE FROM {table}")
        connection.close()

    return damage


DATA, LINKS, HEADER, LENGTH, META = (
    "*/data_level0.bin",
    "*/link_lists.bin",
    "*/header.bin",
    "*/length.bin",
    "*/index_metadata.pickle",
)
SQL = "chroma.sqlite3"
NOISE = None

MUTATIONS: dict[str, tuple[str, Damage]] = {
    "data half noise": (DATA, fill(NOISE, 0.5, 0.5)),
    "data all noise": (DATA, fill(NOISE, 0.0, 1.0)),
    "data a page of noise": (DATA, fill(NOISE, 0.3, 0.001)),
    "data zeroed": (DATA, fill(b"\0", 0.0, 1.0)),
    "data a third zeroed": (DATA, fill(b"\0", 0.3, 0.33)),
    "data halved": (DATA, cut(0.5)),
    "data empty": (DATA, cut(0.0)),
    "data without its end": (DATA, cut(0.99)),
    "data all ones": (DATA, fill(b"\xff", 0.0, 1.0)),
    "data without its beginning": (DATA, fill(b"\0", 0.0, 0.01)),
    "data deleted": (DATA, delete),
    "data longer": (DATA, grow),
    "data a folder": (DATA, become_a_folder),
    "links noise": (LINKS, fill(NOISE, 0.0, 1.0)),
    "links zeroed": (LINKS, fill(b"\0", 0.0, 1.0)),
    "links halved": (LINKS, cut(0.5)),
    "links all ones": (LINKS, fill(b"\xff", 0.0, 1.0)),
    "links longer": (LINKS, grow),
    "links deleted": (LINKS, delete),
    "header zeroed": (HEADER, fill(b"\0", 0.0, 1.0)),
    "header all ones": (HEADER, fill(b"\xff", 0.0, 1.0)),
    "header noise": (HEADER, fill(NOISE, 0.2, 0.5)),
    "header deleted": (HEADER, delete),
    "header halved": (HEADER, cut(0.5)),
    "header empty": (HEADER, cut(0.0)),
    "lengths noise": (LENGTH, fill(NOISE, 0.0, 1.0)),
    "lengths zeroed": (LENGTH, fill(b"\0", 0.0, 1.0)),
    "lengths deleted": (LENGTH, delete),
    "metadata noise": (META, fill(NOISE, 0.0, 1.0)),
    "metadata halved": (META, cut(0.5)),
    "metadata empty": (META, cut(0.0)),
    "metadata deleted": (META, delete),
    "sql noise": (SQL, fill(NOISE, 0.2, 0.5)),
    "sql zeroed": (SQL, fill(b"\0", 0.0, 1.0)),
    "sql halved": (SQL, cut(0.5)),
    "sql a page of noise": (SQL, fill(NOISE, 0.6, 0.005)),
    "sql without its end": (SQL, cut(0.9)),
    "sql empty": (SQL, cut(0.0)),
    "sql deleted": (SQL, delete),
    "sql without collections": (SQL, forget_rows("collections")),
    "sql without segments": (SQL, forget_rows("segments")),
    "sql without its log": (SQL, forget_rows("embeddings_queue")),
    "sql without embeddings": (SQL, forget_rows("embeddings")),
}


def largest(generation: Path) -> Path:
    """The vectors of the vault that Chroma is asked for."""
    return max(generation.glob(DATA), key=lambda path: path.stat().st_size)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, ready: Ready) -> Library:
    """A library whose index folder is whole and closed, to copy."""
    place = tmp_path_factory.mktemp("whole")
    return asyncio.run(fill_library(place, ready))


async def fill_library(place: Path, ready: Ready) -> Library:
    database = Database(place / "gantry.db")
    await database.write(migrate)
    library = Library(database, place / "index")
    index = library.open()
    await library.add("vault", MANY)
    await library.add("wing", 60, seed=1)
    await index.start()
    await ready(index)
    await library.delete(await library.add("vault", 40, seed=2))  # something still in the log
    index.wake()
    await ready(index)
    await index.stop()
    database.close()
    return library


@pytest.fixture
async def filled(whole: Library, tmp_path: Path) -> AsyncIterator[Library]:
    shutil.copytree(whole.folder.parent, tmp_path, dirs_exist_ok=True)
    library = Library(Database(tmp_path / "gantry.db"), tmp_path / "index")
    library.rows = {vault: dict(rows) for vault, rows in whole.rows.items()}
    yield library
    library.database.close()


async def check_recovers(library: Library, ready: Ready) -> int:
    """Answers right from the first moment to the last; says how often the index was made anew."""
    index = library.open()
    assert await library.recall(index, ["vault", "wing"]) == 1
    await index.start()
    assert await library.recall(index, ["vault", "wing"]) >= 0.98
    await ready(index)
    assert await library.recall(index, ["vault", "wing"]) >= 0.98
    assert await library.recall(index, ["wing"]) == 1
    assert await index.check() == ""
    assert len(list(library.folder.iterdir())) == 1
    await index.stop()
    return index.rebuilds


@pytest.mark.parametrize("name", MUTATIONS)
async def test_a_damaged_file_costs_no_answer(filled: Library, ready: Ready, name: str) -> None:
    pattern, damage = MUTATIONS[name]
    paths = list(next(filled.folder.iterdir()).glob(pattern))
    assert paths
    for path in paths:
        damage(path)
    assert await check_recovers(filled, ready) == 1


SEEN = ["data half noise", "data halved", "data zeroed", "header zeroed", "links zeroed", "sql noise", "sql deleted"]


@pytest.mark.parametrize("name", SEEN)
async def test_damage_from_before_the_seal_is_found_by_the_child(filled: Library, ready: Ready, name: str) -> None:
    generation = next(filled.folder.iterdir())
    pattern, damage = MUTATIONS[name]
    for path in list(generation.glob(pattern)):
        damage(path)
    digest = make_seal(generation).digest
    await filled.database.write(lambda connection: store.write_seal(connection, digest))
    assert await check_recovers(filled, ready) == 1


@pytest.mark.parametrize("place", [DATA, LINKS, META, SQL])
async def test_a_single_bit_is_enough(filled: Library, ready: Ready, place: str) -> None:
    path = max(next(filled.folder.iterdir()).glob(place), key=lambda path: path.stat().st_size)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    index = filled.open()
    await index.start()
    await ready(index)
    assert index.rebuilds == 1
    assert "not as they were left" in index.trouble
    await index.stop()


async def test_a_folder_that_was_being_written_to_is_made_anew(filled: Library, ready: Ready) -> None:
    """As after a kill in the middle of it."""
    await filled.database.write(lambda connection: store.write_seal(connection, ""))
    assert await check_recovers(filled, ready) == 1


async def test_an_idle_index_is_sealed_so_that_a_kill_costs_nothing(
    filled: Library, ready: Ready, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gantry_edge.retrieval.index.SEAL_AFTER", 0.05)
    index = filled.open()
    await index.start()
    await ready(index)
    await filled.add("vault", 10, seed=8)
    index.wake()
    await ready(index)
    async with asyncio.timeout(10):
        while not (seal := await filled.database.read(store.read_seal)):
            await asyncio.sleep(0.02)
    assert await filled.recall(index, ["vault", "wing"]) >= 0.98
    assert seal == make_seal(next(filled.folder.iterdir())).digest
    await index.stop()
    assert seal == make_seal(next(filled.folder.iterdir())).digest
    assert seal == await filled.database.read(store.read_seal)


async def test_damage_while_it_runs_is_found_before_anything_is_written(filled: Library, ready: Ready) -> None:
    index = filled.open()
    await index.start()
    await ready(index)
    cut(0.9)(largest(next(filled.folder.iterdir())))
    assert await filled.recall(index, ["vault", "wing"]) >= 0.98
    await filled.add("vault", 10, seed=8)
    index.wake()
    async with asyncio.timeout(30):
        while not index.rebuilds:
            await asyncio.sleep(0.02)
    await ready(index)
    assert "was changed" in index.trouble
    assert await filled.recall(index, ["vault", "wing"]) >= 0.98
    await index.stop()


@pytest.mark.parametrize("what", ["segment", "generation", "everything", "a file in its place", "files swapped", "old"])
async def test_a_missing_or_strange_folder_costs_no_answer(
    filled: Library, ready: Ready, what: str, tmp_path: Path
) -> None:
    generation = next(filled.folder.iterdir())
    segment = largest(generation).parent
    if what == "segment":
        shutil.rmtree(segment)
    elif what == "generation":
        shutil.rmtree(generation)
    elif what == "everything":
        shutil.rmtree(filled.folder)
    elif what == "a file in its place":
        shutil.rmtree(filled.folder)
        filled.folder.write_text("not a folder")
    elif what == "files swapped":
        (segment / "data_level0.bin").rename(segment / "x")
        (segment / "link_lists.bin").rename(segment / "data_level0.bin")
        (segment / "x").rename(segment / "link_lists.bin")
    else:  # an older copy of the same folder comes back
        shutil.copytree(generation, tmp_path / "old")
        index = filled.open()
        await index.start()
        await filled.add("vault", 500, seed=9)
        index.wake()
        await ready(index)
        await index.stop()
        shutil.rmtree(generation)
        shutil.move(tmp_path / "old", generation)
    assert await check_recovers(filled, ready) == 1


async def test_a_whole_folder_is_opened_as_it_is(filled: Library, ready: Ready) -> None:
    assert await check_recovers(filled, ready) == 0


@pytest.mark.parametrize(
    "command",
    [
        ["/no/such/program"],
        ["sh", "-c", "kill -SEGV $$"],
        ["sh", "-c", "exit 0"],
        ["sh", "-c", "echo nonsense; cat > /dev/null"],
        ["sh", "-c", "sleep 60"],
    ],
    ids=["no program", "crash", "no word", "nonsense", "hangs"],
)
async def test_without_its_process_the_answers_are_exact(
    filled: Library, ready: Ready, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("VERIFY_TIME", "WORK_TIME", "CLOSE_TIME"):
        monkeypatch.setattr(f"gantry_edge.retrieval.index.{name}", 0.3)
    index = filled.open(command)
    await index.start()
    async with asyncio.timeout(30):
        while not index.trouble:
            await asyncio.sleep(0.02)
    assert await filled.recall(index, ["vault"]) == 1
    await index.stop()
    monkeypatch.undo()
    again = filled.open()
    await again.start()
    await ready(again)
    assert await filled.recall(again, ["vault"]) >= 0.98
    await again.stop()


async def test_the_death_of_its_process_costs_no_answer(filled: Library, ready: Ready) -> None:
    index = filled.open()
    await index.start()
    await ready(index)
    assert index._opened is not None
    index._opened.projection.kill()
    assert await filled.recall(index, ["vault", "wing"]) >= 0.98
    async with asyncio.timeout(30):
        while not index.rebuilds:
            await asyncio.sleep(0.02)
    await ready(index)
    assert await filled.recall(index, ["vault", "wing"]) >= 0.98
    await index.stop()


async def test_its_process_ends_with_it(filled: Library, ready: Ready) -> None:
    index = filled.open()
    await index.start()
    await ready(index)
    assert index._opened is not None
    child = index._opened.projection._child
    await index.stop()
    assert child.poll() is not None


@pytest.mark.parametrize("damaged", [False, True], ids=["whole", "damaged"])
async def test_the_program_itself_is_the_child(filled: Library, ready: Ready, damaged: bool) -> None:
    if damaged:
        cut(0.5)(largest(next(filled.folder.iterdir())))
    index = filled.open([sys.executable, "-m", "gantry_edge"])
    await index.start()
    await ready(index)
    assert index.rebuilds == damaged
    await index.stop()
