"""Many answers at once: does each arrive whole, how much later than from the endpoint itself, at what CPU cost."""

import asyncio
import json
import re
import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from program import Program, model, scripted_endpoint

from gantry_edge.models.script import STAMP, script_text

STREAMS = 500
RATE = 50
TOKENS = 300
MODELS = 8  # of one server, as it may have; each was asked before, as what it takes is looked up once
TEXTS = re.compile(rb'"(?:text|content)":("(?:[^"\\]|\\.)*")')


class Reader(asyncio.Protocol):
    """Sends one request and takes the texts out of whatever stream comes back."""

    def __init__(self, request: bytes) -> None:
        self.request = request
        self.text: list[str] = []
        self.delays: list[float] = []  # ms
        self.rest = b""
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        arrived = time.monotonic_ns()
        lines = (self.rest + data).split(b"\n")
        self.rest = lines.pop()
        for line in lines:
            for found in TEXTS.findall(line) if line.startswith(b"data: ") else ():
                text = json.loads(found)
                self.delays += [(arrived - int(stamp)) / 1e6 for stamp in STAMP.findall(text)]
                self.text.append(text)
            if line.startswith((b"event: done", b"event: failed", b"data: [DONE]")):
                self.end()

    def connection_lost(self, error: Exception | None) -> None:
        self.end()

    def end(self) -> None:
        if not self.done.done():
            self.done.set_result(None)
            self.transport.close()


def request(host: str, path: str, body: Mapping[str, object], cookie: str = "") -> bytes:
    content = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"Accept: text/event-stream\r\nCookie: {cookie}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


async def load(host: str, requests: list[bytes]) -> list[Reader]:
    """All streams, started over two seconds so that the figures are of streaming and not of a stampede."""
    address, port = host.split(":")
    readers: list[Reader] = []
    for one in requests:
        _, reader = await asyncio.get_running_loop().create_connection(lambda one=one: Reader(one), address, int(port))  # type: ignore[misc]
        readers.append(reader)
        await asyncio.sleep(2 / len(requests))
    await asyncio.wait([reader.done for reader in readers], timeout=TOKENS / RATE * 5)
    return readers


def script(stream: int) -> str:
    return f"say?tokens={TOKENS}&rate={RATE}&seed={stream % MODELS}&stamp=1"


def summary(readers: list[Reader]) -> tuple[float, float, float]:
    """Share complete and correct (%), delay p50 and p99 (ms)."""
    whole = [
        STAMP.sub("", "".join(reader.text)) == script_text(at % MODELS, TOKENS) for at, reader in enumerate(readers)
    ]
    delays = sorted(delay for reader in readers for delay in reader.delays)
    return 100 * sum(whole) / len(whole), statistics.median(delays), delays[int(len(delays) * 0.99)]


def run() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder, scripted_endpoint() as endpoint:
        program = Program(Path(folder) / "home", endpoint=endpoint).start()
        owner = program.owner()
        cookie = "; ".join(f"{name}={value}" for name, value in owner.cookies.items())
        bare = bare_requests(endpoint)
        direct, direct_p50, direct_p99 = summary(asyncio.run(load(endpoint_host(endpoint), bare)))
        host = program.url.removeprefix("http://")
        bodies = [{"content": "Go", "model": model(script(stream)), "memory": False} for stream in range(STREAMS)]
        requests = [request(host, "/api/chat", body, cookie) for body in bodies]
        asyncio.run(load(host, requests[:MODELS]))
        before = program.cpu_seconds()
        through = asyncio.run(load(host, requests))
        cpu = program.cpu_seconds() - before
        complete, p50, p99 = summary(through)
        program.end()
    return {
        "streams at once": STREAMS,
        "tokens/s each": RATE,
        "complete and correct, %": complete,
        "complete and correct from the endpoint itself, %": direct,
        "delay p50, ms": p50,
        "delay p99, ms": p99,
        "delay p50 from the endpoint itself, ms": direct_p50,
        "delay p99 from the endpoint itself, ms": direct_p99,
        "added delay p50, ms": p50 - direct_p50,
        "added delay p99, ms": p99 - direct_p99,
        "server CPU s per 1,000 tokens": cpu / (STREAMS * TOKENS) * 1000,
    }


def endpoint_host(endpoint: str) -> str:
    return endpoint.removeprefix("http://").removesuffix("/v1")


def bare_requests(endpoint: str) -> list[bytes]:
    messages = [{"role": "user", "content": "Go"}]
    bodies = [{"model": script(seed), "messages": messages, "stream": True} for seed in range(STREAMS)]
    return [request(endpoint_host(endpoint), "/v1/chat/completions", body) for body in bodies]
