"""Whose a prompt is, and what becomes of it when its owner goes."""

import msgspec
import pytest
from factory import make_user

from gantry_edge.accounts.store import delete_user
from gantry_edge.errors import Conflict, NotFound
from gantry_edge.prompts import store
from gantry_edge.prompts.schema import MOST, PromptFields
from gantry_edge.storage.database import Connection, Database

FIELDS = PromptFields("Minutes", "Write the minutes of {{meeting}}.")


@pytest.fixture
async def ada(database: Database) -> str:
    return await database.write(lambda c: make_user(c, "ada"))


@pytest.fixture
async def ben(database: Database) -> str:
    return await database.write(lambda c: make_user(c, "ben"))


async def test_a_prompt_is_seen_by_its_owner_alone(database: Database, ada: str, ben: str) -> None:
    made = await database.write(lambda c: store.add_prompt(c, ada, FIELDS))
    assert await database.read(lambda c: store.list_prompts(c, ada)) == [made]
    assert await database.read(lambda c: store.list_prompts(c, ben)) == []


async def test_a_foreign_prompt_looks_like_none(database: Database, ada: str, ben: str) -> None:
    made = await database.write(lambda c: store.add_prompt(c, ada, FIELDS))
    with pytest.raises(NotFound):
        await database.write(lambda c: store.replace_prompt(c, ben, made.id, PromptFields("x", "x")))
    with pytest.raises(NotFound):
        await database.write(lambda c: store.delete_prompt(c, ben, made.id))
    assert await database.read(lambda c: store.list_prompts(c, ada)) == [made]


async def test_a_prompt_is_written_anew(database: Database, ada: str) -> None:
    made = await database.write(lambda c: store.add_prompt(c, ada, FIELDS))
    await database.write(lambda c: store.replace_prompt(c, ada, made.id, PromptFields("Agenda", "An agenda.")))
    (kept,) = await database.read(lambda c: store.list_prompts(c, ada))
    assert (kept.id, kept.name, kept.text, kept.created_at) == (made.id, "Agenda", "An agenda.", made.created_at)


async def test_deleting_an_owner_deletes_the_library(database: Database, ada: str) -> None:
    await database.write(lambda c: store.add_prompt(c, ada, FIELDS))
    await database.write(lambda c: delete_user(c, ada))
    assert await database.read(lambda c: c.execute("SELECT count(*) FROM prompts").fetchone()[0]) == 0


async def test_there_is_an_end_to_how_many(database: Database, ada: str) -> None:
    def many(connection: Connection) -> None:
        for _ in range(MOST + 1):
            store.add_prompt(connection, ada, FIELDS)

    with pytest.raises(Conflict):
        await database.write(many)


@pytest.mark.parametrize("fields", [{"name": " ", "text": "x"}, {"name": "x", "text": " \n"}])
def test_a_prompt_has_a_name_and_a_text(fields: dict[str, str]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(fields, PromptFields)
