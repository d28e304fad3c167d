"""What is asked: each request gets an id and a line in the log, and is counted by its route."""

import logging
import re
import time
from typing import Any

from gantry_edge.asgi import header_values
from gantry_edge.counting import Asked
from gantry_edge.ids import new_id
from gantry_edge.logs import request_id

HEADER = b"x-request-id"
GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")  # what a proxy may have called it
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
OTHER = "other"  # what no route is for, so that a stranger cannot make up as many as they like
PAGE = "page"
OFTEN = {PAGE, "/health", "/ready", "/metrics", "/api/overview"}  # would bury the rest
LEFT = 499  # whoever asked has gone before there was an answer

log = logging.getLogger(__name__)


class Requests:
    """ASGI middleware."""

    def __init__(self, app: Any, asked: Asked) -> None:
        self._app = app
        self._asked = asked

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status, is_stream, id = time.perf_counter(), LEFT, False, id_of(scope)
        request_id.set(id)

        async def send_with_id(message: Any) -> None:
            nonlocal status, is_stream
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = list(message.get("headers", ()))
                if (b"content-type", b"text/event-stream") in ((n.lower(), v[:17]) for n, v in headers):
                    is_stream = True
                    self._asked.open_streams += 1
                message = {**message, "headers": [*headers, (HEADER, id.encode())]}
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            self._asked.open_streams -= is_stream
            self._note(scope, status, None if is_stream else time.perf_counter() - begun)

    def _note(self, scope: Any, status: int, seconds: float | None) -> None:
        route = scope.get("path_template") or OTHER
        method = scope["method"] if scope["method"] in METHODS else OTHER
        self._asked.note(route, method, status, seconds)
        level = logging.WARNING if status >= 500 else logging.DEBUG if route in OFTEN else logging.INFO
        if log.isEnabledFor(level):
            about = {"method": method, "route": route, "status": status, "duration_s": round(seconds or 0.0, 4)}
            if user := scope.get("user"):
                about["user_id"] = user.id
            log.log(level, "request", extra={"about": about})


def id_of(scope: Any) -> str:
    given = header_values(scope, HEADER)
    return given[0] if len(given) == 1 and GIVEN.fullmatch(given[0]) else new_id()
