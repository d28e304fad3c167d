"""Who may call what, walked over every route of the real app (S1, S6)."""

import asyncio
from itertools import product

import pytest
from factory import ask as running_exchange
from litestar.routes import HTTPRoute
from models.test_local import model
from security.walk import CHANGING, ENDLESS, OWNED, PASSWORD, ROUTES, SAFE, TABLES, Town, missing

from gantry_edge.accounts.guards import NEEDED, Access, declared_access
from gantry_edge.accounts.schema import RANKS, Role
from gantry_edge.app import PROVIDED, create_litestar
from gantry_edge.ids import new_id
from gantry_edge.models.engine import Engine
from gantry_edge.models.schema import NewEndpoint
from gantry_edge.services import Services
from gantry_edge.storage.audit import By, all_entries

CLOSED = [route for route in ROUTES if route.access is not Access.PUBLIC]
OWNED_ROUTES = [route for route in ROUTES if route.params & OWNED]
STRANGERS = ["mallory", "anna", "otto"]  # a member, an admin and the appliance's owner
LISTS = [
    "/api/conversations",
    "/api/auth/sessions",
    "/api/collections",
    "/api/documents",
    "/api/personas",
    "/api/facts",
    "/api/shared",
]
ROLES = {"mallory": Role.MEMBER, "anna": Role.ADMIN, "otto": Role.OWNER}


def test_the_walk_is_not_empty() -> None:
    assert len(ROUTES) > 20
    assert len(OWNED_ROUTES) >= 8


async def test_every_route_of_the_app_declares_its_access(services: Services) -> None:
    app = create_litestar({name: getattr(services, name) for name in PROVIDED})
    handlers = [handler for route in app.routes if isinstance(route, HTTPRoute) for handler in route.route_handlers]
    assert len(handlers) > len(ROUTES)  # the OpenAPI document, and OPTIONS of each path
    for handler in handlers:
        declared_access(handler)


async def test_the_app_has_no_route_beside_the_walk(services: Services) -> None:
    app = create_litestar({name: getattr(services, name) for name in PROVIDED})
    walked = {route.path for route in ROUTES}
    documentation = {"/api", "/api/{path}", "/api/openapi.json"}
    assert {route.path_format for route in app.routes if route.path not in walked} == documentation


async def test_the_database_has_no_table_beside_the_walk(services: Services) -> None:
    rows = await services.database.read(lambda c: c.execute("SELECT name FROM sqlite_schema WHERE type = 'table'"))
    assert {row[0] for row in rows if not row[0].startswith(("sqlite_", "_sqlite"))} == set(TABLES)


def test_these_and_no_other_routes_are_public() -> None:
    assert {str(route) for route in ROUTES if route.access is Access.PUBLIC} == {
        "GET /health",
        "GET /ready",
        "GET /metrics",
        "POST /api/setup",
        "POST /api/auth/login",
        "POST /api/invitations/accept",
        "POST /api/invitations/open",
        "GET /api/trust",
        "GET /api/trust/ca.crt",
        "GET /api/trust/ca.pem",
        "GET /api/trust/ca.mobileconfig",
    }


async def test_a_stranger_gets_401_everywhere_and_changes_nothing(town: Town) -> None:
    things = await town.things()
    before = await town.rows()
    answers = {str(route): await town.ask("nobody", route, things) for route in CLOSED}
    assert {name: a.json()["code"] for name, a in answers.items() if a.status_code != 401} == {}
    assert await town.rows() == before


async def test_a_stranger_gets_401_even_for_nonsense(town: Town) -> None:
    headers = {"Content-Type": "application/json"}
    answers = {
        str(route): (await town.ask("nobody", route, content=b"{nonsense", headers=headers)).status_code
        for route in CLOSED
    }
    assert set(answers.values()) == {401}


