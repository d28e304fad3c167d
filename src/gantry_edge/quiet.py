"""Whether answers are being written: what can wait is done in between."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Quiet:
    """Counts the answers that are being written."""

    def __init__(self) -> None:
        self.asked = 0  # how often someone has asked so far
        self._running = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._next = asyncio.Event()

    def begin(self) -> None:
        self.asked += 1
        self._running += 1
        self._idle.clear()
        self._next.set()

    def end(self) -> None:
        self._running -= 1
        if not self._running:
            self._idle.set()

    async def idle(self) -> None:
        """Until nothing is being written."""
        await self._idle.wait()

    async def disturbed(self, since: int) -> None:
        """Until someone asks, counted from when `asked` was `since`."""
        while self.asked == since:
            self._next.clear()
            await self._next.wait()

    async def undisturbed(self, since: int, seconds: float) -> bool:
        """Whether nobody asks for so long."""
        try:
            async with asyncio.timeout(seconds):
                await self.disturbed(since)
        except TimeoutError:
            return True
        return False

    async def unless_disturbed(self, since: int, work: Coroutine[Any, Any, T]) -> T | None:
        """What it gives; None when someone asked before it was done: then it is broken off."""
        working = asyncio.create_task(work)
        asked = asyncio.create_task(self.disturbed(since))
        try:
            await asyncio.wait((working, asked), return_when=asyncio.FIRST_COMPLETED)
            return working.result() if working.done() else None
        finally:
            working.cancel()
            asked.cancel()
            await asyncio.gather(working, asked, return_exceptions=True)
