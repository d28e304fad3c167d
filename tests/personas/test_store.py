"""Whose a persona is, and what becomes of it when its owner or a collection goes."""

from collections.abc import Callable
from typing import Any

import pytest
from factory import make_user, shelve

from gantry_edge.accounts.schema import Role, User
from gantry_edge.accounts.store import delete_user
from gantry_edge.documents.removal import remove_some
from gantry_edge.documents.store import delete_collection
from gantry_edge.errors import BadRequest, Conflict, Forbidden, NotFound
from gantry_edge.personas import store
from gantry_edge.personas.schema import MOST, NewPersona, Persona, PersonaFields
from gantry_edge.storage.database import Connection, Database, DatabaseError


@pytest.fixture
async def person(database: Database) -> Callable[..., Any]:
    async def make(name: str, role: Role = Role.MEMBER) -> User:
        id = await database.write(lambda c: make_user(c, name, role.value))
        return User(id, name, role, 0)

    return make


@pytest.fixture
async def ada(person: Callable[..., Any]) -> User:
    return await person("ada")  # type: ignore[no-any-return]


@pytest.fixture
async def anna(person: Callable[..., Any]) -> User:
    return await person("anna", Role.ADMIN)  # type: ignore[no-any-return]


async def add(database: Database, user: User, name: str = "Pirate", **rest: Any) -> Persona:
    return await database.write(lambda c: store.add_persona(c, user, NewPersona(name=name, **rest)))


async def names(database: Database, user: User) -> list[str]:
    page = await database.read(lambda c: store.list_personas(c, user, None, 50))
    return sorted(persona.name for persona in page.items)


async def test_a_private_persona_is_seen_by_its_owner_alone(database: Database, ada: User, anna: User) -> None:
    await add(database, ada)
    assert await names(database, ada) == ["Pirate"]
    assert await names(database, anna) == []


async def test_a_persona_for_everybody_is_seen_by_all_and_written_by_administrators(
    database: Database, ada: User, anna: User
) -> None:
    made = await add(database, anna, visibility="system")
    seen = await database.read(lambda c: store.get_persona(c, ada, made.id))
    assert (made.editable, seen.editable) == (True, False)
    with pytest.raises(Forbidden):
        await database.write(lambda c: store.replace_persona(c, ada, made.id, PersonaFields(name="x")))
    with pytest.raises(Forbidden):
        await database.write(lambda c: store.delete_persona(c, ada, made.id))
    with pytest.raises(Forbidden):
        await add(database, ada, visibility="system")


async def test_deleting_an_owner_deletes_the_private_personas_and_publishes_none(
    database: Database, ada: User, anna: User
) -> None:
    await add(database, ada, "Secret")
    await database.write(lambda c: delete_user(c, ada.id))
    assert await names(database, anna) == []
    assert await database.read(lambda c: c.execute("SELECT count(*) FROM personas").fetchone()[0]) == 0


async def test_what_a_deleted_administrator_made_for_everybody_stays(database: Database, ada: User, anna: User) -> None:
    await add(database, anna, "House style", visibility="system")
    await add(database, anna, "Secret")
    await database.write(lambda c: delete_user(c, anna.id))
    assert await names(database, ada) == ["House style"]


@pytest.mark.parametrize("change", ["user_id = NULL", "visibility = 'system'"])
async def test_the_database_itself_refuses_to_publish_a_private_persona(
    database: Database, ada: User, change: str
) -> None:
    await add(database, ada)
    with pytest.raises(DatabaseError):
        await database.write(lambda c: c.execute(f"UPDATE personas SET {change}"))


async def test_writing_a_persona_anew_empties_what_is_left_out(database: Database, ada: User) -> None:
    made = await add(database, ada, prompt="Arr", starters=["Ahoy"], model="scripted/echo")
    now = await database.write(lambda c: store.replace_persona(c, ada, made.id, PersonaFields(name="Quiet")))
    assert (now.name, now.prompt, now.starters, now.model) == ("Quiet", "", [], None)


async def test_a_deleted_collection_drops_out(database: Database, ada: User) -> None:
    document = await database.write(lambda c: shelve(c, ada.id, "text", "0" * 64))
    made = await add(database, ada, collection_ids=[document.collection_id])
    assert made.collection_ids == [document.collection_id]
    await database.write(lambda c: delete_collection(c, ada.id, document.collection_id))
    assert (await database.read(lambda c: store.get_persona(c, ada, made.id))).collection_ids == []


async def test_a_foreign_collection_cannot_be_attached(database: Database, ada: User, anna: User) -> None:
    document = await database.write(lambda c: shelve(c, anna.id, "text", "0" * 64))
    with pytest.raises(NotFound):
        await add(database, ada, collection_ids=[document.collection_id])


async def test_a_persona_for_everybody_has_no_collections(database: Database, anna: User) -> None:
    document = await database.write(lambda c: shelve(c, anna.id, "text", "0" * 64))
    with pytest.raises(BadRequest):
        await add(database, anna, visibility="system", collection_ids=[document.collection_id])
    await database.write(lambda c: remove_some(c, anna.id))


async def test_the_default_is_ones_own_choice_else_the_workspaces_else_none(
    database: Database, ada: User, anna: User
) -> None:
    def now(connection: Connection) -> str | None:
        return store.read_defaults(connection, ada.id).persona_id

    house = (await add(database, anna, "House", visibility="system")).id
    mine = (await add(database, ada)).id
    assert await database.read(now) is None
    await database.write(lambda c: store.choose_for_workspace(c, anna.id, house))
    assert await database.read(now) == house
    await database.write(lambda c: store.choose_default(c, ada.id, mine))
    assert await database.read(now) == mine
    await database.write(lambda c: store.choose_default(c, ada.id, None))
    assert await database.read(now) is None
    await database.write(lambda c: store.choose_default(c, ada.id, mine))
    await database.write(lambda c: store.delete_persona(c, ada, mine))
    assert await database.read(now) == house


async def test_a_private_persona_is_no_default_for_others(database: Database, ada: User, anna: User) -> None:
    mine = (await add(database, ada)).id
    with pytest.raises(NotFound):
        await database.write(lambda c: store.choose_default(c, anna.id, mine))
    with pytest.raises(NotFound):
        await database.write(lambda c: store.choose_for_workspace(c, anna.id, mine))
    own = (await add(database, anna)).id
    with pytest.raises(BadRequest):
        await database.write(lambda c: store.choose_for_workspace(c, anna.id, own))


async def test_there_is_an_end_to_how_many(database: Database, ada: User) -> None:
    def many(connection: Connection) -> None:
        for n in range(MOST + 1):
            store.add_persona(connection, ada, NewPersona(name=f"{n}"))

    with pytest.raises(Conflict):
        await database.write(many)
