from collections.abc import Sequence

import pytest
from retrieval.library import MODEL, Library, some_vectors

from gantry_edge.retrieval import store
from gantry_edge.retrieval.outbox import plan, wanted
from gantry_edge.retrieval.store import Op
from gantry_edge.storage.database import Database


async def ops(database: Database) -> list[tuple[str, str, str]]:
    found = await database.read(lambda connection: store.read_ops(connection, 1000))
    return [(op.op, op.vault, op.chunk_id) for op in found]


async def ids(database: Database, vault: str) -> Sequence[str]:
    return sorted(await database.read(lambda connection: store.read_ids(connection, vault, MODEL)))


async def version(database: Database, vault: str) -> str:
    return await database.read(lambda connection: store.read_version(connection, vault))


async def test_each_change_writes_its_operation_in_order(library: Library) -> None:
    a, b, c = await library.add("vault", 3)
    await library.database.write(lambda connection: store.move_embeddings(connection, [a], "wing"))
    await library.delete([b])
    await library.database.write(lambda connection: store.delete_vault(connection, "vault"))
    assert await ops(library.database) == [
        ("put", "vault", a),
        ("put", "vault", b),
        ("put", "vault", c),
        ("delete", "vault", a),
        ("put", "wing", a),
        ("delete", "vault", b),
        ("drop", "vault", ""),
    ]
    assert await ids(library.database, "vault") == []
    assert await ids(library.database, "wing") == [a]


async def test_a_change_that_fails_leaves_no_operation(library: Library) -> None:
    def add_then_fail(connection: object) -> None:
        store.add_embeddings(connection, "vault", MODEL, [("a", b"1234")])  # type: ignore[arg-type]
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await library.database.write(add_then_fail)
    assert await ops(library.database) == []
    assert await ids(library.database, "vault") == []


async def test_the_version_of_a_vault_tells_each_change(library: Library) -> None:
    seen = [await version(library.database, "vault")]
    a, b = await library.add("vault", 2)
    seen.append(await version(library.database, "vault"))
    await library.delete([a])
    seen.append(await version(library.database, "vault"))
    await library.database.write(lambda connection: store.move_embeddings(connection, [b], "wing"))
    seen.append(await version(library.database, "vault"))
    assert len(set(seen)) == 4
    await library.add("wing", 1, seed=1)
    assert await version(library.database, "vault") == seen[-1]


async def test_adding_an_id_again_takes_its_new_vector_and_vault(library: Library) -> None:
    [a] = await library.add("vault", 1)
    new = some_vectors(1, seed=5)[0].tobytes()
    await library.database.write(lambda connection: store.add_embeddings(connection, "wing", MODEL, [(a, new)]))
    assert (await ops(library.database))[1:] == [("delete", "vault", a), ("put", "wing", a)]
    found = await library.database.read(lambda c: list(store.read_vectors(c, [a], ["vault", "wing"], MODEL)))
    assert found == [(a, "wing", new)]


async def test_what_is_not_there_is_deleted_without_a_word(library: Library) -> None:
    await library.delete(["nothing", "here"])
    assert await ops(library.database) == []


async def test_thousands_are_deleted_at_once(library: Library) -> None:
    many = await library.add("vault", 1700)
    await library.delete(many[:1600])
    assert await ids(library.database, "vault") == sorted(many[1600:])
    assert len(await library.database.read(lambda connection: store.read_ops(connection, 9999))) == 3300


def test_the_plan_has_the_last_word_on_each_chunk() -> None:
    operations = [
        Op(1, "put", "vault", "a"),
        Op(2, "delete", "vault", "a"),
        Op(3, "put", "vault", "b"),
        Op(4, "put", "vault", "b"),
        Op(5, "put", "vault", "gone"),
    ]
    assert wanted(operations) == ["a", "b", "gone"]
    assert plan(operations, {("vault", "b"): b"x"}) == [
        ("delete", "vault", ["a", "gone"], []),
        ("put", "vault", ["b"], [b"x"]),
    ]


def test_a_dropped_vault_forgets_what_came_before_only() -> None:
    operations = [
        Op(1, "put", "vault", "a"),
        Op(2, "drop", "vault", ""),
        Op(3, "put", "vault", "b"),
        Op(4, "put", "wing", "c"),
    ]
    stored = {("vault", "a"): b"a", ("vault", "b"): b"b", ("wing", "c"): b"c"}
    assert plan(operations, stored) == [
        ("drop", "vault", [], []),
        ("put", "vault", ["b"], [b"b"]),
        ("put", "wing", ["c"], [b"c"]),
    ]


def test_a_chunk_that_moved_on_is_not_put_where_it_was() -> None:
    operations = [Op(1, "put", "vault", "a"), Op(2, "delete", "vault", "a"), Op(3, "put", "wing", "a")]
    assert plan(operations[:1], {("wing", "a"): b"a"}) == [("delete", "vault", ["a"], [])]
    assert plan(operations, {("wing", "a"): b"a"}) == [("delete", "vault", ["a"], []), ("put", "wing", ["a"], [b"a"])]


async def test_a_name_the_index_cannot_have_is_refused(library: Library) -> None:
    with pytest.raises(ValueError, match="no name for a vault"):
        await library.add("a b", 1)
