"""What another site, or another name for this machine, can do: nothing (S10, S11, S12)."""

from itertools import product

import pytest
from security.walk import CHANGING, ENDLESS, ROUTES, UPLOAD, Town

Headers = dict[str, str]
JSON = {"Content-Type": "application/json"}

FOREIGN: dict[str, Headers] = {
    "a page of another site": {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.test"},
    "a page of another port": {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:3000"},
    "a page that hides its origin": {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    "an old browser elsewhere": {"Origin": "http://evil.test"},
    "an old browser, port off": {"Origin": "http://localhost:3000"},
    "an old browser, sandboxed": {"Origin": "null"},
    "a look-alike": {"Origin": "http://localhost.evil.test"},
    "a navigation from elsewhere": {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
}
ENDING = [route for route in ROUTES if route.path not in ENDLESS]
FORMS = ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", ""]
PREFLIGHT = {
    "Origin": "https://evil.test",
    "Access-Control-Request-Method": "DELETE",
    "Access-Control-Request-Headers": "content-type",
    "Access-Control-Request-Private-Network": "true",
}


async def test_another_site_changes_nothing(town: Town) -> None:
    things = await town.things()
    before = await town.rows()
    for name, (where, headers), route in product(["vera", "nobody"], FOREIGN.items(), CHANGING):
        answer = await town.ask(name, route, things, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_site"), (name, where, route)
    assert await town.rows() == before


async def test_a_form_changes_nothing(town: Town) -> None:
    """Even without the headers that tell where it comes from."""
    things = await town.things()
    before = await town.rows()
    for type, route in product(FORMS, CHANGING):
        answer = await town.ask("vera", route, things, content=b'{"title": "x"}', headers={"Content-Type": type})
        uploads = (route.method, route.path) == UPLOAD and type.startswith("multipart/")
        assert answer.status_code == (400 if uploads else 415), (type, route)
    assert await town.rows() == before


@pytest.mark.parametrize("name", ["vera", "nobody"])
async def test_no_answer_opens_the_door_to_other_sites(town: Town, name: str) -> None:
    things = await town.things()
    for route in ENDING if name != "nobody" else ROUTES:
        answers = [
            await town.ask(name, route, things, headers={"Origin": "https://evil.test"}),
            await town.people[name].options(route.url(things), headers=PREFLIGHT),
        ]
        for answer in answers:
            opened = [header for header in answer.headers if header.lower().startswith("access-control-")]
            assert opened == [], route


async def test_another_name_for_this_machine_is_not_served(town: Town) -> None:
    things = await town.things()
    before = await town.rows()
    for route in ROUTES:
        answer = await town.ask("vera", route, things, headers={"Host": "evil.test"})
        assert (answer.status_code, answer.json()["code"]) == (421, "wrong_host"), route
    assert await town.rows() == before


async def test_every_answer_brings_the_security_headers(town: Town) -> None:
    things = await town.things()
    for route in ROUTES:
        for headers in ({}, {"Host": "evil.test"}, {"Origin": "null"}):
            answer = await town.ask("nobody", route, things, headers=headers)
            assert "content-security-policy" in answer.headers, route
            assert answer.headers["x-content-type-options"] == "nosniff", route
            assert answer.headers["referrer-policy"] == "no-referrer", route


async def test_our_own_page_may_change_things(town: Town) -> None:
    answer = await town.people["vera"].post(
        "/api/conversations",
        json={"title": "mine"},
        headers={"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
    )
    assert answer.status_code == 201
