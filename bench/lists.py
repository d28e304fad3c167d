"""The list of conversations, and the server's size, after a thousand of them."""

import asyncio
import tempfile
import time
from pathlib import Path

from program import Program, scripted_endpoint

CONNECTIONS = 50
SECONDS = 5
CONVERSATIONS = 1000


class Asker(asyncio.Protocol):
    """Asks again as soon as it has the whole reply."""

    def __init__(self, request: bytes, until: float) -> None:
        self.request = request
        self.until = until
        self.took: list[float] = []
        self.bytes = b""
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        self.sent = time.monotonic()
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.bytes += data
        head, found, body = self.bytes.partition(b"\r\n\r\n")
        if not found or len(body) < int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]):
            return
        assert head.startswith(b"HTTP/1.1 200"), head
        self.took.append(time.monotonic() - self.sent)
        self.bytes = b""
        if time.monotonic() < self.until:
            self.ask()
        else:
            self.transport.close()
            self.done.set_result(None)


async def load(host: str, path: str, cookie: str) -> tuple[float, float]:
    """Replies per second, and the p99 in ms."""
    request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n".encode()
    address, port = host.split(":")
    until = time.monotonic() + SECONDS
    loop = asyncio.get_running_loop()
    made = [await loop.create_connection(lambda: Asker(request, until), address, int(port)) for _ in range(CONNECTIONS)]
    await asyncio.gather(*(asker.done for _, asker in made))
    took = sorted(seconds for _, asker in made for seconds in asker.took)
    return len(took) / SECONDS, took[int(len(took) * 0.99)] * 1000


def run() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder, scripted_endpoint() as endpoint:
        began = time.monotonic()
        program = Program(Path(folder) / "home", endpoint=endpoint).start()
        started = time.monotonic() - began
        idle = resident(program)
        owner = program.owner()
        for n in range(CONVERSATIONS):
            owner.post("/api/conversations", json={"title": f"Conversation {n}"}).raise_for_status()
        cookie = "; ".join(f"{name}={value}" for name, value in owner.cookies.items())
        host = program.url.removeprefix("http://")
        bare, _ = asyncio.run(load(host, "/health", ""))
        rate, p99 = asyncio.run(load(host, "/api/conversations?limit=50", cookie))
        loaded = resident(program)
        program.end()
    return {
        "start to first reply, s": started,
        "memory idle, MB": idle,
        "memory after the load, MB": loaded,
        "page of 50 conversations, replies/s": rate,
        "page of 50 conversations, p99 ms": p99,
        "/health, replies/s": bare,
        "ratio to /health": rate / bare,
    }


def resident(program: Program) -> float:
    status = Path(f"/proc/{program.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024
