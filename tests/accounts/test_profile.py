"""How people are called, and by which name they sign in."""

import pytest
from accounts.office import PASSWORD, Office
from accounts.test_routes import log_in, set_up

from gantry_edge.accounts.schema import Role

ME = "/api/auth/me"


async def test_a_display_name_is_changed_without_a_password_and_taken_back(office: Office) -> None:
    async with office.client() as client:
        await set_up(client, office)
        changed = await client.patch(ME, json={"display_name": "  Ada Lovelace "})
        assert (changed.status_code, changed.json()["display_name"]) == (200, "Ada Lovelace")
        assert (await client.get(ME)).json() == changed.json()
        assert (await client.patch(ME, json={"display_name": " "})).json()["display_name"] == ""


async def test_another_user_name_needs_the_password_and_signs_in_from_then_on(office: Office) -> None:
    async with office.client() as client:
        await set_up(client, office)
        refused = await client.patch(ME, json={"name": "ada@example.org"})
        assert (refused.status_code, refused.json()["code"]) == (401, "wrong_password")
        changed = await client.patch(ME, json={"name": "ada@example.org", "password": PASSWORD})
        assert changed.status_code == 200
        assert (await client.get(ME)).json()["name"] == "ada@example.org"
        assert (await log_in(client)).status_code == 401
        assert (await log_in(client, "ADA@example.org")).status_code == 200


async def test_a_name_of_somebody_else_is_a_conflict_with_a_sentence(office: Office) -> None:
    async with office.client() as client:
        await set_up(client, office)
        await office.accounts.create_user("Ben", PASSWORD, Role.MEMBER)
        taken = await client.patch(ME, json={"name": "bEN", "password": PASSWORD})
        assert (taken.status_code, taken.json()["code"]) == (409, "name_taken")
        assert "another user name" in taken.json()["detail"]
        assert (await client.patch(ME, json={"name": "ADA", "password": PASSWORD})).json()["name"] == "ADA"


@pytest.mark.parametrize(
    "change", [{"name": "\u200b", "password": PASSWORD}, {"display_name": "a\u0000b"}, {"role": "owner"}]
)
async def test_what_is_no_name_is_refused(office: Office, change: dict[str, str]) -> None:
    async with office.client() as client:
        await set_up(client, office)
        before = (await client.get(ME)).json()
        assert (await client.patch(ME, json=change)).status_code == 400
        assert (await client.get(ME)).json() == before


async def test_all_other_sessions_end_at_once(office: Office) -> None:
    async with office.client() as here, office.client() as there:
        await set_up(here, office)
        await log_in(there)
        assert (await here.delete("/api/auth/sessions")).status_code == 204
        assert (await there.get(ME)).status_code == 401
        assert (await here.get(ME)).status_code == 200
