"""What Prometheus reads: names that stay, in the form it expects, for those who may."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from factory import ask
from prometheus_client.parser import text_string_to_metric_families

from gantry_edge.accounts.schema import Role
from gantry_edge.app import create_app
from gantry_edge.chat.schema import SendMessage
from gantry_edge.services import Services

GOLDEN = Path(__file__).parent / "metrics.txt"
UNITS = ("_seconds", "_bytes", "_info", "_ratio")
WRONG_UNITS = re.compile(r"_(ms|milliseconds|minutes|hours|kb|mb|kilobytes|megabytes|percent)(_|$)")
COUNTED = {
    "gantry_jobs",
    "gantry_streams_open",
    "gantry_index_state",
    "gantry_engine_state",
    "gantry_index_waiting_changes",
}


async def read(services: Services, address: str = "127.0.0.1", token: str = "") -> httpx.Response:
    transport = httpx.ASGITransport(create_app(services), client=(address, 1))
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as client:
        return await client.get("/metrics")


async def families(services: Services) -> list[Any]:
    answer = await read(services)
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return list(text_string_to_metric_families(answer.text))


async def test_names_types_and_labels_are_as_they_were_promised(services: Services) -> None:
    await read(services)  # so that one request is counted
    user = await services.accounts.create_user("ada", "correct horse battery", Role.OWNER)
    services.turns.written.note("failed", "model_busy", 3, 0, 100)
    await services.database.write(lambda c: ask(c, user.id))
    await services.database.write(
        lambda c: c.execute("INSERT INTO jobs VALUES ('1', 'x', '', 'failed', 0, 0, NULL, NULL, 0, 0, 0)")
    )
    told = []
    for family in await families(services):
        labels = {label for sample in family.samples for label in sample.labels} - {"le"}
        told.append(" ".join([family.name, family.type, *sorted(labels)]) + "\n")
    assert "".join(sorted(line for line in told if line.startswith("gantry_"))) == GOLDEN.read_text()


async def test_every_name_has_a_base_unit_and_every_counter_a_total(services: Services) -> None:
    text = (await read(services)).text
    for family in await families(services):
        assert family.documentation, family.name
        assert not WRONG_UNITS.search(family.name), family.name
        assert not family.name.endswith(("_total", "_count", "_sum", "_bucket")), family.name
        if family.type == "counter":
            assert f"# TYPE {family.name}_total counter" in text
        elif family.name.startswith("gantry_") and family.name not in COUNTED:
            assert family.name.endswith(UNITS), family.name


async def test_no_label_has_as_many_values_as_a_stranger_likes(services: Services) -> None:
    transport = httpx.ASGITransport(create_app(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        for n in range(50):
            await client.request(f"MADEUP{n}", f"/made-up/{n}")
            await client.get(f"/api/conversations/{n}")
        text = (await client.get("/metrics")).text
    assert {line for line in text.splitlines() if line.startswith("gantry_http_requests_total")} == {
        'gantry_http_requests_total{method="other",route="other",status="404"} 50.0',
        'gantry_http_requests_total{method="GET",route="/api/conversations/{conversation_id}",status="401"} 50.0',
    }


async def test_an_answer_counts_with_its_tokens(services: Services) -> None:
    user = await services.accounts.create_user("ada", "correct horse battery", Role.OWNER)
    await services.turns.start(user.id, SendMessage("Hello", model="scripted/say?tokens=5&rate=0"))
    await services.turns.drain(10)
    told = {sample.name: sample for family in await families(services) for sample in family.samples}
    assert told["gantry_answers_total"].labels == {"status": "done"}
    assert told["gantry_generation_tokens_total"].value > 0
    assert told["gantry_generation_first_token_seconds_count"].value == 1


@pytest.mark.parametrize(
    ("secret", "address", "token", "status"),
    [
        ("", "127.0.0.1", "", 200),
        ("", "::1", "", 200),
        ("", "192.0.2.1", "", 404),
        ("", "192.0.2.1", "guessed", 404),
        ("s3cret", "192.0.2.1", "s3cret", 200),
        ("s3cret", "192.0.2.1", "guessed", 404),
        ("s3cret", "127.0.0.1", "", 404),  # a proxy on this machine speaks for everybody
    ],
)
async def test_who_may_read_them(services: Services, secret: str, address: str, token: str, status: int) -> None:
    services.settings = replace(services.settings, metrics_token=secret)
    assert (await read(services, address, token)).status_code == status
