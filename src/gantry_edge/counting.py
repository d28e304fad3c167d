"""Figures of what happens, counted where it happens."""

from bisect import bisect_left
from itertools import accumulate


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
