"""The same over HTTP: status codes, cookies, problems."""

import time
from typing import Any

import pytest
from accounts.office import PASSWORD, Office
from httpx import Response
from litestar import Litestar, get
from litestar.testing import AsyncTestClient

from gantry_edge import problems
from gantry_edge.accounts.guards import Access, require_access
from gantry_edge.accounts.schema import Role

COOKIE = "gantry_cafe0001"
Client = AsyncTestClient[Any]


async def set_up(client: Client, office: Office, **changed: str) -> Response:
    body = {"token": office.tokens[-1], "name": "ada", "password": PASSWORD} | changed
    return await client.post("/api/setup", json=body)


async def log_in(client: Client, name: str = "ada", password: str = PASSWORD) -> Response:
    return await client.post("/api/auth/login", json={"email": name, "password": password})


async def test_setup_answers_201_with_the_owner(office: Office) -> None:
    async with office.client() as client:
        response = await set_up(client, office)
        assert response.status_code == 201
        assert response.json() | {"id": "", "created_at": 0} == {
            "id": "",
            "name": "ada",
            "role": "owner",
            "display_name": "",
            "created_at": 0,
        }


async def test_the_page_learns_that_setup_is_needed(office: Office) -> None:
    async with office.client() as client:
        response = await client.get("/api/auth/me")
        assert (response.status_code, response.json()["code"]) == (401, "setup_needed")


async def test_ten_wrong_setup_tokens_end_in_429_and_a_new_token(office: Office) -> None:
    async with office.client() as client:
        answers = [(await set_up(client, office, token="wrong")).status_code for _ in range(10)]
        assert answers == [403] * 9 + [429]
        assert (await set_up(client, office, token=office.tokens[0])).status_code == 403
        assert (await set_up(client, office, token=office.tokens[1])).status_code == 201


async def test_a_second_setup_answers_409(office: Office) -> None:
    async with office.client() as client:
        await set_up(client, office)
        response = await set_up(client, office, name="bob")
        assert (response.status_code, response.json()["code"]) == (409, "already_set_up")


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(office: Office) -> None:
    async with office.client() as client:
        flags = (await set_up(client, office)).headers["set-cookie"].split("; ")
    assert flags[0].startswith(f"{COOKIE}=")
    assert {flag.lower() for flag in flags[1:]} == {"httponly", "max-age=2592000", "path=/", "samesite=strict"}


async def test_over_https_the_cookie_is_secure_and_pinned_to_the_host(office: Office) -> None:
    async with office.client("https") as client:
        cookie = (await set_up(client, office)).headers["set-cookie"]
        assert cookie.startswith(f"__Host-{COOKIE}=")
        assert "; Secure" in cookie
        assert (await client.get("/api/auth/me")).status_code == 200


async def test_signing_in_answers_200_with_the_user(office: Office) -> None:
    await office.make_owner()
    async with office.client() as client:
        response = await log_in(client)
        assert (response.status_code, response.json()["name"]) == (200, "ada")
        assert (await client.get("/api/auth/me")).json() == response.json()


async def test_a_wrong_password_answers_401(office: Office) -> None:
    await office.make_owner()
    async with office.client() as client:
        response = await log_in(client, password="wrong horse")
        assert (response.status_code, response.json()["code"]) == (401, "wrong_password")
        assert "set-cookie" not in response.headers


async def test_unknown_names_get_the_same_answer(office: Office) -> None:
    await office.make_owner()
    async with office.client() as client:
        known = await log_in(client, password="wrong horse")
        unknown = await log_in(client, name="nobody", password="wrong horse")
    assert known.content == unknown.content


async def test_forged_addresses_do_not_help_a_guesser(office: Office) -> None:
    await office.make_owner()
    async with office.client() as client:
        for number in range(1000):
            response = await client.post(
                "/api/auth/login",
                json={"email": f"user {number}", "password": f"guess number {number}"},
                headers={name: f"10.0.{number // 250}.{number % 250}" for name in FORWARDED},
            )
    assert office.hasher.checked <= 20
    assert response.status_code == 429
    assert 0 < int(response.headers["retry-after"]) <= 300


FORWARDED = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "CF-Connecting-IP")


async def test_a_planted_cookie_is_worth_nothing_after_sign_in(office: Office) -> None:
    planted = (await office.make_owner()).token
    async with office.client() as client:
        client.cookies.set(COOKIE, planted)
        await log_in(client)
    async with office.client() as thief:
        thief.cookies.set(COOKIE, planted)
        assert (await thief.get("/api/auth/me")).status_code == 401


async def test_signing_out_ends_the_session_and_the_cookie(office: Office) -> None:
    token = (await office.make_owner()).token
    async with office.client() as client:
        client.cookies.set(COOKIE, token)
        response = await client.post("/api/auth/logout")
        assert response.status_code == 204
        assert "Max-Age=0" in response.headers["set-cookie"]
        client.cookies.set(COOKIE, token)
        assert (await client.get("/api/auth/me")).status_code == 401


async def test_a_new_password_brings_a_new_cookie(office: Office) -> None:
    await office.make_owner()
    async with office.client() as client:
        await log_in(client)
        before = client.cookies[COOKIE]
        body = {"current": PASSWORD, "password": "another horse"}
        response = await client.post("/api/auth/password", json=body)
        assert response.status_code == 204
        assert client.cookies[COOKIE] != before
        assert (await client.get("/api/auth/me")).status_code == 200


