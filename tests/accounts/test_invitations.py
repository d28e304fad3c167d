"""Links that let people in, and what those who look after the appliance may do to accounts, over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from accounts.office import PASSWORD, Office
from litestar.testing import AsyncTestClient

from gantry_edge.accounts.schema import Role
from gantry_edge.storage.audit import all_entries

Client = AsyncTestClient[Any]
NEW = "another quiet harbour"
DAY = 24 * 3600 * 1000


@asynccontextmanager
async def signed_in(office: Office, name: str) -> AsyncIterator[Client]:
    async with office.client() as client:
        answer = await client.post("/api/auth/login", json={"email": name, "password": PASSWORD})
        assert answer.status_code == 200
        yield client


@pytest.fixture
async def owner(office: Office) -> AsyncIterator[Client]:
    await office.make_owner("ada")
    async with signed_in(office, "ada") as client:
        yield client


@pytest.fixture
async def admin(office: Office, owner: Client) -> AsyncIterator[Client]:
    await office.accounts.create_user("anna", PASSWORD, Role.ADMIN)
    async with signed_in(office, "anna") as client:
        yield client


async def id_of(owner: Client, name: str) -> str:
    people = (await owner.get("/api/people")).json()["items"]
    return str(next(person["id"] for person in people if person["name"] == name))


async def invite(client: Client, **wanted: Any) -> str:
    answer = await client.post("/api/invitations", json=wanted)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["token"])


async def accept(office: Office, token: str, name: str = "ben", password: str = PASSWORD) -> tuple[int, dict[str, Any]]:
    async with office.client() as client:
        answer = await client.post("/api/invitations/accept", json={"token": token, "name": name, "password": password})
        return answer.status_code, answer.json()


async def test_who_is_invited_chooses_a_name_and_is_in(office: Office, owner: Client) -> None:
    token = await invite(owner, role="member")
    status, user = await accept(office, token, "Ben")
    assert (status, user["name"], user["role"]) == (200, "Ben", "member")
    async with signed_in(office, "ben") as ben:
        assert (await ben.get("/api/auth/me")).status_code == 200


async def test_a_link_works_once(office: Office, owner: Client) -> None:
    token = await invite(owner)
    await accept(office, token)
    assert (await accept(office, token, "eve"))[0] == 404


async def test_a_link_works_for_a_week(office: Office, owner: Client) -> None:
    token = await invite(owner)
    office.wall.value += 8 * DAY
    status, problem = await accept(office, token)
    assert (status, "ask for a new one" in problem["detail"]) == (404, True)


async def test_a_link_that_was_withdrawn_works_no_more(office: Office, owner: Client) -> None:
    token = await invite(owner)
    open_ones = (await owner.get("/api/invitations")).json()["items"]
    assert (await owner.delete(f"/api/invitations/{open_ones[0]['id']}")).status_code == 204
    assert (await accept(office, token))[0] == 404


async def test_a_taken_name_leaves_the_link_open(office: Office, owner: Client) -> None:
    token = await invite(owner)
    assert (await accept(office, token, "ADA"))[0] == 409
    assert (await accept(office, token, "ben"))[0] == 200


async def test_a_weak_password_leaves_the_link_open(office: Office, owner: Client) -> None:
    token = await invite(owner)
    assert (await accept(office, token, "ben", "password"))[1]["code"] == "weak_password"
    assert (await accept(office, token))[0] == 200


async def test_the_holder_of_a_link_sees_what_it_is_for(office: Office, owner: Client) -> None:
    token = await invite(owner, role="admin")
    async with office.client() as client:
        answer = await client.post("/api/invitations/open", json={"token": token})
    assert answer.json() | {"expires_at": 0} == {"role": "admin", "name": None, "expires_at": 0}


async def test_guessing_links_ends_in_429(office: Office, owner: Client) -> None:
    async with office.client() as client:
        answers = [
            (await client.post("/api/invitations/open", json={"token": f"guess {n}"})).status_code for n in range(12)
        ]
    assert answers[:10] == [404] * 10
    assert answers[-1] == 429


async def test_a_token_is_stored_as_its_hash_only(office: Office, owner: Client) -> None:
    token = await invite(owner)
    rows = await office.database.read(lambda c: c.execute("SELECT * FROM invitations").fetchall())
    assert token not in str([tuple(row) for row in rows])
    assert token not in (await owner.get("/api/invitations")).text


async def test_a_link_for_a_new_password_sets_it_and_ends_every_session(office: Office, owner: Client) -> None:
    await office.make_member("ben")
    async with signed_in(office, "ben") as ben:
        token = await invite(owner, person_id=await id_of(owner, "ben"))
        assert (await ben.get("/api/auth/me")).status_code == 200  # asking for a link changes nothing
        assert (await accept(office, token, "", NEW))[1]["name"] == "ben"
        assert (await ben.get("/api/auth/me")).status_code == 401


async def test_a_newer_link_for_a_password_replaces_the_one_before(office: Office, owner: Client) -> None:
    await office.make_member("ben")
    first = await invite(owner, person_id=await id_of(owner, "ben"))
    second = await invite(owner, person_id=await id_of(owner, "ben"))
    assert (await accept(office, first, "", NEW))[0] == 404
    assert (await accept(office, second, "", NEW))[0] == 200


async def test_a_locked_account_takes_no_new_password(office: Office, owner: Client) -> None:
    await office.make_member("ben")
    id = await id_of(owner, "ben")
    token = await invite(owner, person_id=id)
    await owner.patch(f"/api/people/{id}", json={"disabled": True})
    assert (await accept(office, token, "", NEW))[0] == 404


async def test_links_of_a_locked_admin_work_no_more(office: Office, owner: Client, admin: Client) -> None:
    token = await invite(admin)
    await owner.patch(f"/api/people/{await id_of(owner, 'anna')}", json={"disabled": True})
    assert (await accept(office, token))[0] == 404


async def test_an_admin_invites_members_only(owner: Client, admin: Client) -> None:
    assert (await admin.post("/api/invitations", json={"role": "member"})).status_code == 201
    for role in ("admin", "owner"):
        assert (await admin.post("/api/invitations", json={"role": role})).status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "/api/people/{id}", {"disabled": True}),
        ("PATCH", "/api/people/{id}", {"role": "member"}),
        ("DELETE", "/api/people/{id}/sessions", None),
        ("POST", "/api/invitations", {"person_id": "{id}"}),
    ],
)
async def test_an_admin_cannot_touch_an_owner(
    owner: Client, admin: Client, method: str, path: str, body: dict[str, Any] | None
) -> None:
    id = await id_of(owner, "ada")
    filled = {k: id if v == "{id}" else v for k, v in body.items()} if body else None
    answer = await admin.request(method, path.replace("{id}", id), json=filled)
    assert answer.status_code == 403


async def test_an_admin_makes_nobody_an_admin(office: Office, owner: Client, admin: Client) -> None:
    await office.make_member("ben")
    answer = await admin.patch(f"/api/people/{await id_of(owner, 'ben')}", json={"role": "admin"})
    assert answer.status_code == 403


async def test_nobody_changes_their_own_account_here(owner: Client) -> None:
    answer = await owner.patch(f"/api/people/{await id_of(owner, 'ada')}", json={"disabled": True})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


async def test_who_is_locked_out_is_out_at_once(office: Office, owner: Client) -> None:
    await office.make_member("ben")
    async with signed_in(office, "ben") as ben:
        await owner.patch(f"/api/people/{await id_of(owner, 'ben')}", json={"disabled": True})
        assert (await ben.get("/api/auth/me")).status_code == 401


async def test_who_is_signed_out_everywhere_may_sign_in_again(office: Office, owner: Client) -> None:
    await office.make_member("ben")
    async with signed_in(office, "ben") as ben:
        await owner.delete(f"/api/people/{await id_of(owner, 'ben')}/sessions")
        assert (await ben.get("/api/auth/me")).status_code == 401
    async with signed_in(office, "ben"):
        pass


async def test_the_list_says_since_when_and_where_people_are_signed_in(office: Office, owner: Client) -> None:
    await office.make_member("ben")
    people = {person["name"]: person for person in (await owner.get("/api/people")).json()["items"]}
    assert (people["ben"]["signed_in_at"], people["ben"]["sessions"]) == (None, 0)
    assert people["ada"]["signed_in_at"] == office.wall.value
    assert people["ada"]["sessions"] == 2  # the one of the set-up and this one


async def test_every_step_is_in_the_trail(office: Office, owner: Client) -> None:
    token = await invite(owner)
    await accept(office, token)
    id = await id_of(owner, "ben")
    await owner.patch(f"/api/people/{id}", json={"role": "admin"})
    await owner.patch(f"/api/people/{id}", json={"disabled": True})
    await owner.patch(f"/api/people/{id}", json={"disabled": False})
    async with office.client() as client:
        await client.post("/api/auth/login", json={"email": "ben", "password": "wrong guess"})
    actions = [entry.action for entry in await office.database.read(all_entries)]
    assert actions == [
        "account.set_up",
        "account.signed_in",
        "account.signed_in",
        "people.invited",
        "people.joined",
        "account.signed_in",
        "people.role_changed",
        "people.disabled",
        "people.enabled",
        "account.password_refused",
    ]


async def test_the_trail_holds_no_password_and_no_token(office: Office, owner: Client) -> None:
    token = await invite(owner)
    await accept(office, token)
    async with office.client() as client:
        await client.post("/api/auth/login", json={"email": "typed by mistake", "password": "wrong guess"})
    text = str(await office.database.read(all_entries))
    assert not [secret for secret in (PASSWORD, token, "typed by mistake", "wrong guess") if secret in text]
