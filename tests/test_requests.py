"""What is counted of a request, whatever becomes of it."""

import asyncio
from typing import Any

import pytest

from gantry_edge.counting import Asked
from gantry_edge.requests import LEFT, Requests

SCOPE: dict[str, Any] = {"type": "http", "method": "GET", "path": "/api/x", "path_template": "/api/x", "headers": []}
STREAM = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"Content-Type", b"text/event-stream; charset=utf-8")],
}


async def nothing(*_: Any) -> None:
    return None


async def test_a_stream_is_open_until_it_ends_and_has_no_duration() -> None:
    asked = Asked()

    async def stream(scope: Any, receive: Any, send: Any) -> None:
        await send(STREAM)
        assert asked.open_streams == 1

    await Requests(stream, asked)(SCOPE, nothing, nothing)
    assert asked.open_streams == 0
    assert asked.answered == {("/api/x", "GET", 200): 1}
    assert asked.durations == {}


async def test_a_stream_that_is_cut_is_open_no_more() -> None:
    asked = Asked()

    async def cut(scope: Any, receive: Any, send: Any) -> None:
        await send(STREAM)
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await Requests(cut, asked)(SCOPE, nothing, nothing)
    assert asked.open_streams == 0


async def test_who_leaves_before_an_answer_counts_as_gone() -> None:
    asked = Asked()

    async def left(scope: Any, receive: Any, send: Any) -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await Requests(left, asked)(SCOPE, nothing, nothing)
    assert asked.answered == {("/api/x", "GET", LEFT): 1}


async def test_what_is_no_request_goes_through_untouched() -> None:
    asked = Asked()
    await Requests(nothing, asked)({"type": "lifespan"}, nothing, nothing)
    assert not asked.answered
