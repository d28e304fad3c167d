"""Who waits for an endpoint, and whose turn is next. Pure: the caller passes the time.

Everybody gets the same share of an endpoint's time, however many questions they have: whoever has had the least goes
next (start-time fair queueing, each person a flow). Work that no person waits for goes when nobody else is there.
"""

from collections import deque
from heapq import heapify, heapreplace

from gantry_edge.models.schema import Place

REMEMBERED = 20  # answers that tell how long one takes
GUESS = 10.0  # seconds of an answer, before there was one
OVERDUE = 0.25  # of an answer's usual time, for what is left of one that took longer


class Question:
    """`person` is empty for background work; `place` is None once it is its turn."""

    def __init__(self, person: str, number: int, joined: float) -> None:
        self.person = person
        self.joined = joined
        self.began: float | None = None
        self.place: Place | None = None
        self.charged = 0.0
        self._number = number

    def order(self, had: dict[str, float]) -> tuple[bool, float, int]:
        return not self.person, had[self.person], self._number


class Line:
    """Of one endpoint, which writes so many answers at once; without `slots` any number."""

    def __init__(self, slots: int | None = None) -> None:
        self.slots = slots
        self.waiting: list[Question] = []
        self.running: list[Question] = []
        self._had: dict[str, float] = {}  # seconds, by person
        self._level = 0.0  # what the last one to begin had had: who comes in starts there, and owes nobody
        self._lasted: deque[float] = deque(maxlen=REMEMBERED)
        self.estimated = 0.0  # when
        self._count = 0

    def join(self, person: str, now: float) -> Question:
        self._count += 1
        question = Question(person, self._count, now)
        if not any(other.person == person for other in (*self.waiting, *self.running)):
            self._had[person] = max(self._had.get(person, 0.0), self._level)
        self.waiting.append(question)
        self._advance(now)
        return question

    def leave(self, question: Question, now: float) -> None:
        """It has its answer, or gave up."""
        if question.began is None:
            self.waiting.remove(question)
        else:
            self.running.remove(question)
            if question.person:
                self._lasted.append(now - question.began)
            self._had[question.person] += now - question.began - question.charged
        self._had = {
            person: had
            for person, had in self._had.items()
            if had > self._level or any(other.person == person for other in (*self.waiting, *self.running))
        }
        self._advance(now)

    def resize(self, slots: int | None, now: float) -> None:
        """Answers that are more than these go on to their end."""
        self.slots = slots
        self._advance(now)

    def is_wanted(self) -> bool:
        """Does a person wait, or have an answer written?"""
        return any(question.person for question in (*self.waiting, *self.running))

    def estimate(self, now: float) -> None:
        """Everybody's place, and when their turn will come if each answer takes as long as the last ones did."""
        self.estimated = now
        usual, had, waiting = self._usual(), dict(self._had), list(self.waiting)
        free = [max(usual - (now - (one.began or 0.0)), usual * OVERDUE) for one in self.running]
        heapify(free)
        for ahead in range(len(waiting)):
            question = min(waiting, key=lambda each: each.order(had))
            waiting.remove(question)
            starts = free[0] if free else 0.0
            if free:
                heapreplace(free, starts + usual)
            had[question.person] += usual
            question.place = Place(ahead, round(starts) if self._lasted else None)

    def _advance(self, now: float) -> None:
        while self.waiting and (self.slots is None or len(self.running) < self.slots):
            question = min(self.waiting, key=lambda each: each.order(self._had))
            if self.slots is not None and not question.person and any(other.person for other in self.running):
                break
            self.waiting.remove(question)
            self.running.append(question)
            if question.person:
                self._level = max(self._level, self._had[question.person])
            question.began, question.place, question.charged = now, None, self._usual()
            self._had[question.person] += question.charged
        self.estimate(now)

    def _usual(self) -> float:
        return sum(self._lasted) / len(self._lasted) if self._lasted else GUESS
