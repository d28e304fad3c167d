"""Viewers that come and go while answers are written."""

import asyncio
import random

import httpx
import pytest
from program import Program, events_of, model

from gantry_edge.models.script import script_text

pytestmark = pytest.mark.slow

ANSWERS = 20
DROPS = 10  # for each answer
TOKENS = 300
STREAM = {"Accept": "text/event-stream"}


def script(seed: int) -> str:
    return model(f"say?tokens={TOKENS}&rate=100&seed={seed}")


class Viewer:
    """Reads an answer over connections that break at random, and keeps what it has."""

    def __init__(self, client: httpx.AsyncClient, seed: int) -> None:
        self.client = client
        self.dice = random.Random(seed)
        self.position = 0
        self.text = ""
        self.ended = ""

    async def read(self, request: httpx.Request, seconds: float | None) -> None:
        """Take events until the time is up, then drop the connection."""
        try:
            async with asyncio.timeout(seconds):
                response = await self.client.send(request, stream=True)
                try:
                    lines: list[str] = []
                    async for line in response.aiter_lines():
                        lines.append(line)
                        if not line:
                            self.take(lines)
                            lines = []
                finally:
                    await response.aclose()
        except TimeoutError:
            pass

    def take(self, lines: list[str]) -> None:
        for self.position, type, data in events_of(iter(lines)):
            if type == "delta":
                self.text += data["text"]
            elif type != "start":
                self.ended = type

    async def follow(self, answer_id: str, drops: int) -> None:
        for drop in range(drops + 1):
            headers = {"Last-Event-ID": str(self.position)}
            request = self.client.build_request("GET", f"/api/answers/{answer_id}/events", headers=headers)
            await self.read(request, self.dice.uniform(0.02, 0.4) if drop < drops else None)


async def watch_one_answer(client: httpx.AsyncClient, device: httpx.AsyncClient, seed: int) -> list[Viewer]:
    """The first viewer drops again and again; one on another device opens the page half-way."""
    body = {"content": "Go", "model": script(seed)}
    first = Viewer(client, seed)
    started = (await client.post("/api/chat", json=body, headers={"Accept": "application/json"})).json()
    following = asyncio.create_task(first.follow(started["answer_id"], DROPS))
    await asyncio.sleep(random.Random(seed).uniform(0.2, 2))
    messages = await device.get(f"/api/conversations/{started['conversation_id']}/messages")
    message = messages.json()["items"][-1]
    second = Viewer(device, seed + 1000)
    second.text = "".join(part["text"] for part in message["parts"])
    second.position = message["answer"]["position"]
    await second.follow(started["answer_id"], 2)
    await following
    return [first, second]


async def test_every_viewer_ends_with_the_very_text_whatever_drops(program: Program) -> None:
    cookies, other = program.owner().cookies, program.owner().cookies
    limits = httpx.Limits(max_connections=None)
    async with (
        httpx.AsyncClient(base_url=program.url, cookies=cookies, timeout=60, limits=limits) as client,
        httpx.AsyncClient(base_url=program.url, cookies=other, timeout=60, limits=limits) as device,
    ):
        watched = await asyncio.gather(*(watch_one_answer(client, device, n) for n in range(ANSWERS)))
    for seed, viewers in enumerate(watched):
        for viewer in viewers:
            assert viewer.text == script_text(seed, TOKENS)
            assert viewer.ended == "done"


async def test_dropping_the_first_request_loses_nothing(program: Program) -> None:
    cookies = program.owner().cookies
    async with httpx.AsyncClient(base_url=program.url, cookies=cookies, timeout=60) as client:
        viewer = Viewer(client, 1)
        request = client.build_request("POST", "/api/chat", json={"content": "Go", "model": script(3)}, headers=STREAM)
        await viewer.read(request, 0.5)
        [conversation] = (await client.get("/api/conversations")).json()["items"]
        await viewer.follow(conversation["leaf_id"], 0)
    assert viewer.text == script_text(3, TOKENS)
