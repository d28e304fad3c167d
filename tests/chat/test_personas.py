"""What a persona changes in the request that reaches a model, and what of it stays with the answer."""

from datetime import date
from typing import Any

import msgspec
import pytest
from chat.test_grounding import CHEESE, upload
from factory import make_user

from gantry_edge.accounts.schema import Role, User
from gantry_edge.chat import answers, store
from gantry_edge.chat.context import read_context
from gantry_edge.chat.schema import Answer, ConversationChange, Message, Notice, SendMessage, Started
from gantry_edge.documents.schema import Scope
from gantry_edge.errors import NotFound
from gantry_edge.models.scripted import Asked, ScriptedEndpoint
from gantry_edge.personas import store as personas
from gantry_edge.personas.schema import NewPersona, Persona, PersonaFields, PersonaSampling
from gantry_edge.services import Services

SAMPLING: dict[str, Any] = {
    "temperature": 0.3,
    "top_p": 0.9,
    "top_k": 20,
    "min_p": 0.05,
    "presence_penalty": 0.5,
    "frequency_penalty": -0.5,
    "repeat_penalty": 1.1,
    "seed": 7,
    "stop": ["END"],
    "max_tokens": 64,
}


@pytest.fixture
async def ada(services: Services, scripted: ScriptedEndpoint) -> User:
    scripted.models[:] = ["echo"]
    return User(await services.database.write(make_user), "ada", Role.MEMBER, 0)


async def add(services: Services, user: User, **fields: Any) -> Persona:
    return await services.database.write(lambda c: personas.add_persona(c, user, NewPersona(name="Pirate", **fields)))


async def say(services: Services, user: User, **rest: Any) -> Started:
    """Ask, and wait for the whole answer."""
    return await ended(services, user, await services.turns.start(user.id, SendMessage("Tell me", **rest)))


async def ended(services: Services, user: User, started: Started) -> Started:
    async for _ in await services.turns.follow(user.id, started.answer_id, 0):
        pass
    return started


async def answer_of(services: Services, user: User, started: Started) -> tuple[Message, Answer]:
    return await services.database.read(lambda c: answers.get_answer(c, user.id, started.answer_id))


def last(scripted: ScriptedEndpoint) -> Asked:
    return scripted.log[-1]


def test_every_setting_is_asked_for_here() -> None:
    assert SAMPLING.keys() == set(PersonaSampling.__struct_fields__)


@pytest.mark.parametrize("field", SAMPLING)
async def test_each_setting_reaches_the_model_and_no_other(
    services: Services, ada: User, scripted: ScriptedEndpoint, field: str
) -> None:
    persona = await add(services, ada, sampling=PersonaSampling(**{field: SAMPLING[field]}))
    await say(services, ada, persona_id=persona.id)
    assert last(scripted).options == {field: SAMPLING[field]}


async def test_without_a_persona_nothing_is_added(services: Services, ada: User, scripted: ScriptedEndpoint) -> None:
    await say(services, ada)
    assert last(scripted).options == {}
    assert [message.role for message in last(scripted).messages] == ["user"]


async def test_the_prompt_comes_first_with_its_variables_filled_in(
    services: Services, ada: User, scripted: ScriptedEndpoint
) -> None:
    persona = await add(services, ada, prompt="{{user}}, {{ date }}, {{model}}, {{mood}}")
    await say(services, ada, persona_id=persona.id)
    first = last(scripted).messages[0]
    assert (first.role, first.content) == ("system", f"ada, {date.today().isoformat()}, echo, {{{{mood}}}}")


async def test_what_the_model_saw_begins_with_the_persona(services: Services, ada: User) -> None:
    persona = await add(services, ada, prompt="Talk like {{user}}")
    started = await say(services, ada, persona_id=persona.id)
    seen = await services.database.read(lambda c: read_context(c, ada.id, started.answer_id))
    assert (seen.segments[0].kind, seen.segments[0].text) == ("system", "Talk like ada")


async def test_the_preferred_model_answers(services: Services, ada: User, scripted: ScriptedEndpoint) -> None:
    scripted.models[:] = ["echo", "say?tokens=3"]
    persona = await add(services, ada, model="scripted/say?tokens=3")
    await say(services, ada, persona_id=persona.id)
    assert last(scripted).model == "say?tokens=3"


