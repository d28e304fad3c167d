from collections.abc import Sequence

import pytest

from gantry_edge.storage import words
from gantry_edge.storage.database import Connection, Database
from gantry_edge.storage.words import add_words, find_words

TEXTS = ["rent of the barn", *["rent of the house"] * 20, "lease of the house"]


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the library was large."""
    monkeypatch.setattr(words, "MOST_SCORED", 10)


async def put(database: Database, scope: str, texts: Sequence[str], first: int = 0) -> None:
    def add(connection: Connection) -> None:
        for number, text in enumerate(texts, first):
            add_words(connection, number, [scope], "notes.txt", text)

    await database.write(add)


async def find(database: Database, wanted: Sequence[str], scope: Sequence[str] | None, limit: int = 3) -> list[int]:
    found = await database.read(lambda connection: find_words(connection, wanted, scope, limit))
    return [number for number, _ in found]


async def test_of_many_pieces_those_with_the_rare_words_come_first(database: Database) -> None:
    await put(database, "a", TEXTS)
    assert (await find(database, ["rent", "house", "barn", "lease"], ["a"], 2)) == [0, 21]


async def test_what_is_rare_elsewhere_does_not_hide_what_is_here(database: Database) -> None:
    await put(database, "a", TEXTS[1:21])
    await put(database, "b", ["barn", "lease", "barn and lease"], first=100)
    assert len(await find(database, ["rent", "barn", "lease"], ["a"], 15)) == 15


async def test_common_words_alone_are_looked_for(database: Database) -> None:
    await put(database, "a", TEXTS)
    assert len(await find(database, ["rent"], ["a"], 30)) == 21


async def test_only_the_scope_is_searched(database: Database) -> None:
    await put(database, "a-1", TEXTS)
    await put(database, "b-1", ["rent"], first=100)
    assert await find(database, ["rent"], ["b-1"]) == [100]
    assert await find(database, ["rent"], []) == []


async def test_without_a_scope_everything_is_searched_but_its_names(database: Database) -> None:
    await put(database, "a-1", ["rent"])
    await put(database, "b-1", ["rent"], first=100)
    assert await find(database, ["rent", "a1"], None) == [0, 100]
    assert await find(database, ["a1"], None) == []


@pytest.mark.parametrize("word", ['"', "AND", "NEAR(", "x*", "col:y", "naïve", "東京", "-1", "')", "_", "²"])
async def test_no_word_is_a_syntax_error(database: Database, word: str) -> None:
    await put(database, "a", TEXTS)
    assert await find(database, [word], ["a"]) == []
