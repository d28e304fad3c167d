import pytest
from factory import exchange, make_user

from gantry_edge.chat.within import find_within
from gantry_edge.errors import NotFound
from gantry_edge.storage.database import Connection, Database


@pytest.fixture
async def user(database: Database) -> str:
    return await database.write(make_user)


async def counts(database: Database, user: str, reply: str, words: str) -> list[int]:
    def work(connection: Connection) -> list[int]:
        id = exchange(connection, user, "Where?", reply).conversation_id
        return [hits.count for hits in find_within(connection, user, id, words)]

    return await database.write(work)


@pytest.mark.parametrize(
    ("reply", "words", "count"),
    [
        ("The cliff, a Cliff, CLIFFS", "cliff", 3),
        ("Das Café in Nîmes", "cafe in nimes", 1),
        ("one\ntwo", "one two", 1),
        ("a **bold** word", "a bold word", 1),
        ("see [the map](https://example.org/cliff)", "cliff", 0),
        ("## A cliff\n\n- a cliff", "a cliff", 2),
        ("100% (really)", "(really)", 1),
    ],
)
async def test_it_is_found_as_it_is_shown(database: Database, user: str, reply: str, words: str, count: int) -> None:
    assert await counts(database, user, reply, words) == [count] * (count > 0)


async def test_nothing_is_looked_for(database: Database, user: str) -> None:
    assert await counts(database, user, "a word", "  ") == []


async def test_messages_come_from_the_top_down_and_of_the_branch_on_screen_only(database: Database, user: str) -> None:
    def work(connection: Connection) -> tuple[list[str], list[str]]:
        first = exchange(connection, user, "cliff", "cliff")
        id = first.conversation_id
        exchange(connection, user, "cliff", "no", conversation_id=id)
        aside = exchange(connection, user, "cliff", "no", conversation_id=id, parent_id=first.answer_id)
        found = [hits.message_id for hits in find_within(connection, user, id, "cliff")]
        return found, [first.message_id, first.answer_id, aside.message_id]

    found, expected = await database.write(work)
    assert found == expected


async def test_nobody_finds_in_the_conversation_of_another(database: Database, user: str) -> None:
    def work(connection: Connection) -> None:
        id = exchange(connection, user, "cliff").conversation_id
        find_within(connection, make_user(connection, "eve"), id, "cliff")

    with pytest.raises(NotFound):
        await database.write(work)
