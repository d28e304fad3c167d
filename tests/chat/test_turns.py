import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from factory import ask, exchange, make_user

from gantry_edge.chat import answers, listing, store
from gantry_edge.chat.clearing import clear
from gantry_edge.chat.prompt import text_of
from gantry_edge.chat.schema import Answer, Message, Reasoning, SendMessage, Started
from gantry_edge.chat.turns import Turns
from gantry_edge.config import Settings
from gantry_edge.errors import AnswerRunning, BadRequest, NotFound, ShuttingDown, TooManyAnswers
from gantry_edge.models.script import script_text
from gantry_edge.models.scripted import ScriptedEndpoint
from gantry_edge.services import Services, open_services
from gantry_edge.storage.database import Connection, DatabaseError
from gantry_edge.storage.events import add_events

SLOW = "scripted/say?tokens=400&rate=100&seed=3"


@pytest.fixture
async def user(services: Services) -> str:
    return await services.database.write(make_user)


@pytest.fixture
def turns(services: Services) -> Turns:
    return services.turns


def say(tokens: int, seed: int = 1, rate: int = 0) -> str:
    return f"scripted/say?tokens={tokens}&rate={rate}&seed={seed}"


async def start(turns: Turns, user: str, model: str, **rest: Any) -> Started:
    return await turns.start(user, SendMessage("Tell me", model=model, **rest))


async def read(events: AsyncIterator[bytes]) -> list[tuple[int, str, Any]]:
    return [event async for batch in events for event in parse(batch)]


def parse(batch: bytes) -> list[tuple[int, str, Any]]:
    found = []
    for block in batch.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":") and line)
        if fields:
            found.append((int(fields["id"]), fields["event"], json.loads(fields["data"])))
    return found


def text(events: list[tuple[int, str, Any]]) -> str:
    return "".join(data["text"] for _, type, data in events if type == "delta")


async def stored(services: Services, user: str, id: str) -> tuple[Message, Answer]:
    return await services.database.read(lambda c: answers.get_answer(c, user, id))


async def until_text(turns: Turns, user: str, started: Started) -> None:
    """Wait for the first words."""
    async for batch in await turns.follow(user, started.answer_id, 0):
        if b"event: delta" in batch:
            return


async def test_an_answer_is_streamed_and_stored_as_it_was_sent(services: Services, turns: Turns, user: str) -> None:
    started = await start(turns, user, say(200, seed=5))
    events = await read(await turns.follow(user, started.answer_id, 0))
    message, answer = await stored(services, user, started.answer_id)
    assert [events[0][1], events[-1][1]] == ["start", "done"]
    assert text(events) == text_of(message) == script_text(5, 200)
    assert answer.status == "done"
    assert answer.completion_tokens == 200
    assert answer.first_token_ms is not None


async def test_reasoning_is_kept_apart(services: Services, turns: Turns, user: str) -> None:
    started = await start(turns, user, "scripted/think?tokens=20&rate=0&seed=1")
    events = await read(await turns.follow(user, started.answer_id, 0))
    message, _ = await stored(services, user, started.answer_id)
    assert isinstance(message.parts[0], Reasoning)
    assert "reasoning" in [type for _, type, _ in events]


async def test_how_long_a_model_thought_is_kept(services: Services, turns: Turns, user: str) -> None:
    """5 of 20 tokens at 100 a second are thoughts."""
    started = await start(turns, user, "scripted/think?tokens=20&rate=100")
    told = (await read(await turns.follow(user, started.answer_id, 0)))[-1][2]
    _, answer = await stored(services, user, started.answer_id)
    assert answer.thought_ms is not None
    assert 0 < answer.thought_ms < (answer.duration_ms or 0)
    assert told["thought_ms"] == answer.thought_ms


async def test_who_did_not_think_has_no_time_for_it(services: Services, turns: Turns, user: str) -> None:
    started = await start(turns, user, say(5))
    await read(await turns.follow(user, started.answer_id, 0))
    assert (await stored(services, user, started.answer_id))[1].thought_ms is None


async def test_nobody_watching_loses_nothing(services: Services, turns: Turns, user: str) -> None:
    started = await start(turns, user, say(50, rate=200))
    while (await stored(services, user, started.answer_id))[1].status == "running":
        await asyncio.sleep(0.02)
    message, _ = await stored(services, user, started.answer_id)
    assert text_of(message) == script_text(1, 50)


async def test_a_viewer_that_leaves_does_not_stop_the_answer(services: Services, turns: Turns, user: str) -> None:
    started = await start(turns, user, say(60, rate=300))
    leaving = await turns.follow(user, started.answer_id, 0)
    await anext(leaving)
    await leaving.aclose()
    assert text(await read(await turns.follow(user, started.answer_id, 0))) == script_text(1, 60)


