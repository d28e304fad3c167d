"""The lines of all endpoints, and those who stand in them."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from gantry_edge.models.line import Line, Question
from gantry_edge.models.schema import Endpoint, Place, Waiter

NEWS = 3.0  # seconds until a place is looked at again, though nobody has moved


class Standing:
    """One question in a line."""

    def __init__(self, line: Line, question: Question, moved: asyncio.Event) -> None:
        self._line = line
        self._question = question
        self._moved = moved

    @property
    def place(self) -> Place | None:
        """None once it is its turn."""
        return self._question.place

    async def news(self) -> None:
        """Until somebody has moved, or a while has passed."""
        with suppress(TimeoutError):
            async with asyncio.timeout(NEWS):
                await self._moved.wait()  # at once where somebody has moved since the place was read
                self._moved.clear()
                return
        now = time.monotonic()
        if now - self._line.estimated > NEWS / 2:  # one of them for all
            self._line.estimate(now)


class Lines:
    def __init__(self) -> None:
        self._lines: dict[str, Line] = {}
        self._watching: dict[str, set[asyncio.Event]] = {}

    @contextmanager
    def stand(self, endpoint: Endpoint, person: str) -> Iterator[Standing]:
        """From joining to the end of the answer."""
        line = self._lines.setdefault(endpoint.id, Line(endpoint.slots))
        question = line.join(person, time.monotonic())
        try:
            with self._watch(endpoint.id) as moved:
                self._tell(endpoint.id)
                yield Standing(line, question, moved)
        finally:
            line.leave(question, time.monotonic())
            self._tell(endpoint.id)

    def resize(self, id: str, slots: int | None) -> None:
        """Who waits may go on."""
        if line := self._lines.get(id):
            line.resize(slots, time.monotonic())
            self._tell(id)

    async def emptied(self, id: str) -> None:
        """Until nobody waits for it, and it answers nobody; work in the background begins anew some time."""
        with self._watch(id) as moved:
            while (line := self._lines.get(id)) and line.is_wanted():
                moved.clear()
                await moved.wait()

    def look(self, id: str) -> tuple[int, list[Waiter]]:
        """How many answers are being written there, and who waits, the next first."""
        line = self._lines.get(id)
        if line is None:
            return 0, []
        now = time.monotonic()
        line.estimate(now)
        waiting = sorted(line.waiting, key=lambda question: question.place.ahead if question.place else 0)
        return len(line.running), [Waiter(one.person, round(now - one.joined), one.place) for one in waiting]

    @contextmanager
    def _watch(self, id: str) -> Iterator[asyncio.Event]:
        moved = asyncio.Event()
        watching = self._watching.setdefault(id, set())
        watching.add(moved)
        try:
            yield moved
        finally:
            watching.discard(moved)

    def _tell(self, id: str) -> None:
        for moved in self._watching.get(id, ()):
            moved.set()
