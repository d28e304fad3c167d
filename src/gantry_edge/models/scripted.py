"""A scripted OpenAI-compatible endpoint for tests, browser tests and benchmarks; `script` says what it can say.

It speaks HTTP at the level of bytes so that it can misbehave there. `GET /_log` tells what every request got and
when its caller left. All streams hang on one timer and an absolute schedule: a late tick sends what is due, so
that the rate never drifts.

    python -m gantry_edge.models.scripted --port 0        prints: listening on http://127.0.0.1:PORT/v1
"""

import argparse
import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from heapq import heappop, heappush
from types import TracebackType
from typing import Any

import msgspec

from gantry_edge.models import script
from gantry_edge.models.faults import AFTER, BEFORE, STREAM_HEAD, answer, problem
from gantry_edge.models.schema import ChatMessage
from gantry_edge.models.script import script_text

__all__ = ["Asked", "ScriptedEndpoint", "script_text"]

TICK = 0.0005  # seconds; tokens due within one tick leave together
TLS_HELLO = b"\x16"
LOG_LENGTH = 20_000
PLAIN = {"model", "messages", "stream", "stream_options"}  # of every request
LISTED = ("say?tokens=200&rate=50", "say?tokens=2000&rate=50", "think?tokens=200&rate=50", "echo?rate=50")


class Asked(msgspec.Struct):
    """One request as `/_log` shows it. Times are milliseconds; `ended` stays null while it runs."""

    model: str
    messages: list[ChatMessage]
    options: dict[str, Any]  # whatever else was asked for
    key: str
    began: float
    began_wall: float
    sent: int = 0
    closed_early: bool = False
    refused: bool = False
    ended: float | None = None
    ended_wall: float | None = None

    @property
    def prompt_tokens(self) -> int:
        return len(script.tokenize(script.template(self.messages)))

    def end(self, early: bool) -> None:
        self.closed_early = early
        self.ended, self.ended_wall = _now()


class _Piece(msgspec.Struct):
    """Of a message with pictures."""

    type: str
    text: str = ""
    image_url: dict[str, str] = {}


class _Message(msgspec.Struct):
    role: str
    content: str | list[_Piece]

    def plain(self) -> ChatMessage:
        if isinstance(self.content, str):
            return ChatMessage(self.role, self.content)
        words = "".join(piece.text for piece in self.content)
        return ChatMessage(self.role, words, [piece.image_url["url"] for piece in self.content if piece.image_url])


class _Request(msgspec.Struct):
    model: str = ""
    messages: list[_Message] = []


class _Stream:
    """Tokens on their way to one caller."""

    def __init__(
        self, planned: script.Script, asked: Asked, said: list[script.Part], writer: asyncio.StreamWriter
    ) -> None:
        self.asked = asked
        self.sent_all = asyncio.Event()
        self._parts = said
        self._stamp = bool(planned.stamp)
        self._writer = writer
        self._step = 1 / planned.rate if planned.rate else 0.0
        self._start = asyncio.get_running_loop().time() + planned.wait

    def due(self) -> float:
        """When the next token goes out; the end goes out with the last one."""
        return self._start + self.asked.sent * self._step

    def send(self) -> bool:
        """Send the next token; true while there are more."""
        if self._writer.is_closing():
            return False
        if self.asked.sent < len(self._parts):
            part = self._parts[self.asked.sent]
            self._writer.write(script.token_chunk(part, True) if self._stamp else script.encoded(part))
            self.asked.sent += 1
        if self.asked.sent < len(self._parts):
            return True
        self.sent_all.set()
        return False

    async def send_fast(self) -> None:
        """All tokens as fast as the caller takes them."""
        for number, part in enumerate(self._parts, 1):
            self._writer.write(script.token_chunk(part, True) if self._stamp else script.encoded(part))
            self.asked.sent = number
            if number % 64 == 0:
                await self._writer.drain()
        self.sent_all.set()


