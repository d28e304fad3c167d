"""Is it alive, can it work."""

from litestar import Response, get
from litestar.di import NamedDependency as Given

from gantry_edge.accounts.guards import Access
from gantry_edge.admin.probe import Probe
from gantry_edge.admin.schema import Check, Health, Readiness, State
from gantry_edge.chat.turns import Turns
from gantry_edge.models.endpoints import Endpoints


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


routes = [health, ready]
