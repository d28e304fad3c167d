"""What a monitor is told."""

from typing import Literal

from msgspec import Struct

from gantry_edge.storage.slow import SlowStatement

State = Literal["pass", "warn", "fail"]


class Health(Struct):
    status: State


class Check(Struct):
    name: str
    status: State
    detail: str = ""


class Readiness(Struct):
    status: State
    checks: list[Check]


class Sample(Struct):
    """One of the last hour: what was counted since the one before, and what was held then."""

    at: int
    requests: int
    errors: int
    tokens: int
    streams: int
    lag_ms: int
    memory: int


class Condition(Struct):
    """How one part of the program is; `problem` is a word the page explains, with what to do."""

    name: str
    status: State
    problem: str = ""


class Sizes(Struct):
    """Sizes in bytes; `backup_at` in ms."""

    database: int
    disk_free: int
    disk_total: int
    memory: int
    streams: int
    queued: int
    failed: int
    index_lag: int
    backup_at: int | None


class Cared(Struct):
    """What the daily look at the data found, and what it took away that nothing needed."""

    at: int
    damaged: bool
    rows: int = 0
    files: int = 0
    missing_files: int = 0
    cached: int = 0
    given_back: int = 0  # bytes


class Overview(Struct):
    """`started_at` in ms; `samples` of the last hour, the oldest first."""

    version: str
    started_at: int
    conditions: list[Condition]
    sizes: Sizes
    samples: list[Sample]
    slow: list[SlowStatement]
    cared: Cared | None


class UsageDay(Struct):
    day: str
    answers: int
    tokens: int


class UsageRow(Struct):
    """What one model did for one person, without what was said; times in ms."""

    user_id: str
    name: str
    model: str
    answers: int
    failed: int
    prompt_tokens: int
    completion_tokens: int
    duration_ms: int


class Usage(Struct):
    """Of the conversations that are there still. `watts` is what the estimate of energy takes a machine to draw."""

    days: list[UsageDay]
    rows: list[UsageRow]
    watts: float


class AuditCheck(Struct):
    """`seq` and `problem` name the first entry that is not as it was written."""

    whole: bool
    seq: int | None
    problem: str | None
