import asyncio
import threading
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from retrieval.library import COMMAND, MODEL, Library, some_vectors

from gantry_edge.retrieval import asking, exact, kept, store
from gantry_edge.retrieval.index import Index
from gantry_edge.retrieval.lane import IndexFailed, Lane
from gantry_edge.retrieval.outbox import Step
from gantry_edge.storage.database import Connection

Ready = Callable[[Index], Awaitable[None]]

MANY = 2_300  # beyond what is searched exactly


def folders(library: Library) -> list[Path]:
    return sorted(library.folder.iterdir()) if library.folder.exists() else []


async def check_same(library: Library, index: Index, vaults: list[str], limit: int = 10) -> None:
    for vector in some_vectors(5, seed=7):
        hits = await index.nearest(vaults, vector, limit)
        right = library.exact(vaults, vector, limit)
        assert [id for id, _ in hits] == [id for id, _ in right]
        assert np.allclose([score for _, score in hits], [score for _, score in right], atol=1e-5)


async def test_before_it_opens_answers_are_exact(library: Library) -> None:
    await library.add("vault", 300)
    await library.add("wing", 50, seed=1)
    index = library.open()
    assert index.state == "exact"
    await check_same(library, index, ["vault", "wing"])
    await check_same(library, index, ["wing"])
    await index.stop()


async def test_nothing_is_asked_nothing_is_found(library: Library) -> None:
    await library.add("vault", 10)
    index = library.open()
    vector = some_vectors(1)[0]
    assert await index.nearest([], vector, 5) == []
    assert await index.nearest(["vault"], vector, 0) == []
    assert await index.nearest(["vault"], vector, 5, among=[]) == []
    assert await index.nearest(["nowhere"], vector, 5) == []
    await index.stop()


async def test_an_empty_library_loads_nothing(library: Library) -> None:
    index = library.open()
    await index.start()
    await asyncio.sleep(0.1)
    assert folders(library) == []
    await index.stop()


async def test_among_is_a_scope_inside_the_vaults(library: Library, ready: Ready) -> None:
    ids = await library.add("vault", MANY)
    other = await library.add("wing", 10, seed=1)
    index = library.open()
    await index.start()
    await ready(index)
    vector = some_vectors(1, seed=3)[0]
    for among in (ids[:20] + other, ids[:2100] + other):  # fetched one by one, and picked out
        hits = await index.nearest(["vault"], vector, 5, among=among)
        right = [id for id, _ in library.exact(["vault"], vector, MANY) if id in among]
        assert [id for id, _ in hits] == right[:5]
    await index.stop()


@pytest.mark.parametrize("cache", [0, 64_000_000])
async def test_a_large_vault_is_streamed_and_a_small_one_kept(
    library: Library, monkeypatch: pytest.MonkeyPatch, cache: int
) -> None:
    monkeypatch.setattr(kept, "BLOCK", 50)
    searching = exact.Exact(MODEL, 2000, cache)
    ids = await library.add("vault", 333)
    for _ in range(2):
        for vector in some_vectors(3, seed=4):
            hits = await library.database.read(
                partial(searching.search, vaults=["vault"], vector=vector, limit=7, among=None)
            )
            assert [id for id, _ in hits] == [id for id, _ in library.exact(["vault"], vector, 7)]
        assert bool(searching._kept) == bool(cache)
        await library.delete(ids[:100])


async def test_the_kept_vaults_take_a_bounded_room(library: Library) -> None:
    searching = exact.Exact(MODEL, 2000, 100 * 1152)
    for vault in ("aaa", "bbb", "ccc", "ddd", "eee", "fff"):
        await library.add(vault, 30, seed=ord(vault[0]))
        await library.database.read(
            partial(searching.search, vaults=[vault], vector=some_vectors(1)[0], limit=3, among=None)
        )
    assert list(searching._kept) == ["ddd", "eee", "fff"]


async def test_the_outbox_reaches_the_index_in_order(library: Library, ready: Ready) -> None:
    index = library.open()
    await index.start()
    first = await library.add("vault", MANY)
    await library.add("small", 20, seed=1)
    index.wake()
    await ready(index)
    await check_same(library, index, ["vault", "small"])
    await library.delete(first[:100])
    await library.add("vault", 50, seed=2)
    await library.database.write(lambda connection: store.delete_vault(connection, "small"))
    library.rows.pop("small")
    index.wake()
    await ready(index)
    await check_same(library, index, ["vault", "small"])
    assert await index.check() == ""
    assert index.state == "ready"
    assert index.rebuilds == 1
    await index.stop()


