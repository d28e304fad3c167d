"""Answers that wait for their turn at an endpoint that writes one at a time."""

import asyncio
import dataclasses
from collections.abc import AsyncGenerator
from typing import Any

import msgspec
import pytest
from factory import make_user
from models.test_client import asking

from gantry_edge.chat.schema import SendMessage
from gantry_edge.config import ConfiguredEndpoint, Settings
from gantry_edge.models.scripted import ScriptedEndpoint
from gantry_edge.quiet import Quiet
from gantry_edge.services import Services

LONG = "scripted/say?tokens=100000&rate=20"
SHORT = "scripted/say?tokens=3"


@pytest.fixture
def settings(settings: Settings, scripted: ScriptedEndpoint) -> Settings:
    return dataclasses.replace(settings, endpoints=(ConfiguredEndpoint("scripted", scripted.url, slots=1),))


@pytest.fixture
async def people(services: Services) -> dict[str, str]:
    return {name: await services.database.write(lambda c: make_user(c, name)) for name in ("ada", "ben", "cleo")}


async def ask(services: Services, person: str, model: str = SHORT) -> str:
    return (await services.turns.start(person, SendMessage("Tell me", model=model))).answer_id


async def until(condition: Any) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


async def watch(services: Services, person: str, answer: str) -> AsyncGenerator[tuple[str, Any], None]:
    """The events of an answer: their type and what they carry."""
    async for batch in await services.turns.follow(person, answer, 0):
        for block in batch.decode().split("\n\n"):
            fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line and line[0] != ":")
            if fields:
                yield fields["event"], msgspec.json.decode(fields["data"])


async def test_who_waits_is_told_the_place_and_when_it_is_their_turn(
    services: Services, people: dict[str, str], scripted: ScriptedEndpoint
) -> None:
    first = await ask(services, people["ada"], LONG)
    await until(lambda: scripted.log)
    second = await ask(services, people["ben"], "scripted/say?tokens=20&rate=20")
    told: list[tuple[str, Any]] = []
    async with asyncio.timeout(10):
        async for type, data in watch(services, people["ben"], second):
            told.append((type, data))
            if type == "waiting" and data:
                await services.turns.stop(people["ada"], first)
    types = [type for type, _ in told]
    assert [data for type, data in told if type == "waiting"] == [{"ahead": 0, "seconds": None}, None]
    assert types.index("start") < types.index("waiting")
    assert types[-2:] == ["delta", "done"]


async def test_who_waits_may_stop(services: Services, people: dict[str, str], scripted: ScriptedEndpoint) -> None:
    await ask(services, people["ada"], LONG)
    await until(lambda: scripted.log)
    second = await ask(services, people["ben"])
    await until(lambda: services.endpoints.client.lines.look("scripted")[1])
    await services.turns.stop(people["ben"], second)
    assert services.endpoints.client.lines.look("scripted") == (1, [])


async def test_a_person_with_many_questions_does_not_hold_up_one_with_one(
    services: Services, people: dict[str, str], scripted: ScriptedEndpoint
) -> None:
    first = await ask(services, people["ada"], LONG)
    await until(lambda: scripted.log)
    lines = services.endpoints.client.lines
    for count in range(1, 4):
        await ask(services, people["ada"], f"{SHORT}&seed={count}")
        await until(lambda: len(lines.look("scripted")[1]) == count)
    await ask(services, people["ben"], f"{SHORT}&seed=9")
    await until(lambda: len(lines.look("scripted")[1]) == 4)
    await services.turns.stop(people["ada"], first)
    await until(lambda: len(scripted.log) == 5)
    assert scripted.log[1].model.endswith("seed=9")


async def test_work_in_the_background_gives_way_at_once(
    services: Services, people: dict[str, str], scripted: ScriptedEndpoint
) -> None:
    """The question is answered, though the work would have gone on for an hour."""
    quiet: Quiet = services.turns._quiet
    endpoint, _ = await services.endpoints.resolve(SHORT)
    work = services.endpoints.client.say(endpoint, asking(LONG.partition("/")[2]))
    working = asyncio.create_task(quiet.unless_disturbed(quiet.asked, work))
    await until(lambda: scripted.log)
    answer = await ask(services, people["ada"])
    async with asyncio.timeout(10):
        types = [type async for type, _ in watch(services, people["ada"], answer)]
    assert (types[-1], await working) == ("done", None)


async def test_work_in_the_background_waits_for_everybody(
    services: Services, people: dict[str, str], scripted: ScriptedEndpoint
) -> None:
    first = await ask(services, people["ada"], LONG)
    await until(lambda: scripted.log)
    endpoint, _ = await services.endpoints.resolve(SHORT)
    lines = services.endpoints.client.lines
    work = asyncio.create_task(services.endpoints.client.say(endpoint, asking("say?tokens=1&seed=7")))
    await until(lambda: len(lines.look("scripted")[1]) == 1)
    await ask(services, people["ben"])
    await until(lambda: len(lines.look("scripted")[1]) == 2)
    await services.turns.stop(people["ada"], first)
    await work
    assert [asked.model.endswith("seed=7") for asked in scripted.log] == [False, False, True]
