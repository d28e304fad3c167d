"""Fits a prompt into the window of the model that will read it, by the engine's own count where it gives one."""

import asyncio
from collections.abc import Callable
from functools import partial

import msgspec

from gantry_edge.chat.prompt import LEAST, Draft, Plan, Ruler, compose, trim
from gantry_edge.errors import PromptTooLong
from gantry_edge.models.counting import Counted, Counter
from gantry_edge.models.schema import Endpoint, Usage

ANSWER_SHARE = 4  # a quarter of the window is kept free for the answer
ROUNDS = 8  # of counting and cutting; the second fits nearly always
SHORTEST = 8  # bytes of a token at least, on the average of a long text
TEMPLATE = 40  # tokens a template writes of itself, and
SMALLEST = 512  # tokens a window is taken for, whatever a server says
PER_MESSAGE = 10  # around each message, where nobody counts them


class Fitted(msgspec.Struct):
    """A plan and what is known of its size."""

    draft: Draft
    plan: Plan
    window: int | None
    counted: Counted | None = None  # by the engine

    size: int = 0  # tokens at most, where there is a window

    @property
    def room(self) -> int | None:
        return None if self.window is None else self.window - self.window // ANSWER_SHARE

    @property
    def answer_room(self) -> int | None:
        """Tokens an answer may have: some engines refuse to be asked for more."""
        return None if self.window is None else max(LEAST, self.window - self.size)


class Counting:
    """The engine counts what it was sent while it answers: before the first word it has better things to do."""

    def __init__(self, planner: "Planner", endpoint: Endpoint, model: str, fitted: Fitted) -> None:
        self.fitted = fitted
        self._ask = partial(planner.count, endpoint, model, fitted)
        self._learn = partial(planner.learn, endpoint, model, fitted.plan)
        self._estimate = partial(planner.estimate, endpoint, model, fitted.plan)
        self._task: asyncio.Task[Counted | None] | None = None

    def begin(self) -> None:
        if self._task is None and self.fitted.counted is None:
            self._task = asyncio.create_task(self._ask())

    async def end(self, usage: Usage | None) -> None:
        if self._task is not None:
            self.fitted.counted = await self._task
        if usage is not None:
            await self._learn(usage.prompt_tokens)

    def cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    @property
    def counted(self) -> Counted:
        return self.fitted.counted or self._estimate()


class Planner:
    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    async def window(self, endpoint: Endpoint, model: str) -> int | None:
        return await self._counter.window(endpoint, model)

    async def fit(self, endpoint: Endpoint, model: str, draft: Draft) -> Fitted:
        """The whole draft where it surely fits, and is counted later; else what fits of it, counted."""
        fitted = Fitted(draft, compose(draft), await self.window(endpoint, model))
        room = fitted.room
        if room is None:
            return fitted
        fitted.size = self._most(endpoint, model, fitted.plan)
        if fitted.size <= room:
            return fitted
        for _ in range(ROUNDS):
            plan = fitted.plan
            if sum(len(piece.text.encode()) for piece in plan.segments) <= SHORTEST * room:
                fitted.counted = await self.count(endpoint, model, fitted)
            ruler = Ruler(partial(self._counter.estimate, endpoint, model), around(plan, fitted.counted))
            total = ruler.total(fitted.draft)
            fitted.size = fitted.counted.total if fitted.counted else total
            if fitted.size <= room:
                break
            beyond = max(0, fitted.size - total)  # where texts meet, one token may be two
            fitted.draft = trim(fitted.draft, ruler, room - beyond)
            fitted.plan, fitted.counted = compose(fitted.draft), None
        return fitted

    async def count(self, endpoint: Endpoint, model: str, fitted: Fitted) -> Counted | None:
        plan = fitted.plan
        counted = await self._counter.count(endpoint, model, plan.messages, plan.texts)
        if counted is None or not any(piece.pictures for piece in plan.segments):
            return counted
        sizes = [size + piece.seen for size, piece in zip(counted.texts, plan.segments, strict=True)]
        return Counted(sizes, counted.template)

    def estimate(self, endpoint: Endpoint, model: str, plan: Plan) -> Counted:
        sizes = [self._counter.estimate(endpoint, model, piece.text) + piece.seen for piece in plan.segments]
        return Counted(sizes, around(plan)(len(plan.said)))

    async def learn(self, endpoint: Endpoint, model: str, plan: Plan, prompt_tokens: int) -> None:
        """What the engine reported, for the estimates of those that do not count."""
        if any(piece.pictures for piece in plan.segments):
            return  # nobody knows how many of them a picture had
        size = sum(len(piece.text.encode()) for piece in plan.segments)
        await self._counter.learn(endpoint, model, size, prompt_tokens - around(plan)(len(plan.said)))

    def refused(self, endpoint: Endpoint, model: str, fitted: Fitted, error: PromptTooLong) -> None:
        """Take what was sent as too long, and the window as the server names it or as clearly smaller."""
        window = error.window
        if window is None or (fitted.window is not None and window >= fitted.window):
            window = self.estimate(endpoint, model, fitted.plan).total * 6 // 10
        self._counter.learn_window(endpoint, model, max(window, SMALLEST))

    def _most(self, endpoint: Endpoint, model: str, plan: Plan) -> int:
        texts = sum(self._counter.most(endpoint, model, piece.text) + piece.seen for piece in plan.segments)
        return texts + around(plan)(len(plan.said))


def around(plan: Plan, counted: Counted | None = None) -> Callable[[int], int]:
    """Tokens of the template around so many messages, as it was counted around those of this plan."""
    if counted is None:
        return lambda messages: TEMPLATE + PER_MESSAGE * messages
    each = max(0, counted.template - TEMPLATE) / len(plan.said)
    return lambda messages: counted.template - int(each * (len(plan.said) - messages))
