"""What a monitor is told."""

from typing import Literal

from msgspec import Struct

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


class AuditCheck(Struct):
    """`seq` and `problem` name the first entry that is not as it was written."""

    whole: bool
    seq: int | None
    problem: str | None