async def test_a_forged_cookie_is_a_stranger(town: Town) -> None:
    town.people["forger"] = town.client("x" * 43)
    answers = {str(route): (await town.ask("forger", route)).status_code for route in CLOSED}
    assert set(answers.values()) == {401}


@pytest.mark.parametrize("name", STRANGERS)
async def test_a_role_opens_what_is_declared_for_it(town: Town, name: str) -> None:
    """Asked for things that are not there, so that nothing happens."""
    wrong = {}
    for route in CLOSED:
        if route.path.startswith("/api/auth/") or route.path in ENDLESS:
            continue
        status = (await town.ask(name, route)).status_code
        allowed = RANKS[ROLES[name]] >= NEEDED[route.access]
        if (status != 403) != allowed or status == 401:
            wrong[str(route)] = status
    assert wrong == {}


async def test_its_owner_reaches_a_thing(town: Town) -> None:
    """Otherwise the 404s below would mean nothing."""
    for route in OWNED_ROUTES:
        answer = await town.ask("vera", route, await town.things())
        assert answer.status_code < 500, route
        assert answer.status_code not in {401, 403, 404}, route


async def test_a_foreign_thing_looks_like_a_missing_one(town: Town) -> None:
    things = await town.things()
    before = await town.rows()
    for name, route in product(STRANGERS, OWNED_ROUTES):
        foreign, absent = await town.ask(name, route, things), await town.ask(name, route, missing())
        assert (foreign.status_code, foreign.content) == (404, absent.content), (name, route)
        assert dict(foreign.headers) == dict(absent.headers), (name, route)
    assert await town.rows() == before


async def test_so_it_does_while_its_answer_is_being_written(town: Town) -> None:
    started = await town.services.database.write(lambda c: running_exchange(c, town.vera_id))
    things = (await town.things()) | {
        "conversation_id": started.conversation_id,
        "message_id": started.answer_id,
        "answer_id": started.answer_id,
    }
    before = await town.rows()
    for name, route in product(STRANGERS, OWNED_ROUTES):
        foreign, absent = await town.ask(name, route, things), await town.ask(name, route, missing())
        assert (foreign.status_code, foreign.content) == (404, absent.content), (name, route)
    assert await town.rows() == before


async def test_a_foreign_id_in_a_message_looks_like_a_missing_one(town: Town) -> None:
    chat = next(route for route in ROUTES if route.path == "/api/chat")
    things = await town.things()
    before = await town.rows()
    for name, field in product(STRANGERS, ("conversation_id", "parent_id", "persona_id")):
        theirs = things["message_id" if field == "parent_id" else field]
        foreign = await town.ask(name, chat, json={"content": "hello", field: theirs})
        absent = await town.ask(name, chat, json={"content": "hello", field: new_id()})
        assert (foreign.status_code, foreign.content) == (404, absent.content), (name, field)
        assert absent.status_code == 404, (name, field)
    assert await town.rows() == before


@pytest.mark.parametrize("name", STRANGERS)
async def test_a_message_id_of_someone_else_shows_nothing_of_theirs(town: Town, name: str) -> None:
    chat = next(route for route in ROUTES if route.path == "/api/chat")
    started = await town.services.database.write(lambda c: running_exchange(c, town.vera_id))
    before = await town.rows()
    answer = await town.ask(name, chat, json={"content": "hello", "message_id": started.message_id})
    assert answer.status_code == 202  # a question of their own, under a new id
    assert not [id for id in (started.message_id, started.answer_id, started.conversation_id) if id in answer.text]
    kept = {row for row in before if not row.startswith("message_words_data ")}  # of everybody, packed anew
    assert kept <= set(await town.rows())


