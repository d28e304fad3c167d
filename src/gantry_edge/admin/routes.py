"""Is it alive, can it work; and what was done in it."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from typing import Annotated

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency as Given
from litestar.params import QueryParameter
from litestar.response import File, Stream

from gantry_edge import logs
from gantry_edge.accounts.guards import EVENTS, Access, event_stream
from gantry_edge.admin.figures import Meter
from gantry_edge.admin.guards import may_read_metrics
from gantry_edge.admin.probe import Probe
from gantry_edge.admin.schema import AuditCheck, Check, Health, Overview, Readiness, State, Usage
from gantry_edge.admin.survey import Survey, is_failing
from gantry_edge.admin.usage import read_usage
from gantry_edge.chat.turns import Turns
from gantry_edge.errors import NotFound
from gantry_edge.ids import now
from gantry_edge.models.endpoints import Endpoints
from gantry_edge.paging import Page
from gantry_edge.parameters import LAST, Asking, Limit
from gantry_edge.problems import responses
from gantry_edge.retrieval.index import Index
from gantry_edge.sse import HEARTBEAT, encode_event
from gantry_edge.storage.audit import Entry, find_break, list_entries
from gantry_edge.storage.database import Database

HEARTBEAT_EVERY = 2.4  # seconds; a viewer whose session has ended is noticed at the next one but one, at the latest
JSON_LINES = "application/jsonl"


@get("/health", access=Access.PUBLIC)
async def health() -> Health:
    """The process answers."""
    return Health("pass")


@get("/ready", access=Access.PUBLIC)
async def ready(
    probe: Given[Probe], turns: Given[Turns], index: Given[Index], endpoints: Given[Endpoints]
) -> Response[Readiness]:
    """It can take work: 503 when not. A model or an index that is missing is a warning only."""
    checks = [
        *await probe.check(),
        Check("serving", "fail", "the server is stopping") if turns.draining else Check("serving", "pass"),
        Check("index", "warn", "searches are exact, and slow in large libraries")
        if is_failing(index)
        else Check("index", "pass"),
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


@get("/api/overview", access=Access.ADMIN, responses=responses(401, 403))
async def get_overview(survey: Given[Survey]) -> Overview:
    """How each part is, how much there is of everything, and the last hour."""
    return await survey.take()


@get("/api/usage", access=Access.ADMIN, responses=responses(400, 401, 403))
async def get_usage(
    database: Given[Database],
    watts: Given[float],
    days: Annotated[int, QueryParameter(ge=1, le=366)] = 30,
    offset: Annotated[int, QueryParameter(ge=-1440, le=1440)] = 0,
) -> Usage:
    """Answers, tokens and time by day, and by person and model; `offset` is minutes ahead of UTC."""
    return await database.read(lambda c: read_usage(c, now(), days, offset, watts))


@get("/api/logs", access=Access.ADMIN, media_type=EVENTS, responses=responses(401, 403))
async def follow_logs(request: Asking) -> Stream:
    """`lines` events: the newest lines of the log, and then each as it comes."""
    return event_stream(request, log_events(logs.recent.follow(HEARTBEAT_EVERY)))


@get("/api/logs/file", access=Access.ADMIN, media_type=JSON_LINES, responses=responses(401, 403, 404))
async def get_log_file(log_folder: Given[Path]) -> File:
    """The newest file of the log, one JSON object a line."""
    path = log_folder / logs.FILE
    if not path.is_file():
        raise NotFound("There is no log yet")
    return File(path, filename="gantry-edge.jsonl", media_type=JSON_LINES, headers={"Cache-Control": "no-store"})


async def log_events(following: AsyncGenerator[list[logs.Line], None]) -> AsyncGenerator[bytes, None]:
    async with aclosing(following):
        async for lines in following:
            yield encode_event("lines", msgspec.json.encode(lines)) if lines else HEARTBEAT


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


routes = [health, ready, metrics, get_overview, get_usage, follow_logs, get_log_file, list_audit, check_audit]
