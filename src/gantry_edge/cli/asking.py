"""A few requests that anyone may send: to the running server, or to the same routes in this process."""

import asyncio
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import msgspec

from gantry_edge import assets

PROBES = 20
Reply = tuple[int, dict[str, str], bytes]


def ask_all(url: str) -> dict[str, Any]:
    """What the routes say; `live` is where, when a server runs."""
    ask: Callable[[str], Reply] = _asker_of(url) if url else _in_process()
    try:
        _, page, _ = ask("")
        script = next((path.name for path in sorted((assets.FOLDER / "assets").glob("app-*.js"))), "")
        _, asset, body = ask(f"assets/{script}") if script else (404, {}, b"")
        status, _, document = ask("api/openapi.json")
        times = sorted(_timed(ask) for _ in range(PROBES))
    except OSError as error:
        return {"live": url, "trouble": f"it does not answer: {error}"}
    if status != 200:
        return {"live": url, "trouble": f"/api/openapi.json says {status}"}
    paths = msgspec.json.decode(document)["paths"]
    return {
        "live": url,
        "page_headers": page,
        "asset_headers": asset,
        "asset_bytes": len(body),
        "paths": sorted(paths),
        "lists": [path for path, methods in paths.items() if "before" in _parameters(methods.get("get", {}))],
        "limits": sorted({most for methods in paths.values() if (most := _limit(methods.get("get", {})))}),
        "health_ms": times[-2],  # of 20, the second slowest
    }


def _timed(ask: Callable[[str], Reply]) -> float:
    begun = time.perf_counter()
    ask("health")
    return (time.perf_counter() - begun) * 1000


def _parameters(operation: dict[str, Any]) -> dict[str, Any]:
    return {each["name"]: each for each in operation.get("parameters", ())}


def _limit(operation: dict[str, Any]) -> int:
    schema = _parameters(operation).get("limit", {}).get("schema", {})
    return int(schema.get("maximum", 0))


def _asker_of(url: str) -> Callable[[str], Reply]:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def ask(path: str) -> Reply:
        request = urllib.request.Request(f"{url}{path}", headers={"Accept-Encoding": "br, gzip"})
        if path.startswith("api/"):
            request.remove_header("Accept-encoding")
        try:
            with direct.open(request, timeout=5) as reply:
                return reply.status, {name.lower(): value for name, value in reply.headers.items()}, reply.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, {name.lower(): value for name, value in error.headers.items()}, error.read()

    return ask


def _in_process() -> Callable[[str], Reply]:
    from gantry_edge.app import PROVIDED, create_litestar
    from gantry_edge.door import Door

    door = Door(())
    door.open(create_litestar(dict.fromkeys(PROVIDED)))

    def ask(path: str) -> Reply:
        return asyncio.run(_call(door, f"/{path}"))

    return ask


async def _call(app: Any, path: str) -> Reply:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 1), "headers": [(b"host", b"localhost"), (b"accept-encoding", b"br, gzip")],
    }  # fmt: skip
    await app(scope, receive, send)
    headers = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:])
