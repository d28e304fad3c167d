"""Granian in this process: the port, the start, the stop."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.http import HTTP1Settings
from granian.server.embed import Server

from gantry_edge.errors import PortInUse

HOST = "127.0.0.1"
PORTS_TRIED = 20
OPEN_FILES = 16_384
CLOSE = 3.0  # seconds open connections get once everything is stored
FREED = 0.3  # seconds the port of one that just closed may stay taken
CUT = 1.0  # seconds a connection gets to end once its requests were cancelled

Drain = Callable[[], Awaitable[None]]


class Listener:
    """One address and port, in plain or with a certificate. Several share the loop, and end one by one."""

    def __init__(self, app: Any, address: str, port: int, certificate: Path | None = None) -> None:
        """`certificate` is a PEM file that also has its key, in PKCS #8."""
        self.address = address
        self.port = port
        self._app = app
        self._requests: set[asyncio.Task[Any]] = set()
        self._server = Server(
            self._answer,
            address=address,
            port=port,
            interface=Interfaces.ASGINL,
            http=HTTPModes.auto if certificate else HTTPModes.http1,
            websockets=False,
            backlog=4096,
            backpressure=2048,
            http1_settings=HTTP1Settings(header_read_timeout=5000),
            log_enabled=False,
            ssl_cert=certificate,
            ssl_key=certificate,
            ssl_protocol_min=SSLProtocols.tls12,
        )
        self.serving: asyncio.Task[None]

    async def open(self) -> None:
        """PortInUse where it cannot be had; Granian would share it with another program without a word."""
        until = time.monotonic() + FREED
        while not is_free(self.address, self.port):
            if time.monotonic() > until:
                raise PortInUse(f"Port {self.port} of {self.address} is in use by another program")
            await asyncio.sleep(0.05)
        self.serving = asyncio.create_task(self._server.serve())
        await self._accepting()
        if self.serving.done():
            self.serving.result()

    async def close(self, grace: float) -> None:
        """Take no more connections; end the requests that last longer. What they started goes on."""
        self._server.stop()  # type: ignore[no-untyped-call]
        _, unended = await asyncio.wait({self.serving}, timeout=grace)
        for request in self._requests:
            request.cancel()
        if unended:
            await asyncio.wait(unended, timeout=CUT)

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        request = asyncio.current_task()
        assert request
        self._requests.add(request)
        try:
            await self._app(scope, receive, send)
        finally:
            self._requests.discard(request)

    async def _accepting(self) -> None:
        """Granian says that it starts before it listens; a browser sent there at once would see an error."""
        while not self.serving.done():
            try:
                _, writer = await asyncio.open_connection(self.address, self.port)
            except OSError:
                await asyncio.sleep(0.01)
            else:
                writer.close()
                await writer.wait_closed()
                return


def is_free(address: str, port: int) -> bool:
    """Could this program have it alone?"""
    try:
        bind(address, port)
    except OSError:
        return False
    return True


def bind(address: str, port: int) -> int:
    """Have a port for a moment; 0 is any. Returns which."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((address, port))
        return int(probe.getsockname()[1])


def free_port(wanted: int, *, fixed: bool) -> int:
    """`wanted`, or one near it; 0 is any."""
    for port in [wanted] if fixed or wanted == 0 else range(wanted, min(wanted + PORTS_TRIED, 65536)):
        try:
            return bind(HOST, port)
        except OSError:
            continue
    raise PortInUse(f"Port {wanted} is in use; stop the program that has it, or choose another with --port")


def raise_open_files() -> None:
    """Each viewer and each answer is a connection; 1,024, the usual limit, is few."""
    if sys.platform != "win32":
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


async def serve(
    app: Any,
    port: int,
    listening: Callable[[], None],
    opened: AbstractAsyncContextManager[Drain],
    stopping: asyncio.Event | None = None,
) -> None:
    """Serve from now on, and until `stopping`, SIGINT or SIGTERM. A second signal ends the process at once.

    `listening` is called first, then `opened` is entered: what the app rests on. It gives what has to end before the
    connections do, and is left after them.
    """
    listener = Listener(app, HOST, port)
    stopping = stopping or asyncio.Event()
    _on_signal(stopping)
    await listener.open()
    try:
        listening()
        async with opened as drain:
            waiting = asyncio.create_task(stopping.wait())
            await asyncio.wait({listener.serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            if not listener.serving.done():
                await drain()
                await listener.close(CLOSE)
    except BaseException:
        await listener.close(CUT)
        raise
    if listener.serving.done():
        listener.serving.result()


def _on_signal(stopping: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if stopping.is_set():
            os._exit(130)
        stopping.set()

    def stop_from_outside(number: int, frame: object) -> None:
        loop.call_soon_threadsafe(stop)

    for number in (signal.SIGINT, signal.SIGTERM):
        if sys.platform == "win32":
            signal.signal(number, stop_from_outside)
        else:
            loop.add_signal_handler(number, stop)
