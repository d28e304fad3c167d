"""An answer given again: when, to whom, and when no more."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from chat.test_grounding import upload
from chat.test_turns import parse
from factory import delete_conversation, learned, make_user

from gantry_edge.accounts.schema import Role, User
from gantry_edge.chat import answers, reuse, store
from gantry_edge.chat.context import read_context
from gantry_edge.chat.prompt import text_of
from gantry_edge.chat.reuse import Reuse
from gantry_edge.chat.schema import Answer, ChatSettings, ConversationChange, Message, SendMessage, Started
from gantry_edge.documents.schema import Scope
from gantry_edge.facts.schema import FactChange
from gantry_edge.facts.store import change_fact
from gantry_edge.memory.store import set_enabled
from gantry_edge.models.scripted import ScriptedEndpoint
from gantry_edge.personas.schema import NewPersona, PersonaSampling
from gantry_edge.personas.store import add_persona
from gantry_edge.services import Services
from gantry_edge.storage.cache import DiskStore
from gantry_edge.storage.database import Connection, Database

MODEL = "scripted/think?tokens=40&seed=3"


async def want(services: Services, user: str, *, reuse_answers: bool = True) -> None:
    settings = ChatSettings(reuse_answers=reuse_answers)
    await services.database.write(lambda c: reuse.save_settings(c, user, settings))


@pytest.fixture
async def ada(services: Services) -> str:
    user = await services.database.write(make_user)
    await want(services, user)
    return user


async def ask(services: Services, user: str, words: str = "Tell me", model: str = MODEL, **rest: Any) -> Started:
    started = await services.turns.start(user, SendMessage(words, model=model, **rest))
    return await ended(services, user, started)


async def ended(services: Services, user: str, started: Started) -> Started:
    async for _ in await services.turns.follow(user, started.answer_id, 0):
        pass
    return started


async def answer_of(services: Services, user: str, started: Started) -> tuple[Message, Answer]:
    return await services.database.read(lambda c: answers.get_answer(c, user, started.answer_id))


async def test_the_very_same_question_is_answered_again_without_the_model(
    services: Services, ada: str, scripted: ScriptedEndpoint
) -> None:
    first, second = [await ask(services, ada) for _ in range(2)]
    assert len(scripted.log) == 1
    message, answer = await answer_of(services, ada, second)
    before, original = await answer_of(services, ada, first)
    assert message.parts == before.parts
    assert (original.from_cache, answer.from_cache) == (False, True)
    assert (answer.model, answer.prompt_tokens, answer.completion_tokens) == (original.model, 0, 0)
    seen = await services.database.read(lambda c: read_context(c, ada, second.answer_id))
    assert [segment.text for segment in seen.segments if segment.kind == "question"] == ["Tell me"]


async def test_a_viewer_sees_the_same_events_as_of_any_answer(services: Services, ada: str) -> None:
    await ask(services, ada)
    started = await services.turns.start(ada, SendMessage("Tell me", model=MODEL))
    events = [event async for batch in await services.turns.follow(ada, started.answer_id, 0) for event in parse(batch)]
    assert [type for _, type, _ in events] == ["start", "reasoning", "delta", "done"]
    assert events[-1][2]["from_cache"] is True


async def test_nothing_is_kept_or_given_again_unless_its_person_wants_it(
    services: Services, ada: str, scripted: ScriptedEndpoint
) -> None:
    await want(services, ada, reuse_answers=False)
    await ask(services, ada)
    await want(services, ada)
    await ask(services, ada)
    await want(services, ada, reuse_answers=False)
    await ask(services, ada)
    assert len(scripted.log) == 3
    eve = await services.database.write(lambda c: make_user(c, "eve"))
    assert not (await services.database.read(lambda c: reuse.read_settings(c, eve))).reuse_answers


async def test_a_temporary_conversation_gives_and_takes_nothing(
    services: Services, ada: str, scripted: ScriptedEndpoint
) -> None:
    for temporary in (True, False, True):
        started = await ask(services, ada, temporary=temporary)
        assert not (await answer_of(services, ada, started))[1].from_cache
    assert len(scripted.log) == 3


async def test_nobody_is_given_the_answer_of_another(services: Services, ada: str, scripted: ScriptedEndpoint) -> None:
    eve = await services.database.write(lambda c: make_user(c, "eve"))
    await want(services, eve)
    first = await ask(services, ada)
    await ask(services, eve)
    assert len(scripted.log) == 2
    # also where the cache names it
    assert await services.database.read(lambda c: reuse.read_deltas(c, eve, first.answer_id)) == []
    assert await services.database.read(lambda c: reuse.read_deltas(c, ada, first.answer_id)) != []


async def test_another_answer_is_another_one_and_the_one_given_next_time(
    services: Services, ada: str, scripted: ScriptedEndpoint
) -> None:
    said = iter(("first", "second"))
    scripted.says = lambda asked: next(said)
    first = await ask(services, ada)
    again = await services.turns.regenerate(ada, first.answer_id, MODEL)
    await ended(services, ada, again)
    assert not (await answer_of(services, ada, again))[1].from_cache
    message, answer = await answer_of(services, ada, await ask(services, ada))
    assert (text_of(message), answer.from_cache) == ("second", True)


def delete_all(connection: Connection, user: str, started: Started) -> None:
    delete_conversation(connection, user, started.conversation_id)


def delete_message(connection: Connection, user: str, started: Started) -> None:
    connection.execute("DELETE FROM messages WHERE id = ?", (started.answer_id,))


def throw_away(connection: Connection, user: str, started: Started) -> None:
    store.change_conversation(connection, user, started.conversation_id, ConversationChange(place="trash"))


@pytest.mark.parametrize("delete", [delete_all, delete_message, throw_away])
async def test_it_goes_with_what_it_was_said_in(
    services: Services, ada: str, scripted: ScriptedEndpoint, delete: Any
) -> None:
    """Also where it was given again meanwhile, and the copy is there still."""
    first = await ask(services, ada)
    await ask(services, ada)
    await services.database.write(lambda c: delete(c, ada, first))
    assert not (await answer_of(services, ada, await ask(services, ada)))[1].from_cache
    assert (await answer_of(services, ada, await ask(services, ada)))[1].from_cache
    assert len(scripted.log) == 2


@pytest.mark.parametrize(
    "rest",
    [
        {"words": "Tell me "},
        {"model": "scripted/think?tokens=40&seed=4"},
        {"persona": NewPersona(name="Pirate", prompt="Arr")},
        {"persona": NewPersona(name="Hot", sampling=PersonaSampling(temperature=1.5))},
        {"history": True},
    ],
    ids=lambda rest: next(iter(rest)),
)
async def test_another_request_is_another_one(
    services: Services, ada: str, scripted: ScriptedEndpoint, rest: dict[str, Any]
) -> None:
    first = await ask(services, ada)
    if persona := rest.pop("persona", None):
        rest["persona_id"] = (
            await services.database.write(lambda c: add_persona(c, User(ada, "ada", Role.MEMBER, 0), persona))
        ).id
    if rest.pop("history", None):
        rest["conversation_id"] = first.conversation_id
    await ask(services, ada, **rest)
    assert len(scripted.log) == 2


async def test_a_document_that_changed_makes_another_request(
    services: Services, ada: str, scripted: ScriptedEndpoint
) -> None:
    document = await upload(services, ada, "cheese.txt", "Our Gruyère ripens for fourteen months.")
    question: dict[str, Any] = {"words": "How long does cheese ripen?", "model": "scripted/echo", "scope": Scope()}
    first, second = [await ask(services, ada, **question) for _ in range(2)]
    message, answer = await answer_of(services, ada, second)
    assert (answer.from_cache, len(scripted.log)) == (True, 1)
    assert message.parts == (await answer_of(services, ada, first))[0].parts  # sources and citations
    await services.library.delete(ada, document.id)
    await upload(services, ada, "cheese.txt", "Our Gruyère ripens for fifteen months.")
    message, answer = await answer_of(services, ada, await ask(services, ada, **question))
    assert not answer.from_cache
    assert "fifteen" in text_of(message)


async def test_a_memory_that_changed_makes_another_request(
    services: Services, ada: str, scripted: ScriptedEndpoint
) -> None:
    await services.database.write(lambda c: set_enabled(c, ada, enabled=True))
    known = await services.database.write(lambda c: learned(c, ada, "I live in Bern"))
    await services.database.write(lambda c: c.execute("DELETE FROM exchange_queue"))
    await ask(services, ada, "Where do I live?")
    await services.database.write(
        lambda c: change_fact(c, ada, known["fact_id"], FactChange(text="My home is in Basel"))
    )
    await ask(services, ada, "Where do I live?")
    assert len(scripted.log) == 2
    assert "Basel" in scripted.log[-1].messages[-1].content


async def test_an_answer_that_was_stopped_or_failed_is_not_given_again(services: Services, ada: str) -> None:
    for _ in range(2):
        started = await ask(services, ada, model="scripted/fault?kind=reset")
        assert (await answer_of(services, ada, started))[1].status == "failed"
    for _ in range(2):
        started = await services.turns.start(ada, SendMessage("Tell me", model="scripted/say?tokens=400&rate=100"))
        await asyncio.sleep(0.1)
        await services.turns.stop(ada, started.answer_id)
        assert (await answer_of(services, ada, started))[1].status == "stopped"


@pytest.mark.parametrize(("reason", "kept"), [("stop", True), ("length", False)])
async def test_an_answer_that_was_cut_at_its_longest_is_not_kept(
    database: Database, tmp_path: Path, reason: str, kept: bool
) -> None:
    cache = DiskStore(tmp_path / "cache", size_limit=1_000_000)
    answer = Answer(id="a", status="done", model="m", created_at=0, finish_reason=reason)
    await Reuse(database, cache).keep("answer 1", answer)
    assert await cache.exists("answer 1") is kept
    cache.close()


async def test_the_cache_has_no_word_of_what_was_said(services: Services, ada: str) -> None:
    for _ in range(2):
        await ask(services, ada, "The password is zyxomatic", "scripted/echo")
    files = [path for path in (services.settings.home / "cache").rglob("*") if path.is_file()]
    assert any(b"answer " in path.read_bytes() for path in files)
    assert [path for path in files if b"zyxomatic" in path.read_bytes()] == []
