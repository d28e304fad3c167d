"""Statements that take long: their text and their plan, never a value."""

import logging
from threading import Lock

from msgspec import Struct

from gantry_edge.ids import now

LIMIT = 0.1  # seconds
KEPT = 50  # statements
TEXT = 600  # characters
AGAIN = 60_000  # ms until the log tells the same statement again

log = logging.getLogger(__name__)


class SlowStatement(Struct):
    sql: str
    plan: list[str]
    count: int
    longest_ms: int
    last_at: int


class Slow:
    """The slowest since the start, each once."""

    def __init__(self) -> None:
        self.count = 0
        self._statements: dict[str, SlowStatement] = {}
        self._lock = Lock()  # every thread of the database notes its own

    def note(self, sql: str, plan: list[str], seconds: float) -> None:
        text, ms, at = " ".join(sql.split())[:TEXT], round(seconds * 1000), now()
        with self._lock:
            known = self._statements.pop(text, None) or SlowStatement(text, plan, 0, 0, 0)
            seen = SlowStatement(text, plan, known.count + 1, max(ms, known.longest_ms), at)
            self.count += 1
            self._statements[text] = seen
            if len(self._statements) > KEPT:
                quickest = min(self._statements.values(), key=lambda each: each.longest_ms)
                del self._statements[quickest.sql]
        if at - known.last_at > AGAIN:
            log.warning("a statement took %d ms: %s (%s)", ms, text, "; ".join(plan))

    def list(self) -> list[SlowStatement]:
        """The slowest first."""
        return sorted(tuple(self._statements.values()), key=lambda each: -each.longest_ms)
