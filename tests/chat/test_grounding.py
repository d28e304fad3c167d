"""Answers that rest on documents, with the whole program behind them."""

import asyncio
from typing import Any

import pytest
from documents.desk import BOUNDARY, in_pieces, multipart
from factory import learned, make_user

from gantry_edge.chat import answers
from gantry_edge.chat.citing import SPACE
from gantry_edge.chat.context import read_context
from gantry_edge.chat.prompt import text_of
from gantry_edge.chat.schema import Message, Notice, SendMessage, Sources, Started
from gantry_edge.documents.schema import Document, Scope
from gantry_edge.documents.store import get_document
from gantry_edge.memory.store import read_said, set_enabled
from gantry_edge.models.scripted import ScriptedEndpoint
from gantry_edge.services import Services

CHEESE = "The Gruyère of our cooperative ripens for fourteen months in a cave near Fribourg."
MARKER = "ripens for fourteen months"


@pytest.fixture
async def user(services: Services) -> str:
    return await services.database.write(make_user)


async def upload(services: Services, user: str, name: str, content: str) -> Document:
    body = multipart([(name, content.encode())])
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    (document,) = await services.library.add(user, kind, len(body), in_pieces(body))
    async with asyncio.timeout(60):
        while (await services.database.read(lambda c: get_document(c, user, document.id))).status != "ready":
            await asyncio.sleep(0.05)
    return document


async def ask(services: Services, user: str, question: str, scope: Scope | None, **rest: Any) -> Started:
    send = SendMessage(question, scope=scope, **{"model": "scripted/echo", **rest})
    started = await services.turns.start(user, send)
    async for _ in await services.turns.follow(user, started.answer_id, 0):
        pass
    return started


async def message(services: Services, user: str, started: Started) -> Message:
    page = await services.turns.list_messages(user, started.conversation_id, None, 10)
    return page.items[-1]


def sources(message: Message) -> Sources:
    (found,) = [part for part in message.parts if isinstance(part, Sources)]
    return found


async def test_an_answer_names_its_sources_before_its_first_word(services: Services, user: str) -> None:
    document = await upload(services, user, "cheese.txt", CHEESE)
    found = await message(services, user, await ask(services, user, "How long does cheese ripen?", Scope()))
    assert isinstance(found.parts[0], Sources)
    assert [(source.number, source.document_id) for source in sources(found).items] == [(1, document.id)]
    assert f"{CHEESE[:-1]}{SPACE}[1]." in text_of(found)


async def test_a_question_the_documents_do_not_answer_is_told_so(services: Services, user: str) -> None:
    await upload(services, user, "cheese.txt", CHEESE)
    found = await message(services, user, await ask(services, user, "Who won the chess title in 1972?", Scope()))
    assert [part.code for part in found.parts if isinstance(part, Notice)] == ["nothing_found"]


async def test_an_answer_that_rests_on_none_of_its_sources_is_marked(services: Services, user: str) -> None:
    await upload(services, user, "cheese.txt", CHEESE)
    model = "scripted/say?tokens=30&seed=1"
    found = await message(
        services, user, await ask(services, user, "How long does cheese ripen?", Scope(), model=model)
    )
    assert [part.code for part in found.parts if isinstance(part, Notice)] == ["uncited"]


async def test_without_a_scope_no_document_is_read(services: Services, user: str) -> None:
    await upload(services, user, "cheese.txt", CHEESE)
    found = await message(services, user, await ask(services, user, "How long does cheese ripen?", None))
    assert text_of(found) == "How long does cheese ripen?"


async def test_nobody_else_s_documents_are_found(services: Services, user: str) -> None:
    document = await upload(services, user, "cheese.txt", CHEESE)
    eve = await services.database.write(lambda c: make_user(c, "eve"))
    for scope in (Scope(), Scope(document_ids=[document.id]), Scope(collection_ids=[document.collection_id])):
        found = await message(services, eve, await ask(services, eve, "How long does cheese ripen?", scope))
        assert MARKER not in text_of(found)


async def test_an_answer_keeps_no_copy_of_what_its_sources_say(services: Services, user: str) -> None:
    await upload(services, user, "cheese.txt", CHEESE)
    started = await ask(services, user, "How long does cheese ripen?", Scope())
    read = "SELECT parts FROM messages WHERE id = ?"
    (stored,) = await services.database.read(lambda c: c.execute(read, (started.answer_id,)).fetchone())
    assert CHEESE not in stored.split('"type":"text"')[0]


async def test_sources_of_a_deleted_document_say_nothing_any_more(services: Services, user: str) -> None:
    document = await upload(services, user, "cheese.txt", CHEESE)
    started = await ask(services, user, "How long does cheese ripen?", Scope())
    assert sources(await message(services, user, started)).items[0].text == CHEESE
    await services.library.delete(user, document.id)
    source = sources(await message(services, user, started)).items[0]
    assert (source.document_name, source.text) == ("cheese.txt", "")