async def test_coming_back_at_any_position_gives_the_rest(turns: Turns, user: str) -> None:
    started = await start(turns, user, say(80, rate=400))
    whole = script_text(1, 80)
    await until_text(turns, user, started)
    for position in (1, 5, 17):
        assert text(await read(await turns.follow(user, started.answer_id, position))) == whole[position - 1 :]


async def test_a_finished_answer_is_told_from_any_position(turns: Turns, user: str) -> None:
    started = await start(turns, user, say(40))
    live = await read(await turns.follow(user, started.answer_id, 0))
    whole = script_text(1, 40)
    for position in range(1, len(whole) + 2, 13):
        told = await read(await turns.follow(user, started.answer_id, position))
        assert text(told) == whole[position - 1 :]
        assert told[-1][:2] == live[-1][:2]


async def test_stop_keeps_what_was_said_and_closes_upstream(
    services: Services, turns: Turns, user: str, scripted: ScriptedEndpoint
) -> None:
    started = await start(turns, user, SLOW)
    await until_text(turns, user, started)
    await turns.stop(user, started.answer_id)
    message, answer = await stored(services, user, started.answer_id)
    assert answer.status == "stopped"
    assert script_text(3, 400).startswith(text_of(message))
    assert text_of(message)


async def test_stopping_at_once_stops(services: Services, turns: Turns, user: str) -> None:
    started = await start(turns, user, SLOW)
    await turns.stop(user, started.answer_id)
    assert (await stored(services, user, started.answer_id))[1].status == "stopped"


async def test_stopping_twice_or_too_late_changes_nothing(services: Services, turns: Turns, user: str) -> None:
    started = await start(turns, user, say(5))
    await read(await turns.follow(user, started.answer_id, 0))
    await turns.stop(user, started.answer_id)
    assert (await stored(services, user, started.answer_id))[1].status == "done"


async def test_a_fault_ends_in_a_typed_error_with_the_text_kept(services: Services, turns: Turns, user: str) -> None:
    started = await start(turns, user, "scripted/fault?kind=reset&after=10")
    events = await read(await turns.follow(user, started.answer_id, 0))
    message, answer = await stored(services, user, started.answer_id)
    assert events[-1][1] == "failed"
    assert answer.error
    assert answer.error.code.startswith("model_")
    assert text_of(message)


async def test_an_error_never_becomes_part_of_the_conversation(services: Services, turns: Turns, user: str) -> None:
    started = await start(turns, user, "scripted/fault?kind=http-500")
    await read(await turns.follow(user, started.answer_id, 0))
    message, _ = await stored(services, user, started.answer_id)
    assert message.parts == []


async def test_an_unknown_model_fails_with_a_sentence_and_keeps_the_question(
    services: Services, turns: Turns, user: str
) -> None:
    started = await start(turns, user, "nowhere/gpt")
    await read(await turns.follow(user, started.answer_id, 0))
    _, answer = await stored(services, user, started.answer_id)
    assert answer.error
    assert "nowhere" in answer.error.detail


async def test_regenerate_makes_a_sibling_and_keeps_the_old_answer(turns: Turns, user: str) -> None:
    first = await start(turns, user, say(10))
    await read(await turns.follow(user, first.answer_id, 0))
    second = await turns.regenerate(user, first.answer_id, say(10, seed=2))
    await read(await turns.follow(user, second.answer_id, 0))
    page = await turns.list_messages(user, first.conversation_id, None, 9)
    assert page.items[-1].siblings == [first.answer_id, second.answer_id]
    assert text_of(page.items[-1]) == script_text(2, 10)


async def test_a_stopped_answer_is_continued_in_place(services: Services, turns: Turns, user: str) -> None:
    started = await start(turns, user, SLOW)
    await until_text(turns, user, started)
    await turns.stop(user, started.answer_id)
    before = text_of((await stored(services, user, started.answer_id))[0])
    _, position = await turns.resume(user, started.answer_id)
    while turns._turns[started.answer_id].log.position <= position:
        await asyncio.sleep(0.01)
    await turns.stop(user, started.answer_id)
    message, _ = await stored(services, user, started.answer_id)
    assert position == 1 + len(before)
    assert len(message.parts) == 1
    assert text_of(message).startswith(before)
    assert len(text_of(message)) > len(before)


async def test_a_complete_answer_is_not_continued(turns: Turns, user: str) -> None:
    started = await start(turns, user, say(5))
    await read(await turns.follow(user, started.answer_id, 0))
    with pytest.raises(BadRequest, match="complete"):
        await turns.resume(user, started.answer_id)


async def test_a_running_answer_is_not_continued(turns: Turns, user: str) -> None:
    started = await start(turns, user, SLOW)
    with pytest.raises(AnswerRunning):
        await turns.resume(user, started.answer_id)


