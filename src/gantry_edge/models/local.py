"""The models of the built-in engine: which is loaded, which there are, and how one is brought in.

Another model is loaded once all who had asked before have their answers; who asks meanwhile waits for it.
"""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from gantry_edge.errors import BadRequest, Conflict, GantryError, NotFound
from gantry_edge.models import gguf
from gantry_edge.models.engine import Engine
from gantry_edge.models.lines import Lines
from gantry_edge.models.schema import Arrival, ImportModel, LocalEngine, ModelFile
from gantry_edge.storage.audit import By, append
from gantry_edge.storage.database import Connection, Database
from gantry_edge.storage.settings import CHOSEN, drop_setting, put_setting, read_setting

CHOICE = f"{CHOSEN}model"  # as if `config set model` had been used
EXCHANGING = "Another model is being loaded; wait until it is there"
OFF = "The built-in engine is switched off by the setting `engine`"

log = logging.getLogger(__name__)


class LocalModels:
    """`given` are models outside the folder: of the settings, and the small one inside."""

    def __init__(
        self, engine: Engine | None, lines: Lines, database: Database, folder: Path, given: list[Path]
    ) -> None:
        self._engine = engine
        self._lines = lines
        self._database = database
        self._folder = folder
        self._given = given
        self._next: str | None = None
        self._failure: str | None = None
        self._arrival: Arrival | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = threading.Event()
        for left in folder.glob(f"*{gguf.PARTIAL}"):  # of a copy that a crash cut off
            left.unlink(missing_ok=True)

    async def look(self) -> LocalEngine:
        running, waiting = self._lines.look(Engine.name)
        return LocalEngine(
            state=self._engine.state.name if self._engine else "off",
            model=self._engine.model if self._engine else "",
            next=self._next,
            failure=self._failure,
            files=await asyncio.to_thread(self._files),
            arrival=self._arrival,
            running=running,
            waiting=waiting,
        )

    async def load(self, name: str, by: By) -> None:
        """At once told, and done when nobody waits any more; a model that does not come up gives way to the last."""
        engine, path = self._free_engine(), self._find(name)
        before = engine.path

        async def exchange() -> None:
            if await engine.load(path):
                await self._database.write(lambda c: put_setting(c, CHOICE, str(path)))
                return
            self._failure = name
            log.warning("%s could not be loaded: %s", name, engine.state.sentence)
            await (engine.load(before) if before else engine.unload())

        self._next = name
        await self._begin(engine, exchange, partial(append, by=by, action="models.loaded", detail={"model": name}))

    async def unload(self, by: By) -> None:
        """Until the next start, or until one is loaded."""
        engine = self._free_engine()
        self._next, detail = "", {"model": engine.model}
        await self._begin(engine, engine.unload, partial(append, by=by, action="models.unloaded", detail=detail))

    async def bring_in(self, wanted: ImportModel, by: By) -> None:
        """Checked here, copied in the background; `look` tells how far it is."""
        source = await asyncio.to_thread(gguf.find, wanted.path)
        if self._arrival and self._arrival.error is None and self._arrival.sha256 is None:
            raise Conflict(f"{self._arrival.name} is being copied; wait until it is there")
        if not gguf.NAME.fullmatch(source.name):
            raise BadRequest("Name the file by letters, digits, dots and hyphens, with .gguf at its end, and try again")
        if any(path.name == source.name for path in self._paths()):
            raise Conflict(f"There is already a model file {source.name}")
        size = source.stat().st_size
        self._folder.mkdir(mode=0o700, exist_ok=True)
        gguf.check_room(self._folder, size)
        self._arrival = arrival = Arrival(source.name, size, 0)
        try:
            await self._database.write(
                lambda c: append(c, by, "models.import_begun", "", {"model": source.name, "bytes": size})
            )
        except BaseException:
            self._arrival = None
            raise
        self._keep(asyncio.create_task(self._copy(source, arrival, wanted.sha256)))

    async def remove(self, name: str, by: By) -> None:
        path = self._find(name)
        if path.parent != self._folder:
            raise Conflict(f"{name} does not lie in the data folder; delete it where it is")
        if self._engine and self._engine.path == path:
            raise Conflict(f"{name} is loaded; load another one first")
        if self._next is not None:  # it may be that one, or the one to go back to
            raise Conflict(EXCHANGING)

        def remove(connection: Connection) -> None:
            if read_setting(connection, CHOICE) == str(path):
                drop_setting(connection, CHOICE)
            append(connection, by, "models.file_removed", "", {"model": name})

        await self._database.write(remove)
        path.unlink(missing_ok=True)
        gguf.digest_file(path).unlink(missing_ok=True)

    async def close(self) -> None:
        self._closing.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _begin(
        self, engine: Engine, change: Callable[[], Awaitable[None]], note: Callable[[Connection], None]
    ) -> None:
        async def begin() -> None:
            try:
                await self._lines.emptied(Engine.name)
                await change()
            finally:
                self._next = None
                engine.release()

        self._failure = None
        try:
            await self._database.write(note)
        except BaseException:
            self._next = None
            raise
        engine.hold()
        self._keep(asyncio.create_task(begin()))

    async def _copy(self, source: Path, arrival: Arrival, sha256: str | None) -> None:
        def tell(done: int) -> None:
            if self._closing.is_set():
                raise InterruptedError
            self._arrival = replace(arrival, done=done)

        try:
            digest = await asyncio.to_thread(gguf.bring_in, source, self._folder / source.name, tell, sha256)
            self._arrival = replace(arrival, done=arrival.bytes, sha256=digest)
        except GantryError as error:
            self._arrival = replace(arrival, error=error.detail)
        except OSError as error:
            self._arrival = replace(arrival, error=f"It could not be copied: {error.strerror}")

    def _free_engine(self) -> Engine:
        if self._engine is None:
            raise Conflict(OFF)
        if self._next is not None:
            raise Conflict(EXCHANGING)
        return self._engine

    def _paths(self) -> list[Path]:
        return [*sorted(self._folder.glob(f"*{gguf.SUFFIX}")), *self._given]

    def _find(self, name: str) -> Path:
        for path in self._paths():
            if path.name == name and gguf.is_gguf(path):
                return path
        raise NotFound("There is no such model file; look at the list again")

    def _files(self) -> list[ModelFile]:
        loaded = self._engine.path if self._engine else None
        files = {path.name: path for path in reversed(self._paths()) if gguf.is_gguf(path)}
        return [
            ModelFile(
                name=path.name,
                bytes=path.stat().st_size,
                own=path.parent == self._folder,
                loaded=path == loaded,
                sha256=_read_digest(path),
            )
            for path in sorted(files.values(), key=lambda path: path.name.lower())
        ]

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _read_digest(path: Path) -> str | None:
    try:
        return gguf.digest_file(path).read_text()[:64]
    except OSError:
        return None
