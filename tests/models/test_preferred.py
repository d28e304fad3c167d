"""The model that a person's questions go to when they name none."""

import pytest
from belongings.house import House, Person

from gantry_edge.models.scripted import ScriptedEndpoint
from gantry_edge.services import Services

PLACE = "/api/models/default"


@pytest.fixture
async def vera(services: Services, scripted: ScriptedEndpoint) -> Person:
    scripted.models[:] = ["echo", "say?tokens=3"]
    return await House(services).person("vera")


async def listed(person: Person) -> list[str]:
    return [model["id"] for model in (await person.client.get("/api/models")).json()["items"]]


async def asked(person: Person) -> tuple[str, list[str]]:
    """Which model answered, and what was said of that."""
    await person.client.post("/api/chat", json={"content": "hello"}, headers={"Accept": "text/event-stream"})
    conversation = (await person.client.get("/api/conversations")).json()["items"][0]["id"]
    message = (await person.client.get(f"/api/conversations/{conversation}/messages")).json()["items"][-1]
    return message["answer"]["model"], [part["text"] for part in message["parts"] if part["type"] == "notice"]


async def test_the_default_comes_first_and_answers(vera: Person) -> None:
    assert await listed(vera) == ["scripted/echo", "scripted/say?tokens=3"]
    await vera.client.put(PLACE, json={"model": "scripted/say?tokens=3"})
    assert await listed(vera) == ["scripted/say?tokens=3", "scripted/echo"]
    assert await asked(vera) == ("scripted/say?tokens=3", [])


async def test_it_is_each_persons_own(vera: Person, services: Services) -> None:
    await vera.client.put(PLACE, json={"model": "scripted/say?tokens=3"})
    adam = await House(services).person("adam")
    assert (await listed(adam))[0] == "scripted/echo"
    assert (await adam.client.get(PLACE)).json() == {"model": None}


async def test_one_that_is_gone_is_kept_and_another_answers_and_says_so(vera: Person) -> None:
    await vera.client.put(PLACE, json={"model": "scripted/gone"})
    assert (await vera.client.get(PLACE)).json() == {"model": "scripted/gone"}
    assert (await listed(vera))[0] == "scripted/echo"
    model, notices = await asked(vera)
    assert model == "scripted/echo"
    assert "scripted/gone" in notices[0]
