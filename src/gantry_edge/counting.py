"""Figures of what happens since the start, counted where it happens."""

from bisect import bisect_left
from collections import Counter
from itertools import accumulate

REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
FIRST_TOKEN_SECONDS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
COMMIT_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)


class Histogram:
    """How many values are up to each of the bounds, and their sum."""

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self.sum = 0.0
        self._counts = [0] * (len(bounds) + 1)

    def observe(self, value: float) -> None:
        self._counts[bisect_left(self.bounds, value)] += 1
        self.sum += value

    def up_to(self) -> list[int]:
        """For each bound, and for all there are."""
        return list(accumulate(self._counts))


class Asked:
    """Requests: by route, method and status; how long they took, by route; streams that are open."""

    def __init__(self) -> None:
        self.answered: Counter[tuple[str, str, int]] = Counter()
        self.durations: dict[str, Histogram] = {}
        self.open_streams = 0

    def note(self, route: str, method: str, status: int, seconds: float | None) -> None:
        """A stream takes as long as it is watched: it has no duration."""
        self.answered[route, method, status] += 1
        if seconds is not None:
            self.durations.setdefault(route, Histogram(REQUEST_SECONDS)).observe(seconds)


class Written:
    """Answers: how they ended, what they took, and why models failed."""

    def __init__(self) -> None:
        self.answers: Counter[str] = Counter()
        self.tokens: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()
        self.first_token = Histogram(FIRST_TOKEN_SECONDS)

    def note(self, status: str, error: str, prompt: int, completion: int, first_token_ms: int | None) -> None:
        self.answers[status] += 1
        self.tokens["input"] += prompt
        self.tokens["output"] += completion
        if error:
            self.errors[error] += 1
        if first_token_ms is not None:
            self.first_token.observe(first_token_ms / 1000)