@pytest.mark.slow
async def test_a_deleted_chunk_is_never_found_whatever_the_index_knows(library: Library, ready: Ready) -> None:
    """As if the program was killed between the SQL and the index: nobody applies the outbox."""
    ids = await library.add("vault", MANY)
    index = library.open()
    await index.start()
    await ready(index)
    vector = some_vectors(1)[0]
    nearest = [id for id, _ in await index.nearest(["vault"], vector, 20)]
    await library.delete(nearest)
    await check_same(library, index, ["vault"])
    assert not {id for id, _ in await index.nearest(["vault"], vector, 20)} & set(nearest)
    assert await index.lag() == 20
    assert index.state == "ready"
    await index.stop()
    again = library.open()
    await again.start()
    await ready(again)
    assert again.rebuilds == 0
    await check_same(library, again, ["vault"])
    assert await again.check() == ""
    assert len(ids) - 20 == len(library.rows["vault"])
    await again.stop()


async def test_a_new_chunk_is_found_before_the_index_knows_it(library: Library, ready: Ready) -> None:
    await library.add("vault", MANY)
    index = library.open()
    await index.start()
    await ready(index)
    await library.add("vault", 60, seed=3)
    await check_same(library, index, ["vault"])
    assert await index.lag() == 60
    await index.stop()


async def test_much_on_its_way_is_searched_exactly(
    library: Library, ready: Ready, monkeypatch: pytest.MonkeyPatch
) -> None:
    await library.add("vault", MANY)
    index = library.open()
    await index.start()
    await ready(index)
    monkeypatch.setattr(asking, "ON_ITS_WAY", 10)
    await library.add("vault", 60, seed=3)
    await check_same(library, index, ["vault"])
    await index.stop()


async def test_operations_applied_twice_do_no_harm(library: Library, ready: Ready) -> None:
    ids = await library.add("vault", MANY)
    index = library.open()
    await index.start()
    await ready(index)
    await library.delete(ids[:10])
    index.wake()
    await ready(index)

    def again(connection: Connection) -> None:
        connection.executemany(
            "INSERT INTO index_ops (op, vault, chunk_id) VALUES (?, 'vault', ?)",
            [*(("put", id) for id in ids[:200]), *(("delete", id) for id in ids[:10])],
        )

    await library.database.write(again)
    index.wake()
    await ready(index)
    await check_same(library, index, ["vault"])
    assert await index.check() == ""
    await index.stop()


@pytest.mark.slow
async def test_embeddings_of_two_models_never_mix(library: Library, ready: Ready) -> None:
    await library.add("vault", MANY, model="old/1")
    index = library.open(model="old/1")
    await index.start()
    await ready(index)
    await index.stop()
    old = dict(library.rows.pop("vault"))
    new = library.open(model="new/1")
    await new.start()
    assert await new.nearest(["vault"], some_vectors(1)[0], 5) == []
    await library.add("vault", MANY, seed=1, model="new/1")
    new.wake()
    await ready(new)
    await check_same(library, new, ["vault"])
    assert await new.check() == ""
    hits = await new.nearest(["vault"], some_vectors(1)[0], 50)
    assert not {id for id, _ in hits} & old.keys()
    assert len(folders(library)) == 1
    await new.stop()


@pytest.mark.slow
async def test_reindexing_changes_no_answer(library: Library, ready: Ready) -> None:
    await library.add("vault", MANY)
    index = library.open()
    await index.start()
    await ready(index)
    before = folders(library)
    assert await index.reindex() == MANY
    await ready(index)
    assert len(folders(library)) == 1
    assert folders(library) != before
    await check_same(library, index, ["vault"])
    await index.stop()


async def test_an_index_of_nothing_is_opened_again_as_it_is(library: Library, ready: Ready) -> None:
    index = library.open()
    assert await index.reindex() == 0
    await index.stop()
    again = library.open()
    await again.start()
    await ready(again)
    assert again.rebuilds == 0
    await again.stop()


@pytest.mark.slow
async def test_changes_during_a_rebuild_are_not_lost(library: Library, ready: Ready) -> None:
    ids = await library.add("vault", MANY)
    index = library.open()
    await index.start()
    await ready(index)
    again = asyncio.create_task(index.reindex())
    await asyncio.sleep(0.05)
    await library.delete(ids[::7])
    await library.add("vault", 100, seed=5)
    await check_same(library, index, ["vault"])
    await again
    await ready(index)
    await check_same(library, index, ["vault"])
    assert await index.check() == ""
    await index.stop()


