import httpx
import pytest

from gantry_edge.admin.probe import Probe
from gantry_edge.app import create_app
from gantry_edge.services import Services
from gantry_edge.storage.database import Database, DatabaseError


async def ready(services: Services) -> tuple[int, dict[str, str]]:
    transport = httpx.ASGITransport(create_app(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        response = await client.get("/ready")
    return response.status_code, {check["name"]: check["status"] for check in response.json()["checks"]}


async def test_it_is_ready_when_it_can_work(services: Services) -> None:
    assert await ready(services) == (200, {"database": "pass", "serving": "pass", "model": "pass"})


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


async def test_asking_again_and_again_writes_once_a_second(database: Database) -> None:
    writes: list[str] = []
    database._writer.set_trace_callback(writes.append)
    probe = Probe(database)
    for _ in range(100):
        await probe.check()
    database._writer.set_trace_callback(None)
    assert sum(statement == "COMMIT" for statement in writes) <= 2