class _Pace:
    """One timer for all streams."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, _Stream]] = []
        self._count = 0
        self._timer: asyncio.TimerHandle | None = None

    def add(self, stream: _Stream) -> None:
        self._count += 1  # breaks ties: streams do not compare
        heappush(self._heap, (stream.due(), self._count, stream))
        self._arm()

    def stop(self) -> None:
        self._heap.clear()
        if self._timer is not None:
            self._timer.cancel()

    def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        while self._heap and self._heap[0][0] <= loop.time():
            _, number, stream = heappop(self._heap)
            if stream.send():
                heappush(self._heap, (stream.due(), number, stream))
        self._timer = None
        self._arm()

    def _arm(self) -> None:
        if not self._heap:
            return
        loop = asyncio.get_running_loop()
        when = max(self._heap[0][0], loop.time() + TICK)
        if self._timer is None or when < self._timer.when() - TICK:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = loop.call_at(when, self._tick)


class ScriptedEndpoint:
    """`async with ScriptedEndpoint() as endpoint:` and ask `endpoint.url`."""

    def __init__(self, port: int = 0) -> None:
        self.log: deque[Asked] = deque(maxlen=LOG_LENGTH)
        self.models: list[str] = list(LISTED)
        self.offers: dict[str, dict[str, Any]] = {"echo?rate=50": {"capabilities": {"vision": True}}}  # by model
        self.listings = 0
        self.window: int | None = None  # with one it counts like llama.cpp, and refuses what is longer
        self.pages: dict[str, Any] = {}  # by path: what other kinds of servers tell of their models
        self.says: Callable[[Asked], str | None] = lambda asked: None  # to some questions, instead of the script
        self.keeps_form = True  # whether it knows `response_format`
        self._port = port
        self._pace = _Pace()
        self._connections: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "ScriptedEndpoint":
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self._port, backlog=1024)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pace.stop()
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._serve(reader, writer)
        finally:
            self._connections.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.readexactly(1)
        if first == TLS_HELLO:
            writer.write(problem("400 Bad Request", "This port speaks plain HTTP"))
            await writer.drain()
            return
        head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line, *rest = head.split("\r\n")
        headers = dict(field.lower().split(": ", 1) for field in rest if ": " in field)
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        method, path, _ = line.split(" ", 2)
        if (method, path) == ("POST", "/v1/chat/completions"):
            await self._answer(reader, writer, body, _key(rest))
            return
        match method, path:
            case "GET", _ if path in self.pages:
                writer.write(answer("200 OK", msgspec.json.encode(self.pages[path])))
            case "GET", "/v1/models":
                self.listings += 1
                data = [{"id": model, "object": "model", **self.offers.get(model, {})} for model in self.models]
                writer.write(answer("200 OK", msgspec.json.encode({"object": "list", "data": data})))
            case "GET", "/_log":
                writer.write(answer("200 OK", msgspec.json.encode(list(self.log))))
            case "GET", "/props" if self.window:
                props = {"default_generation_settings": {"n_ctx": self.window}}
                writer.write(answer("200 OK", msgspec.json.encode(props)))
            case "POST", "/apply-template" if self.window:
                prompt = script.template([one.plain() for one in msgspec.json.decode(body, type=_Request).messages])
                writer.write(answer("200 OK", msgspec.json.encode({"prompt": prompt})))
            case "POST", "/tokenize" if self.window:
                pieces = script.tokenize(msgspec.json.decode(body)["content"])
                writer.write(answer("200 OK", msgspec.json.encode({"tokens": [{"piece": piece} for piece in pieces]})))
            case _:
                writer.write(problem("404 Not Found", "Unknown path"))
        await writer.drain()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: bytes, key: str) -> None:
        request = msgspec.json.decode(body, type=_Request)
        options = {name: value for name, value in msgspec.json.decode(body).items() if name not in PLAIN}
        messages = [message.plain() for message in request.messages]
        asked = Asked(request.model, messages, options, key, *_now())
        self.log.append(asked)
        try:
            planned = script.parse_script(request.model)
        except (ValueError, msgspec.ValidationError):
            writer.write(problem("404 Not Found", f"The model `{request.model}` does not exist"))
            asked.end(early=False)
            return
        if self.window and (tokens := asked.prompt_tokens) > self.window:
            sentence = f"request ({tokens} tokens) exceeds the available context size ({self.window} tokens)"
            writer.write(problem("400 Bad Request", sentence))
            asked.refused = True
            asked.end(early=False)
            return
        if "response_format" in options and not self.keeps_form:
            writer.write(problem("400 Bad Request", "Unknown field: response_format"))
            asked.end(early=False)
            return
        talk = asyncio.create_task(self._talk(planned, asked, writer))
        left = asyncio.create_task(_left(reader))
        try:
            await asyncio.wait((talk, left), return_when=asyncio.FIRST_COMPLETED)
        finally:
            asked.end(early=not talk.done() or talk.exception() is not None)
            talk.cancel()
            left.cancel()
            await asyncio.gather(talk, left, return_exceptions=True)

    async def _talk(self, planned: script.Script, asked: Asked, writer: asyncio.StreamWriter) -> None:
        if planned.kind in BEFORE:
            await BEFORE[planned.kind](writer)
            return
        said = self.says(asked)
        parts = script.parts(planned, asked.messages) if said is None else [script.Part(said)]
        stream = _Stream(planned, asked, parts, writer)
        writer.write(STREAM_HEAD + script.FIRST)
        if planned.rate:
            self._pace.add(stream)
        else:
            await asyncio.sleep(planned.wait)
            await stream.send_fast()
        await stream.sent_all.wait()
        if planned.kind:
            await writer.drain()
            await AFTER[planned.kind](writer)
        else:
            writer.write(script.ending(asked.sent, asked.prompt_tokens if self.window else 7))
            await writer.drain()


async def _left(reader: asyncio.StreamReader) -> None:
    """Until the caller is gone."""
    with suppress(OSError):
        while await reader.read(4096):
            pass


def _key(fields: list[str]) -> str:
    for field in fields:
        name, _, value = field.partition(": ")
        if name.lower() == "authorization":
            return value.removeprefix("Bearer ")
    return ""


def _now() -> tuple[float, float]:
    return time.monotonic() * 1000, time.time() * 1000


async def _run(port: int) -> None:
    async with ScriptedEndpoint(port) as endpoint:
        print(f"listening on {endpoint.url}", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description="A scripted OpenAI-compatible endpoint.")
    options.add_argument("--port", type=int, default=0)
    with suppress(KeyboardInterrupt):
        asyncio.run(_run(options.parse_args().port))