@pytest.mark.slow
async def test_an_index_that_lies_is_noticed_and_made_anew(library: Library, ready: Ready) -> None:
    ids = await library.add("vault", MANY)
    index = library.open()
    await index.start()
    await ready(index)
    assert index._opened is not None
    wrong = [vector.tobytes() for vector in some_vectors(len(ids), seed=55)]
    index._opened.projection.put("vault", ids, wrong)
    await check_same(library, index, ["vault"])
    assert "wrong vector" in index.trouble
    await ready(index)
    assert index.rebuilds == 2
    await check_same(library, index, ["vault"])
    await index.stop()


@pytest.mark.slow
@pytest.mark.parametrize("change", ["misses one", "has one more", "swapped two"])
async def test_the_check_finds_what_no_question_shows(library: Library, ready: Ready, change: str) -> None:
    ids = await library.add("vault", MANY)
    index = library.open()
    await index.start()
    await ready(index)
    assert index._opened is not None
    rows = library.rows["vault"]
    if change == "misses one":
        index._opened.projection.apply([Step("delete", "vault", [ids[5]], [])])
    elif change == "has one more":
        index._opened.projection.put("vault", ["stranger"], [rows[ids[0]].tobytes()])
    else:
        half = len(ids) // 2
        other = [rows[id].tobytes() for id in ids[half:] + ids[:half]]
        index._opened.projection.put("vault", ids, other)
    assert "vault vault" in await index.check()
    assert index.state == "exact"
    await ready(index)
    assert await index.check() == ""
    await index.stop()


@pytest.mark.slow
async def test_thousands_of_equal_vectors_are_searched_exactly(library: Library, ready: Ready) -> None:
    """They tangle the graph so much that other chunks of the vault get lost."""
    await library.add("vault", 400)
    same = some_vectors(1)[0]
    rows = [(f"same-{n}", same.tobytes()) for n in range(2000)]
    await library.database.write(lambda connection: store.add_embeddings(connection, "vault", MODEL, rows))
    library.rows["vault"].update((id, same) for id, _ in rows)
    for _ in range(2):
        index = library.open()
        await index.start()
        await ready(index)
        assert await library.recall(index, ["vault"], 20) == 1
        assert await index.check() == ""
        await index.stop()
    assert index.rebuilds == 0


async def test_a_native_failure_is_a_plain_error() -> None:
    class Panic(BaseException):
        pass

    def fail() -> None:
        raise Panic("at the disco")

    lane = Lane("test")
    with pytest.raises(IndexFailed, match="Panic: at the disco"):
        await lane.run(fail, 5)
    assert await lane.run(lambda: 1, 5) == 1
    lane.close()


async def test_a_question_waits_for_one_step_of_work_only() -> None:
    lane = Lane("test")
    order: list[str] = []

    async def later(name: str, urgency: int) -> None:
        await lane.run(lambda: order.append(name), 5, urgency)

    hold = threading.Event()
    first = asyncio.create_task(lane.run(hold.wait, 5))
    await asyncio.sleep(0.05)
    rest = [asyncio.create_task(later(name, urgency)) for name, urgency in (("work", 1), ("more", 1), ("question", 0))]
    await asyncio.sleep(0)
    hold.set()
    await asyncio.gather(first, *rest)
    assert order == ["question", "work", "more"]
    lane.close()


async def test_small_vaults_need_no_folder_and_no_process(library: Library, ready: Ready) -> None:
    await library.add("vault", 50)
    index = Index(library.database, library.folder, MODEL, ["false"])
    await index.start()
    await ready(index)
    await check_same(library, index, ["vault"])
    assert not library.folder.exists()
    assert not await index.lag()
    await index.stop()


async def test_a_vault_that_outgrows_exact_search_gets_its_folder(library: Library, ready: Ready) -> None:
    await library.add("vault", 50)
    index = Index(library.database, library.folder, MODEL, COMMAND, small=60)
    await index.start()
    await ready(index)
    await library.add("vault", 50, seed=1)
    index.wake()
    async with asyncio.timeout(60):
        while not index.rebuilds:
            await asyncio.sleep(0.02)
    await ready(index)
    assert await library.recall(index, ["vault"]) >= 0.98
    await index.stop()
