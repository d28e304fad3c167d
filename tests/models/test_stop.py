"""Stop means stop: the connection to the model server is closed at once."""

import asyncio
import random
import time
from contextlib import aclosing

import pytest

from gantry_edge.models.client import Client
from gantry_edge.models.schema import ChatMessage, ChatRequest, Endpoint
from gantry_edge.models.scripted import Asked, ScriptedEndpoint


async def seen_end(asked: Asked) -> Asked:
    async with asyncio.timeout(5):
        while asked.ended is None:
            await asyncio.sleep(0.005)
    return asked


def asking(model: str) -> ChatRequest:
    return ChatRequest(model, [ChatMessage("user", "Hello")])


async def stops_late(client: Client, endpoint: Endpoint, scripted: ScriptedEndpoint, count: int) -> list[str]:
    """Stop `count` answers, each at a random token; what went wrong."""
    dice, wrong = random.Random(1), []
    for _ in range(count):
        stop_at = dice.randrange(1, 12)
        async with aclosing(client.stream(endpoint, asking("say?tokens=500&rate=200"))) as stream:
            seen = 0
            async for _delta in stream:
                seen += 1
                if seen == stop_at:
                    break
        stopped = time.monotonic() * 1000
        asked = await seen_end(scripted.log[-1])
        if not asked.closed_early or asked.ended is None or asked.ended - stopped > 1000:
            wrong.append(f"stopped at {stopped}: {asked}")
    return wrong


async def test_twenty_stops_close_the_connection_within_a_second(
    client: Client, endpoint: Endpoint, scripted: ScriptedEndpoint
) -> None:
    assert await stops_late(client, endpoint, scripted, 20) == []


@pytest.mark.slow
async def test_a_hundred_stops_close_the_connection_within_a_second(
    client: Client, endpoint: Endpoint, scripted: ScriptedEndpoint
) -> None:
    assert await stops_late(client, endpoint, scripted, 100) == []


@pytest.mark.parametrize("model", ["say?tokens=500&rate=20", "fault?kind=black-hole", "fault?kind=slow-headers"])
async def test_cancelling_the_task_closes_the_connection(
    model: str, client: Client, endpoint: Endpoint, scripted: ScriptedEndpoint
) -> None:
    async def listen() -> None:
        async for _delta in client.stream(endpoint, asking(model)):
            pass

    task = asyncio.create_task(listen())
    while not scripted.log:
        await asyncio.sleep(0.005)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (await seen_end(scripted.log[0])).closed_early


async def test_a_slow_reader_is_not_taken_for_a_silent_server(client: Client, endpoint: Endpoint) -> None:
    async for _delta in client.stream(endpoint, asking("say?tokens=4&rate=50")):
        await asyncio.sleep(0.8)  # longer than the idle limit
