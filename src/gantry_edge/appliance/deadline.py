"""Against bodies that come too slowly, or never: each would hold a connection for as long as its sender likes."""

import asyncio
import time
from typing import Any

from gantry_edge.asgi import send_problem
from gantry_edge.errors import TooSlow

IDLE = 10.0  # seconds without a byte
TOTAL = 300.0  # seconds for all of it; an upload at 1 MB/s brings 300 MB


class BodyDeadline:
    """ASGI middleware. Only the time spent waiting for the sender counts, not what is done with a piece."""

    def __init__(self, app: Any, *, idle: float = IDLE, total: float = TOTAL) -> None:
        self._app = app
        self._idle = idle
        self._total = total

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answering, late, whole, waited = False, False, False, 0.0

        async def receive_in_time() -> Any:
            nonlocal late, whole, waited
            if whole:
                return await receive()  # from here on it tells when the sender leaves
            began = time.monotonic()
            try:
                async with asyncio.timeout(min(self._idle, self._total - waited)):
                    message = await receive()
            except TimeoutError as error:
                late = True
                raise TooSlow from error
            waited += time.monotonic() - began
            whole = message["type"] != "http.request" or not message.get("more_body")
            return message

        async def send_and_note(message: Any) -> None:
            nonlocal answering
            answering = True
            if late and message["type"] == "http.response.start":  # the rest of the body may still come
                message = {**message, "headers": [*message["headers"], (b"connection", b"close")]}
            await send(message)

        try:
            await self._app(scope, receive_in_time, send_and_note)
        except TooSlow as error:
            if not answering:
                await send_problem(error, send_and_note)
