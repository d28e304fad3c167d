"""The figures of a running program: what a monitor reads, and the console draws. Numbers and states, never a text."""

import asyncio
import shutil
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from gantry_edge.admin import backup
from gantry_edge.admin.schema import Sample
from gantry_edge.admin.watchdog import Watchdog
from gantry_edge.chat.turns import Turns
from gantry_edge.counting import Asked
from gantry_edge.ids import now
from gantry_edge.models.endpoints import Endpoints
from gantry_edge.retrieval.index import Index
from gantry_edge.storage.database import Connection, Database

EVERY = 30.0  # seconds between two samples
SAMPLES = 120  # an hour of them
JOBS = "SELECT kind, status, count(*) FROM jobs GROUP BY kind, status"


class Figures(Struct):
    """`jobs` by kind and state; `backup_at` in seconds since 1970, 0 for none."""

    jobs: dict[tuple[str, str], int]
    index: str
    index_lag: int
    index_rebuilds: int
    engine: str
    database_bytes: int
    log_bytes: int
    disk_free: int
    disk_total: int
    backup_at: float
    open_streams: int


class Meter:
    """`memory` says how much this process holds, in bytes."""

    def __init__(
        self,
        database: Database,
        asked: Asked,
        turns: Turns,
        endpoints: Endpoints,
        index: Index,
        backups: Path,
        memory: Callable[[], int],
    ) -> None:
        self.database, self.asked, self.written = database, asked, turns.written
        self.watchdog = Watchdog()
        self.samples: deque[Sample] = deque(maxlen=SAMPLES)
        self.started = time.time()
        self._endpoints, self._index, self._backups, self.memory = endpoints, index, backups, memory
        self._counted: dict[str, int] = {}

    async def read(self) -> Figures:
        jobs = await self.database.read(_count_jobs)
        lag = await self._index.lag()
        disk, last = await asyncio.to_thread(self._look_at_disk)
        path = self.database.path
        return Figures(
            jobs,
            self._index.state,
            lag,
            self._index.rebuilds,
            self._endpoints.engine_state(),
            _size(path),
            _size(path.with_name(path.name + "-wal")),
            *disk,
            last,
            self.asked.open_streams,
        )

    async def sample_forever(self) -> None:
        while True:
            self.sample()
            await asyncio.sleep(EVERY)

    def sample(self) -> None:
        answered = self.asked.answered
        counted = {
            "requests": answered.total(),
            "errors": sum(count for (_, _, status), count in answered.items() if status >= 500),
            "tokens": self.written.tokens["output"],
        }
        since = {name: count - self._counted.get(name, 0) for name, count in counted.items()}
        self._counted = counted
        lag_ms = round(self.watchdog.take_worst() * 1000)
        streams, memory = self.asked.open_streams, self.memory()
        self.samples.append(Sample(at=now(), streams=streams, lag_ms=lag_ms, memory=memory, **since))

    def _look_at_disk(self) -> tuple[tuple[int, int], float]:
        usage = shutil.disk_usage(self.database.path.parent)
        return (usage.free, usage.total), backup.newest(self._backups) or 0.0


def _count_jobs(connection: Connection) -> dict[tuple[str, str], int]:
    return {(row[0], row[1]): row[2] for row in connection.execute(JOBS)}


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
