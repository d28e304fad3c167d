"""What stands before the app: which host names are served, and which sites may ask for changes.

Plain ASGI, so that nothing behind them, not even an error page, is left out.
"""

import ipaddress
import re
from collections.abc import Callable, Set
from functools import lru_cache
from typing import Any

from gantry_edge.asgi import header_values, send_problem
from gantry_edge.errors import CrossSite, NotJson, WrongHost

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
BODY_TYPES = {"application/json"}
UPLOADS = {("POST", "/api/documents"): "multipart/form-data"}  # the only address that takes anything else
URL = re.compile(r"[a-z][a-z0-9+.-]*://([^/?#]*)", re.IGNORECASE)
AUTHORITY = re.compile(r"(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<name>[a-z0-9._-]+))(?::(?P<port>[0-9]{1,5}))?")


class HostGuard:
    """Against DNS rebinding: one Host header, and it names this appliance. Nothing is excepted."""

    def __init__(self, app: Any, allowed: Callable[[], Set[str]]) -> None:
        self._app = app
        self._allowed = allowed

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and not self._is_ours(scope):
            error = WrongHost("Open Gantry Edge by an address it knows; the setting `hosts` adds names")
            return await send_problem(error, send)
        await self._app(scope, receive, send)

    def _is_ours(self, scope: Any) -> bool:
        hosts = header_values(scope, b"host")
        authority = parse_authority(hosts[0]) if len(hosts) == 1 else None
        if authority is None:
            return False
        target: str = scope.get("raw_path", b"/").decode("latin-1")
        if not target.startswith(("/", "*")) and _authority_of(target) != authority:
            return False
        return authority[0] in {host_name(name) for name in self._allowed()}


class CrossSiteGuard:
    """Against forged requests: only the page itself, or a program that is no browser, may change anything."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS:
            if not _from_our_page(scope):
                return await send_problem(CrossSite("Open Gantry Edge in a tab of its own"), send)
            uploaded = UPLOADS.get((scope["method"], scope["path"]))
            if _has_body(scope) and _media_type(scope) not in BODY_TYPES | {uploaded}:
                return await send_problem(NotJson(f"Send the body as {uploaded or 'application/json'}"), send)
        await self._app(scope, receive, send)


@lru_cache(256)
def parse_authority(text: str) -> tuple[str, int | None] | None:
    """Host and port in one spelling; None for anything that is not exactly that."""
    match = AUTHORITY.fullmatch(text.lower())
    if match is None:
        return None
    try:
        name = str(ipaddress.IPv6Address(match["v6"])) if match["v6"] else match["name"].removesuffix(".")
    except ValueError:
        return None
    port = int(match["port"]) if match["port"] else None
    return (name, port) if name and (port or 0) < 65536 else None


@lru_cache(256)
def host_name(name: str) -> str:
    """A configured name, spelled as `parse_authority` spells it."""
    try:
        return str(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        return name.lower().removesuffix(".")


def _from_our_page(scope: Any) -> bool:
    sites, origins = header_values(scope, b"sec-fetch-site"), header_values(scope, b"origin")
    if sites:
        return len(sites) == 1 and sites[0] in {"same-origin", "none"}
    if origins:
        hosts = {parse_authority(host) for host in header_values(scope, b"host")}
        return hosts == {_authority_of(origin) for origin in origins} != {None}
    return True


def _authority_of(url: str) -> tuple[str, int | None] | None:
    match = URL.match(url)
    return parse_authority(match[1]) if match else None


def _has_body(scope: Any) -> bool:
    lengths = header_values(scope, b"content-length")
    return bool(header_values(scope, b"transfer-encoding")) or any(length.strip("0 ") for length in lengths)


def _media_type(scope: Any) -> str:
    return ",".join(header_values(scope, b"content-type")).partition(";")[0].strip().lower()
