"""Documents of a shared collection: read by whom it is shared with, nobody else, and not a moment longer (S2, S8)."""

from functools import partial
from typing import Any

import pytest
from documents.desk import Desk

from gantry_edge.documents import reading
from gantry_edge.documents.schema import Scope
from gantry_edge.documents.search import Reach, Span, read_spans
from gantry_edge.documents.store import add_collection
from gantry_edge.errors import NotFound
from gantry_edge.sharing import store
from gantry_edge.storage.audit import By

CHEESE = "The Gruyère of our cooperative ripens for fourteen months in a cave near Fribourg."
SECRET = "The wages of our cooperative are kept in a cave near Fribourg, and nobody sees them."
QUESTION = "What is in the cave near Fribourg?"


class Shelves:
    """Ada's collection for others, with one document, and another of hers; bob, who has one of his own."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def fill(self) -> None:
        self.ada, self.bob = await self.desk.person("ada"), await self.desk.person("bob")
        self.place, self.other = [await self.collection(name) for name in ("For all", "Mine")]
        (self.cheese,) = await self.desk.read(self.ada, ("cheese.txt", CHEESE), collection_id=self.place)
        (self.secret,) = await self.desk.read(self.ada, ("wages.txt", SECRET), collection_id=self.other)
        (self.his,) = await self.desk.read(self.bob, ("his.txt", "My own cave near Fribourg is empty."))

    async def collection(self, name: str) -> str:
        return (await self.desk.database.write(lambda c: add_collection(c, self.ada, name))).id

    async def share(self) -> None:
        await self.desk.database.write(lambda c: store.share(c, By(self.ada), self.place, self.bob))

    async def unshare(self) -> None:
        await self.desk.database.write(lambda c: store.unshare(c, By(self.ada), self.place, self.bob))

    async def found(self, scope: Scope) -> set[str]:
        return {passage.document_id for passage in await self.desk.find(self.bob, QUESTION, scope)}


@pytest.fixture
async def shelves(working: Desk) -> Shelves:
    shelves = Shelves(working)
    await shelves.fill()
    return shelves


async def test_a_reader_finds_in_a_shared_collection_and_in_no_other(shelves: Shelves) -> None:
    await shelves.share()
    both = [shelves.place, shelves.other]
    assert await shelves.found(Scope(both)) == {shelves.cheese}
    assert await shelves.found(Scope(document_ids=[shelves.cheese, shelves.secret])) == {shelves.cheese}
    assert await shelves.found(Scope(both, [shelves.secret, shelves.his])) == {shelves.cheese, shelves.his}


async def test_all_of_ones_own_has_nothing_of_others_in_it(shelves: Shelves) -> None:
    await shelves.share()
    assert await shelves.found(Scope()) == {shelves.his}


async def test_what_is_shared_no_more_is_not_found_any_more(shelves: Shelves) -> None:
    await shelves.share()
    await shelves.unshare()
    for scope in (Scope([shelves.place]), Scope(document_ids=[shelves.cheese]), Scope()):
        assert shelves.cheese not in await shelves.found(scope)


async def test_a_document_given_whole_is_one_that_may_be_read(shelves: Shelves) -> None:
    search, scope = shelves.desk.search, Scope(document_ids=[shelves.cheese, shelves.secret])
    await shelves.share()
    told = [passage.text for passage in await search.gather(shelves.bob, QUESTION, scope, budget=3000)]
    assert told == [CHEESE]
    await shelves.unshare()
    assert await search.gather(shelves.bob, QUESTION, scope, budget=3000) == []


async def test_the_second_lock_holds_where_the_first_is_open(shelves: Shelves, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the scope says, and whatever the indexes name: the text comes with a grant or not at all."""
    everything = Reach([shelves.place, shelves.other], {}, [f"c{shelves.place}", f"c{shelves.other}"])
    monkeypatch.setattr("gantry_edge.documents.search.read_reach", lambda *_: everything)
    assert await shelves.found(Scope()) == set()
    await shelves.share()
    assert await shelves.found(Scope()) == {shelves.cheese}
    await shelves.unshare()
    assert await shelves.found(Scope()) == set()


async def test_what_a_source_says_is_read_with_the_grant_of_that_moment(shelves: Shelves) -> None:
    await shelves.share()
    (passage,) = await shelves.desk.find(shelves.bob, QUESTION, Scope([shelves.place]))
    span = Span(passage.document_id, passage.id, passage.start, passage.end)
    read = shelves.desk.database.read
    assert await read(lambda c: read_spans(c, shelves.bob, [span])) == [("", CHEESE)]
    await shelves.unshare()
    assert await read(lambda c: read_spans(c, shelves.bob, [span])) == [("", "")]


async def test_a_document_is_looked_at_with_a_grant_and_never_by_its_id_alone(shelves: Shelves) -> None:
    read = shelves.desk.database.read

    async def seen(id: str) -> list[str]:
        looks: list[Any] = [reading.read_document, reading.read_original, reading.read_text]
        names = []
        for look in looks:
            try:
                names.append((await read(partial(look, user_id=shelves.bob, id=id))).name)
            except NotFound:
                continue
        return names

    assert await seen(shelves.cheese) == []
    await shelves.share()
    assert await seen(shelves.cheese) == ["cheese.txt"] * 3
    assert await seen(shelves.secret) == []
    listed = await read(lambda c: reading.list_documents(c, shelves.bob, shelves.place, None, 10))
    assert [document.id for document in listed.items] == [shelves.cheese]
    await shelves.unshare()
    assert await seen(shelves.cheese) == []
    with pytest.raises(NotFound):
        await read(lambda c: reading.list_documents(c, shelves.bob, shelves.place, None, 10))


async def test_a_deleted_document_is_gone_for_readers_too(shelves: Shelves) -> None:
    await shelves.share()
    await shelves.desk.library.delete(shelves.ada, shelves.cheese)
    assert await shelves.found(Scope([shelves.place])) == set()
