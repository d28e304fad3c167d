"""Notices when the event loop stands still, and says where: everybody waits then."""

import asyncio
import logging
import sys
import threading
import time
import traceback

from gantry_edge.logs import place

EVERY = 0.25  # seconds between two beats
LIMIT = 1.0  # seconds a beat may be late
INNERMOST = 25  # frames

log = logging.getLogger(__name__)


class Watchdog:
    """A thread of its own looks whether the loop still beats."""

    def __init__(self, limit: float = LIMIT, every: float = EVERY) -> None:
        self.lag = 0.0  # seconds the latest beat was late
        self._limit, self._every = limit, every
        self._worst = 0.0
        self._beat = 0.0
        self._noticed = False

    def take_worst(self) -> float:
        """Since it was taken before."""
        worst, self._worst = self._worst, 0.0
        return worst

    async def watch_forever(self) -> None:
        over = threading.Event()
        self._beat = time.monotonic()
        look = threading.Thread(target=self._look_until, args=(over, threading.get_ident()), daemon=True)
        look.start()
        try:
            while True:
                self._beat = time.monotonic()
                await asyncio.sleep(self._every)
                self.lag = max(0.0, time.monotonic() - self._beat - self._every)
                self._worst = max(self._worst, self.lag)
                if self._noticed:
                    self._noticed = False
                    log.warning("the event loop goes on; it stood still for %.1f s", self.lag)
        finally:
            over.set()

    def _look_until(self, over: threading.Event, loop: int) -> None:
        while not over.wait(self._every):
            if not self._noticed and time.monotonic() - self._beat > self._every + self._limit:
                self._noticed = True
                frames = traceback.extract_stack(sys._current_frames().get(loop))[-INNERMOST:]
                about = {"trace": [place(frame) for frame in frames]}
                log.warning("the event loop stands still; all wait for what is innermost here", extra={"about": about})
