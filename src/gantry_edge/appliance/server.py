"""Granian in this process: the port, the start, the stop."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from gantry_edge.errors import PortInUse

HOST = "127.0.0.1"
PORTS_TRIED = 20
OPEN_FILES = 16_384
CLOSE = 3.0  # seconds open connections get once everything is stored


def free_port(wanted: int, *, fixed: bool) -> int:
    """`wanted`, or one near it; 0 is any. Granian would share a port that is taken without a word."""
    for port in [wanted] if fixed or wanted == 0 else range(wanted, min(wanted + PORTS_TRIED, 65536)):
        with socket.socket() as probe:
            if sys.platform != "win32":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise PortInUse(f"Port {wanted} is in use; stop the program that has it, or choose another with --port")


def raise_open_files() -> None:
    """Each viewer and each answer is a connection; 1,024, the usual limit, is few."""
    if sys.platform != "win32":
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


async def serve(app: Any, port: int, started: Callable[[], None], drain: Callable[[], Awaitable[None]]) -> None:
    """Serve until SIGINT or SIGTERM, then `drain` and close. A second signal ends the process at once."""
    server = Server(
        app,
        address=HOST,
        port=port,
        interface=Interfaces.ASGINL,
        websockets=False,
        backlog=4096,
        backpressure=2048,
        http1_settings=HTTP1Settings(header_read_timeout=5000),
        log_enabled=False,
    )
    stopping = asyncio.Event()
    _on_signal(stopping)
    serving = asyncio.create_task(server.serve())
    await _listening(port, serving)
    started()
    waiting = asyncio.create_task(stopping.wait())
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if not serving.done():
        await drain()
        server.stop()  # type: ignore[no-untyped-call]
        await asyncio.wait({serving}, timeout=CLOSE)
    if serving.done():
        serving.result()


async def _listening(port: int, serving: asyncio.Task[None]) -> None:
    """Granian says that it starts before it listens; a browser sent there at once would see an error."""
    while not serving.done():
        try:
            _, writer = await asyncio.open_connection(HOST, port)
        except OSError:
            await asyncio.sleep(0.01)
        else:
            writer.close()
            await writer.wait_closed()
            return


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
