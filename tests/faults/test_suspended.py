"""Somebody is locked out while an answer streams to them: everything of theirs ends within five seconds (S5)."""

import asyncio
import time
from pathlib import Path

import httpx
import pytest
from program import PASSWORD, Program, model, scripted_endpoint

pytestmark = [pytest.mark.slow, pytest.mark.alone]

LONG = model("say?tokens=3000&rate=50")
WITHIN = 5.0  # seconds


async def test_a_suspended_person_is_out_of_streams_and_sessions(tmp_path: Path) -> None:
    with scripted_endpoint() as url:
        program = Program(tmp_path / "home", endpoint=url).start()
        owner = program.owner()
        ben = owner.post("/api/people", json={"name": "ben", "password": PASSWORD}).json()["id"]
        devices = [program.client() for _ in range(2)]
        for device in devices:
            device.post("/api/auth/login", json={"email": "ben", "password": PASSWORD}).raise_for_status()
        cookies = devices[0].cookies
        async with httpx.AsyncClient(base_url=program.url, cookies=cookies, timeout=30) as watching:
            ends = [
                asyncio.create_task(until_it_ends(watching, "POST", "/api/chat", {"content": "Go", "model": LONG})),
                asyncio.create_task(until_it_ends(watching, "GET", "/api/documents/events", None)),
            ]
            await asyncio.sleep(1)
            assert not any(end.done() for end in ends)
            locked = await asyncio.to_thread(owner.patch, f"/api/people/{ben}", json={"disabled": True})
            assert locked.status_code == 204
            at = time.monotonic()
            assert [device.get("/api/auth/me").status_code for device in devices] == [401, 401]
            async with asyncio.timeout(4 * WITHIN):
                ended = await asyncio.gather(*ends)
            assert [end - at < WITHIN for end in ended] == [True, True]
        program.end()


async def until_it_ends(client: httpx.AsyncClient, method: str, path: str, body: object) -> float:
    """When."""
    headers = {"Accept": "text/event-stream"}
    async with client.stream(method, path, json=body, headers=headers) as response:
        assert response.status_code == 200
        async for _ in response.aiter_lines():
            pass
    return time.monotonic()
