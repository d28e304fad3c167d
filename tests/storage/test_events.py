import asyncio
import random
from collections.abc import AsyncIterator

import pytest

from gantry_edge.storage.database import Database
from gantry_edge.storage.events import Event, EventLog, Log, join, read_events


@pytest.fixture
async def events(database: Database) -> AsyncIterator[EventLog]:
    log = EventLog(database)
    task = asyncio.create_task(log.save_forever())
    yield log
    task.cancel()


def text_of(events: list[Event]) -> str:
    return "".join(event.data for event in events if event.type == "delta")


def test_a_text_moves_the_position_by_its_characters_and_other_events_by_one() -> None:
    log = Log("a")
    log.append("start", "{}")
    log.append("delta", "naïve 🙂")
    assert log.position == 1 + 7


def test_neighbouring_texts_are_joined() -> None:
    log = Log("a")
    for type, data in (("delta", "a"), ("delta", "b"), ("reasoning", "c"), ("notice", "{}"), ("delta", "d")):
        log.append(type, data)
    assert log.read(0) == [(2, "delta", "ab"), (3, "reasoning", "c"), (4, "notice", "{}"), (5, "delta", "d")]


def test_a_reader_can_leave_and_come_back_at_any_character() -> None:
    log = Log("a")
    log.append("start", "{}")
    whole = "".join(random.Random(1).choices("añ漢🙂\n ", k=300))
    for at in range(0, 300, 7):
        log.append("delta", whole[at : at + 7])
    for position in range(1, 301):
        assert text_of(log.read(position)) == whole[position - 1 :]


def test_an_empty_text_is_no_event() -> None:
    log = Log("a")
    log.append("delta", "")
    assert log.read(0) == []


def test_joining_twice_changes_nothing() -> None:
    events = [Event(1, "start", ""), Event(3, "delta", "ab"), Event(4, "delta", "c")]
    assert join(join(events)) == join(events) == [(1, "start", ""), (4, "delta", "abc")]


async def test_followers_see_everything_once_until_the_end(events: EventLog) -> None:
    log = events.open("a")

    async def follow() -> str:
        return "".join([text_of(batch) async for batch in log.follow(0)])

    followers = [asyncio.create_task(follow()) for _ in range(3)]
    for n in range(100):
        events.append(log, "delta", f"{n},")
        if n % 9 == 0:
            await asyncio.sleep(0)
    log.close("done", "{}")
    assert await asyncio.gather(*followers) == ["".join(f"{n}," for n in range(100))] * 3


async def test_a_slow_follower_gets_the_backlog_as_one_event(events: EventLog) -> None:
    log = events.open("a")
    following = log.follow(0)
    events.append(log, "delta", "a")
    assert await anext(following) == [(1, "delta", "a")]
    for _ in range(1000):
        events.append(log, "delta", "b")
    assert await anext(following) == [(1001, "delta", "b" * 1000)]


async def test_who_was_ahead_still_gets_what_comes_and_the_ending(events: EventLog) -> None:
    log = events.open("a")
    events.append(log, "delta", "abc")
    following = log.follow(99)
    waiting = asyncio.ensure_future(anext(following))
    await asyncio.sleep(0)
    events.append(log, "delta", "d")
    assert await waiting == [(4, "delta", "d")]
    log.close("done", "{}")
    assert [batch async for batch in following] == [[(4, "done", "{}")]]


async def test_the_ending_is_told_to_whoever_asks_again(events: EventLog) -> None:
    log = events.open("a")
    events.append(log, "delta", "abc")
    log.close("done", "{}")
    assert [batch async for batch in log.follow(3)] == [[(3, "done", "{}")]]


async def test_a_long_log_is_kept_in_few_pieces(events: EventLog) -> None:
    log = events.open("a")
    for n in range(2000):
        events.append(log, "delta", f"{n} ")
    before = log.read(777)
    await events.save()
    assert log.read(777) == before
    assert len(log._events) == 1


async def test_a_log_whose_result_could_not_be_written_is_saved_on(events: EventLog, database: Database) -> None:
    log = events.open("a")
    events.append(log, "delta", "x")
    events.seal(log)
    events.unseal(log)
    await events.save()
    assert await database.read(lambda c: read_events(c, "a")) == [(1, "delta", "x")]


async def test_waking_without_news_is_a_heartbeat(events: EventLog) -> None:
    log = events.open("a")
    following = asyncio.ensure_future(anext(log.follow(0)))
    await asyncio.sleep(0)
    log.wake()
    assert await following == []


async def test_text_reaches_the_disk_by_itself(events: EventLog, database: Database) -> None:
    log = events.open("a")
    events.append(log, "delta", "kept")
    while not log.saved:
        await asyncio.sleep(0.01)
    assert await database.read(lambda c: read_events(c, "a")) == [(4, "delta", "kept")]


async def test_a_kilobyte_is_saved_without_waiting(database: Database) -> None:
    events = EventLog(database)
    task = asyncio.create_task(events.save_forever())
    log = events.open("a")
    events.append(log, "delta", "x" * 2000)
    while not log.saved:
        await asyncio.sleep(0.001)
    task.cancel()
    assert text_of(await database.read(lambda c: read_events(c, "a"))) == "x" * 2000


async def test_what_is_saved_is_what_was_said_wherever_it_was_cut(events: EventLog, database: Database) -> None:
    log = events.open("a")
    for n in range(50):
        events.append(log, "delta", f"{n} ")
        if n % 3 == 0:
            await events.save()
    await events.save()
    assert await database.read(lambda c: read_events(c, "a")) == log.read(0)


async def test_a_sealed_log_is_saved_no_more(events: EventLog, database: Database) -> None:
    log = events.open("a")
    events.append(log, "delta", "x")
    events.seal(log)
    await events.save()
    assert await database.read(lambda c: read_events(c, "a")) == []
