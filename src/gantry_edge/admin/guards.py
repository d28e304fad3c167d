"""Who may read the metrics, and whether there is room for what is asked."""

import ipaddress
from secrets import compare_digest
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from gantry_edge.parameters import Asking
from gantry_edge.storage.room import Room


def may_read_metrics(request: Asking, token: str) -> bool:
    """Who has the token; where there is none, this machine alone."""
    if token:
        return compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def require_room(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """A guard of the app: a route with `needs_room` is refused on a full disk, before its body is read."""
    if handler.opt.get("needs_room"):
        room: Room = connection.app.state["room"]
        length = connection.headers.get("content-length", "")
        room.check(int(length) if length.isdecimal() else 0)
