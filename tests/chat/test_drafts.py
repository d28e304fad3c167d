"""Messages that are being written: kept once, the last word of them, and gone when they are sent or deleted."""

import shutil
from pathlib import Path

import pytest
from factory import ask, delete_conversation, exchange, make_user

from gantry_edge.chat.clearing import clear
from gantry_edge.chat.drafts import NEW, keep_draft, read_draft
from gantry_edge.errors import NotFound
from gantry_edge.storage.database import Database

MARKER = "xylophonist"


@pytest.fixture
async def user(database: Database) -> str:
    return await database.write(make_user)


@pytest.fixture
async def talk(database: Database, user: str) -> str:
    return await database.write(lambda c: exchange(c, user).conversation_id)


async def write(database: Database, user: str, place: str, text: str, age: int = 0) -> str:
    return (await database.write(lambda c: keep_draft(c, user, place, text, age))).text


async def read(database: Database, user: str, place: str) -> str:
    return (await database.read(lambda c: read_draft(c, user, place))).text


async def test_each_conversation_has_its_own_and_so_has_the_next(database: Database, user: str, talk: str) -> None:
    await write(database, user, talk, "here")
    await write(database, user, NEW, "there")
    assert (await read(database, user, talk), await read(database, user, NEW)) == ("here", "there")


async def test_the_last_word_counts_in_whatever_order_it_arrives(database: Database, user: str, talk: str) -> None:
    assert await write(database, user, talk, "now", age=0) == "now"
    assert await write(database, user, talk, "an hour ago", age=3_600_000) == "now"
    assert await write(database, user, talk, "later") == "later"


async def test_nobody_else_has_it(database: Database, user: str, talk: str) -> None:
    other = await database.write(lambda c: make_user(c, "ben"))
    await write(database, user, NEW, "mine")
    assert await read(database, other, NEW) == ""
    with pytest.raises(NotFound):
        await read(database, other, talk)
    with pytest.raises(NotFound):
        await write(database, other, talk, "stolen")


async def test_sending_it_ends_it(database: Database, user: str, talk: str) -> None:
    await write(database, user, talk, "Why?")
    await database.write(lambda c: ask(c, user, "Why?", conversation_id=talk))
    assert await read(database, user, talk) == ""


async def test_the_first_message_ends_the_one_of_what_had_not_begun(database: Database, user: str) -> None:
    await write(database, user, NEW, "Why?")
    await database.write(lambda c: ask(c, user, "Why?"))
    assert await read(database, user, NEW) == ""


async def test_sending_another_text_leaves_it(database: Database, user: str, talk: str) -> None:
    await write(database, user, talk, "half a thought")
    await database.write(lambda c: ask(c, user, "Why?", conversation_id=talk))
    assert await read(database, user, talk) == "half a thought"


async def test_a_temporary_conversation_keeps_none(database: Database, user: str) -> None:
    talk = (await database.write(lambda c: ask(c, user, temporary=True))).conversation_id
    assert await write(database, user, talk, MARKER) == ""


async def test_nothing_of_it_is_left_when_its_conversation_is_deleted(
    database: Database, user: str, talk: str, tmp_path: Path
) -> None:
    await write(database, user, talk, f"{MARKER} one")
    await write(database, user, talk, f"{MARKER} two")
    assert any(MARKER.encode() in path.read_bytes() for path in tmp_path.glob("gantry.db*"))
    await database.write(lambda c: delete_conversation(c, user, talk))
    await database.empty_log()
    copies = [shutil.copyfile(path, tmp_path / f"copy-{path.name}") for path in tmp_path.glob("gantry.db*")]
    assert [path for path in copies if MARKER.encode() in Path(path).read_bytes()] == []


async def test_the_trash_takes_it_along_in_the_end(database: Database, user: str, talk: str) -> None:
    await write(database, user, talk, "half a thought")
    await database.write(lambda c: c.execute("UPDATE conversations SET place = 'trash', moved_at = 1"))
    await clear(database, trash=2, left=0)
    assert await database.read(lambda c: c.execute("SELECT count(*) FROM drafts").fetchone()[0]) == 0
