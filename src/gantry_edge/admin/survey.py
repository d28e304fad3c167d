"""How each part of the program is, in words that the page explains."""

from collections.abc import Callable
from dataclasses import dataclass

from gantry_edge import __version__
from gantry_edge.admin.care import Care
from gantry_edge.admin.figures import Figures, Meter
from gantry_edge.admin.probe import Probe
from gantry_edge.admin.schema import Check, Condition, Overview, Sizes
from gantry_edge.ids import now
from gantry_edge.models.endpoints import Endpoints
from gantry_edge.retrieval.embedder import Embedder
from gantry_edge.retrieval.index import Index
from gantry_edge.storage.room import reserve

HOUR = 3_600
BEHIND = 10_000  # changes
BACKUPS_MISSED = 2


@dataclass(frozen=True)
class Survey:
    """`in_trouble` says whether the local network is; `backup_every` in hours."""

    meter: Meter
    probe: Probe
    endpoints: Endpoints
    index: Index
    embedder: Embedder
    care: Care
    in_trouble: Callable[[], bool]
    backup_every: float

    async def take(self) -> Overview:
        figures = await self.meter.read()
        database, _ = await self.probe.check()
        return Overview(
            __version__,
            round(self.meter.started * 1000),
            [self._database(database), self._files(), *self._look(figures)],
            _sizes(figures, self.meter.memory()),
            list(self.meter.samples),
            self.meter.database.slow.list(),
            self.care.last,
        )

    def _look(self, figures: Figures) -> list[Condition]:
        return [
            self._index(figures),
            Condition("embedder", "fail", "damaged") if self.embedder.damaged else Condition("embedder", "pass"),
            self._models(figures),
            disk(figures.disk_free, figures.disk_total),
            Condition("queue", "warn", "failed") if _jobs(figures, "failed") else Condition("queue", "pass"),
            Condition("network", "warn", "problem") if self.in_trouble() else Condition("network", "pass"),
            self._backup(figures),
        ]

    def _database(self, found: Check) -> Condition:
        if self.care.last and self.care.last.damaged:
            return Condition("database", "fail", "damaged")
        return Condition("database", found.status, "unwritable" if found.detail else "")

    def _files(self) -> Condition:
        lost = self.care.last and self.care.last.missing_files
        return Condition("files", "fail", "missing") if lost else Condition("files", "pass")

    def _index(self, figures: Figures) -> Condition:
        if is_failing(self.index):
            return Condition("index", "warn", "exact")
        if figures.index == "rebuilding":
            return Condition("index", "warn", "rebuilding")
        return Condition("index", "warn", "behind") if figures.index_lag > BEHIND else Condition("index", "pass")

    def _models(self, figures: Figures) -> Condition:
        status, _ = self.endpoints.condition()
        if status == "pass":
            return Condition("models", "pass")
        engine = figures.engine not in ("ready", "off")
        return Condition("models", "warn", "engine" if engine else "endpoint")

    def _backup(self, figures: Figures) -> Condition:
        every = self.backup_every * HOUR
        if not every:
            return Condition("backup", "warn", "off")
        last = figures.backup_at or self.meter.started
        late = now() / 1000 - last > BACKUPS_MISSED * every
        return Condition("backup", "fail", "late") if late else Condition("backup", "pass")


def is_failing(index: Index) -> bool:
    """Everything is found all the same, by looking at all there is."""
    return index.state == "exact" and bool(index.trouble)


def disk(free: int, total: int) -> Condition:
    least = reserve(total)
    if free < least:
        return Condition("disk", "fail", "full")
    return Condition("disk", "warn", "low") if free < 2 * least else Condition("disk", "pass")


def _jobs(figures: Figures, state: str) -> int:
    return sum(count for (_, of), count in figures.jobs.items() if of == state)


def _sizes(figures: Figures, memory: int) -> Sizes:
    return Sizes(
        database=figures.database_bytes + figures.log_bytes,
        disk_free=figures.disk_free,
        disk_total=figures.disk_total,
        memory=memory,
        streams=figures.open_streams,
        queued=_jobs(figures, "queued") + _jobs(figures, "running"),
        failed=_jobs(figures, "failed"),
        index_lag=figures.index_lag,
        backup_at=round(figures.backup_at * 1000) or None,
    )
