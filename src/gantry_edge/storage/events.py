"""The event log of things that run: append, read after a position, follow. Knows no room.

A position counts what came before it: one for each character of streamed text, one for any other event. So a
reader can leave at any character and come back, neighbouring texts can be joined for a slow reader or for the
disk, and a finished log can be told again from its result. Running logs live in memory; every 150 ms or 1 KB
what is new goes to the table, all logs in one commit.
"""

import asyncio
import logging
from bisect import bisect_right
from collections.abc import AsyncGenerator, Iterable
from contextlib import suppress
from typing import NamedTuple

from gantry_edge.storage.database import Connection, Database, DatabaseError

TEXTS = frozenset({"delta", "reasoning"})  # data is plain text, joined with a neighbour of the same type
SAVE_AFTER = 0.15  # seconds; with the commit it stays below the 250 ms promised
SAVE_AT = 1024  # characters of one log
HEARTBEAT = 2.4  # seconds; a viewer whose session has ended is noticed at the next one but one, at the latest
COMPACT_AT = 256  # events kept apart before they are joined

log = logging.getLogger(__name__)


class Event(NamedTuple):
    """`position` is where the log stands after this event."""

    position: int
    type: str
    data: str

    @property
    def start(self) -> int:
        return self.position - (len(self.data) if self.type in TEXTS else 1)


class Log:
    """The events of one running thing, in memory."""

    def __init__(self, key: str, events: Iterable[Event] = ()) -> None:
        self.key = key
        self.ending: Event | None = None  # takes no room: it has the position where the log stands
        self._events = list(events)
        self._ends = [event.position for event in self._events]
        self._waiters: list[asyncio.Future[None]] = []
        self.saved = self.position

    @property
    def position(self) -> int:
        return self._ends[-1] if self._ends else 0

    def append(self, type: str, data: str) -> None:
        if type in TEXTS and not data:
            return
        end = self.position + (len(data) if type in TEXTS else 1)
        self._events.append(Event(end, type, data))
        self._ends.append(end)
        self.wake()

    def read(self, after: int) -> list[Event]:
        """The events behind `after`, neighbouring texts joined."""
        return join(self._events[bisect_right(self._ends, after) :], after)

    def compact(self) -> None:
        """Join what need not be kept apart."""
        if len(self._events) > COMPACT_AT:
            self._events = join(self._events)
            self._ends = [event.position for event in self._events]

    def close(self, type: str, data: str) -> None:
        self.ending = Event(self.position, type, data)
        self.wake()

    def wake(self) -> None:
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def follow(self, after: int) -> AsyncGenerator[list[Event], None]:
        """The events behind `after`, to the ending; an empty list now and then is a heartbeat."""
        after = min(after, self.position)  # who was ahead of the disk at a crash
        while True:
            events = self.read(after)
            if self.ending:
                yield [*events, self.ending]
                return
            if events:
                after = events[-1].position
                yield events
            else:
                waiter = asyncio.get_running_loop().create_future()
                self._waiters.append(waiter)
                await waiter
                if self.position <= after and not self.ending:
                    yield []


def join(events: Iterable[Event], after: int = 0) -> list[Event]:
    """Neighbouring texts of one type as one event, beginning behind `after`."""
    joined: list[Event] = []
    pieces: list[str] = []
    for event in events:
        data = event.data
        if event.type in TEXTS and event.start < after:
            data = data[after - event.start :]
        if joined and event.type in TEXTS and joined[-1].type == event.type:
            pieces.append(data)
            joined[-1] = Event(event.position, event.type, "")
            continue
        if pieces:
            joined[-1] = joined[-1]._replace(data="".join(pieces))
        pieces = [data]
        joined.append(Event(event.position, event.type, data))
    if pieces:
        joined[-1] = joined[-1]._replace(data="".join(pieces))
    return joined


class EventLog:
    """The running logs, and the table that outlives them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._running: dict[str, Log] = {}
        self._unsaved: set[Log] = set()
        self._dirty = asyncio.Event()
        self._full = asyncio.Event()

    def open(self, key: str, events: Iterable[Event] = ()) -> Log:
        self._running[key] = running = Log(key, events)
        return running

    def append(self, running: Log, type: str, data: str) -> None:
        running.append(type, data)
        self._unsaved.add(running)
        self._dirty.set()
        if running.position - running.saved >= SAVE_AT:
            self._full.set()

    def seal(self, running: Log) -> None:
        """Save no more of it: its result is about to be written in its place."""
        self._unsaved.discard(running)
        self._running.pop(running.key, None)

    def unseal(self, running: Log) -> None:
        """Its result could not be written: go on saving."""
        self._running[running.key] = running
        self._unsaved.add(running)
        self._dirty.set()

    async def save_forever(self) -> None:
        while True:
            await self._dirty.wait()
            with suppress(TimeoutError):
                async with asyncio.timeout(SAVE_AFTER):
                    await self._full.wait()
            self._dirty.clear()
            self._full.clear()
            try:
                await self.save()
            except DatabaseError as error:
                log.error("running answers could not be saved: %s", error)
                await asyncio.sleep(1)
                self._dirty.set()

    async def beat_forever(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT)
            for running in self._running.values():
                running.wake()

    async def save(self) -> None:
        """Write what every running log has gained, in one commit."""
        gained = [(running, running.read(running.saved)) for running in self._unsaved]
        if not gained:
            return
        self._unsaved.clear()
        rows = [(running.key, *event) for running, events in gained for event in events]
        try:
            await self._database.write(lambda connection: add_events(connection, rows))
        except DatabaseError:
            self._unsaved.update(running for running, _ in gained if running.key in self._running)
            raise
        for running, events in gained:
            if events:
                running.saved = events[-1].position
                running.compact()


def add_events(connection: Connection, rows: list[tuple[str, int, str, str]]) -> None:
    connection.executemany(
        "INSERT INTO events (key, position, type, data) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", rows
    )


def read_events(connection: Connection, key: str) -> list[Event]:
    rows = connection.execute("SELECT position, type, data FROM events WHERE key = ? ORDER BY position", (key,))
    return join(Event(*row) for row in rows)


def delete_all_events(connection: Connection) -> None:
    """At the start, once nothing runs any more."""
    connection.execute("DELETE FROM events")


def delete_events(connection: Connection, key: str) -> None:
    connection.execute("DELETE FROM events WHERE key = ?", (key,))
