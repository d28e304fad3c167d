import pytest
from factory import ask, exchange, make_user

from gantry_edge.chat import store
from gantry_edge.chat.branching import branch_off
from gantry_edge.chat.finding import find_messages
from gantry_edge.chat.prompt import text_of
from gantry_edge.chat.schema import Message, Started
from gantry_edge.errors import AnswerRunning, NotFound
from gantry_edge.storage.database import Connection, Database


@pytest.fixture
async def user(database: Database) -> str:
    return await database.write(make_user)


@pytest.fixture
async def first(database: Database, user: str) -> Started:
    """Of two exchanges in one conversation."""

    def talk(connection: Connection) -> Started:
        first = exchange(connection, user, "Where is it?", "On the cliff.")
        exchange(connection, user, "Who lives there?", "A keeper.", conversation_id=first.conversation_id)
        return first

    return await database.write(talk)


def messages(connection: Connection, user: str, conversation_id: str) -> list[Message]:
    return store.list_messages(connection, user, conversation_id, None, 50).items


async def test_it_has_what_was_said_down_to_the_message(database: Database, user: str, first: Started) -> None:
    branch = await database.write(lambda c: branch_off(c, user, first.answer_id))
    said = await database.read(lambda c: messages(c, user, branch.id))
    assert [text_of(message) for message in said] == ["Where is it?", "On the cliff."]
    assert said[1].answer
    assert said[1].answer.status == "done"


async def test_the_conversation_it_comes_from_stays_as_it_is(database: Database, user: str, first: Started) -> None:
    before = await database.read(lambda c: messages(c, user, first.conversation_id))
    await database.write(lambda c: branch_off(c, user, first.answer_id))
    assert await database.read(lambda c: messages(c, user, first.conversation_id)) == before


async def test_it_is_gone_on_with_apart(database: Database, user: str, first: Started) -> None:
    branch = await database.write(lambda c: branch_off(c, user, first.answer_id))
    await database.write(lambda c: exchange(c, user, "And the lamp?", conversation_id=branch.id))
    assert len(await database.read(lambda c: messages(c, user, branch.id))) == 4
    assert len(await database.read(lambda c: messages(c, user, first.conversation_id))) == 4


async def test_its_answers_are_found(database: Database, user: str, first: Started) -> None:
    branch = await database.write(lambda c: branch_off(c, user, first.answer_id))
    hits = await database.read(lambda c: find_messages(c, user, "cliff", None, 50).items)
    assert {hit.conversation_id for hit in hits} == {branch.id, first.conversation_id}


async def test_what_it_copied_goes_with_it_alone(database: Database, user: str, first: Started) -> None:
    branch = await database.write(lambda c: branch_off(c, user, first.answer_id))
    await database.write(lambda c: store.delete_conversation(c, user, branch.id))
    assert len(await database.read(lambda c: messages(c, user, first.conversation_id))) == 4


async def test_an_answer_that_is_being_written_is_waited_for(database: Database, user: str) -> None:
    running = await database.write(lambda c: ask(c, user))
    with pytest.raises(AnswerRunning):
        await database.write(lambda c: branch_off(c, user, running.answer_id))


async def test_nobody_branches_off_from_another(database: Database, first: Started) -> None:
    other = await database.write(lambda c: make_user(c, "eve"))
    with pytest.raises(NotFound):
        await database.write(lambda c: branch_off(c, other, first.answer_id))