async def test_the_same_question_sent_twice_at_once_has_one_answer(turns: Turns, user: str) -> None:
    id = "01920000-0000-7000-8000-000000000001"
    first, second = await asyncio.gather(
        start(turns, user, say(5), message_id=id), start(turns, user, say(5), message_id=id)
    )
    assert first == second


async def test_a_cancelled_request_leaves_no_question_unanswered(services: Services, turns: Turns, user: str) -> None:
    request = asyncio.create_task(start(turns, user, say(5)))
    await asyncio.sleep(0)
    request.cancel()
    while not (page := await services.database.read(lambda c: listing.list_conversations(c, user, None, 9))).items:
        await asyncio.sleep(0.01)
    [conversation] = page.items
    assert conversation.leaf_id
    await read(await turns.follow(user, conversation.leaf_id, 0))
    assert (await stored(services, user, conversation.leaf_id))[1].status == "done"


async def test_a_running_answer_is_listed_as_far_as_it_has_come(turns: Turns, user: str) -> None:
    started = await start(turns, user, SLOW)
    await until_text(turns, user, started)
    [_, message] = (await turns.list_messages(user, started.conversation_id, None, 9)).items
    assert message.answer
    assert message.answer.position == 1 + len(text_of(message)) > 1
    await turns.stop(user, started.answer_id)


async def test_nobody_else_can_follow_stop_or_continue(services: Services, turns: Turns, user: str) -> None:
    other = await services.database.write(lambda c: make_user(c, "eve"))
    started = await start(turns, user, SLOW)
    for attempt in (
        turns.follow(other, started.answer_id, 0),
        turns.stop(other, started.answer_id),
        turns.resume(other, started.answer_id),
        turns.regenerate(other, started.answer_id, None),
        turns.list_messages(other, started.conversation_id, None, 9),
        turns.delete_conversation(other, started.conversation_id),
    ):
        with pytest.raises(NotFound):
            await attempt
    await turns.stop(user, started.answer_id)


async def test_deleting_a_conversation_ends_its_answer(turns: Turns, user: str) -> None:
    started = await start(turns, user, SLOW)
    await turns.delete_conversation(user, started.conversation_id)
    with pytest.raises(NotFound):
        await turns.follow(user, started.answer_id, 0)


async def test_others_write_while_a_long_conversation_is_deleted(services: Services, turns: Turns, user: str) -> None:
    def add_many(connection: Connection) -> str:
        talk = exchange(connection, user).conversation_id
        for _ in range(50):
            exchange(connection, user, conversation_id=talk)
        return talk

    talk = await services.database.write(add_many)
    deleting = asyncio.create_task(turns.delete_conversation(user, talk))
    left = []
    while not deleting.done():
        left.append(await services.database.write(lambda c: c.execute("SELECT count(*) FROM messages").fetchone()[0]))
    await deleting
    assert any(0 < count < 102 for count in left)
    with pytest.raises(NotFound):
        await turns.delete_conversation(user, talk)


async def test_a_deletion_that_a_crash_cut_short_is_finished(services: Services, turns: Turns, user: str) -> None:
    talk = await services.database.write(lambda c: exchange(c, user).conversation_id)
    await services.database.write(lambda c: store.doom_conversation(c, user, talk))
    assert await clear(services.database, trash=1, left=0) == 1


async def test_draining_lets_answers_end_and_refuses_new_ones(services: Services, turns: Turns, user: str) -> None:
    started = await start(turns, user, say(30, rate=200))
    draining = asyncio.create_task(turns.drain(5))
    await asyncio.sleep(0)
    with pytest.raises(ShuttingDown):
        await start(turns, user, say(5))
    await draining
    assert (await stored(services, user, started.answer_id))[1].status == "done"


async def test_draining_interrupts_what_does_not_end_in_time(services: Services, turns: Turns, user: str) -> None:
    started = await start(turns, user, SLOW)
    await until_text(turns, user, started)
    following = asyncio.create_task(read(await turns.follow(user, started.answer_id, 0)))
    await turns.drain(0.05)
    message, answer = await stored(services, user, started.answer_id)
    assert answer.status == "interrupted"
    assert text(await following) == text_of(message) != ""
    assert (await following)[-1][1] == "failed"


async def test_after_a_crash_answers_are_interrupted_with_the_text_that_was_saved(settings: Settings) -> None:
    async with open_services(settings, lambda token: None) as services:
        user = await services.database.write(make_user)
        started = await services.database.write(lambda c: ask(c, user))
        rows = [(started.answer_id, 4, "reasoning", "hm,"), (started.answer_id, 6, "delta", "Be")]
        await services.database.write(lambda c: add_events(c, [*rows, (started.answer_id, 11, "delta", "cause")]))
    async with open_services(settings, lambda token: None) as services:
        message, answer = await stored(services, user, started.answer_id)
        assert answer.status == "interrupted"
        assert text_of(message) == "Because"


