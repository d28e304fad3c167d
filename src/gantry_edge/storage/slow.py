"""Statements that take long: their text and their plan, never a value."""

import logging
import time
from typing import Any

from msgspec import Struct

from gantry_edge.ids import now

LIMIT = 0.1  # seconds
KEPT = 50  # statements
TEXT = 600  # characters
AGAIN = 60_000  # ms until the log tells the same statement again
PLANNED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")

log = logging.getLogger(__name__)


class SlowStatement(Struct):
    sql: str
    plan: list[str]
    count: int
    longest_ms: int
    last_at: int


class Slow:
    """The slowest since the start, each once."""

    def __init__(self, limit: float = LIMIT) -> None:
        self.limit = limit
        self.count = 0
        self._statements: dict[str, SlowStatement] = {}

    def note(self, sql: str, plan: list[str], seconds: float) -> None:
        text, ms, at = " ".join(sql.split())[:TEXT], round(seconds * 1000), now()
        known = self._statements.pop(text, None) or SlowStatement(text, plan, 0, 0, 0)
        if at - known.last_at > AGAIN:
            log.warning("a statement took %d ms: %s (%s)", ms, text, "; ".join(plan))
        seen = SlowStatement(text, plan, known.count + 1, max(ms, known.longest_ms), at)
        self.count += 1
        self._statements[text] = seen
        if len(self._statements) > KEPT:
            quickest = min(self._statements.values(), key=lambda each: each.longest_ms)
            del self._statements[quickest.sql]

    def list(self) -> list[SlowStatement]:
        """The slowest first."""
        return sorted(tuple(self._statements.values()), key=lambda each: -each.longest_ms)


class Watch:
    """Over one connection: a statement takes until the next one begins, with what is done with its rows."""

    def __init__(self, slow: Slow) -> None:
        self.slow = slow
        self._current: tuple[str, Any] = ("", ())
        self._begun = 0.0
        self._found: list[tuple[str, Any, float]] = []

    def begin(self, sql: str, parameters: Any) -> None:
        at = time.perf_counter()
        if at - self._begun > self.slow.limit:
            self._keep(at)
        self._current, self._begun = (sql, parameters), at

    def end(self) -> list[tuple[str, Any, float]]:
        """Those that took long since the last end; nothing of them is held any more."""
        self.begin("", ())
        found, self._found = self._found, []
        return found

    def _keep(self, at: float) -> None:
        sql, parameters = self._current
        if sql.lstrip().upper().startswith(PLANNED):
            self._found.append((sql, parameters, at - self._begun))
