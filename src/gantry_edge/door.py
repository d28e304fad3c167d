"""The program's front door: it serves the page from the first moment on, while the app behind it still opens."""

import asyncio
from collections.abc import Callable, Iterable, Set
from typing import Any

from gantry_edge.admin.schema import Check, Health, Readiness
from gantry_edge.appliance.deadline import BodyDeadline
from gantry_edge.appliance.guards import CrossSiteGuard, HostGuard
from gantry_edge.appliance.headers import SecurityHeaders
from gantry_edge.asgi import send_json, send_problem
from gantry_edge.assets import Page
from gantry_edge.counting import Asked
from gantry_edge.errors import GantryError
from gantry_edge.requests import Requests

LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
# what a monitor is told meanwhile; every other request waits
OPENING = {
    "/health": (200, Health("pass")),
    "/ready": (503, Readiness("fail", [Check("serving", "fail", "the server is starting")])),
}


class Door:
    """The ASGI application with all of its guards. `hosts` are names it is known by, beside the local ones."""

    def __init__(self, hosts: Iterable[str], asked: Asked | None = None) -> None:
        self._names = LOCAL_NAMES | set(hosts)
        self._outside: Callable[[], Set[str]] = frozenset
        self._app: Any = None
        self._opened = asyncio.Event()
        page = Page(BodyDeadline(self._enter))
        guarded = HostGuard(CrossSiteGuard(page), lambda: self._names | self._outside())
        self.asked = asked or Asked()
        self._guarded = SecurityHeaders(Requests(guarded, self.asked))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._guarded(scope, receive, send)

    def open(self, app: Any, outside: Callable[[], Set[str]] = frozenset) -> None:
        """Let everybody in who waited. `outside` tells the names of the local network."""
        self._app, self._outside = app, outside
        self._opened.set()

    def refuse(self, error: GantryError) -> None:
        """Tell everybody who waited why it does not open."""

        async def tell(scope: Any, receive: Any, send: Any) -> None:
            await send_problem(error, send)

        self.open(tell)

    async def _enter(self, scope: Any, receive: Any, send: Any) -> None:
        if not self._opened.is_set():
            if known := OPENING.get(scope["path"]):
                status, content = known
                return await send_json(content, status, send)
            await self._opened.wait()
        await self._app(scope, receive, send)
