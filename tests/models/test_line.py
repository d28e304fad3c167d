"""Whose turn it is, on a clock of the test's own: nothing here waits."""

import asyncio
import random
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from heapq import heappop, heappush

import pytest

from gantry_edge.models.line import Line, Question
from gantry_edge.models.lines import NEWS, Lines
from gantry_edge.models.schema import Endpoint

DICE = pytest.mark.parametrize(("seed", "slots"), [(seed, 1 + seed % 3) for seed in range(9)])
PEOPLE = ("ada", "ben", "cleo", "dan", "eva", "finn")


@dataclass
class Desk:
    """An engine whose answers take as long as they are said to."""

    line: Line
    now: float = 0.0
    lasts: dict[Question, float] = field(default_factory=dict)
    ends: list[tuple[float, int, Question]] = field(default_factory=list)
    had: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    order: list[str] = field(default_factory=list)
    count: int = 0

    def ask(self, person: str, lasts: float) -> Question:
        question = self.line.join(person, self.now)
        self.lasts[question] = lasts
        self.begin()
        return question

    def begin(self) -> None:
        for question in self.line.running:
            if question in self.lasts:
                self.count += 1
                heappush(self.ends, (self.now + self.lasts.pop(question), self.count, question))
                self.order.append(question.person)

    def step(self) -> Question:
        """To the end of the next answer."""
        self.now, _, question = heappop(self.ends)
        assert question.began is not None
        self.had[question.person] += self.now - question.began
        self.line.leave(question, self.now)
        self.begin()
        return question

    def run(self) -> None:
        while self.ends:
            self.step()


def test_without_slots_nobody_waits() -> None:
    line = Line()
    assert [line.join(person, 0.0).place for person in PEOPLE] == [None] * 6


def test_as_many_as_there_are_slots_are_answered_at_once() -> None:
    line = Line(2)
    assert [bool(line.join(person, 0.0).place) for person in PEOPLE] == [False, False, True, True, True, True]


def test_who_asks_much_does_not_hold_up_who_asks_once() -> None:
    desk = Desk(Line(1))
    for _ in range(20):
        desk.ask("ada", 10.0)
    desk.ask("ben", 10.0)
    desk.run()
    assert desk.order.index("ben") == 1


def test_who_comes_in_late_gets_no_more_than_the_others_from_then_on() -> None:
    desk = Desk(Line(1))
    for _ in range(20):
        desk.ask("ada", 10.0)
    for _ in range(9):
        desk.step()
    for _ in range(10):
        desk.ask("ben", 10.0)
    desk.order.clear()
    for _ in range(8):
        desk.step()
    assert desk.order.count("ben") == 4


def test_long_answers_count_for_more_than_short_ones() -> None:
    desk = Desk(Line(1))
    for _ in range(40):
        desk.ask("ada", 30.0)
        desk.ask("ben", 10.0)
    while desk.now < 600:
        desk.step()
    assert desk.had["ada"] / desk.had["ben"] == pytest.approx(1.0, abs=0.2)


@DICE
def test_six_people_get_equal_shares_whatever_they_ask(seed: int, slots: int) -> None:
    dice = random.Random(seed)
    desk = Desk(Line(slots))
    for person in PEOPLE:
        usual, many = dice.choice((5.0, 10.0, 20.0)), dice.randint(1, 5)  # at once; then again after each
        for _ in range(slots + many):
            desk.ask(person, usual * dice.uniform(0.7, 1.3))
    while desk.now < 900:
        done = desk.step()
        assert done.began is not None
        desk.ask(done.person, (desk.now - done.began) * dice.uniform(0.9, 1.1))
    assert max(desk.had.values()) / min(desk.had[person] for person in PEOPLE) <= 1.5


@DICE
def test_a_wait_is_as_long_as_it_was_said_to_be(seed: int, slots: int) -> None:
    """Where answers last about as long as the ones before, within a quarter on the average."""
    dice = random.Random(seed)
    desk, said = Desk(Line(slots)), {}
    for _ in range(4):
        for person in PEOPLE:
            desk.ask(person, dice.uniform(8, 12))
    for _ in range(12):
        desk.step()
    desk.line.estimate(desk.now)
    for question in desk.line.waiting:
        assert question.place
        assert question.place.seconds is not None
        said[question] = (desk.now, question.place.seconds)
    desk.run()
    errors = [
        abs((question.began or 0.0) - at - seconds) / max((question.began or 0.0) - at, 10.0)
        for question, (at, seconds) in said.items()
    ]
    assert sum(errors) / len(errors) <= 0.25


def test_before_any_answer_no_time_is_said() -> None:
    line = Line(1)
    line.join("ada", 0.0)
    place = line.join("ben", 0.0).place
    assert place
    assert (place.ahead, place.seconds) == (0, None)


def test_places_are_told_in_the_order_in_which_it_will_be_their_turn() -> None:
    desk = Desk(Line(1))
    first, second, third = (desk.ask("ada", 10.0) for _ in range(3))
    other = desk.ask("ben", 10.0)
    places = [question.place.ahead if question.place else -1 for question in (first, other, second, third)]
    assert places == [-1, 0, 1, 2]


def test_work_in_the_background_comes_after_everybody() -> None:
    desk = Desk(Line(1))
    desk.ask("ada", 10.0)
    desk.ask("", 10.0)
    for person in PEOPLE:
        desk.ask(person, 10.0)
    desk.run()
    assert desk.order == ["ada", *("ben", "cleo", "dan", "eva", "finn", "ada"), ""]


def test_work_in_the_background_does_not_begin_beside_an_answer() -> None:
    desk = Desk(Line(2))
    desk.ask("ada", 10.0)
    assert desk.ask("", 10.0).place


def test_who_gives_up_lets_the_next_one_in() -> None:
    line = Line(1)
    first, second, third = (line.join(person, 0.0) for person in ("ada", "ben", "cleo"))
    line.leave(second, 1.0)
    line.leave(first, 2.0)
    assert (third.place, third.began) == (None, 2.0)


@DICE
def test_nobody_is_lost_and_no_slot_is_idle(seed: int, slots: int) -> None:
    dice, line = random.Random(seed), Line(slots)
    inside: list[Question] = []
    for now in range(100):
        if inside and dice.random() < 0.4:
            line.leave(inside.pop(dice.randrange(len(inside))), now)
        else:
            inside.append(line.join(dice.choice(("", *PEOPLE)), now))
        assert set(inside) == {*line.waiting, *line.running}
        assert len(line.running) <= slots
        assert len(line.running) == slots or not [one for one in line.waiting if one.person]
        assert sorted(one.place.ahead for one in line.waiting if one.place) == [*range(len(line.waiting))]


async def test_who_is_busy_while_their_turn_comes_learns_it_at_once() -> None:
    lines, office = Lines(), Endpoint("e1", "Office", "http://127.0.0.1/v1", slots=1)
    with ExitStack() as answered:
        answered.enter_context(lines.stand(office, "ada"))
        with lines.stand(office, "ben") as standing:
            assert standing.place
            await standing.news()  # that of joining
            answered.close()
            async with asyncio.timeout(NEWS / 2):
                await standing.news()
            assert standing.place is None
