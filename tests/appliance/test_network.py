"""The switch over HTTP, without listeners: who may, and what is remembered."""

from collections.abc import AsyncIterator

import httpx
import pytest
from program import PASSWORD

from gantry_edge.accounts.schema import Login, Role, Visitor
from gantry_edge.app import create_app
from gantry_edge.appliance import mdns, store
from gantry_edge.appliance.qr import draw
from gantry_edge.appliance.schema import Switch
from gantry_edge.services import Services


@pytest.fixture
async def owner(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    await services.accounts.create_user("ada", PASSWORD, Role.OWNER)
    signed_in = await services.accounts.login(Login("ada", PASSWORD), Visitor("127.0.0.1"))
    cookies = {services.accounts.cookie_name("http"): signed_in.token}
    transport = httpx.ASGITransport(create_app(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost", cookies=cookies) as client:
        yield client


def body(password: str = PASSWORD, *, lan: bool = True, https: bool = True) -> dict[str, object]:
    return {"lan": lan, "https": https, "password": password}


async def test_it_is_off_at_first(owner: httpx.AsyncClient) -> None:
    network = (await owner.get("/api/network")).json()
    assert (network["lan"], network["https"], network["addresses"], network["name_url"]) == (False, False, [], None)
    assert (await owner.get("/api/trust")).json()["enabled"] is False
    assert (await owner.get("/api/trust/ca.crt")).status_code == 404


async def test_the_switch_is_remembered(owner: httpx.AsyncClient, services: Services) -> None:
    assert (await owner.post("/api/network", json=body())).json()["lan"] is True
    assert await services.database.read(store.read_switch) == Switch(True, True)


async def test_a_word_that_is_no_switch_is_the_callers_mistake(owner: httpx.AsyncClient) -> None:
    response = await owner.post("/api/network", json={**body(), "lan": "perhaps"})
    assert response.status_code == 400
    assert "lan" in response.json()["detail"]


async def test_a_wrong_password_switches_nothing_and_is_counted(owner: httpx.AsyncClient, services: Services) -> None:
    answers = [await owner.post("/api/network", json=body("wrong horse battery")) for _ in range(11)]
    assert [answer.json()["code"] for answer in answers] == [*["wrong_password"] * 10, "too_many_attempts"]
    assert await services.database.read(store.read_switch) == Switch(False, False)


async def test_there_is_no_picture_of_a_foreign_address(owner: httpx.AsyncClient) -> None:
    answer = await owner.get("/api/network/qr", params={"url": "http://evil.test/"})
    assert answer.status_code == 404


async def test_nothing_is_asked_while_nothing_is_served(owner: httpx.AsyncClient) -> None:
    assert (await owner.post("/api/network/check")).json() == {"results": []}


def test_a_picture_is_svg_without_style_or_script() -> None:
    picture = draw("http://gantry.local:8484/").decode()
    assert "<svg" in picture
    assert "style" not in picture
    assert "script" not in picture


@pytest.mark.parametrize(
    ("first", "following"),
    [
        ("gantry", ["gantry", "gantry-2", "gantry-3"]),
        ("gantry-2", ["gantry-2", "gantry-3", "gantry-4"]),
        ("my-box", ["my-box", "my-box-2", "my-box-3"]),
    ],
)
def test_a_taken_name_gets_the_next_number(first: str, following: list[str]) -> None:
    names = mdns.labels(first)
    assert [next(names) for _ in following] == following
