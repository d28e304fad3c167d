"""The list of conversations, and the server's size, after a thousand of them."""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from statistics import median

import msgspec
from factory import make_user
from program import Program, scripted_endpoint

from gantry_edge.chat.listing import list_conversations
from gantry_edge.chat.schema import Message, Text
from gantry_edge.chat.store import list_messages
from gantry_edge.ids import new_id
from gantry_edge.paging import Page
from gantry_edge.storage.database import Connection, Database
from gantry_edge.storage.migrations import migrate

CONNECTIONS = 50
SECONDS = 5
CONVERSATIONS = 1000
PAGE = "/api/conversations?limit=50"
HOST = "127.0.0.1"
START = 20.0  # seconds
MANY = 1_000, 100_000, 1_000_000  # conversations
LONG = 100, 5_000, 50_000  # messages
TIMES = 200
SENTENCE = "The lighthouse on the northern cliff was built long before the harbour. "


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
        body = owner.get(PAGE).content
        before = program.cpu_seconds()
        rate, p99 = asyncio.run(load(host, PAGE, cookie))
        cpu = (program.cpu_seconds() - before) / (rate * SECONDS)
        loaded = resident(program)
        program.end()
        with bare(Path(folder), body) as address:
            bare_rate, _ = asyncio.run(load(address, "/", ""))
    return {
        "start to first reply, s": started,
        "memory idle, MB": idle,
        "memory after the load, MB": loaded,
        "page of 50 conversations, replies/s": rate,
        "page of 50 conversations, p99 ms": p99,
        "server CPU ms per reply": cpu * 1000,
        "the same bytes from a bare server, replies/s": bare_rate,
        "ratio to the bare server": rate / bare_rate,
        **growth(),
    }


@contextmanager
def bare(folder: Path, body: bytes) -> Iterator[str]:
    """A Granian that says these bytes to everybody; yields its address and port."""
    (folder / "body").write_bytes(body)
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "granian",
        "--log-level",
        "error",
        "--interface",
        "asgi",
        "--no-ws",
        "--port",
        str(port),
        "bench.bare:app",
    ]
    process = subprocess.Popen(command, env=os.environ | {"BARE_BODY": str(folder / "body")}, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + START
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection((HOST, port)):
                break
            time.sleep(0.05)
        yield f"{HOST}:{port}"
    finally:
        process.terminate()
        process.wait()


def growth() -> dict[str, float]:
    """What a page costs when there is more of everything, read as a route reads it."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "bench.db")
        asyncio.run(database.write(migrate))
        for count in MANY:
            user = asyncio.run(database.write(partial(list_of, count=count)))
            first = asyncio.run(timed(database, partial(list_conversations, user_id=user, before=None, limit=50)))
            figures[f"page of 50 of {count:,} conversations, ms"] = first
        for count in LONG:
            user, id = asyncio.run(database.write(partial(talk_of, count=count)))
            opened = asyncio.run(timed(database, partial(last_page, user=user, id=id)))
            figures[f"last 50 of {count:,} messages, ms"] = opened
        page = asyncio.run(database.read(partial(last_page, user=user, id=id)))
        figures["last 50 messages, KB"] = len(msgspec.json.encode(page)) / 1000
        database.close()
    return figures


def last_page(connection: Connection, user: str, id: str) -> Page[Message]:
    return list_messages(connection, user, id, None, 50)


async def timed(database: Database, read: Callable[[Connection], object]) -> float:
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        await database.read(read)
        took.append(time.perf_counter() - began)
    return median(took) * 1000


def list_of(connection: Connection, count: int) -> str:
    user = make_user(connection, f"list {count}")
    rows = ((new_id(), user, f"Conversation {n}", n, n) for n in range(count))
    connection.executemany(
        "INSERT INTO conversations (id, user_id, title, created_at, updated_at) VALUES (?, ?, ?, ?, ?)", rows
    )
    return user


def talk_of(connection: Connection, count: int) -> tuple[str, str]:
    """One branch of so many messages; the user's id, and the conversation's."""
    user, id = make_user(connection, f"talk {count}"), new_id()
    connection.execute(
        "INSERT INTO conversations (id, user_id, title, created_at, updated_at) VALUES (?, ?, 'Talk', 0, 0)", (id, user)
    )
    parts = msgspec.json.encode([Text(SENTENCE * 4)]).decode()
    parent = None
    for n in range(count):
        message = new_id()
        connection.execute(
            "INSERT INTO messages (id, conversation_id, parent_id, version, role, parts, created_at)"
            " VALUES (?, ?, ?, 0, ?, ?, ?)",
            (message, id, parent, ("user", "assistant")[n % 2], parts, n),
        )
        parent = message
    connection.execute("UPDATE conversations SET leaf_id = ? WHERE id = ?", (parent, id))
    return user, id


def resident(program: Program) -> float:
    status = Path(f"/proc/{program.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024
