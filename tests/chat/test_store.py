import asyncio
import itertools
import random

import pytest
from factory import ask, delete_conversation, exchange, make_user

from gantry_edge.chat import answers, listing, store
from gantry_edge.chat.prompt import text_of
from gantry_edge.chat.schema import ConversationChange, SendMessage, Which
from gantry_edge.errors import AnswerRunning, BadRequest, NotFound
from gantry_edge.ids import new_id
from gantry_edge.storage.database import Connection, Database


@pytest.fixture
async def user(database: Database) -> str:
    return await database.write(make_user)


def branch(connection: Connection, user: str, conversation: str, limit: int = 50) -> list[str]:
    return [text_of(m) for m in store.list_messages(connection, user, conversation, None, limit).items]


async def test_a_question_makes_its_conversation_and_names_it(database: Database, user: str) -> None:
    started = await database.write(lambda c: ask(c, user, "How  do\nmagnets work?"))
    assert started.title == "How do magnets work?"


async def test_an_answer_is_the_child_of_its_question(database: Database, user: str) -> None:
    started = await database.write(lambda c: exchange(c, user, "Q", "A"))
    assert await database.read(lambda c: branch(c, user, started.conversation_id)) == ["Q", "A"]


async def test_a_blank_question_is_refused(database: Database, user: str) -> None:
    with pytest.raises(BadRequest, match="empty"):
        await database.write(lambda c: ask(c, user, " \n "))


async def test_the_same_message_id_twice_is_one_question(database: Database, user: str) -> None:
    id = new_id()
    first = await database.write(lambda c: store.add_exchange(c, user, SendMessage("Q", message_id=id)))
    again = await database.write(lambda c: store.add_exchange(c, user, SendMessage("Q", message_id=id)))
    assert again == (first[0], False)


async def test_a_message_id_of_someone_else_behaves_like_a_new_one(database: Database, user: str) -> None:
    other = await database.write(lambda c: make_user(c, "eve"))
    id = new_id()
    first = await database.write(lambda c: ask(c, user, "Q", message_id=id))
    second = await database.write(lambda c: ask(c, other, "Q", message_id=id))
    assert second.message_id != first.message_id


async def test_no_question_while_the_answer_before_is_running(database: Database, user: str) -> None:
    started = await database.write(lambda c: ask(c, user))
    with pytest.raises(AnswerRunning):
        await database.write(lambda c: ask(c, user, "Next", conversation_id=started.conversation_id))


async def test_an_edit_is_a_sibling_and_comes_on_screen(database: Database, user: str) -> None:
    first = await database.write(lambda c: exchange(c, user, "Q1", "A1"))
    conversation = first.conversation_id
    second = await database.write(
        lambda c: exchange(c, user, "Q1, better", "A2", conversation_id=conversation, parent_id=None)
    )
    page = await database.read(lambda c: store.list_messages(c, user, conversation, None, 50))
    assert [text_of(m) for m in page.items] == ["Q1, better", "A2"]
    assert page.items[0].siblings == [first.message_id, second.message_id]


async def test_choosing_a_version_shows_the_newest_branch_below_it(database: Database, user: str) -> None:
    first = await database.write(lambda c: exchange(c, user, "Q1", "A1"))
    conversation = first.conversation_id
    await database.write(lambda c: exchange(c, user, "Q2", "A2", conversation_id=conversation))
    await database.write(lambda c: exchange(c, user, "other", "B", conversation_id=conversation, parent_id=None))
    change = ConversationChange(leaf_id=first.message_id)
    await database.write(lambda c: store.change_conversation(c, user, conversation, change))
    assert await database.read(lambda c: branch(c, user, conversation)) == ["Q1", "A1", "Q2", "A2"]


async def test_a_parent_must_be_an_answer(database: Database, user: str) -> None:
    first = await database.write(lambda c: exchange(c, user))
    with pytest.raises(BadRequest, match="parent_id"):
        await database.write(lambda c: ask(c, user, conversation_id=first.conversation_id, parent_id=first.message_id))


async def test_a_parent_in_another_conversation_is_not_found(database: Database, user: str) -> None:
    here = await database.write(lambda c: exchange(c, user))
    there = await database.write(lambda c: exchange(c, user))
    with pytest.raises(NotFound):
        await database.write(lambda c: ask(c, user, conversation_id=here.conversation_id, parent_id=there.answer_id))


