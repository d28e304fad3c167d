"""The deadline of bodies, over a bare ASGI app that reads everything."""

import asyncio
from typing import Any

from gantry_edge.appliance.deadline import BodyDeadline

PIECE = {"type": "http.request", "body": b"x", "more_body": True}
LAST = {"type": "http.request", "body": b"x", "more_body": False}


async def read_all(scope: Any, receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def ask(app: Any, *pieces: tuple[float, dict[str, Any]]) -> Any:
    """The start of the answer to a body whose pieces come after so many seconds each."""
    sent: list[Any] = []
    coming = iter(pieces)

    async def receive() -> Any:
        after, piece = next(coming)
        await asyncio.sleep(after)
        return piece

    async def send(message: Any) -> None:
        sent.append(message)

    await app({"type": "http"}, receive, send)
    return sent[0]


async def test_a_body_that_stalls_is_given_up_and_its_connection_closed() -> None:
    answer = await ask(BodyDeadline(read_all, idle=0.01), (0, PIECE), (60, LAST))
    assert answer["status"] == 408
    assert (b"connection", b"close") in answer["headers"]


async def test_a_body_that_drips_is_given_up() -> None:
    drips = [(0.02, PIECE)] * 100
    assert (await ask(BodyDeadline(read_all, idle=1, total=0.1), *drips))["status"] == 408


async def test_a_steady_body_is_read_whole() -> None:
    assert (await ask(BodyDeadline(read_all), (0, PIECE), (0, LAST)))["status"] == 200


async def test_whoever_waits_for_the_sender_to_leave_may_wait_long() -> None:
    async def stream(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})

    answer = await ask(BodyDeadline(stream, idle=0.01), (0, LAST), (0.05, {"type": "http.disconnect"}))
    assert answer["status"] == 200
