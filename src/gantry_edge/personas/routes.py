"""HTTP of personas."""

from litestar import delete, get, post, put
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from gantry_edge.accounts.guards import Access
from gantry_edge.accounts.schema import User
from gantry_edge.paging import Page
from gantry_edge.parameters import Before, Limit
from gantry_edge.personas import store
from gantry_edge.personas.schema import (
    DefaultChoice,
    Defaults,
    NewPersona,
    Persona,
    PersonaFields,
    WorkspaceChoice,
)
from gantry_edge.problems import responses
from gantry_edge.storage.database import Database

MEMBER = Access.MEMBER


@get("/api/personas", access=MEMBER, responses=responses(400, 401))
async def list_personas(
    user: Given[User], database: Given[Database], before: Before = None, limit: Limit = 50
) -> Page[Persona]:
    """One's own and those for everybody, the newest first."""
    return await database.read(lambda c: store.list_personas(c, user, before, limit))


@post("/api/personas", access=MEMBER, responses=responses(400, 401, 403, 404, 409))
async def add_persona(user: Given[User], database: Given[Database], data: JSONBody[NewPersona]) -> Persona:
    """One's own; an administrator's may be for everybody, with `visibility` "system"."""
    return await database.write(lambda c: store.add_persona(c, user, data))


@get("/api/personas/defaults", access=MEMBER, responses=responses(401))
async def get_defaults(user: Given[User], database: Given[Database]) -> Defaults:
    """What new conversations begin with."""
    return await database.read(lambda c: store.read_defaults(c, user.id))


@put("/api/personas/defaults", access=MEMBER, responses=responses(400, 401, 404))
async def choose_default(user: Given[User], database: Given[Database], data: JSONBody[DefaultChoice]) -> Defaults:
    """One's own choice; without `persona_id` it is the workspace's again."""
    return await database.write(lambda c: store.choose_default(c, user.id, data.persona_id))


@put("/api/personas/defaults/workspace", access=Access.ADMIN, responses=responses(400, 401, 403, 404))
async def choose_for_workspace(
    user: Given[User], database: Given[Database], data: JSONBody[WorkspaceChoice]
) -> Defaults:
    """For everybody who has not chosen."""
    return await database.write(lambda c: store.choose_for_workspace(c, user.id, data.persona_id))


@get("/api/personas/{persona_id:str}", access=MEMBER, responses=responses(400, 401, 404))
async def get_persona(user: Given[User], database: Given[Database], persona_id: FromPath[str]) -> Persona:
    """All of it."""
    return await database.read(lambda c: store.get_persona(c, user, persona_id))


@put("/api/personas/{persona_id:str}", access=MEMBER, responses=responses(400, 401, 403, 404))
async def replace_persona(
    user: Given[User], database: Given[Database], persona_id: FromPath[str], data: JSONBody[PersonaFields]
) -> Persona:
    """Write it anew; what is left out is emptied. Answers that are there already do not change."""
    return await database.write(lambda c: store.replace_persona(c, user, persona_id, data))


@delete("/api/personas/{persona_id:str}", access=MEMBER, responses=responses(400, 401, 403, 404))
async def delete_persona(user: Given[User], database: Given[Database], persona_id: FromPath[str]) -> None:
    """Conversations with it go on without one."""
    await database.write(lambda c: store.delete_persona(c, user, persona_id))


routes = [
    list_personas,
    add_persona,
    get_defaults,
    choose_default,
    choose_for_workspace,
    get_persona,
    replace_persona,
    delete_persona,
]