async def test_pages_of_conversations_meet_without_gap_or_repeat(database: Database, user: str) -> None:
    def add_many(connection: Connection) -> None:
        for _ in range(25):
            conversation = store.add_conversation(connection, user, "c")
            connection.execute(
                "UPDATE conversations SET updated_at = ? WHERE id = ?", (random.randrange(5), conversation.id)
            )

    await database.write(add_many)
    seen: list[str] = []
    cursor: str | None = None
    for _ in itertools.count():
        page = await database.read(lambda c: listing.list_conversations(c, user, cursor, 4))
        seen += [conversation.id for conversation in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 25


@pytest.mark.parametrize("cursor", ["x", "1", "_", "1_", "-1_a", "99999999999999999999_a", "١_a", "1.5_a"])
async def test_a_wrong_cursor_is_a_bad_request(database: Database, user: str, cursor: str) -> None:
    with pytest.raises(BadRequest, match="before"):
        await database.read(lambda c: listing.list_conversations(c, user, cursor, 4))


async def test_pages_of_messages_meet_without_gap_or_repeat(database: Database, user: str) -> None:
    started = await database.write(lambda c: exchange(c, user, "0", "0!"))
    conversation = started.conversation_id

    def add_many(connection: Connection) -> None:
        for n in range(1, 20):
            exchange(connection, user, f"{n}", f"{n}!", conversation_id=conversation)

    await database.write(add_many)
    texts: list[str] = []
    cursor: str | None = None
    while True:
        page = await database.read(lambda c: store.list_messages(c, user, conversation, cursor, 7))
        texts = [text_of(message) for message in page.items] + texts
        cursor = page.next
        if cursor is None:
            break
    assert texts == [f"{n}{mark}" for n in range(20) for mark in ("", "!")]


async def test_a_conversation_of_thousands_can_be_deleted(database: Database, user: str) -> None:
    started = await database.write(lambda c: exchange(c, user))

    def add_many(connection: Connection) -> None:
        for _ in range(2500):
            exchange(connection, user, conversation_id=started.conversation_id)

    await database.write(add_many)
    await database.write(lambda c: delete_conversation(c, user, started.conversation_id))
    left = await database.read(lambda c: c.execute("SELECT count(*) FROM messages").fetchone()[0])
    assert left == 0


async def test_deleting_a_user_deletes_the_conversations(database: Database, user: str) -> None:
    await database.write(lambda c: exchange(c, user))
    await database.write(lambda c: c.execute("DELETE FROM users WHERE id = ?", (user,)))
    assert await database.read(lambda c: c.execute("SELECT count(*) FROM messages").fetchone()[0]) == 0


async def test_foreign_ids_look_like_missing_ones(database: Database, user: str) -> None:
    other = await database.write(lambda c: make_user(c, "eve"))
    mine = await database.write(lambda c: exchange(c, user))
    for id in (mine.conversation_id, new_id()):
        for look in (
            lambda c: store.get_conversation(c, other, id),
            lambda c: store.list_messages(c, other, id, None, 9),
            lambda c: delete_conversation(c, other, id),
            lambda c: ask(c, other, conversation_id=id),
        ):
            with pytest.raises(NotFound, match=r"^There is no such conversation$"):
                await database.write(look)


async def test_hot_statements_use_an_index(database: Database, user: str) -> None:
    statements: list[str] = []
    started = await database.write(lambda c: exchange(c, user))
    conversation = started.conversation_id

    def work(connection: Connection) -> None:
        connection.set_trace_callback(statements.append)
        follow_up = exchange(connection, user, conversation_id=conversation)
        store.add_version(connection, user, follow_up.answer_id, "m")
        listing.list_conversations(connection, user, None, 50)
        listing.list_conversations(connection, user, "9_x", 50)
        for which in (Which(loose=True), Which(loose=True, folder_id="x"), Which(pinned=True)):
            listing.list_conversations(connection, user, None, 50, which)
        listing.outline(connection, user, [1, 2])
        store.list_messages(connection, user, conversation, None, 50)
        store.change_conversation(connection, user, conversation, ConversationChange("t", started.message_id))
        answers.read_running(connection)
        delete_conversation(connection, user, conversation)
        connection.set_trace_callback(None)

    await database.write(work)
    plans = await database.read(lambda c: [(s, plan(c, s)) for s in statements if not s.startswith("--")])
    scans = [(s, step) for s, steps in plans for step in steps if step.startswith("SCAN") and step != "SCAN branch"]
    assert len(plans) > 20
    # few rows at most: a page that was found, full text reads what it is set to
    known = ("answers_running", "exchange_words_config", "(subquery-1)")
    assert [entry for entry in scans if not entry[1].endswith(known) and "answers_running" not in entry[1]] == []
    pages = [step for s, steps in plans for step in steps if "json_group_array" in s]
    assert pages
    sorted_page = "USE TEMP B-TREE FOR json_group_array(ORDER BY)"  # which is in order already
    assert not [step for step in pages if "TEMP B-TREE" in step and step != sorted_page]


def plan(connection: Connection, statement: str) -> list[str]:
    return [row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]


async def test_writes_at_once_keep_their_versions_apart(database: Database, user: str) -> None:
    first = await database.write(lambda c: exchange(c, user))
    await asyncio.gather(
        *(database.write(lambda c: store.add_version(c, user, first.answer_id, "m")) for _ in range(20))
    )
    page = await database.read(lambda c: store.list_messages(c, user, first.conversation_id, None, 9))
    assert len(set(page.items[-1].siblings)) == 21
