"""An event loop that stands still is noticed, and where."""

import asyncio
import time
from contextlib import suppress

import pytest

from gantry_edge.admin.watchdog import Watchdog
from gantry_edge.logs import line_of


def block() -> None:
    time.sleep(0.3)


async def watched(watchdog: Watchdog, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await watchdog.watch_forever()


async def test_where_it_stands_still_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    watchdog = Watchdog(limit=0.05, every=0.02)
    watching = asyncio.create_task(watched(watchdog, 1))
    await asyncio.sleep(0.1)
    caplog.clear()
    block()
    await asyncio.sleep(0.1)
    stands, goes_on = (line_of(record) for record in caplog.records)
    assert stands.trace[-1].endswith(" block")
    assert "goes on" in goes_on.event
    assert watchdog.take_worst() >= 0.05
    await watching


async def test_its_thread_ends_with_it() -> None:
    import threading

    before = threading.active_count()
    await watched(Watchdog(every=0.01), 0.05)
    await asyncio.sleep(0.1)
    assert threading.active_count() <= before
