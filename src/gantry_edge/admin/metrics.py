"""What Prometheus reads. The names are a promise: `tests/admin/metrics.txt` holds them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.utils import floatToGoString

from gantry_edge import __version__
from gantry_edge.admin.figures import Figures, Meter
from gantry_edge.counting import Histogram

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Values = Mapping[Any, float]
INDEX_STATES = ("ready", "rebuilding", "exact")
ENGINE_STATES = ("off", "starting", "ready", "crashed", "stopped")


def render(meter: Meter, figures: Figures) -> bytes:
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)  # says something on Linux only
    registry.register(cast("Any", _Now(meter, figures)))  # known by what it does
    text: bytes = generate_latest(registry)
    return text


class _Now:
    def __init__(self, meter: Meter, figures: Figures) -> None:
        self._meter, self._figures = meter, figures

    def collect(self) -> Iterator[Metric]:
        yield from _told(self._meter)
        yield from _stands(self._meter, self._figures)


def _told(meter: Meter) -> Iterator[Metric]:
    """What was counted since the start."""
    asked, written, database = meter.asked, meter.written, meter.database
    yield _counter("http_requests", "Requests by route", asked.answered, "route", "method", "status")
    name, text = "http_request_duration_seconds", "Time until a request was answered; streams have none"
    yield _histogram(name, text, asked.durations.items(), "route")
    yield _counter("answers", "Answers that ended", written.answers, "status")
    yield _counter("generation_tokens", "Tokens that models read and wrote for answers", written.tokens, "type")
    yield _counter("model_errors", "Answers that failed, by why", written.errors, "kind")
    text = "Time until the first token of an answer"
    yield _histogram("generation_first_token_seconds", text, [("", written.first_token)])
    yield _histogram("db_commit_seconds", "Time until a commit was on disk", [("", database.commits)])
    yield _counter("db_slow_statements", "Statements that took longer than 100 ms", {"": database.slow.count})


def _stands(meter: Meter, figures: Figures) -> Iterator[Metric]:
    """How it is now."""
    yield _gauge("build_info", "The version that runs", {__version__: 1}, "version")
    yield _gauge("streams_open", "Event streams that are watched", {"": figures.open_streams})
    yield _gauge("event_loop_lag_seconds", "How late the event loop was the last time", {"": meter.watchdog.lag})
    yield _gauge("jobs", "Work that waits, runs or was given up", figures.jobs, "kind", "state")
    yield _gauge("index_state", "1 for the state it is in", _one_of(INDEX_STATES, figures.index), "state")
    yield _gauge("index_waiting_changes", "Changes that the index does not have yet", {"": figures.index_lag})
    yield _counter("index_rebuilds", "How often the index was made anew", {"": figures.index_rebuilds})
    yield _gauge("engine_state", "1 for the state it is in", _one_of(ENGINE_STATES, figures.engine), "state")
    yield _gauge("db_size_bytes", "The database", {"": figures.database_bytes})
    yield _gauge("db_wal_bytes", "Its write-ahead log", {"": figures.log_bytes})
    yield _gauge("disk_free_bytes", "Room where the data folder is", {"": figures.disk_free})
    yield _gauge("disk_size_bytes", "All of it", {"": figures.disk_total})
    text = "When the last backup was made; 0 for never"
    yield _gauge("backup_last_success_timestamp_seconds", text, {"": figures.backup_at})


def _counter(name: str, text: str, values: Values, *labels: str) -> Metric:
    family = CounterMetricFamily(f"gantry_{name}", text, labels=labels)
    for key, value in tuple(values.items()):
        family.add_metric(_labels(key) if labels else (), value)
    return family


def _gauge(name: str, text: str, values: Values, *labels: str) -> Metric:
    family = GaugeMetricFamily(f"gantry_{name}", text, labels=labels)
    for key, value in values.items():
        family.add_metric(_labels(key) if labels else (), value)
    return family


def _histogram(name: str, text: str, values: Iterable[tuple[str, Histogram]], *labels: str) -> Metric:
    family = HistogramMetricFamily(f"gantry_{name}", text, labels=labels)
    for key, histogram in tuple(values):
        bounds = [*map(floatToGoString, histogram.bounds), "+Inf"]
        buckets = list(zip(bounds, histogram.up_to(), strict=True))
        family.add_metric([key] if labels else [], buckets, histogram.sum)
    return family


def _one_of(states: tuple[str, ...], state: str) -> dict[str, int]:
    return {each: int(each == state) for each in states}


def _labels(key: object) -> list[str]:
    return [str(each) for each in (key if isinstance(key, tuple) else (key,))]
