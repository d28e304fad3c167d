"""Answers that rest on what another shares, and personas with it; the whole program behind them (S8, S22)."""

from functools import partial

import pytest
from chat.test_grounding import CHEESE, MARKER, ask, message, sources, upload
from factory import make_user

from gantry_edge.accounts.schema import Role, User
from gantry_edge.chat.prompt import text_of
from gantry_edge.chat.schema import ConversationChange, Started
from gantry_edge.chat.store import change_conversation
from gantry_edge.documents.schema import Document, Scope
from gantry_edge.errors import NotFound
from gantry_edge.memory.store import read_said, set_enabled
from gantry_edge.personas import store as personas
from gantry_edge.personas.schema import NewPersona, Persona
from gantry_edge.services import Services
from gantry_edge.sharing import store
from gantry_edge.storage.audit import By

QUESTION = "How long does cheese ripen?"


class Two:
    """Ada has a document and a persona that reads it; ben reads with her grants."""

    def __init__(self, services: Services) -> None:
        self.services = services

    async def settle(self) -> None:
        write = self.services.database.write
        self.ada, self.ben = [
            User(await write(partial(make_user, name=name)), name, Role.MEMBER, 0) for name in ("ada", "ben")
        ]
        self.document: Document = await upload(self.services, self.ada.id, "cheese.txt", CHEESE)
        new = NewPersona(name="Cook", prompt="You cook.", collection_ids=[self.document.collection_id])
        self.persona: Persona = await write(lambda c: personas.add_persona(c, self.ada, new))

    async def share(self, id: str) -> None:
        await self.services.database.write(lambda c: store.share(c, By(self.ada.id), id, self.ben.id))

    async def unshare(self, id: str) -> None:
        await self.services.database.write(lambda c: store.unshare(c, By(self.ada.id), id, self.ben.id))

    async def ask(self, scope: Scope | None = None, **rest: object) -> Started:
        return await ask(self.services, self.ben.id, QUESTION, scope, **rest)

    async def told(self, started: Started) -> str:
        return text_of(await message(self.services, self.ben.id, started))

    async def persona_of(self, reader: User) -> Persona:
        return await self.services.database.read(lambda c: personas.get_persona(c, reader, self.persona.id))


@pytest.fixture
async def two(services: Services) -> Two:
    two = Two(services)
    await two.settle()
    return two


async def test_an_answer_rests_on_a_shared_collection_while_it_is_shared(two: Two) -> None:
    scope = Scope([two.document.collection_id])
    assert MARKER not in await two.told(await two.ask(scope))
    await two.share(two.document.collection_id)
    started = await two.ask(scope)
    assert MARKER in await two.told(started)
    assert [each.text for each in sources(await message(two.services, two.ben.id, started)).items] == [CHEESE]
    await two.unshare(two.document.collection_id)
    assert [each.text for each in sources(await message(two.services, two.ben.id, started)).items] == [""]
    assert MARKER not in await two.told(await two.ask(scope))


async def test_nothing_of_a_shared_collection_is_remembered_or_learned(two: Two) -> None:
    write = two.services.database.write
    await write(lambda c: set_enabled(c, two.ben.id, enabled=True))
    await two.share(two.document.collection_id)
    started = await two.ask(Scope([two.document.collection_id]))
    said = await two.services.database.read(lambda c: read_said(c, started.answer_id))
    assert said
    assert (said.question, said.answer) == (QUESTION, "")
    await two.services.remembering.remember_all()
    count = "SELECT (SELECT count(*) FROM facts), (SELECT count(*) FROM exchanges WHERE text LIKE '%fourteen%')"
    assert tuple(await two.services.database.read(lambda c: c.execute(count).fetchone())) == (0, 0)


async def test_a_shared_persona_brings_its_collection_only_to_whom_that_is_shared_with(two: Two) -> None:
    await two.share(two.persona.id)
    assert (await two.persona_of(two.ben)).collection_ids == []
    assert MARKER not in await two.told(await two.ask(persona_id=two.persona.id))
    await two.share(two.document.collection_id)
    assert (await two.persona_of(two.ben)).collection_ids == [two.document.collection_id]
    assert MARKER in await two.told(await two.ask(persona_id=two.persona.id))


async def test_a_shared_persona_says_whose_it_is_and_is_not_edited(two: Two) -> None:
    await two.share(two.persona.id)
    persona = await two.persona_of(two.ben)
    assert (persona.owner, persona.editable) == ("ada", False)
    own = await two.persona_of(two.ada)
    assert (own.owner, own.editable) == (None, True)


async def test_a_conversation_goes_on_without_a_persona_that_is_shared_no_more(two: Two) -> None:
    await two.share(two.persona.id)
    first = await two.ask(persona_id=two.persona.id)
    await two.unshare(two.persona.id)
    more = await two.ask(conversation_id=first.conversation_id)
    assert (await message(two.services, two.ben.id, first)).answer
    answer = (await message(two.services, two.ben.id, more)).answer
    assert answer
    assert answer.persona is None
    with pytest.raises(NotFound):
        await two.ask(persona_id=two.persona.id)


async def test_a_default_that_is_shared_no_more_is_none(two: Two) -> None:
    write = two.services.database.write
    await two.share(two.persona.id)
    chosen = await write(lambda c: personas.choose_default(c, two.ben.id, two.persona.id))
    assert chosen.persona_id == two.persona.id
    await two.unshare(two.persona.id)
    assert (await two.services.database.read(lambda c: personas.read_defaults(c, two.ben.id))).persona_id is None
    assert await two.ask()


async def test_a_shared_collection_in_a_persona_of_ones_own_is_not_passed_on(two: Two) -> None:
    """Ben attaches what ada shares with him, and shares the persona with cleo."""
    write = two.services.database.write
    place = two.document.collection_id
    new = NewPersona(name="Mine", collection_ids=[place])
    with pytest.raises(NotFound):
        await write(lambda c: personas.add_persona(c, two.ben, new))
    await two.share(place)
    mine = await write(lambda c: personas.add_persona(c, two.ben, new))
    cleo = User(await write(lambda c: make_user(c, "cleo")), "cleo", Role.MEMBER, 0)
    await write(lambda c: store.share(c, By(two.ben.id), mine.id, cleo.id))
    assert (await two.services.database.read(lambda c: personas.get_persona(c, cleo, mine.id))).collection_ids == []
    started = await ask(two.services, cleo.id, QUESTION, Scope([place]), persona_id=mine.id)
    assert MARKER not in text_of(await message(two.services, cleo.id, started))


async def test_a_foreign_scope_is_nothing_until_it_is_shared(two: Two) -> None:
    """It may be set: whose it is, is asked when it is searched."""
    started = await two.ask()
    change = ConversationChange(scope=Scope([two.document.collection_id]))
    write = two.services.database.write
    await write(lambda c: change_conversation(c, two.ben.id, started.conversation_id, change))
    again = await ask(
        two.services, two.ben.id, QUESTION, Scope([two.document.collection_id]), conversation_id=started.conversation_id
    )
    assert MARKER not in await two.told(again)