async def test_a_model_chosen_for_this_message_wins(services: Services, ada: User, scripted: ScriptedEndpoint) -> None:
    scripted.models[:] = ["echo", "say?tokens=3"]
    persona = await add(services, ada, model="scripted/say?tokens=3")
    await say(services, ada, persona_id=persona.id, model="scripted/echo")
    assert last(scripted).model == "echo"


async def test_a_preferred_model_that_is_gone_is_replaced_and_said(services: Services, ada: User) -> None:
    persona = await add(services, ada, model="scripted/gone")
    message, answer = await answer_of(services, ada, await say(services, ada, persona_id=persona.id))
    notices = [part for part in message.parts if isinstance(part, Notice)]
    assert answer.model == "scripted/echo"
    assert [notice.code for notice in notices] == ["other_model"]
    assert "scripted/gone" in notices[0].text


async def test_its_collections_are_looked_in_while_the_conversation_has_no_scope(
    services: Services, ada: User, scripted: ScriptedEndpoint
) -> None:
    document = await upload(services, ada.id, "cheese.txt", CHEESE)
    persona = await add(services, ada, collection_ids=[document.collection_id])
    question = SendMessage("How long does cheese ripen?", persona_id=persona.id)
    for send, told in (
        (question, True),
        (msgspec.structs.replace(question, scope=None), True),
        (msgspec.structs.replace(question, scope=Scope(document_ids=[])), False),
        (msgspec.structs.replace(question, persona_id=None), False),
    ):
        await ended(services, ada, await services.turns.start(ada.id, send))
        assert (CHEESE in last(scripted).messages[-1].content) is told


async def test_editing_or_deleting_it_rewrites_no_answer(
    services: Services, ada: User, scripted: ScriptedEndpoint
) -> None:
    persona = await add(services, ada, prompt="Arr")
    first = await say(services, ada, persona_id=persona.id)
    await services.database.write(
        lambda c: personas.replace_persona(c, ada, persona.id, PersonaFields(name="Poet", prompt="Rhyme"))
    )
    second = await say(services, ada, conversation_id=first.conversation_id)
    assert last(scripted).messages[0].content == "Rhyme"
    await services.database.write(lambda c: personas.delete_persona(c, ada, persona.id))
    third = await say(services, ada, conversation_id=first.conversation_id)
    assert last(scripted).messages[0].role == "user"
    names = [(await answer_of(services, ada, each))[1].persona for each in (first, second, third)]
    assert names == ["Pirate", "Poet", None]
    kept = await services.database.read(lambda c: answers.read_persona(c, first.answer_id))
    assert kept
    assert kept.prompt == "Arr"


async def test_what_an_answer_keeps_of_it_goes_with_the_conversation(services: Services, ada: User) -> None:
    persona = await add(services, ada, prompt="Marker of a secret")
    started = await say(services, ada, persona_id=persona.id)
    await services.database.write(lambda c: personas.delete_persona(c, ada, persona.id))
    await services.turns.delete_conversation(ada.id, started.conversation_id)
    await services.database.empty_log()
    database = services.settings.home / "gantry.db"
    assert b"Marker of a secret" not in database.read_bytes()


async def test_a_new_conversation_begins_with_the_default(
    services: Services, ada: User, scripted: ScriptedEndpoint
) -> None:
    persona = await add(services, ada, prompt="Arr")
    await services.database.write(lambda c: personas.choose_default(c, ada.id, persona.id))
    _, answer = await answer_of(services, ada, await say(services, ada))
    assert answer.persona == "Pirate"
    assert last(scripted).messages[0].content == "Arr"
    _, plain = await answer_of(services, ada, await say(services, ada, persona_id=None))
    assert plain.persona is None
    assert [message.role for message in last(scripted).messages] == ["user"]


async def test_a_foreign_persona_cannot_be_taken_into_a_conversation(services: Services, ada: User) -> None:
    other = User(await services.database.write(lambda c: make_user(c, "eve")), "eve", Role.MEMBER, 0)
    theirs = await add(services, other)
    started = await say(services, ada)
    change = ConversationChange(persona_id=theirs.id)
    with pytest.raises(NotFound):
        await services.database.write(lambda c: store.change_conversation(c, ada.id, started.conversation_id, change))
