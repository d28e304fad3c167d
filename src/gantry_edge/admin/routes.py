"""Is it alive, can it work; and what was done in it."""

from typing import Annotated

from litestar import Response, get
from litestar.di import NamedDependency as Given
from litestar.params import QueryParameter

from gantry_edge.accounts.guards import Access
from gantry_edge.admin.figures import Meter
from gantry_edge.admin.guards import may_read_metrics
from gantry_edge.admin.probe import Probe
from gantry_edge.admin.schema import AuditCheck, Check, Health, Readiness, State
from gantry_edge.chat.turns import Turns
from gantry_edge.errors import NotFound
from gantry_edge.models.endpoints import Endpoints
from gantry_edge.paging import Page
from gantry_edge.parameters import LAST, Asking, Limit
from gantry_edge.problems import responses
from gantry_edge.storage.audit import Entry, find_break, list_entries
from gantry_edge.storage.database import Database


@get("/health", access=Access.PUBLIC)
async def health() -> Health:
    """The process answers."""
    return Health("pass")


@get("/ready", access=Access.PUBLIC)
async def ready(probe: Given[Probe], turns: Given[Turns], endpoints: Given[Endpoints]) -> Response[Readiness]:
    """It can take work: 503 when not. A model that is missing is a warning only."""
    checks = [
        await probe.check(),
        Check("serving", "fail", "the server is stopping") if turns.draining else Check("serving", "pass"),
        Check("model", endpoints.condition()[0]),
    ]
    worst: State = "pass"
    for state in ("warn", "fail"):
        if any(check.status == state for check in checks):
            worst = state
    return Response(Readiness(worst, checks), status_code=503 if worst == "fail" else 200)


@get("/metrics", access=Access.PUBLIC, include_in_schema=False)
async def metrics(request: Asking, meter: Given[Meter], metrics_token: Given[str]) -> Response[bytes]:
    """For Prometheus: read on this machine alone, or with the token that the settings hold."""
    if not may_read_metrics(request, metrics_token):
        raise NotFound
    from gantry_edge.admin.metrics import CONTENT_TYPE, render  # and its library, which hardly anybody needs

    return Response(render(meter, await meter.read()), media_type=CONTENT_TYPE)


@get("/api/audit", access=Access.ADMIN, responses=responses(400, 401, 403))
async def list_audit(
    database: Given[Database],
    actions: Annotated[str, QueryParameter(max_length=60)] = "",
    before: Annotated[int | None, QueryParameter(ge=1, le=LAST)] = None,
    limit: Limit = 50,
) -> Page[Entry]:
    """Who did what to whom, the newest first; `actions` is what the wanted ones begin with, such as `people.`."""
    return await database.read(lambda c: list_entries(c, actions, before, limit))


@get("/api/audit/check", access=Access.ADMIN, responses=responses(401, 403))
async def check_audit(database: Given[Database]) -> AuditCheck:
    """Whether every entry is as it was written, and the first that is not."""
    broken = await database.read(find_break)
    return AuditCheck(broken is None, *(broken or (None, None)))


routes = [health, ready, metrics, list_audit, check_audit]
