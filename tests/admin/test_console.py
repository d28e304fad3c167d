"""What administrators see of a running program: sizes and counts, never a text."""

import json
import logging
from functools import partial

import httpx
import pytest
from factory import exchange

from gantry_edge import logs
from gantry_edge.accounts.schema import Login, Role, Visitor
from gantry_edge.admin.survey import disk
from gantry_edge.admin.usage import DAY, read_usage
from gantry_edge.app import create_app
from gantry_edge.chat.branching import branch_off
from gantry_edge.chat.shared import copy_conversation
from gantry_edge.ids import first_id, new_id, now
from gantry_edge.services import Services
from gantry_edge.storage.database import Connection, Database

PASSWORD = "correct horse battery"


@pytest.fixture
async def owner(services: Services) -> httpx.AsyncClient:
    await services.accounts.create_user("ada", PASSWORD, Role.OWNER)
    signed_in = await services.accounts.login(Login("ada", PASSWORD), Visitor("127.0.0.1"))
    cookies = {services.accounts.cookie_name("http"): signed_in.token}
    transport = httpx.ASGITransport(create_app(services))
    return httpx.AsyncClient(transport=transport, base_url="http://localhost", cookies=cookies)


def answered(connection: Connection, user_id: str) -> None:
    """In two seconds, from ten tokens, with five."""
    id = exchange(connection, user_id).answer_id
    connection.execute(
        "UPDATE answers SET prompt_tokens = 10, completion_tokens = 5, duration_ms = 2000 WHERE id = ?", (id,)
    )


def age(connection: Connection, table: str) -> None:
    connection.execute(f"UPDATE {table} SET created_at = created_at - 9")


async def conditions(owner: httpx.AsyncClient) -> dict[str, tuple[str, str]]:
    told = (await owner.get("/api/overview")).json()["conditions"]
    return {each["name"]: (each["status"], each["problem"]) for each in told}


async def test_all_is_well_at_first(owner: httpx.AsyncClient) -> None:
    found = await conditions(owner)
    assert set(found) == {"database", "files", "index", "embedder", "models", "disk", "queue", "network", "backup"}
    assert {name for name, (status, _) in found.items() if status != "pass"} <= {"disk"}  # of whoever runs the test


async def test_what_is_wrong_is_named(services: Services, owner: httpx.AsyncClient) -> None:
    services.index.state, services.index.trouble = "exact", "it hangs"
    services.survey.embedder.damaged = True
    await services.database.write(
        lambda c: c.execute("INSERT INTO jobs VALUES ('1', 'x', '', 'failed', 0, 0, NULL, NULL, 0, 0, 0)")
    )
    services.survey.meter.started -= 3 * 86_400
    found = await conditions(owner)
    assert found["index"] == ("warn", "exact")
    assert found["embedder"] == ("fail", "damaged")
    assert found["queue"] == ("warn", "failed")
    assert found["backup"] == ("fail", "late")


@pytest.mark.parametrize(("free", "status"), [(10**11, "pass"), (3 * 10**9, "warn"), (10**9, "fail")])
def test_a_disk_is_judged_by_its_free_room(free: int, status: str) -> None:
    assert disk(free, 10**11).status == status


async def test_a_sample_counts_what_came_since_the_one_before(services: Services, owner: httpx.AsyncClient) -> None:
    services.meter.sample()
    await owner.get("/api/conversations")
    await owner.get("/api/conversations")
    services.meter.sample()
    assert (await owner.get("/api/overview")).json()["samples"][-1]["requests"] == 2


async def test_the_usage_of_each_person_and_model_adds_up(services: Services, owner: httpx.AsyncClient) -> None:
    people = [await services.accounts.create_user(name, PASSWORD, Role.MEMBER) for name in ("bea", "cem")]
    for user in [people[0], people[0], people[1]]:
        await services.database.write(partial(answered, user_id=user.id))
    told = (await owner.get("/api/usage?days=7")).json()
    assert len(told["days"]) == 7
    assert told["days"][-1] == {"day": told["days"][-1]["day"], "answers": 3, "tokens": 45}
    assert [(row["name"], row["answers"], row["prompt_tokens"], row["duration_ms"]) for row in told["rows"]] == [
        ("bea", 2, 20, 4000),
        ("cem", 1, 10, 2000),
    ]
    assert told["watts"] == services.settings.watts


async def test_a_copy_of_an_answer_is_not_used_again(services: Services, owner: httpx.AsyncClient) -> None:
    user = await services.accounts.create_user("bea", PASSWORD, Role.MEMBER)
    started = await services.database.write(partial(exchange, user_id=user.id))
    for table in ("conversations", "answers"):
        await services.database.write(partial(age, table=table))
    await services.database.write(partial(branch_off, user_id=user.id, message_id=started.answer_id))
    await services.database.write(partial(copy_conversation, user_id=user.id, id=started.conversation_id))
    told = (await owner.get("/api/usage?days=7")).json()
    assert (told["days"][-1]["answers"], [row["answers"] for row in told["rows"]]) == (1, [1])


async def test_a_day_begins_where_the_reader_is(database: Database) -> None:
    late_evening = 20_000 * DAY + 23 * 3_600_000
    for offset, day in ((0, "2024-10-04"), (120, "2024-10-05")):
        usage = await database.read(partial(read_usage, now=late_evening, days=1, offset=offset, watts=40))
        assert [each.day for each in usage.days] == [day]


def test_ids_from_a_moment_on_are_those_not_less_than_its_first() -> None:
    at = now()
    assert first_id(at) <= new_id() < first_id(now() + 1)


async def test_the_log_is_followed_and_downloaded_as_it_is(services: Services, owner: httpx.AsyncClient) -> None:
    assert (await owner.get("/api/logs/file")).status_code == 404
    with logs.kept(services.log_folder, "info"):
        logging.getLogger("gantry_edge.test").info("a line for the console")
    downloaded = await owner.get("/api/logs/file")
    assert "a line for the console" in [json.loads(line)["event"] for line in downloaded.text.splitlines()]
    assert "attachment" in downloaded.headers["content-disposition"]
