"""Six people at an endpoint that writes one answer at a time: their shares, the waits told, work in the background."""

import asyncio
import random
import time
from collections import defaultdict
from statistics import mean

from gantry_edge.models.client import Client
from gantry_edge.models.schema import ChatMessage, ChatRequest, Endpoint
from gantry_edge.models.scripted import ScriptedEndpoint
from gantry_edge.quiet import Quiet

PEOPLE = ("ada", "ben", "cleo", "dan", "eva", "finn")
SECONDS = 30.0
RATE = 50  # tokens a second
WORTH_TELLING = 3.0  # seconds of a wait; a shorter one is told in whole seconds too
QUESTIONS = 20  # that come upon work in the background


def asking(tokens: int) -> ChatRequest:
    return ChatRequest(f"say?tokens={tokens}&rate={RATE}", [ChatMessage("user", "Tell me")])


async def ask(client: Client, endpoint: Endpoint, person: str, tokens: int) -> tuple[float, float, list[float]]:
    """Seconds it waited and was written, and the errors of the waits it was told."""
    joined, began, told = time.monotonic(), 0.0, []
    async for delta in client.stream(endpoint, asking(tokens), person):
        now = time.monotonic()
        if delta.place:
            told += [(now, delta.place.seconds)] if delta.place.seconds is not None else []
        else:
            began = began or now
    waits = [(began - at, seconds) for at, seconds in told if began - at > WORTH_TELLING]
    return began - joined, time.monotonic() - began, [abs(seconds - wait) / wait for wait, seconds in waits]


async def crowd(client: Client, endpoint: Endpoint) -> dict[str, float]:
    """One of them has five questions at a time, the others one; the waits are those of the others."""
    dice, until = random.Random(7), time.monotonic() + SECONDS
    had: defaultdict[str, float] = defaultdict(float)
    errors: list[float] = []

    async def keep_asking(person: str) -> None:
        while time.monotonic() < until:
            _, lasted, wrong = await ask(client, endpoint, person, dice.randint(36, 44))
            if time.monotonic() < until:
                had[person] += lasted
                errors.extend(wrong if person != PEOPLE[0] else ())

    await asyncio.gather(*(keep_asking(person) for person in (*PEOPLE, *PEOPLE[:1] * 4)))
    return {"largest share by the smallest": max(had.values()) / min(had.values()), "error of a wait": mean(errors)}


async def behind_work(client: Client, endpoint: Endpoint) -> float:
    quiet, waits = Quiet(), []
    for _ in range(QUESTIONS):
        work = asyncio.create_task(quiet.unless_disturbed(quiet.asked, client.say(endpoint, asking(100_000))))
        await asyncio.sleep(0.1)
        quiet.begin()
        waits.append((await ask(client, endpoint, "ada", 1))[0])
        quiet.end()
        await work
    return max(waits)


async def measure() -> dict[str, float]:
    client = Client()
    try:
        async with ScriptedEndpoint() as scripted:
            office, lab = (Endpoint(id, id, scripted.url, slots=1) for id in ("office", "lab"))
            longest = await behind_work(client, office)
            return {**await crowd(client, lab), "longest wait behind background work, s": longest}
    finally:
        await client.close()


def run() -> dict[str, float]:
    return asyncio.run(measure())
