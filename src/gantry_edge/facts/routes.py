"""HTTP of what is known about a person."""

from functools import partial
from typing import Annotated, Any, Literal

from litestar import Response, delete, get, patch
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody, QueryParameter

from gantry_edge.accounts.guards import Access
from gantry_edge.accounts.schema import User
from gantry_edge.facts import store
from gantry_edge.facts.export import as_json, as_markdown
from gantry_edge.facts.schema import Entity, EntityChange, Fact, FactChange, Graph, Status
from gantry_edge.paging import Page
from gantry_edge.parameters import Before, Limit, Words
from gantry_edge.problems import responses
from gantry_edge.storage.database import Database

MEMBER = Access.MEMBER
About = Annotated[str | None, QueryParameter(max_length=100)]
Wanted = Annotated[Status | None, QueryParameter()]
History = Annotated[bool, QueryParameter()]
Format = Annotated[Literal["json", "markdown"], QueryParameter()]
FILE = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}


@get("/api/facts", access=MEMBER, responses=responses(400, 401))
async def list_facts(
    user: Given[User],
    database: Given[Database],
    words: Words = "",
    about: About = None,
    status: Wanted = None,
    history: History = True,
    before: Before = None,
    limit: Limit = 50,
) -> Page[Fact]:
    """What is known about you, or `about` one entity, the newest first; `history` with what was once so."""
    wanted = partial(store.list_facts, user_id=user.id, query=words, about=about, status=status, history=history)
    return await database.read(lambda c: wanted(c, before=before, limit=limit))


@patch("/api/facts/{fact_id:str}", access=MEMBER, responses=responses(400, 401, 404))
async def change_fact(
    user: Given[User], database: Given[Database], fact_id: FromPath[str], data: JSONBody[FactChange]
) -> Fact:
    """Approve it, pin it, word it anew, or say that it is so no more."""
    return await database.write(lambda c: store.change_fact(c, user.id, fact_id, data))


@delete("/api/facts/{fact_id:str}", access=MEMBER, responses=responses(400, 401, 404))
async def forget_fact(user: Given[User], database: Given[Database], fact_id: FromPath[str]) -> None:
    """For good. The message it was said in stays."""
    await database.write(lambda c: store.forget_fact(c, user.id, fact_id))
    await database.empty_log()


@delete("/api/facts", access=MEMBER, responses=responses(401))
async def forget_everything(user: Given[User], database: Given[Database]) -> None:
    """All that is known about you, for good."""
    await database.write(lambda c: store.forget_everything(c, user.id))
    await database.empty_log()


@get("/api/facts/graph", access=MEMBER, responses=responses(401))
async def get_graph(user: Given[User], database: Given[Database]) -> Graph:
    """Whom and what your facts connect."""
    return await database.read(lambda c: store.graph(c, user.id))


@get("/api/facts/export", access=MEMBER, responses=responses(400, 401))
async def export_facts(user: Given[User], database: Given[Database], format: Format = "json") -> Response[Any]:
    """All of them with their sources, as a file."""
    facts = await database.read(lambda c: store.all_facts(c, user.id))
    ending, kind = ("md", "text/markdown") if format == "markdown" else ("json", "application/json")
    content = as_markdown(facts) if format == "markdown" else as_json(facts)
    headers = {**FILE, "Content-Disposition": f'attachment; filename="memory.{ending}"'}
    return Response(content, media_type=f"{kind}; charset=utf-8", headers=headers)


@patch("/api/entities/{entity_id:str}", access=MEMBER, responses=responses(400, 401, 404))
async def change_entity(
    user: Given[User], database: Given[Database], entity_id: FromPath[str], data: JSONBody[EntityChange]
) -> Entity:
    """Name it; with the name of another one, both become one."""
    return await database.write(lambda c: store.change_entity(c, user.id, entity_id, data))


routes = [
    list_facts,
    change_fact,
    forget_fact,
    forget_everything,
    get_graph,
    export_facts,
    change_entity,
]
