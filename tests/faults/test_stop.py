"""Stop, all the way to the model's server."""

import asyncio
import random
import signal
import time
from pathlib import Path

import httpx
import pytest
from program import Program, model

pytestmark = [pytest.mark.slow, pytest.mark.alone]

STOPS = 100


async def first_token(client: httpx.AsyncClient, answer_id: str) -> None:
    async with client.stream("GET", f"/api/answers/{answer_id}/events") as events:
        async for line in events.aiter_lines():
            if line == "event: delta":
                return
    raise AssertionError("it ended without a word")


async def test_stop_closes_the_upstream_connection_within_a_second(program: Program, endpoint: str) -> None:
    cookies = program.owner().cookies
    limits = httpx.Limits(max_connections=None)
    tag = "say?tokens=5000&rate=50&seed=77"

    async def stop_one(client: httpx.AsyncClient, seed: int) -> float:
        body = {"content": "Go", "model": model(tag)}
        headers = {"Accept": "application/json"}
        started = (await client.post("/api/chat", json=body, headers=headers)).raise_for_status().json()
        await first_token(client, started["answer_id"])  # before it there may be no connection yet
        await asyncio.sleep(random.Random(seed).uniform(0, 1.5))
        (await client.post(f"/api/answers/{started['answer_id']}/stop")).raise_for_status()
        return time.time() * 1000

    async with httpx.AsyncClient(base_url=program.url, cookies=cookies, timeout=60, limits=limits) as client:
        pressed = await asyncio.gather(*(stop_one(client, n) for n in range(STOPS)))
        await asyncio.sleep(1)
        items = (await client.get("/api/conversations?limit=200")).json()["items"]
        pages = [(await client.get(f"/api/conversations/{item['id']}/messages")).json() for item in items]
    log = httpx.get(endpoint.removesuffix("/v1") + "/_log").json()
    asked = [entry for entry in log if entry["model"] == tag]
    assert len(asked) == STOPS
    assert all(entry["closed_early"] for entry in asked)
    assert max(entry["ended_wall"] for entry in asked) <= max(pressed) + 1000
    assert {page["items"][-1]["answer"]["status"] for page in pages} == {"stopped"}


def test_a_stopping_server_lets_answers_end_and_leaves_in_time(program: Program) -> None:
    client = program.owner()
    headers = {"Accept": "application/json"}
    short = {"content": "Go", "model": model("say?tokens=100&rate=50&seed=1")}
    long = {"content": "Go", "model": model("say?tokens=5000&rate=50&seed=1")}
    answers = [client.post("/api/chat", json=b, headers=headers).json() for b in (short, *[long] * 19)]
    began = time.monotonic()
    assert program.end(signal.SIGTERM, seconds=40) == 0
    assert time.monotonic() - began <= 25
    program.start()
    client = program.owner()
    urls = [f"/api/conversations/{answer['conversation_id']}/messages" for answer in answers]
    found = [client.get(url).json()["items"][-1]["answer"]["status"] for url in urls]
    assert found == ["done", *["interrupted"] * 19]


def test_stopping_amid_streams_and_reading_loses_nothing(tmp_path: Path, endpoint: str) -> None:
    program = Program(tmp_path / "home", "--drain", "3", endpoint=endpoint).start()
    client = program.owner()
    headers = {"Accept": "application/json"}
    long = {"content": "Go", "model": model("say?tokens=5000&rate=50&seed=1")}
    answers = [client.post("/api/chat", json=long, headers=headers).json() for _ in range(20)]
    pages = [" ".join(f"Sentence {n} of page {page} is about the harbour." for n in range(1500)) for page in range(3)]
    for number, text in enumerate(pages):
        client.post("/api/documents", files={"file": (f"{number}.txt", text.encode())}).raise_for_status()
    time.sleep(1)
    began = time.monotonic()
    assert program.end(signal.SIGTERM, seconds=40) == 0
    assert time.monotonic() - began <= 3 + 5
    client = program.start().owner()
    assert statuses(client) == {f"{number}.txt": "ready" for number in range(3)}
    for answer in answers:
        last = client.get(f"/api/conversations/{answer['conversation_id']}/messages").json()["items"][-1]
        assert last["answer"]["status"] == "interrupted"
        assert last["parts"][0]["text"]
    program.end()


def statuses(client: httpx.Client) -> dict[str, str]:
    """Of each document, once all are read or 90 seconds have passed."""
    until = time.monotonic() + 90
    while True:
        found = {each["name"]: each["status"] for each in client.get("/api/documents").json()["items"]}
        if set(found.values()) == {"ready"} or time.monotonic() > until:
            return found
        time.sleep(0.3)


def test_a_second_signal_ends_it_at_once(program: Program) -> None:
    client = program.owner()
    body = {"content": "Go", "model": model("say?tokens=5000&rate=50&seed=1")}
    client.post("/api/chat", json=body, headers={"Accept": "application/json"})
    assert program.process
    program.process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    assert program.end(signal.SIGINT, seconds=3) == 130
