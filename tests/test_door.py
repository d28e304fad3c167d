"""The program's front door, before and after there is an app behind it."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from gantry_edge.asgi import send_json
from gantry_edge.assets import POLICY
from gantry_edge.door import Door
from gantry_edge.errors import DatabaseUnsafe

SLOW = {
    "gantry_edge.app",
    "gantry_edge.services",
    "litestar",
    "sqlite_utils",
    "argon2",
    "diskcache",
    "pydantic",
    "numpy",
}


async def app(scope: Any, receive: Any, send: Any) -> None:
    await send_json(f"the app at {scope['path']}", 200, send)


@pytest.fixture
def door() -> Door:
    return Door(["box.lan"])


@pytest.fixture
async def visitor(door: Door) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(door)
    named = {"X-Request-Id": "alike-for-all"}
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=named) as client:
        yield client


@pytest.mark.parametrize(
    "path", ["/", "/c/0190", "/settings", "/settings/password", "/library/", "/library/0190", "/shared", "/shared/0190"]
)
async def test_the_page_is_served_before_there_is_an_app(visitor: httpx.AsyncClient, path: str) -> None:
    response = await visitor.get(path)
    assert response.text.startswith("<!doctype html>")
    assert response.headers["content-security-policy"] == POLICY


@pytest.mark.parametrize("path", ["/personas", "/c/a/b", "/apiary"])
async def test_a_browser_at_an_unknown_address_is_shown_the_page_which_says_so(
    visitor: httpx.AsyncClient, path: str
) -> None:
    response = await visitor.get(path, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert response.status_code == 404
    assert response.text.startswith("<!doctype html>")


async def test_a_browser_at_an_address_of_the_app_gets_what_the_app_says(
    door: Door, visitor: httpx.AsyncClient
) -> None:
    door.open(app)
    response = await visitor.get("/api/nothing", headers={"Accept": "text/html"})
    assert response.json() == "the app at /api/nothing"


async def test_the_page_is_the_same_before_and_after(door: Door, visitor: httpx.AsyncClient) -> None:
    before = await visitor.get("/")
    script = before.text.partition('src="')[2].partition('"')[0]
    before_script = await visitor.get(script)
    door.open(app)
    after, after_script = await visitor.get("/"), await visitor.get(script)
    assert (before.headers, before.content) == (after.headers, after.content)
    assert (before_script.headers, before_script.content) == (after_script.headers, after_script.content)
    assert "immutable" in after_script.headers["cache-control"]


async def test_who_asks_before_the_app_is_open_waits_for_it(door: Door, visitor: httpx.AsyncClient) -> None:
    asking = [asyncio.create_task(visitor.get(path)) for path in ("/api/auth/me", "/nothing", "/c/a/b")]
    done, _ = await asyncio.wait(asking, timeout=0.05)
    assert not done
    door.open(app)
    answers = [(await each).json() for each in asking]
    assert answers == ["the app at /api/auth/me", "the app at /nothing", "the app at /c/a/b"]


async def test_a_monitor_is_told_that_it_lives_and_is_not_ready(visitor: httpx.AsyncClient) -> None:
    assert (await visitor.get("/health")).json() == {"status": "pass"}
    ready = await visitor.get("/ready")
    assert ready.status_code == 503
    assert ready.json()["checks"] == [{"name": "serving", "status": "fail", "detail": "the server is starting"}]


async def test_a_monitor_is_answered_by_the_app_from_then_on(door: Door, visitor: httpx.AsyncClient) -> None:
    door.open(app)
    assert (await visitor.get("/ready")).json() == "the app at /ready"


async def test_who_waited_is_told_why_it_does_not_open(door: Door, visitor: httpx.AsyncClient) -> None:
    asking = asyncio.create_task(visitor.get("/api/auth/me"))
    await asyncio.wait([asking], timeout=0.05)
    door.refuse(DatabaseUnsafe("This data folder was written by a newer version"))
    problem = (await asking).json()
    assert (problem["code"], problem["detail"]) == (
        "database_unsafe",
        "This data folder was written by a newer version",
    )


@pytest.mark.parametrize("path", ["/", "/health", "/api/auth/me"])
async def test_the_guards_stand_before_the_page_from_the_first_moment(visitor: httpx.AsyncClient, path: str) -> None:
    assert (await visitor.get(path, headers={"Host": "evil.test"})).status_code == 421
    forged = await visitor.post(path, headers={"Sec-Fetch-Site": "cross-site"})
    assert forged.status_code == 403
    assert forged.headers["x-content-type-options"] == "nosniff"


async def test_names_of_the_local_network_are_known_once_it_is_served(door: Door, visitor: httpx.AsyncClient) -> None:
    assert (await visitor.get("/", headers={"Host": "gantry.local"})).status_code == 421
    assert (await visitor.get("/", headers={"Host": "box.lan"})).status_code == 200
    door.open(app, lambda: {"gantry.local"})
    assert (await visitor.get("/", headers={"Host": "gantry.local"})).status_code == 200


async def test_the_frame_for_code_of_a_model_has_no_origin_and_reaches_nothing(visitor: httpx.AsyncClient) -> None:
    headers = (await visitor.get("/preview")).headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["connect-src"] == policy["frame-src"] == policy["form-action"] == "'none'"
    assert policy["sandbox"] == "allow-scripts"
    assert policy["frame-ancestors"] == "'self'"
    assert not {word for words in policy.values() for word in words.split()} & {"*", "http:", "https:", "'unsafe-eval'"}
    assert headers["connection-allowlist"] == "(response-origin)"


async def test_only_the_files_of_that_frame_are_for_those_of_no_origin(visitor: httpx.AsyncClient) -> None:
    for page, opened in (("/preview", True), ("/", False)):
        script = (await visitor.get(page)).text.partition('src="')[2].partition('"')[0]
        headers = (await visitor.get(script)).headers
        assert "immutable" in headers["cache-control"], script
        assert ("access-control-allow-origin" in headers) is opened, script


async def test_a_file_is_the_same_for_who_takes_no_encoding(visitor: httpx.AsyncClient) -> None:
    packed = await visitor.get("/", headers={"Accept-Encoding": "gzip"})
    plain = await visitor.get("/", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content


async def test_a_file_of_an_older_page_is_a_clear_problem(visitor: httpx.AsyncClient) -> None:
    response = await visitor.get("/assets/app-old.js")
    assert response.status_code == 404
    assert response.json()["detail"] == "This file is not part of the page; reload it"


async def test_the_page_can_be_asked_for_by_its_head(visitor: httpx.AsyncClient) -> None:
    assert (await visitor.head("/")).status_code == 200


def test_the_door_and_the_server_load_neither_the_framework_nor_the_rooms_behind_it() -> None:
    code = "import sys, gantry_edge.cli, gantry_edge.door, gantry_edge.appliance.server; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert set(loaded) & SLOW == set()