@pytest.mark.parametrize("name", STRANGERS)
async def test_a_foreign_branch_cannot_be_brought_on_screen(town: Town, name: str) -> None:
    chat = next(route for route in ROUTES if route.method == "PATCH" and "conversations" in route.path)
    made = await town.people[name].post("/api/conversations", json={"title": "mine"})
    mine = {"conversation_id": made.json()["id"]}
    theirs = (await town.things())["message_id"]
    before = await town.rows()
    foreign = await town.ask(name, chat, mine, json={"leaf_id": theirs})
    absent = await town.ask(name, chat, mine, json={"leaf_id": new_id()})
    assert (foreign.status_code, foreign.content) == (absent.status_code, absent.content)
    assert foreign.is_client_error
    assert await town.rows() == before


async def test_a_list_shows_only_what_is_ones_own(town: Town) -> None:
    theirs = set((await town.things()).values())
    for name, path in product(STRANGERS, LISTS):
        items = (await town.people[name].get(path)).json()["items"]
        assert not theirs & {item["id"] for item in items}, (name, path)


async def test_a_foreign_cursor_shows_only_what_is_ones_own(town: Town) -> None:
    theirs = set((await town.things()).values())
    for path, cursor in product(LISTS, theirs):
        answer = await town.people["mallory"].get(path, params={"before": cursor})
        assert answer.status_code < 500, path
        assert not theirs & {item["id"] for item in answer.json().get("items", [])}, path


async def test_a_disabled_user_is_out_at_once(town: Town) -> None:
    things = await town.things()
    await town.services.database.write(lambda c: c.execute("UPDATE users SET disabled_at = 1 WHERE name = 'vera'"))
    before = await town.rows()
    without_account = {"/api/setup": 409, "/api/invitations/open": 404, "/api/invitations/accept": 404}
    for route in CHANGING:
        answer = await town.ask("vera", route, things)
        assert answer.status_code == without_account.get(route.path, 401), route
    assert await town.rows() == before


async def test_a_new_password_ends_the_other_sessions_on_every_route(town: Town) -> None:
    things = await town.things()
    here = await town.sign_in("vera")
    changed = await here.post("/api/auth/password", json={"current": PASSWORD, "password": "another horse"})
    assert changed.status_code == 204
    await here.aclose()
    answers = {str(route): (await town.ask("vera", route, things)).status_code for route in CLOSED}
    assert {route for route, status in answers.items() if status != 401} == set()


async def test_reading_changes_nothing(town: Town) -> None:
    things = await town.things()
    before = await town.rows()
    for route in ROUTES:
        if route.method in SAFE and route.path not in ENDLESS:
            assert (await town.ask("vera", route, things)).status_code < 500, route
    assert await town.rows() == before


async def test_whatever_an_administrator_changes_is_in_the_audit_trail(town: Town) -> None:
    """Each route for administrators, with a body it takes, by the owner, done to somebody else."""
    things = await town.things() | {"person_id": town.vera_id, "file_name": "old.gguf"}
    home = town.services.settings.home
    there = {"url": town.services.endpoints.configured[0].url, "path": str(model(home, "new.gguf"))}
    town.services.local_models._engine = Engine(None, ["/nowhere/at/all"], 1)
    silent = []
    for route in CHANGING:
        if NEEDED.get(route.access, 0) < NEEDED[Access.ADMIN]:
            continue
        invited = await town.people["otto"].post("/api/invitations", json={})
        server = await town.services.added.add(NewEndpoint(new_id()[-12:], there["url"]), By())
        model(home / "models", "old.gguf")
        group_id = await town.group(str(route), *([town.vera_id] if route.method == "DELETE" else []))
        fresh = {"endpoint_id": server.id, "group_id": group_id}
        ids = things | fresh | {"invitation_id": invited.json()["invitation"]["id"]}
        before = await town.services.database.read(all_entries)
        body = {name: there.get(name, value) for name, value in (route.body or {}).items()}
        answer = await town.ask("otto", route, ids, **({"json": body} if body else {}))
        assert answer.status_code < 300, (route, answer.text)
        if await town.services.database.read(all_entries) == before:
            silent.append(str(route))
        while town.services.local_models._next is not None:
            await asyncio.sleep(0.01)
    assert silent == []
