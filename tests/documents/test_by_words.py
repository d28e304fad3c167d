"""Words are looked for within reach only, whichever of the two ways is the faster one."""

from collections.abc import Sequence

import pytest
from factory import make_user, shelve

from gantry_edge.documents import search
from gantry_edge.documents.chunks import scope_names
from gantry_edge.documents.schema import Scope
from gantry_edge.documents.search import Reach, find_by_words, read_best, read_reach, share_of_library
from gantry_edge.ids import new_id
from gantry_edge.storage.database import Connection, Database
from gantry_edge.storage.words import add_words

PLAIN, PLAINER, LOUD = "the rent of a house with a garden", "the house with a garden and a rent", "rent, rent, rent"
EVERYTHING = Scope()


def put(connection: Connection, user_id: str, texts: Sequence[str]) -> str:
    """A document that was read, of one chunk for each text; the chunks' ids say whose they are."""
    document = shelve(connection, user_id, "\n".join(texts), new_id())
    scope = scope_names(user_id, document.collection_id, document.id)
    for seq, text in enumerate(texts):
        number = connection.execute(
            "INSERT INTO chunks (id, document_id, seq, begins, ends, heading, gap, text)"
            " VALUES (?, ?, ?, 0, ?, '', '', ?) RETURNING number",
            (f"{user_id} {new_id()}", document.id, seq, len(text), text),
        ).fetchone()[0]
        add_words(connection, number, scope, "notes.txt", text)
    return document.id


@pytest.fixture
async def people(database: Database) -> tuple[str, str]:
    """Most of the library is the first one's; what the other has is nearer to the question."""

    def fill(connection: Connection) -> tuple[str, str]:
        ada, bob = make_user(connection, "ada"), make_user(connection, "bob")
        put(connection, bob, [LOUD] * 10)
        put(connection, ada, [PLAIN] * 15)
        put(connection, ada, [PLAINER])
        return ada, bob

    return await database.write(fill)


async def found(database: Database, user_id: str, scope: Scope = EVERYTHING) -> list[str]:
    def find(connection: Connection) -> list[str]:
        return [id for id, _ in find_by_words(connection, user_id, ["rent"], read_reach(connection, user_id, scope))]

    return await database.read(find)


async def share(database: Database, user_id: str, scope: Scope = EVERYTHING) -> float:
    return await database.read(lambda c: share_of_library(c, user_id, read_reach(c, user_id, scope)))


async def test_what_others_have_does_not_crowd_out_ones_own(
    database: Database, people: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, _ = people
    monkeypatch.setattr(search, "BEST", 4)
    assert await share(database, ada) > search.MOST
    hits = await found(database, ada)
    assert len(hits) == 4
    assert all(hit.startswith(ada) for hit in hits)


async def test_both_ways_find_the_same(
    database: Database, people: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, _ = people
    everywhere = await found(database, ada)
    monkeypatch.setattr(search, "MOST", 1.1)
    assert await found(database, ada) == everywhere
    assert len(everywhere) == 16


async def test_the_share_of_a_scope_is_its_chunks_of_all(database: Database, people: tuple[str, str]) -> None:
    ada, bob = people
    assert await share(database, bob) == pytest.approx(10 / 26)
    single = await database.write(lambda c: put(c, ada, [PLAIN] * 26))
    assert await share(database, ada, Scope(document_ids=[single])) == pytest.approx(26 / 52)
    assert await database.read(lambda c: share_of_library(c, ada, Reach([], {}, []))) == 0.0


async def test_chunks_are_read_until_the_room_is_full(
    database: Database, people: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, _ = people
    monkeypatch.setattr(search, "PORTION", 2)
    hits = [(id, 1.0) for id in await found(database, ada)]

    def read(connection: Connection, room: int) -> int:
        reach = read_reach(connection, ada, EVERYTHING)
        return len(read_best(connection, ada, reach, [], hits, room))

    assert await database.read(lambda c: read(c, len(PLAIN))) == 2
    assert await database.read(lambda c: read(c, len(PLAIN) * 3)) == 4
    assert await database.read(lambda c: read(c, 10_000)) == 16
