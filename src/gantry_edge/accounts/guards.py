"""Who may call a route. Every route says so with `access=...`; one that does not answers nobody.

The guard runs before the body is read, so a stranger learns nothing from a malformed request.
"""

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from enum import StrEnum
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.response import Stream

from gantry_edge.accounts.schema import RANKS, Principal, User, Visitor
from gantry_edge.accounts.signin import Accounts
from gantry_edge.errors import Forbidden, NotSignedIn, SetupNeeded
from gantry_edge.storage.audit import By


class Access(StrEnum):
    PUBLIC = "public"
    MEMBER = "member"
    ADMIN = "admin"
    OWNER = "owner"


NEEDED = {Access.MEMBER: 1, Access.ADMIN: 2, Access.OWNER: 3}
EVENTS = "text/event-stream"
STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
LOOK_EVERY = 2.4  # seconds between two looks at the session of a stream


async def require_access(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """The app's guard: signs the request in by its cookie, or refuses it."""
    access = declared_access(handler)
    if access is Access.PUBLIC:
        return
    accounts: Accounts = connection.app.state["accounts"]
    token = session_token(connection)
    principal = await accounts.authenticate(token) if token else None
    if principal is None:
        raise SetupNeeded if await accounts.setup_needed() else NotSignedIn
    if RANKS[principal.user.role] < NEEDED[access]:
        raise Forbidden
    connection.scope["user"] = principal.user
    connection.scope["auth"] = principal


def declared_access(handler: BaseRouteHandler) -> Access:
    """RuntimeError for a route that declares none: a mistake of ours, never let through."""
    if getattr(handler, "http_methods", None) == {"OPTIONS"}:
        return Access.PUBLIC  # made by Litestar for each path; it only names the methods
    if "access" not in handler.opt:
        raise RuntimeError(f"{handler} does not declare its access")
    return Access(handler.opt["access"])


def session_token(connection: ASGIConnection[Any, Any, Any, Any]) -> str | None:
    accounts: Accounts = connection.app.state["accounts"]
    return connection.cookies.get(accounts.cookie_name(connection.scope["scheme"]))


def provide_user(request: Request[User, Principal, Any]) -> User:
    """Dependency `user` of routes that are not public."""
    return request.user


def acting(request: Request[User, Principal, Any]) -> By:
    """Who asks, for the audit trail."""
    return By(request.user.id, visitor(request).address)


async def confirm_password(request: Request[User, Principal, Any], password: str) -> None:
    """For what a borrowed session may not do; WrongPassword, counted like any wrong guess."""
    accounts: Accounts = request.app.state["accounts"]
    await accounts.confirm(request.auth, password, visitor(request))


def visitor(request: Request[Any, Any, Any]) -> Visitor:
    """Where it comes from. Forwarded headers are never looked at."""
    address = request.client.host if request.client else ""
    return Visitor(address, request.headers.get("User-Agent", ""), session_token(request))


class Watch:
    """Over the session of a stream, which outlives the check at its start."""

    def __init__(self, request: Request[User, Principal, Any]) -> None:
        self._accounts: Accounts = request.app.state["accounts"]
        self._principal = request.auth
        self._look = time.monotonic() + LOOK_EVERY

    async def ended(self) -> bool:
        """Looked at every few seconds, however often it is asked."""
        if time.monotonic() < self._look:
            return False
        valid = await self._accounts.still_valid(self._principal)
        self._look = time.monotonic() + LOOK_EVERY
        return not valid


async def while_signed_in(
    request: Request[User, Principal, Any], events: AsyncGenerator[bytes, None]
) -> AsyncGenerator[bytes, None]:
    """End the stream when the session ends; heartbeats make sure that a silent one is looked at too."""
    watch = Watch(request)
    async with aclosing(events):
        async for event in events:
            if await watch.ended():
                return
            yield event


def event_stream(request: Request[User, Principal, Any], events: AsyncGenerator[bytes, None]) -> Stream:
    return Stream(while_signed_in(request, events), media_type=EVENTS, headers=STREAM_HEADERS)


def provide_principal(request: Request[User, Principal, Any]) -> Principal:
    """Dependency `principal`: the user and the session."""
    return request.auth
