"""A vault in memory is at any time what a fresh reading of it gives."""

import asyncio
import random
import threading
from collections.abc import Iterator
from functools import partial
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from retrieval.library import MODEL, some_vectors

from gantry_edge.retrieval import store
from gantry_edge.retrieval.exact import Exact
from gantry_edge.storage.database import Connection, Database, open_connection
from gantry_edge.storage.migrations import migrate

VAULTS = ["north", "south", "west"]
ALL = 10_000


def everything(exact: Exact, connection: Connection, vaults: list[str]) -> dict[str, float]:
    hits = exact.search(connection, vaults, some_vectors(1, seed=77)[0], ALL, None)
    assert len(hits) == len(dict(hits))
    return dict(hits)


def check_same(found: dict[str, float], fresh: dict[str, float]) -> None:
    """But for the last bits: a sum of floats depends on the order of the rows."""
    assert found == pytest.approx(fresh, abs=1e-6)


def put(connection: Connection, vault: str, ids: list[str], seed: int, model: str = MODEL) -> None:
    vectors = (vector.tobytes() for vector in some_vectors(len(ids), seed))
    store.add_embeddings(connection, vault, model, list(zip(ids, vectors, strict=True)))


class Changes:
    """Does what rooms do to embeddings, at random."""

    def __init__(self, connection: Connection, dice: random.Random) -> None:
        self.connection = connection
        self.dice = dice
        self.numbers = count()

    def some(self) -> list[str]:
        ids = [row[0] for row in self.connection.execute("SELECT chunk_id FROM embeddings ORDER BY chunk_id")]
        return self.dice.sample(ids, min(len(ids), self.dice.randrange(4)))

    def vault(self) -> str:
        return self.dice.choice(VAULTS)

    def add(self) -> None:
        ids = [f"c{next(self.numbers)}" for _ in range(self.dice.randrange(1, 9))]
        put(self.connection, self.vault(), ids, self.dice.randrange(99))

    def change(self) -> None:
        put(self.connection, self.vault(), self.some(), self.dice.randrange(99))

    def embed_by_another_model(self) -> None:
        put(self.connection, self.vault(), self.some(), self.dice.randrange(99), model="other")

    def delete(self) -> None:
        store.delete_embeddings(self.connection, self.some())

    def move(self) -> None:
        store.move_embeddings(self.connection, self.some(), self.vault())

    def drop(self) -> None:
        store.delete_vault(self.connection, self.vault())

    def begin_again(self) -> None:
        store.forget_changes(self.connection)


STEPS = [name for name in vars(Changes) if not name.startswith("_") and name not in ("some", "vault")]


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    connection = open_connection(tmp_path_factory.mktemp("kept") / "gantry.db")
    migrate(connection)
    connection.execute("BEGIN")
    yield connection
    connection.close()


@settings(max_examples=30, deadline=None)
@given(steps=st.lists(st.sampled_from(STEPS), max_size=20), seed=st.integers(0, 999))
def test_it_is_what_a_fresh_reading_gives(connection: Connection, steps: list[str], seed: int) -> None:
    for vault in VAULTS:
        store.delete_vault(connection, vault)
    changes, often, rarely = Changes(connection, random.Random(seed)), Exact(MODEL, 0), Exact(MODEL, 0)
    for number, step in enumerate(["add", *steps, "add"]):
        getattr(changes, step)()
        for exact in (often, rarely) if number % 3 == 0 else (often,):
            for vaults in ([vault] for vault in VAULTS):
                check_same(everything(exact, connection, vaults), everything(Exact(MODEL, 0), connection, vaults))
        check_same(everything(often, connection, VAULTS), everything(Exact(MODEL, 0), connection, VAULTS))


@pytest.mark.parametrize("more", [10, 1500])
async def test_only_what_changed_is_read_again_unless_it_is_too_much(database: Database, more: int) -> None:
    exact = Exact(MODEL, 0)
    await database.write(lambda c: put(c, "north", [f"old{n}" for n in range(30)], 1))
    await database.read(lambda c: everything(exact, c, ["north"]))
    await database.write(lambda c: put(c, "north", [f"new{n}" for n in range(more)], 2))
    read: list[str] = []

    def look(connection: Connection) -> int:
        connection.set_trace_callback(read.append)
        found = len(everything(exact, connection, ["north"]))
        connection.set_trace_callback(None)
        return found

    assert await database.read(look) == 30 + more
    assert any("FROM embeddings WHERE vault" in sql for sql in read) == (more > 1000)


async def test_whoever_asks_while_it_changes_sees_nothing_that_was_gone(database: Database) -> None:
    """Of each pair one is there at any time; a reader never finds one that had gone before it looked."""
    exact, gone, over = Exact(MODEL, 0), set[str](), threading.Event()

    async def swap() -> None:
        for n in range(40):
            await database.write(lambda c, n=n: put(c, "north", [f"c{n}"], n))  # type: ignore[misc]
            if n >= 5:
                await database.write(lambda c, n=n: store.delete_embeddings(c, [f"c{n - 5}"]))  # type: ignore[misc]
                gone.add(f"c{n - 5}")
        over.set()

    async def look() -> None:
        while not over.is_set():
            before = set(gone)
            found = await database.read(partial(everything, exact, vaults=["north"]))
            assert before.isdisjoint(found)

    await asyncio.gather(swap(), look(), look(), look())
    found, fresh = [
        await database.read(partial(everything, each, vaults=["north"])) for each in (exact, Exact(MODEL, 0))
    ]
    check_same(found, fresh)


async def test_an_error_on_the_way_leaves_nothing_half_done(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = Exact(MODEL, 0)
    await database.write(lambda c: put(c, "north", ["a", "b"], 1))
    await database.read(lambda c: everything(exact, c, ["north"]))
    await database.write(lambda c: put(c, "north", ["a", "c"], 2))
    with monkeypatch.context() as broken, pytest.raises(OSError, match="disk"):
        broken.setattr(store, "read_vectors", fail)
        await database.read(lambda c: everything(exact, c, ["north"]))
    fresh = await database.read(lambda c: everything(Exact(MODEL, 0), c, ["north"]))
    check_same(await database.read(lambda c: everything(exact, c, ["north"])), fresh)


def fail(*_: object) -> None:
    raise OSError("disk")


async def test_a_vault_that_has_grown_too_large_is_kept_no_more(database: Database) -> None:
    exact = Exact(MODEL, 0, 200 * 1152)
    await database.write(lambda c: put(c, "north", [f"old{n}" for n in range(100)], 1))
    for added in (0, 100):
        await database.write(lambda c, added=added: put(c, "north", [f"n{n}" for n in range(added)], 2))  # type: ignore[misc]
        found = await database.read(lambda c: everything(exact, c, ["north"]))
        assert len(found) == 100 + added
        assert bool(exact._kept) == (not added)
    fresh = await database.read(lambda c: everything(Exact(MODEL, 0, 0), c, ["north"]))
    check_same(await database.read(lambda c: everything(exact, c, ["north"])), fresh)


async def test_what_a_deleted_vault_held_is_named_nowhere(database: Database) -> None:
    await database.write(lambda c: put(c, "north", ["secret"], 1))
    await database.write(lambda c: store.delete_vault(c, "north"))
    left = await database.read(lambda c: c.execute("SELECT vault, chunk_id FROM embedding_changes").fetchall())
    assert ("north" in {row[0] for row in left}, "secret" in {row[1] for row in left}) == (False, False)