async def test_the_model_sees_the_branch_and_not_its_siblings(
    turns: Turns, user: str, scripted: ScriptedEndpoint
) -> None:
    first = await start(turns, user, say(3, seed=1))
    await read(await turns.follow(user, first.answer_id, 0))
    await turns.start(user, SendMessage("Edited", conversation_id=first.conversation_id, parent_id=None, model=say(3)))
    page = await turns.list_messages(user, first.conversation_id, None, 9)
    assert text_of(page.items[0]) == "Edited"


@pytest.mark.parametrize("ending", ["done", "stopped", "failed", "deleted"])
async def test_an_ended_answer_leaves_no_events_behind(
    services: Services, turns: Turns, user: str, ending: str
) -> None:
    model = {"done": say(50), "failed": "scripted/fault?kind=reset&after=20"}.get(ending, SLOW)
    started = await start(turns, user, model)
    await until_text(turns, user, started)
    if ending == "stopped":
        await turns.stop(user, started.answer_id)
    elif ending == "deleted":
        await turns.delete_conversation(user, started.conversation_id)
    else:
        await read(await turns.follow(user, started.answer_id, 0))
    await asyncio.sleep(0.4)
    assert await services.database.read(lambda c: c.execute("SELECT count(*) FROM events").fetchone()[0]) == 0


async def test_a_crash_after_stop_and_continue_repeats_nothing(settings: Settings) -> None:
    async with open_services(settings, lambda token: None) as services:
        user = await services.database.write(make_user)
        started = await start(services.turns, user, SLOW)
        await until_text(services.turns, user, started)
        await services.events.save()
        await services.turns.stop(user, started.answer_id)
        before = text_of((await stored(services, user, started.answer_id))[0])
        _, position = await services.turns.resume(user, started.answer_id)
        while services.turns._turns[started.answer_id].log.saved <= position:
            await asyncio.sleep(0.01)
        await services.turns.recover()  # as after a kill: from what is on disk
        message, _ = await stored(services, user, started.answer_id)
        await services.turns.stop(user, started.answer_id)
    assert len(text_of(message)) > 10
    assert script_text(3, 400).startswith(before)
    assert text_of(message).startswith(before)
    assert (before + script_text(3, 400)).startswith(text_of(message))


async def test_the_continued_text_begins_where_the_ending_stood(turns: Turns, user: str) -> None:
    started = await start(turns, user, SLOW)
    await until_text(turns, user, started)
    await turns.stop(user, started.answer_id)
    seen = await read(await turns.follow(user, started.answer_id, 0))
    _, position = await turns.resume(user, started.answer_id)
    assert seen[-1][0] == position
    await turns.stop(user, started.answer_id)


async def test_asking_beyond_the_end_tells_how_it_ended(turns: Turns, user: str) -> None:
    started = await start(turns, user, say(5))
    await read(await turns.follow(user, started.answer_id, 0))
    assert [type for _, type, _ in await read(await turns.follow(user, started.answer_id, 10**9))] == ["done"]


async def test_deleting_while_asking_leaves_nothing_running(services: Services, turns: Turns, user: str) -> None:
    first = await start(turns, user, say(3))
    await read(await turns.follow(user, first.answer_id, 0))
    await asyncio.gather(
        start(turns, user, SLOW, conversation_id=first.conversation_id),
        turns.delete_conversation(user, first.conversation_id),
        return_exceptions=True,
    )
    await asyncio.sleep(0.3)
    assert not turns._turns


async def test_a_full_disk_delays_the_saving_and_loses_nothing(
    services: Services, turns: Turns, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = await start(turns, user, say(20, rate=100))
    await until_text(turns, user, started)
    with monkeypatch.context() as full:
        full.setattr("gantry_edge.chat.answers.finish_answer", refuse)
        events = await read(await turns.follow(user, started.answer_id, 0))
        assert events[-1][2]["error"]["code"] == "not_saved"
    while turns._turns:
        await asyncio.sleep(0.1)
    message, answer = await stored(services, user, started.answer_id)
    assert answer.status == "done"
    assert text_of(message) == script_text(1, 20)


def refuse(*_: object) -> None:
    raise DatabaseError("database or disk is full")


async def test_one_person_cannot_have_any_number_of_answers_written(settings: Settings) -> None:
    few = dataclasses.replace(settings, answers_each=2)
    async with open_services(few, lambda token: None) as services:
        user = await services.database.write(make_user)
        other = await services.database.write(lambda c: make_user(c, "eve"))
        for _ in range(2):
            await start(services.turns, user, SLOW)
        with pytest.raises(TooManyAnswers):
            await start(services.turns, user, SLOW)
        await start(services.turns, other, SLOW)
