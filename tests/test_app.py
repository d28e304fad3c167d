"""The app as a whole: errors, the page's files, streams."""

import asyncio
import sys

import httpx
import pytest
from program import PASSWORD

from gantry_edge import services
from gantry_edge.accounts import guards
from gantry_edge.accounts.schema import Login, Role, Visitor
from gantry_edge.app import PROVIDED, create_app, create_litestar
from gantry_edge.assets import accepts, trust_policy
from gantry_edge.documents import progress
from gantry_edge.retrieval.embedder import Embedder
from gantry_edge.services import Services
from gantry_edge.storage import events
from gantry_edge.storage.audit import MACHINE
from gantry_edge.storage.database import Database


def client(services: Services, token: str = "") -> httpx.AsyncClient:
    cookies = {services.accounts.cookie_name("http"): token} if token else None
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://localhost", cookies=cookies)


@pytest.mark.parametrize("path", ["/api/auth/login", "/api/setup"])
async def test_json_nested_without_end_is_a_bad_request(services: Services, path: str) -> None:
    async with client(services) as stranger:
        response = await stranger.post(path, content="[" * 100_000, headers={"Content-Type": "application/json"})
    assert response.status_code == 400
    assert response.json()["code"] == "bad_request"


async def test_an_unknown_address_is_a_problem_too(services: Services) -> None:
    async with client(services) as stranger:
        response = await stranger.get("/api/nothing/here")
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["code"] == "not_found"


async def test_a_stream_ends_with_the_session(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "LOOK_EVERY", 0.1)
    await services.accounts.create_user("ada", PASSWORD, Role.MEMBER)
    signed_in = await services.accounts.login(Login("ada", PASSWORD), Visitor("192.0.2.1"))
    async with client(services, signed_in.token) as ada:
        body = {"content": "Go", "model": "scripted/say?tokens=600&rate=100"}
        asking = asyncio.create_task(ada.post("/api/chat", json=body, headers={"Accept": "text/event-stream"}))
        while not any(turn.log.position > 20 for turn in services.turns._turns.values()):
            await asyncio.sleep(0.01)
        principal = await services.accounts.authenticate(signed_in.token)
        assert principal
        await services.accounts.logout(principal, MACHINE)
        response = await asking
    assert "event: delta" in response.text
    assert "event: done" not in response.text


def test_a_silent_stream_is_looked_at_within_five_seconds() -> None:
    """The heartbeat just before a look is due leaves it to the next one."""
    assert guards.LOOK_EVERY + max(events.HEARTBEAT, progress.HEARTBEAT_EVERY) <= 5


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        ("br", True),
        ("gzip, deflate, br", True),
        ("gzip, br;q=0.5", True),
        ("br;q=0", False),
        ("br; q=0.0", False),
        ("brotli", False),
        ("", False),
        ("gzip", False),
    ],
)
def test_an_encoding_is_used_only_where_it_is_taken(header: str, taken: bool) -> None:
    assert accepts(header, "br") is taken


async def test_the_weights_that_earlier_versions_unfolded_are_removed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = database.path.with_name("embedder")
    old.mkdir()
    (old / "8199be6f699a395f.float32.onnx").touch()
    monkeypatch.setattr(services, "WARM_AFTER", 0)
    await services.warm(database, Embedder())
    assert not old.exists()


def test_the_api_document_is_made_without_what_the_frozen_program_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "litestar._openapi.schema_generation.examples", raising=False)
    monkeypatch.setitem(sys.modules, "polyfactory", None)
    for name in [name for name in sys.modules if name.startswith(("polyfactory.", "faker"))]:
        monkeypatch.delitem(sys.modules, name)
    assert create_litestar(dict.fromkeys(PROVIDED)).openapi_schema.to_schema()["paths"]


@pytest.mark.parametrize("host", ["gantry.local", "gantry.local:8484", "192.168.1.20:8484"])
def test_the_trust_page_may_ask_its_own_host_over_https_and_nobody_else(host: str) -> None:
    name = host.partition(":")[0]
    assert f"; connect-src 'self' https://{name}:*; " in trust_policy(host)


@pytest.mark.parametrize("host", ["[fd00::2]:8484", "", "a b", "evil.test; script-src *"])
def test_the_trust_page_asks_nobody_where_the_policy_could_not_say_whom(host: str) -> None:
    assert "; connect-src 'self'; " in trust_policy(host)
