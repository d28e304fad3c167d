import pytest
from factory import ask, delete_conversation, exchange, make_user

from gantry_edge.chat import context, store
from gantry_edge.chat.answers import restart_answer
from gantry_edge.chat.branching import branch_off
from gantry_edge.chat.finding import find_messages
from gantry_edge.chat.prompt import text_of
from gantry_edge.chat.schema import ConversationChange, Message, Started
from gantry_edge.errors import AnswerRunning, BadRequest, NotFound
from gantry_edge.memory.forgetting import exclude
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
    await database.write(lambda c: delete_conversation(c, user, branch.id))
    assert len(await database.read(lambda c: messages(c, user, first.conversation_id))) == 4


async def test_an_answer_that_is_being_written_is_waited_for(database: Database, user: str) -> None:
    running = await database.write(lambda c: ask(c, user))
    with pytest.raises(AnswerRunning):
        await database.write(lambda c: branch_off(c, user, running.answer_id))


async def test_an_answer_further_up_that_is_gone_on_with_is_waited_for(database: Database, user: str) -> None:
    def talk(connection: Connection) -> Started:
        first = exchange(connection, user, "Where is it?", "On the")
        connection.execute("UPDATE answers SET status = 'stopped' WHERE id = ?", (first.answer_id,))
        last = exchange(connection, user, "Who lives there?", conversation_id=first.conversation_id)
        restart_answer(connection, user, first.answer_id)
        return last

    last = await database.write(talk)
    with pytest.raises(AnswerRunning):
        await database.write(lambda c: branch_off(c, user, last.answer_id))


async def test_a_branch_of_a_temporary_conversation_is_temporary(database: Database, user: str) -> None:
    started = await database.write(lambda c: exchange(c, user, temporary=True))
    branch = await database.write(lambda c: branch_off(c, user, started.answer_id))
    assert branch.place == "temporary"


@pytest.mark.parametrize("place", ["archived", "trash"])
async def test_a_branch_of_what_was_put_away_is_at_hand(
    database: Database, user: str, first: Started, place: str
) -> None:
    away = ConversationChange(place=place)  # type: ignore[arg-type]
    await database.write(lambda c: store.change_conversation(c, user, first.conversation_id, away))
    assert (await database.write(lambda c: branch_off(c, user, first.answer_id))).place == "current"


async def test_it_begins_with_whole_exchanges(database: Database, user: str, first: Started) -> None:
    with pytest.raises(BadRequest, match="from an answer"):
        await database.write(lambda c: branch_off(c, user, first.message_id))


async def test_what_it_copied_is_not_remembered_once_more(database: Database, user: str, first: Started) -> None:
    branch = await database.write(lambda c: branch_off(c, user, first.answer_id))
    own = await database.write(lambda c: exchange(c, user, "And the lamp?", conversation_id=branch.id).answer_id)

    def queued(connection: Connection) -> list[str]:
        connection.execute("DELETE FROM exchange_queue")
        for memory in (False, True):
            store.change_conversation(connection, user, branch.id, ConversationChange(memory=memory))
        return [row[0] for row in connection.execute("SELECT answer_id FROM exchange_queue")]

    assert await database.write(queued) == [own]


async def test_what_was_kept_out_of_a_conversation_is_kept_out_of_its_branch(
    database: Database, user: str, first: Started
) -> None:
    other = await database.write(lambda c: exchange(c, user, "I live there").answer_id)
    await database.write(lambda c: exclude(c, first.conversation_id, other))
    branch = await database.write(lambda c: branch_off(c, user, first.answer_id))

    def excluded(connection: Connection) -> list[str]:
        sql = "SELECT exchange_id FROM exchange_exclusions WHERE conversation_id = ?"
        return [row[0] for row in connection.execute(sql, (branch.id,))]

    assert await database.read(excluded) == [other]


async def test_what_the_model_saw_is_known_of_a_copy_too(database: Database, user: str, first: Started) -> None:
    seen = context.Kept([context.Piece("question", first.message_id, 3), context.Piece("document", "a passage", 5)])
    await database.write(lambda c: context.save(c, first.answer_id, "m", seen))
    branch = await database.write(lambda c: branch_off(c, user, first.answer_id))
    question, answer = await database.read(lambda c: messages(c, user, branch.id))
    shown = await database.read(lambda c: context.read_context(c, user, answer.id))
    assert [(each.kind, each.ref) for each in shown.segments] == [("question", question.id), ("document", "a passage")]


async def test_nobody_branches_off_from_another(database: Database, first: Started) -> None:
    other = await database.write(lambda c: make_user(c, "eve"))
    with pytest.raises(NotFound):
        await database.write(lambda c: branch_off(c, other, first.answer_id))
