"""How often one may guess: per account and per socket address, in memory, by a clock that nobody sets.

Own lines instead of the `limits` package: its memory store goes by the wall clock, so a clock set back an
hour locks people out for that hour; it starts threads to expire its counts; and it cannot give a count back
after a success, which twenty people behind one address need.
"""

import math
import time
from collections.abc import Callable

from gantry_edge.errors import TooManyAttempts

# Ten at once, then a wait of minutes; twenty, then a wait of up to an hour. Never for good.
LIMITS = ((10, 300.0), (20, 3600.0))
LONGEST = max(window for _, window in LIMITS)
MOST_KEYS = 10_000


class Throttle:
    """Counts tries in moving windows. A refused try is not counted, so the wait always ends."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tries: dict[str, list[float]] = {}

    def count(self, *keys: str) -> None:
        """Count one try against every key; TooManyAttempts, and nothing counted, when one has no room."""
        now = self._clock()
        wait = max(self._wait(key, now) for key in keys)
        if wait > 0:
            seconds = math.ceil(wait)
            raise TooManyAttempts(f"Too many attempts; try again in {_words(seconds)}", retry_after=seconds)
        for key in keys:
            recent = [*self._recent(key, now), now]
            self._tries.pop(key, None)  # to the end: the first in order is the first to be forgotten
            self._tries[key] = recent
        if len(self._tries) > MOST_KEYS:
            self._forget(now)

    def give_back(self, key: str) -> None:
        """The last try was no failure."""
        if tries := self._tries.get(key):
            tries.pop()

    def clear(self, key: str) -> None:
        self._tries.pop(key, None)

    def _recent(self, key: str, now: float) -> list[float]:
        return [at for at in self._tries.get(key, ()) if now - at < LONGEST]

    def _wait(self, key: str, now: float) -> float:
        tries = self._tries.get(key, [])
        return max(tries[-most] + window - now if len(tries) >= most else 0.0 for most, window in LIMITS)

    def _forget(self, now: float) -> None:
        for key in list(self._tries):
            if not self._recent(key, now):
                del self._tries[key]
        for key in list(self._tries)[: -MOST_KEYS // 2]:  # half, so that this is not done for each new key
            del self._tries[key]


def _words(seconds: int) -> str:
    return f"{seconds} seconds" if seconds < 120 else f"{math.ceil(seconds / 60)} minutes"
