"""Every way a model server can fail, for the scripted endpoint: `fault?kind=KIND`. `FAULTS` is the list.

A fault in BEFORE replaces the answer; a fault in AFTER follows `after` tokens of good text. Each gets the open
connection and may do to it what it likes. Refused connections and slow tokens need no fault: use a closed port and
`say?rate=0.2`; TLS trouble comes from asking with https.
"""

import asyncio
import gzip
import socket
import struct
from collections.abc import Awaitable, Callable

import msgspec

from gantry_edge.models import script

Fault = Callable[[asyncio.StreamWriter], Awaitable[None]]
FOREVER = 3600.0
STREAM_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
)


def answer(status: str, body: bytes, kind: str = "application/json", extra: str = "") -> bytes:
    """A whole HTTP answer."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{extra}"
    return f"{head}Connection: close\r\n\r\n".encode() + body


def problem(status: str, message: str, extra: str = "") -> bytes:
    body = msgspec.json.encode({"error": {"message": message, "type": "scripted", "code": status[:3]}})
    return answer(status, body, extra=extra)


def _send(data: bytes) -> Fault:
    async def send(writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return send


def _stream(data: bytes) -> Fault:
    return _send(STREAM_HEAD + data)


async def _silence(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(FOREVER)


async def _slow_headers(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(10_000):
        writer.write(b"X-Slow-%d: 1\r\n" % number)
        await writer.drain()
        await asyncio.sleep(0.05)


async def _heartbeats(writer: asyncio.StreamWriter) -> None:
    writer.write(STREAM_HEAD)
    for _ in range(100_000):
        writer.write(script.framed(b": ping\n\n"))
        await writer.drain()
        await asyncio.sleep(0.05)


async def _gzip_bomb(writer: asyncio.StreamWriter) -> None:
    page = gzip.compress(bytes(1_000_000), 9)
    head = answer("200 OK", b"", "text/event-stream", "Content-Encoding: gzip\r\n")
    writer.write(head.replace(b"Content-Length: 0\r\n", b"") + page * 1000)  # 1 GB in 1 MB
    await writer.drain()


async def _long_line(writer: asyncio.StreamWriter) -> None:
    writer.write(script.framed(b'data: {"choices":[{"index":0,"delta":{"content":"'))
    for _ in range(160):
        writer.write(script.framed(b"x" * 65_536))
        await writer.drain()
    writer.write(script.framed(b'"}}]}\n\n') + script.LAST)


async def _million_choices(writer: asyncio.StreamWriter) -> None:
    writer.write(script.event(b'{"choices":[' + b'{"index":0},' * 999_999 + b"{}]}") + script.LAST)
    await writer.drain()


async def _endless(writer: asyncio.StreamWriter) -> None:
    page = script.chunk(msgspec.json.encode({"content": "x" * 4000}))
    for _ in range(10_000):
        writer.write(page)
        await writer.drain()


async def _reset(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(0.05)  # a reset overtakes what the other side has not read yet
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _cut(writer: asyncio.StreamWriter) -> None:
    writer.close()


def _data(data: bytes) -> Fault:
    return _send(script.event(data) + script.LAST)


_TEXT = b'{"choices":[{"index":0,"delta":{"content":%b},"finish_reason":null}]}'
_STOP = script.chunk(b"{}", "stop")
_ATTACK = b'event: execute\ndata: {"code":"alert(1)","choices":[{"index":0,"delta":{"execute":"alert(1)"}}]}\n\n'

BEFORE: dict[str, Fault] = {
    "black-hole": _silence,
    "slow-headers": _slow_headers,
    "heartbeats": _heartbeats,
    "http-400-context": _send(
        problem("400 Bad Request", "This model's maximum context length is 4096 tokens, you asked for 9000")
    ),
    "http-401": _send(problem("401 Unauthorized", "Invalid API key: secret-of-the-test")),
    "http-404": _send(problem("404 Not Found", "The model `x` does not exist")),
    "http-429": _send(problem("429 Too Many Requests", "Rate limit", "Retry-After: 7\r\n")),
    "http-500": _send(answer("500 Internal Server Error", b"Traceback: /opt/secret/path.py", "text/plain")),
    "http-503": _send(problem("503 Service Unavailable", "Loading model")),
    "html-200": _send(answer("200 OK", b"<!doctype html>\n<title>Router login</title>", "text/html")),
    "json-200": _send(
        answer("200 OK", b'{"choices":[{"message":{"content":"all at once"}}],"object":"chat.completion"}')
    ),
    "error-200": _send(answer("200 OK", b'{"error":"model failed to load"}')),
    "redirect": _send(answer("302 Found", b"", "text/plain", "Location: http://169.254.169.254/latest/meta-data\r\n")),
    "garbage": _send(b"\x15\x03\x01\x00\x02\x02\x28 not HTTP at all\r\n\r\n"),
    "gzip-bomb": _gzip_bomb,
    "no-answer": _cut,
    "empty-stream": _stream(script.LAST),
    "only-done": _stream(script.DONE + script.LAST),
}

AFTER: dict[str, Fault] = {
    "error-event": _data(b'{"error":{"message":"the GPU fell off the bus","code":500}}'),
    "error-field": _send(script.framed(b'error: {"message":"slot is gone"}\n\n') + script.LAST),
    "half-json": _data(b'{"choices":[{"index":0,"delta":{"content":"hal'),
    "bad-utf8": _data(_TEXT % b'"\xff\xfe"'),
    "wrong-type": _data(_TEXT % b'{"no":"text"}'),
    "wrong-shape": _data(b"[1,2,3]"),
    "deep-json": _data(b'{"choices":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "no-done": _send(_STOP + script.LAST),
    "no-done-no-finish": _send(script.LAST),
    "no-done-cut": _send(_STOP),
    "two-done": _send(_STOP + script.DONE + script.DONE + script.chunk(b'{"content":"after"}') + script.LAST),
    "duplicate-ids": _send(script.FIRST + script.FIRST + script.ending(0)),
    "named-event": _send(script.framed(_ATTACK) + script.ending(0)),
    "other-choices": _send(script.event(b'{"choices":[{"index":1,"delta":{"content":"other"}}]}') + script.ending(0)),
    "negative-usage": _send(_STOP + script.usage_event(-5, 10**12) + script.DONE + script.LAST),
    "huge-finish": _send(script.chunk(b"{}", "<script>" * 50) + script.DONE + script.LAST),
    "long-line": _long_line,
    "million-choices": _million_choices,
    "endless": _endless,
    "reset": _reset,
    "early-close": _cut,
    "stall": _silence,
}

FAULTS = (*BEFORE, *AFTER)
