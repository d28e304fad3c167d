import asyncio

import httpx
import pytest

from gantry_edge.admin.probe import Probe
from gantry_edge.app import create_app
from gantry_edge.services import Services
from gantry_edge.storage.database import Database, DatabaseError, open_connection


async def ready(services: Services) -> tuple[int, dict[str, str]]:
    transport = httpx.ASGITransport(create_app(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        response = await client.get("/ready")
    return response.status_code, {check["name"]: check["status"] for check in response.json()["checks"]}


async def test_it_is_ready_when_it_can_work(services: Services) -> None:
    assert await ready(services) == (200, dict.fromkeys(["database", "disk", "serving", "index", "model"], "pass"))


async def test_it_is_not_ready_while_it_stops(services: Services) -> None:
    services.turns.draining = True
    status, checks = await ready(services)
    assert (status, checks["serving"]) == (503, "fail")


async def test_it_is_not_ready_when_the_disk_is_full(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(_: object) -> None:
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr(services.database, "write", full)
    status, checks = await ready(services)
    assert (status, checks["database"]) == (503, "fail")


async def test_it_is_not_ready_while_the_database_hangs_and_is_again_after(services: Services) -> None:
    other = open_connection(services.database.path)
    other.execute("BEGIN IMMEDIATE")
    async with asyncio.timeout(5):
        status, checks = await ready(services)
    other.execute("ROLLBACK")
    other.close()
    assert (status, checks["database"]) == (503, "fail")
    async with asyncio.timeout(5):
        while (await ready(services))[0] != 200:
            await asyncio.sleep(0.1)


async def test_it_is_not_ready_without_room_and_is_again_with_it(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("gantry_edge.storage.room.Room.has", lambda _: False)
        status, checks = await ready(services)
    assert (status, checks["disk"]) == (503, "fail")
    async with asyncio.timeout(5):
        while (await ready(services))[0] != 200:
            await asyncio.sleep(0.1)


async def test_an_index_in_trouble_is_a_warning_only(services: Services) -> None:
    services.index.state, services.index.trouble = "exact", "it hangs"
    status, checks = await ready(services)
    assert (status, checks["index"]) == (200, "warn")


async def test_whether_it_lives_is_answered_without_the_database(services: Services) -> None:
    door = create_app(services)
    services.database.close()
    transport = httpx.ASGITransport(door)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        assert (await client.get("/health")).json() == {"status": "pass"}


async def test_asking_again_and_again_writes_once_a_second(database: Database) -> None:
    writes: list[str] = []
    database._writer.set_trace_callback(writes.append)
    probe = Probe(database)
    for _ in range(100):
        await probe.check()
    database._writer.set_trace_callback(None)
    assert sum(statement == "COMMIT" for statement in writes) <= 2
