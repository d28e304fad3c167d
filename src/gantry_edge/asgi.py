"""Reading and answering requests in plain ASGI, for what stands before the framework."""

from collections.abc import Mapping
from typing import Any

import msgspec

from gantry_edge.errors import GantryError, Problem


def header_values(scope: Any, name: bytes) -> list[str]:
    """`name` in lower case."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]


async def send_problem(error: GantryError, send: Any) -> None:
    """The answer of the whole program to an error."""
    problem = Problem("about:blank", error.title, error.status, error.detail, error.code)
    await send_json(problem, error.status, send, "application/problem+json")


async def send_json(content: Any, status: int, send: Any, media_type: str = "application/json") -> None:
    await send_body(msgspec.json.encode(content), status, {"content-type": media_type}, send)


async def send_body(body: bytes, status: int, headers: Mapping[str, str], send: Any) -> None:
    told = {**headers, "content-length": str(len(body))}
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in told.items()]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": body, "more_body": False})
