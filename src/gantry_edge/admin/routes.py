"""Is it alive, can it work."""

from typing import Literal

from litestar import Response, get
from litestar.di import NamedDependency as Given
from msgspec import Struct

from gantry_edge.accounts.guards import Access
from gantry_edge.chat.turns import Turns
from gantry_edge.models.endpoints import Endpoints
from gantry_edge.storage.database import Connection, Database, DatabaseError

State = Literal["pass", "warn", "fail"]


class Health(Struct):
    status: State


class Check(Struct):
    name: str
    status: State
    detail: str = ""


class Readiness(Struct):
    status: State
    checks: list[Check]


@get("/health", access=Access.PUBLIC)
async def health() -> Health:
    """The process answers."""
    return Health("pass")


@get("/ready", access=Access.PUBLIC)
async def ready(database: Given[Database], turns: Given[Turns], endpoints: Given[Endpoints]) -> Response[Readiness]:
    """It can take work: 503 when not. A model that is missing is a warning only."""
    checks = [
        await _check_database(database),
        Check("serving", "fail", "the server is stopping") if turns.draining else Check("serving", "pass"),
        Check("model", *endpoints.condition()),
    ]
    worst: State = "pass"
    for state in ("warn", "fail"):
        if any(check.status == state for check in checks):
            worst = state
    return Response(Readiness(worst, checks), status_code=503 if worst == "fail" else 200)


async def _check_database(database: Database) -> Check:
    try:
        await database.write(_touch)
    except DatabaseError as error:
        return Check("database", "fail", f"the database cannot be written: {error}")
    return Check("database", "pass")


def _touch(connection: Connection) -> None:
    connection.execute("UPDATE settings SET updated_at = updated_at WHERE name = 'instance_id'")


routes = [health, ready]