async def test_a_revoked_session_answers_401(office: Office) -> None:
    await office.make_owner()
    async with office.client() as lost, office.client() as here:
        await log_in(lost)
        lost_id = (await lost.get("/api/auth/sessions")).json()["items"][0]["id"]
        await log_in(here)
        assert (await here.delete(f"/api/auth/sessions/{lost_id}")).status_code == 204
        assert (await lost.get("/api/auth/me")).status_code == 401


async def test_foreign_and_missing_sessions_look_alike(office: Office) -> None:
    ada = await office.accounts.authenticate((await office.make_owner()).token)
    assert ada
    await office.make_member("bob")
    async with office.client() as bob:
        await log_in(bob, "bob")
        foreign = await bob.delete(f"/api/auth/sessions/{ada.session_id}")
        missing = await bob.delete("/api/auth/sessions/0190a5b1-0000-7000-8000-000000000000")
    assert (foreign.status_code, foreign.content) == (404, missing.content)


async def test_two_instances_on_one_host_do_not_sign_each_other_out(office: Office) -> None:
    neighbour = Office(office.database, instance_id="0190a5b1-0000-7000-8000-0000cafe0002")
    await office.make_owner()
    async with office.client() as client, neighbour.client() as next_door:
        await log_in(client)
        next_door.cookies.update(client.cookies)
        await log_in(next_door)
        client.cookies.update(next_door.cookies)
        assert len(client.cookies) == 2
        assert (await client.get("/api/auth/me")).status_code == 200
    neighbour.accounts.close()


@pytest.mark.parametrize("name", ["", "  ", "x" * 65, "a\x00b", 7, None])
async def test_such_names_answer_400(office: Office, name: Any) -> None:
    async with office.client() as client:
        response = await set_up(client, office, name=name)
        assert (response.status_code, response.json()["code"]) == (400, "bad_request")


async def test_a_weak_password_says_so(office: Office) -> None:
    async with office.client() as client:
        response = await set_up(client, office, password="password")
        assert (response.status_code, response.json()["code"]) == (400, "weak_password")


async def test_a_megabyte_of_password_answers_400_at_once(office: Office) -> None:
    await office.make_owner()
    body = {"email": "ada", "password": "x" * 1_000_000}
    took = []
    async with office.client() as client:
        for _ in range(5):
            began = time.perf_counter()
            response = await client.post("/api/auth/login", json=body)
            took.append(time.perf_counter() - began)
            assert response.status_code == 400
    assert office.hasher.checked == 0
    assert min(took) < 0.05  # the test client's own copying included; the parsing takes 2 ms


async def test_a_stranger_gets_401_before_the_body_is_looked_at(office: Office) -> None:
    await office.make_owner()
    async with office.client() as client:
        response = await client.post("/api/auth/password", content=b"{nonsense")
        assert response.status_code == 401


@pytest.mark.parametrize("limit", ["0", "201", "x", "-1"])
async def test_such_page_sizes_answer_400(office: Office, limit: str) -> None:
    await office.make_owner()
    async with office.client() as client:
        await log_in(client)
        assert (await client.get("/api/auth/sessions", params={"limit": limit})).status_code == 400


@get("/undeclared")
async def undeclared() -> None: ...


@get("/misspelled", access="membre")
async def misspelled() -> None: ...


@get("/for-admins", access=Access.ADMIN)
async def for_admins() -> None: ...


@get("/for-the-owner", access="owner")
async def for_the_owner() -> None: ...


def guarded(office: Office) -> Litestar:
    app = office.app()
    for handler in (undeclared, misspelled, for_admins, for_the_owner):
        app.register(handler)
    return app


@pytest.mark.parametrize("path", ["/undeclared", "/misspelled"])
async def test_a_route_without_a_valid_access_answers_nobody(office: Office, path: str) -> None:
    await office.make_owner()
    async with AsyncTestClient(guarded(office), raise_server_exceptions=False) as client:
        await log_in(client)
        assert (await client.get(path)).status_code == 500


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (Role.MEMBER, "/for-admins", 403),
        (Role.ADMIN, "/for-admins", 200),
        (Role.OWNER, "/for-admins", 200),
        (Role.MEMBER, "/for-the-owner", 403),
        (Role.ADMIN, "/for-the-owner", 403),
        (Role.OWNER, "/for-the-owner", 200),
    ],
)
async def test_a_role_opens_its_doors_only(office: Office, role: Role, path: str, status: int) -> None:
    await office.accounts.create_user("carol", PASSWORD, role)
    async with AsyncTestClient(guarded(office)) as client:
        await log_in(client, "carol")
        assert (await client.get(path)).status_code == status


async def test_a_public_route_never_asks_the_database(office: Office) -> None:
    @get("/open", access=Access.PUBLIC)
    async def open_door() -> None: ...

    app = Litestar([open_door], guards=[require_access], plugins=[problems.plugin], openapi_config=None)
    async with AsyncTestClient(app) as client:  # there are no accounts in its state
        assert (await client.get("/open")).status_code == 200


async def test_options_needs_no_session(office: Office) -> None:
    await office.make_owner()
    async with office.client() as client:
        assert (await client.options("/api/auth/me")).status_code == 204