async def test_an_answer_told_again_has_its_sources(services: Services, user: str) -> None:
    await upload(services, user, "cheese.txt", CHEESE)
    started = await ask(services, user, "How long does cheese ripen?", Scope())
    told = b"".join([batch async for batch in await services.turns.follow(user, started.answer_id, 0)])
    assert MARKER.encode() in told.split(b"event: delta")[0]


async def test_a_chosen_document_that_fits_goes_in_whole(services: Services, user: str) -> None:
    document = await upload(services, user, "boats.txt", "Ferries leave at nine.\n\n" + CHEESE)
    scope = Scope(document_ids=[document.id])
    found = await message(services, user, await ask(services, user, "Sum this up", scope))
    assert sources(found).items[0].text == "Ferries leave at nine.\n\n" + CHEESE


async def test_a_short_question_is_understood_from_the_one_before(services: Services, user: str) -> None:
    await upload(services, user, "cheese.txt", CHEESE)
    first = await ask(services, user, "How long does the Gruyère ripen?", Scope())
    more = {"conversation_id": first.conversation_id}
    found = await message(services, user, await ask(services, user, "And why?", Scope(), **more))
    assert sources(found).items


async def test_a_crash_leaves_no_copy_either(services: Services, user: str) -> None:
    await upload(services, user, "cheese.txt", CHEESE)
    started = await ask(services, user, "How long does cheese ripen?", Scope())
    found = await message(services, user, started)
    assert sources(found).items[0].text == CHEESE
    assert CHEESE not in answers.stored(found.parts[:1])


async def test_a_conversation_only_grows_at_its_end(services: Services, user: str, scripted: ScriptedEndpoint) -> None:
    """Documents, memories and facts stay where they stood, so that an engine that kept the turn before goes on."""
    await upload(services, user, "cheese.txt", CHEESE)
    await upload(services, user, "boats.txt", "The ferries of our cooperative leave at nine.")
    await services.database.write(lambda c: set_enabled(c, user, enabled=True))
    await services.database.write(lambda c: learned(c, user, "I live in Bern."))
    await services.remembering.remember_all()
    first = await ask(services, user, "How long does cheese ripen in Bern?", Scope())
    more = {"conversation_id": first.conversation_id}
    await ask(services, user, "Which cheese ripens in a cave?", Scope(), **more)
    last = await ask(services, user, "When do the ferries leave Bern?", Scope(), **more)
    one, two, three = [asked.messages for asked in list(scripted.log)[-3:]]
    assert two[:1] == one
    assert three[:3] == two
    told = "".join(said.content for said in three if said.role == "user")
    for once in (MARKER, "leave at nine", "- I live in Bern", "<memory"):
        assert told.count(once) == 1, told
    assert "Answer from what stands above in [1]" in two[-1].content
    context = await services.database.read(lambda c: read_context(c, user, last.answer_id))
    assert {segment.text for segment in context.segments if segment.document_id} == {
        CHEESE,
        "The ferries of our cooperative leave at nine.",
    }


async def test_an_answer_that_cites_what_stands_above_names_it_among_its_sources(
    services: Services, user: str, scripted: ScriptedEndpoint
) -> None:
    await upload(services, user, "cheese.txt", CHEESE)
    first = await ask(services, user, "How long does cheese ripen?", Scope())
    scripted.says = lambda asked: "As I said, in a cave [1]. Not [7]."
    more = {"conversation_id": first.conversation_id}
    second = await ask(services, user, "Who won the chess title in 1972?", Scope(), **more)
    answer = await message(services, user, second)
    assert [source.number for source in sources(answer).items] == [1]
    assert [part.code for part in answer.parts if isinstance(part, Notice)] == ["nothing_more"]


async def test_documents_that_are_taken_off_are_no_longer_in_sight(
    services: Services, user: str, scripted: ScriptedEndpoint
) -> None:
    await upload(services, user, "cheese.txt", CHEESE)
    said = {"model": "scripted/say?tokens=5&seed=1"}
    first = await ask(services, user, "How long does cheese ripen?", Scope(), **said)
    await ask(services, user, "And why is that so?", None, conversation_id=first.conversation_id, **said)
    assert [MARKER in str(asked.messages) for asked in scripted.log] == [True, False]


async def test_what_is_said_below_a_document_is_no_memory_of_it(services: Services, user: str) -> None:
    """The model still reads the document, whatever the question is."""
    await services.database.write(lambda c: set_enabled(c, user, enabled=True))
    await upload(services, user, "cheese.txt", CHEESE)
    first = await ask(services, user, "How long does cheese ripen?", Scope())
    second = await ask(
        services, user, "Who won the chess title in 1972?", Scope(), conversation_id=first.conversation_id
    )
    said = await services.database.read(lambda c: read_said(c, second.answer_id))
    assert said is not None
    assert said.answer == ""
