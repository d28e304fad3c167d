"""One thread for one library: work in order of urgency, one thing at a time, off the event loop."""

import asyncio
import itertools
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from queue import PriorityQueue
from typing import Any, TypeVar

T = TypeVar("T")
Item = tuple[int, int, Callable[[], None] | None]

SOON, LATER, LAST = 0, 1, 2


class IndexFailed(Exception):
    """The index did not do what it was told; it must not be trusted any more."""


class Lane:
    """A daemon thread: a native library that hangs must not keep the program from ending."""

    def __init__(self, name: str) -> None:
        self._queue: PriorityQueue[Item] = PriorityQueue()
        self._order = itertools.count()
        self._began: float | None = None
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    async def run(self, fn: Callable[[], T], within: float, urgency: int = LATER) -> T:
        """What `fn` returns. IndexFailed for anything it raises; TimeoutError when it has to wait too long."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()

        def work() -> None:
            if done.cancelled():
                return
            try:
                value = fn()
            except BaseException as error:  # a panic of the native library is no Exception
                failure = IndexFailed(f"{type(error).__name__}: {error}")
                settle(lambda: done.set_exception(failure))
            else:
                settle(lambda: done.set_result(value))

        def settle(deliver: Callable[[], Any]) -> None:
            with suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(lambda: None if done.done() else deliver())

        self._queue.put((urgency, next(self._order), work))
        async with asyncio.timeout(within):
            return await done

    def busy_for(self) -> float:
        """Seconds since it began what it is doing now."""
        began = self._began
        return 0.0 if began is None else time.monotonic() - began

    def close(self) -> None:
        """Ends after the work that waits; does not wait for it."""
        self._queue.put((LAST, next(self._order), None))

    def _work(self) -> None:
        while (work := self._queue.get()[2]) is not None:
            self._began = time.monotonic()
            work()
            self._began = None
