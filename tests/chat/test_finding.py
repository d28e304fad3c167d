import pytest
from factory import ask, delete_conversation, exchange, make_user

from gantry_edge.chat import answers
from gantry_edge.chat.finding import excerpt_of, find_messages
from gantry_edge.chat.schema import AnswerError, Text
from gantry_edge.errors import BadRequest
from gantry_edge.storage.database import Connection, Database


@pytest.fixture
async def user(database: Database) -> str:
    return await database.write(make_user)


def found(connection: Connection, user: str, words: str) -> list[str]:
    return [hit.excerpt for hit in find_messages(connection, user, words, None, 50).items]


async def test_a_question_is_found_in_the_transaction_that_stores_it(database: Database, user: str) -> None:
    def work(connection: Connection) -> list[str]:
        ask(connection, user, "Where is the lighthouse?")
        return found(connection, user, "lighthouse")

    assert await database.write(work) == ["Where is the lighthouse?"]


async def test_an_answer_is_found_once_it_has_ended(database: Database, user: str) -> None:
    await database.write(lambda c: exchange(c, user, "Where?", "On the northern cliff."))
    assert await database.read(lambda c: found(c, user, "cliff")) == ["On the northern cliff."]


async def test_the_newest_come_first(database: Database, user: str) -> None:
    await database.write(lambda c: exchange(c, user, "the first cliff"))
    await database.write(lambda c: exchange(c, user, "the second cliff"))
    assert await database.read(lambda c: found(c, user, "cliff")) == ["the second cliff", "the first cliff"]


@pytest.mark.parametrize("words", ["cliff northern", "nort", "CLIFF", "“cliff”", "cliff-northern"])
async def test_words_are_found_in_any_order_and_the_last_by_its_beginning(
    database: Database, user: str, words: str
) -> None:
    await database.write(lambda c: exchange(c, user, "On the northern cliff"))
    assert await database.read(lambda c: found(c, user, words)) == ["On the northern cliff"]


@pytest.mark.parametrize("words", ["nort cliff", "cliff east", "", "?!", 'cliff" OR "x', "scope:cliff x"])
async def test_what_is_not_said_is_not_found(database: Database, user: str, words: str) -> None:
    await database.write(lambda c: exchange(c, user, "On the northern cliff"))
    assert await database.read(lambda c: found(c, user, words)) == []


async def test_an_accent_may_be_a_letter_of_its_own_in_what_is_looked_for(database: Database, user: str) -> None:
    await database.write(lambda c: exchange(c, user, "Mein Résumé"))
    assert await database.read(lambda c: found(c, user, "Re\u0301sume\u0301")) == ["Mein Résumé"]


async def test_accents_do_not_matter(database: Database, user: str) -> None:
    await database.write(lambda c: exchange(c, user, "Das Café in Łódź"))
    hits = await database.read(lambda c: find_messages(c, user, "cafe", None, 50).items)
    assert [hit.excerpt[slice(*hit.marks[0])] for hit in hits] == ["Café"]


async def test_nobody_finds_what_another_said(database: Database, user: str) -> None:
    other = await database.write(lambda c: make_user(c, "eve"))
    await database.write(lambda c: exchange(c, user, "On the northern cliff"))
    assert await database.read(lambda c: found(c, other, "cliff")) == []


async def test_pages_hold_each_message_once(database: Database, user: str) -> None:
    await database.write(lambda c: [exchange(c, user, f"cliff {n}") for n in range(5)])

    def pages(connection: Connection) -> list[list[str]]:
        pages, before = [], None
        while True:
            page = find_messages(connection, user, "cliff", before, 2)
            pages.append([hit.excerpt for hit in page.items])
            if (before := page.next) is None:
                return pages

    assert await database.read(pages) == [["cliff 4", "cliff 3"], ["cliff 2", "cliff 1"], ["cliff 0"]]


async def test_a_cursor_of_another_list_is_refused(database: Database, user: str) -> None:
    with pytest.raises(BadRequest, match="before"):
        await database.read(lambda c: find_messages(c, user, "cliff", "17_x", 2))


async def test_an_answer_that_goes_on_is_found_by_what_it_says_in_the_end(database: Database, user: str) -> None:
    def work(connection: Connection) -> list[list[str]]:
        started = ask(connection, user, "Where?")
        [(id, _)] = answers.read_running(connection)
        answers.interrupt_answer(connection, id, AnswerError("x", "x"), [Text("the old cliff")])
        before = found(connection, user, "cliff")
        message, _ = answers.restart_answer(connection, user, started.answer_id)
        between = found(connection, user, "cliff")
        assert message.answer
        message.answer.status = "done"
        answers.finish_answer(connection, message.answer, [Text("the new harbour")])
        return [before, between, found(connection, user, "cliff"), found(connection, user, "harbour")]

    assert await database.write(work) == [["the old cliff"], [], [], ["the new harbour"]]


async def test_words_go_with_their_conversation(database: Database, user: str) -> None:
    started = await database.write(lambda c: exchange(c, user, "Where is it?", "On the xylophonic cliff"))
    await database.write(lambda c: delete_conversation(c, user, started.conversation_id))
    assert await database.read(lambda c: found(c, user, "xylophonic")) == []
    await database.empty_log()
    assert b"xylophonic" not in database.path.read_bytes()


async def test_words_go_with_their_person(database: Database, user: str) -> None:
    await database.write(lambda c: exchange(c, user, "Where is it?", "On the xylophonic cliff"))
    await database.write(lambda c: c.execute("DELETE FROM users WHERE id = ?", (user,)))
    await database.empty_log()
    assert b"xylophonic" not in database.path.read_bytes()


def test_an_excerpt_begins_near_the_first_word() -> None:
    excerpt, marks = excerpt_of("far " * 100 + "the cliff\nfalls " + "away " * 100, ["cliff"])
    assert "the cliff falls" in excerpt
    assert [excerpt[start:end] for start, end in marks] == ["cliff"]


def test_an_excerpt_is_cut_between_words() -> None:
    text = "The keeper of the northern cliff lights the lamp at dusk. " * 20
    excerpt, _ = excerpt_of(text, ["dusk"])
    assert excerpt.startswith("The keeper")
    excerpt, _ = excerpt_of(f"{text}xylophone {text}", ["xylophone"])
    assert excerpt[0] == excerpt[-1] == "…"
    assert set(excerpt.strip("…").split()) <= {*text.split(), "xylophone"}


def test_an_excerpt_of_a_text_without_spaces_is_short() -> None:
    excerpt, _ = excerpt_of("x" * 10_000 + " cliff", ["cliff"])
    assert len(excerpt) <= 300
