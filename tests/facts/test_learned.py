"""What becomes of what is said, over several messages."""

import random
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from factory import delete_conversation, exchange, learned, make_user
from sqlite_utils import Database as Schema

from gantry_edge.chat import store as chat
from gantry_edge.chat.schema import ConversationChange
from gantry_edge.errors import NotFound
from gantry_edge.facts import store
from gantry_edge.facts.known import known_for
from gantry_edge.facts.queue import ATTEMPTS, next_message
from gantry_edge.facts.schema import EntityChange, Fact, FactChange
from gantry_edge.memory.store import set_enabled
from gantry_edge.storage import steps
from gantry_edge.storage.database import Connection, Database


def make_learner(connection: Connection, name: str = "ada") -> str:
    """Someone whose memory is on."""
    user = make_user(connection, name)
    set_enabled(connection, user, enabled=True)
    return user


@pytest.fixture
async def user(database: Database) -> str:
    return await database.write(make_learner)


def facts(connection: Connection, user_id: str) -> list[Fact]:
    return store.all_facts(connection, user_id)


def current(connection: Connection, user_id: str) -> list[str]:
    return [fact.text for fact in facts(connection, user_id) if fact.valid_to is None]


def told(connection: Connection, user_id: str, question: str) -> list[str]:
    """In the conversation that was begun last."""
    newest = connection.execute("SELECT max(id) FROM conversations WHERE user_id = ?", (user_id,)).fetchone()[0]
    return [known.text for known in known_for(connection, user_id, newest, question)]


async def tell(database: Database, user: str, *messages: str) -> list[str]:
    """Learn from messages one after the other; what is current then."""
    for message in messages:
        await database.write(lambda c, message=message: learned(c, user, message))  # type: ignore[misc]
    return await database.read(lambda c: current(c, user))


async def test_a_fact_is_a_sentence_with_its_source(database: Database, user: str) -> None:
    await tell(database, user, "Hello. My manager is Anna Keller.")
    (fact,) = await database.read(lambda c: facts(c, user))
    assert (fact.text, fact.status, fact.object and fact.object.kind) == (
        "Anna Keller is your manager",
        "approved",
        "person",
    )
    (said,) = fact.sources
    assert (said.words, said.conversation_title) == (
        "My manager is Anna Keller",
        "Hello. My manager is Anna Keller.",
    )


@pytest.mark.parametrize(
    ("messages", "left"),
    [
        (("I live in Bern", "I moved to Basel"), ["You live in Basel"]),
        (("I work at Acme", "I work at Contoso", "I no longer work at Contoso"), []),
        (("I live in Bern", "I live in Bern."), ["You live in Bern"]),
        (("My manager is Anna Keller", "My manager is Tom Baker"), ["Tom Baker is your manager"]),
        (("My sister Anna", "My sister Julia"), ["Anna is your sister", "Julia is your sister"]),
        (("I prefer tea over coffee", "I prefer coffee over tea"), ["You prefer coffee over tea"]),
        (("We use Jira for tickets", "We switched from Jira to Linear"), ["You use Linear"]),
        (
            ("The deadline of Borealis is 3 May", "The deadline of Borealis is 9 May"),
            ["The deadline of Borealis is 9 May"],
        ),
        (("I no longer work at Acme",), []),
    ],
)
async def test_the_newest_is_true(database: Database, user: str, messages: tuple[str, ...], left: list[str]) -> None:
    assert await tell(database, user, *messages) == left


async def test_what_was_once_so_is_kept_with_its_time(database: Database, user: str) -> None:
    await tell(database, user, "I live in Bern", "I moved to Basel")
    old, new = await database.read(lambda c: facts(c, user))
    assert (old.text, old.valid_to, old.superseded_by) == ("You live in Bern", new.valid_from, new.id)


async def test_a_suggestion_contradicts_nothing_before_it_is_approved(database: Database, user: str) -> None:
    assert await tell(database, user, "I come from Ghana", "I'm from Acme") == [
        "You come from Ghana",
        "You come from Acme",
    ]
    suggested = (await database.read(lambda c: facts(c, user)))[1]
    await database.write(lambda c: store.change_fact(c, user, suggested.id, FactChange(status="approved")))
    assert await database.read(lambda c: current(c, user)) == ["You come from Acme"]


async def test_asking_to_remember_approves_what_was_suggested(database: Database, user: str) -> None:
    await tell(database, user, "I'm from Ghana", "Remember that I'm from Ghana")
    (fact,) = await database.read(lambda c: facts(c, user))
    assert (fact.status, len(fact.sources)) == ("approved", 2)


@pytest.mark.parametrize(
    "messages",
    [
        ("I work at Acme Ltd.", "Tom works at ACME"),
        ("My manager is Anna Keller", "Anna works at Contoso"),
        ("My manager is Anna", "Anna Keller works at Contoso"),
        ("Our project Borealis", "We use the Borealis"),
    ],
)
async def test_two_names_of_one_are_one(database: Database, user: str, messages: tuple[str, ...]) -> None:
    await tell(database, user, *messages)
    await database.write(lambda c: c.execute("UPDATE facts SET status = 'approved'"))
    graph = await database.read(lambda c: store.graph(c, user))
    degrees = [sum(node.id in (edge.source, edge.target) for edge in graph.edges) for node in graph.nodes]
    assert sorted(degrees) in ([1, 1, 2], [2, 2])


async def test_a_first_name_of_two_people_is_neither(database: Database, user: str) -> None:
    await tell(database, user, "Anna Keller is my boss", "Anna Huber is my friend", "Anna works at Acme")
    names = await database.read(lambda c: {fact.subject.name for fact in facts(c, user)})
    assert names == {"You", "Anna"}


async def test_an_approved_short_name_joins_what_both_names_said(database: Database, user: str) -> None:
    await tell(database, user, "We use NLP", "We use Northern Lights Platform")
    await tell(database, user, "NLP is short for Northern Lights Platform")
    assert len(await database.read(lambda c: store.graph(c, user).nodes)) == 2


async def test_the_name_of_another_entity_makes_both_one(database: Database, user: str) -> None:
    await tell(database, user, "My boss is Tom", "My friend is Thomas Baker")
    boss, friend = (fact.object for fact in await database.read(lambda c: facts(c, user)))
    assert boss
    assert friend
    entity = await database.write(lambda c: store.change_entity(c, user, boss.id, EntityChange("Thomas Baker")))
    assert (entity.name, entity.aliases) == ("Thomas Baker", ["Tom"])
    assert await database.read(lambda c: current(c, user)) == [
        "Thomas Baker is your boss",
        "Thomas Baker is your friend",
    ]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Where do I live?", ["I live in Bern"]),
        ("Who at Acme can help?", ["I work at Acme"]),
        ("Write a mail to Anna", ["Anna Keller is my manager"]),
        ("What can I cook tonight?", ["I have an allergy to nuts"]),
        ("When do invoices go out to Paula?", ["Invoices go to Paula"]),
        ("What is a monad?", []),
        ("", []),
    ],
)
async def test_a_question_finds_what_matters_for_it(
    database: Database, user: str, question: str, answer: list[str]
) -> None:
    await tell(
        database,
        user,
        "I live in Bern. I'm allergic to nuts. I work at Acme.",
        "My manager is Anna Keller. Remember that invoices go to Paula.",
    )
    assert await database.read(lambda c: told(c, user, question)) == answer


async def test_a_pinned_fact_goes_with_every_question(database: Database, user: str) -> None:
    await tell(database, user, "I prefer short answers")
    (fact,) = await database.read(lambda c: facts(c, user))
    assert await database.read(lambda c: told(c, user, "What is a monad?")) == []
    await database.write(lambda c: store.change_fact(c, user, fact.id, FactChange(status="pinned")))
    assert await database.read(lambda c: told(c, user, "What is a monad?")) == ["I prefer short answers"]


async def test_a_suggestion_goes_with_no_question(database: Database, user: str) -> None:
    await tell(database, user, "Anna works at Acme")
    assert await database.read(lambda c: told(c, user, "Who is Anna at Acme?")) == []


async def test_history_goes_with_no_question(database: Database, user: str) -> None:
    await tell(database, user, "I live in Bern", "I moved to Basel")
    assert await database.read(lambda c: told(c, user, "Do I live in Bern?")) == ["I live in Basel"]


async def test_nobody_else_s_facts_are_told(database: Database, user: str) -> None:
    await tell(database, user, "I live in Bern. Remember that invoices go to Paula.")
    eve = await database.write(lambda c: make_learner(c, "eve"))
    assert await database.read(lambda c: told(c, eve, "Where do I live? Where do invoices of Paula go?")) == []


async def test_a_fact_goes_with_the_last_message_it_was_said_in(database: Database, user: str) -> None:
    first = await database.write(lambda c: exchange(c, user, "I live in Bern"))
    second = await database.write(lambda c: exchange(c, user, "Hm, I live in Bern."))
    await tell(database, user)
    await database.write(lambda c: learned(c, user, "Why?"))
    await database.write(lambda c: delete_conversation(c, user, first.conversation_id))
    assert await database.read(lambda c: current(c, user)) == ["You live in Bern"]
    await database.write(lambda c: delete_conversation(c, user, second.conversation_id))
    assert await database.read(lambda c: current(c, user)) == []
    left = await database.read(lambda c: c.execute("SELECT count(*) FROM entities").fetchone()[0])
    assert left == 0


@pytest.mark.parametrize("change", [FactChange(status="pinned"), FactChange(text="Bern is home")])
async def test_what_is_one_s_own_outlives_the_message(database: Database, user: str, change: FactChange) -> None:
    started = await database.write(lambda c: exchange(c, user, "I live in Bern"))
    await database.write(lambda c: learned(c, user, "Why?"))
    (fact,) = await database.read(lambda c: facts(c, user))
    await database.write(lambda c: store.change_fact(c, user, fact.id, change))
    await database.write(lambda c: delete_conversation(c, user, started.conversation_id))
    assert len(await database.read(lambda c: current(c, user))) == 1


async def test_a_name_goes_with_the_message_that_gave_it(database: Database, user: str) -> None:
    await tell(database, user, "Tom works at Acme")
    started = await database.write(lambda c: exchange(c, user, "Thomas Zyxomatic works at Contoso"))
    await database.write(lambda c: learned(c, user, "Why?"))
    await database.write(lambda c: delete_conversation(c, user, started.conversation_id))
    rows = await database.read(lambda c: c.execute("SELECT name FROM entity_names").fetchall())
    assert {row[0] for row in rows} == {"Tom", "Acme"}


async def test_off_is_off(database: Database, user: str) -> None:
    """Nothing is queued, nothing that waits is read, and nothing known goes with a question."""
    await tell(database, user, "I live in Bern")
    await database.write(lambda c: exchange(c, user, "I work at Acme"))
    await database.write(lambda c: set_enabled(c, user, enabled=False))
    await database.write(lambda c: exchange(c, user, "I speak German"))
    assert await tell(database, user, "Why?") == ["You live in Bern"]
    asked: list[str] = []
    await database.read(lambda c: c.set_trace_callback(asked.append))
    assert await database.read(lambda c: told(c, user, "Where do I live?")) == []
    assert asked
    assert not [sql for sql in asked if "fact_words" in sql or "FROM facts " in sql]
    await database.write(lambda c: set_enabled(c, user, enabled=True))
    assert await tell(database, user, "Why?") == ["You live in Bern"]


async def test_a_conversation_that_is_switched_off_is_neither_learned_from_nor_told(
    database: Database, user: str
) -> None:
    """What it alone taught is forgotten, and does not come back when it is switched on again."""
    await tell(database, user, "I live in Bern")
    started = await database.write(lambda c: exchange(c, user, "I live in Bern and I speak German"))
    await tell(database, user, "Why?")
    switch = partial(chat.change_conversation, user_id=user, id=started.conversation_id)
    await database.write(lambda c: switch(c, change=ConversationChange(memory=False)))
    await database.write(lambda c: exchange(c, user, "I use Vim", conversation_id=started.conversation_id))
    question = "Where do I live?"
    assert await database.read(lambda c: known_for(c, user, started.conversation_id, question)) == []
    await database.write(lambda c: switch(c, change=ConversationChange(memory=True)))
    assert await tell(database, user, "Why?") == ["You live in Bern"]
    assert await database.read(lambda c: told(c, user, question)) == ["I live in Bern"]


async def test_what_was_said_in_the_trash_alone_is_not_told(database: Database, user: str) -> None:
    started = await database.write(lambda c: exchange(c, user, "I live in Bern"))
    await tell(database, user, "Why?")
    for place, known in (("trash", []), ("current", ["I live in Bern"])):
        change = ConversationChange(place=place)  # type: ignore[arg-type]
        await database.write(
            lambda c, change=change: chat.change_conversation(c, user, started.conversation_id, change)  # type: ignore[misc]
        )
        assert await database.read(lambda c: told(c, user, "Where do I live?")) == known


async def test_a_temporary_conversation_is_not_learned_from_however_it_is_begun(database: Database, user: str) -> None:
    started = await database.write(lambda c: exchange(c, user, "I live in Bern", temporary=True, memory=True))
    change = ConversationChange(memory=True)
    await database.write(lambda c: chat.change_conversation(c, user, started.conversation_id, change))
    await database.write(lambda c: exchange(c, user, "I use Vim", conversation_id=started.conversation_id))
    assert await tell(database, user, "Why?") == []


def test_whoever_had_switched_facts_off_has_memory_off() -> None:
    """And who had chosen for past exchanges keeps that, unless they had switched facts off."""
    schema = Schema(memory=True)
    steps.load().apply(schema, stop_before="m012_one_switch")
    for name, facts_off, enabled in (("ada", 1, None), ("bob", 1, 1), ("eve", 0, 1), ("kim", 0, 0), ("lea", 0, None)):
        schema.conn.execute(
            "INSERT INTO users (id, name, name_key, role, password_hash, created_at, updated_at, facts_off)"
            " VALUES (?, ?, ?, 'member', '', 0, 0, ?)",
            (name, name, name, facts_off),
        )
        if enabled is not None:
            schema.conn.execute(
                "INSERT INTO memory_settings VALUES (?, ?) ON CONFLICT DO UPDATE SET enabled = excluded.enabled",
                (name, enabled),
            )
    steps.load().apply(schema)
    chosen = dict(schema.conn.execute("SELECT user_id, enabled FROM memory_settings WHERE user_id <> 'lea'"))
    assert chosen == {"ada": 0, "bob": 0, "eve": 1, "kim": 0}


MARKER = b"zyxomatic"


def marked(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and MARKER in path.read_bytes().lower()]


FORGOTTEN: dict[str, Any] = {
    "a fact": lambda c, user, said: store.forget_fact(c, user, facts(c, user)[0].id),
    "all facts": lambda c, user, said: store.forget_everything(c, user),
    "a message": lambda c, user, said: (
        c.execute("DELETE FROM messages WHERE id = ?", (said.answer_id,))
        and c.execute("DELETE FROM messages WHERE id = ?", (said.message_id,))
        and c.execute("UPDATE conversations SET title = ''")
    ),
    "a conversation": lambda c, user, said: delete_conversation(c, user, said.conversation_id),
    "a person": lambda c, user, said: c.execute("DELETE FROM users WHERE id = ?", (user,)),
}


@pytest.mark.parametrize("what", FORGOTTEN)
async def test_what_is_forgotten_is_nowhere(database: Database, user: str, tmp_path: Path, what: str) -> None:
    """In rows, names, words and graph, in what waits to be read, in no file; the conversation stays, of a fact."""
    of_fact = what.endswith(("fact", "facts"))
    message = "My friend is Tom Baker." if of_fact else "My friend is Tom Zyxomatic."
    said = await database.write(lambda c: exchange(c, user, message))
    await database.write(lambda c: learned(c, user, "Why?"))
    (fact,) = await database.read(lambda c: facts(c, user))
    if of_fact:
        await database.write(lambda c: store.change_fact(c, user, fact.id, FactChange(text="Tom is a Zyxomatic")))
    assert marked(tmp_path)
    assert (await database.read(lambda c: store.graph(c, user))).nodes
    await database.write(lambda c: FORGOTTEN[what](c, user, said))
    await database.empty_log()
    assert marked(tmp_path) == []
    assert (await database.read(lambda c: store.graph(c, user))).nodes == []
    for table in ("facts", "fact_words", "entities", "entity_names", "facts_queue"):
        assert await database.read(lambda c, table=table: c.execute(f"SELECT * FROM {table}").fetchall()) == []  # type: ignore[misc]


async def test_of_2000_questions_by_50_people_none_is_told_a_fact_of_another(database: Database) -> None:
    """They live in the same places, use the same tools, and ask the same things."""
    dice = random.Random(7)
    places, tools = ("Bern", "Basel", "Chur", "Biel"), ("Jira", "Vim", "Linear", "Trello")

    def fill(connection: Connection) -> list[str]:
        people = [make_learner(connection, f"person{at}") for at in range(50)]
        for at, user in enumerate(people):
            place, tool = dice.choice(places), dice.choice(tools)
            learned(
                connection, user, f"I live in {place}. We use {tool} for tickets. Remember that my code is {at}xyz."
            )
        return people

    people = await database.write(fill)
    own = await database.read(lambda c: {user: {fact.id for fact in facts(c, user)} for user in people})

    def ask(connection: Connection) -> int:
        count = 0
        for at in range(2000):
            user = people[at % 50]
            newest = connection.execute("SELECT max(id) FROM conversations WHERE user_id = ?", (user,)).fetchone()[0]
            question = f"Is my code {dice.randrange(50)}xyz, or do I use {dice.choice(tools)} in {dice.choice(places)}?"
            known = known_for(connection, user, newest, question)
            assert {fact.id for fact in known} <= own[user]
            count += len(known)
        return count

    assert await database.read(ask) > 1000


async def test_forgetting_everything_leaves_others_theirs(database: Database, user: str) -> None:
    eve = await database.write(lambda c: make_learner(c, "eve"))
    await tell(database, user, "I live in Bern")
    await tell(database, eve, "I live in Basel")
    await database.write(lambda c: exchange(c, user, "I work at Acme"))
    await database.write(lambda c: store.forget_everything(c, user))
    assert await tell(database, user, "Why?") == []
    assert await database.read(lambda c: current(c, eve)) == ["You live in Basel"]


async def test_a_message_that_is_deleted_is_read_no_more(database: Database, user: str) -> None:
    started = await database.write(lambda c: exchange(c, user, "I live in Bern"))
    await database.write(lambda c: delete_conversation(c, user, started.conversation_id))
    assert await database.write(lambda c: next_message(c, "rules")) is None


async def test_a_message_that_ends_the_program_is_left_alone(database: Database, user: str) -> None:
    await database.write(lambda c: exchange(c, user, "I live in Bern"))
    tries = [await database.write(lambda c: next_message(c, "rules")) for _ in range(ATTEMPTS)]
    assert all(tries)
    assert await database.write(lambda c: next_message(c, "rules")) is None


async def test_a_forgotten_fact_is_not_there(database: Database, user: str) -> None:
    await tell(database, user, "I live in Bern")
    (fact,) = await database.read(lambda c: facts(c, user))
    await database.write(lambda c: store.forget_fact(c, user, fact.id))
    with pytest.raises(NotFound):
        await database.read(lambda c: store.get_fact(c, user, fact.id))


async def test_a_list_is_searched_and_paged(database: Database, user: str) -> None:
    await tell(database, user, "I live in Bern. I speak German and French. Remember that 100% is too much.")
    for words, count in (("bern", 1), ("ERMA", 1), ("100%", 1), ("_", 0), ("", 4)):
        page = await database.read(lambda c, words=words: store.list_facts(c, user, query=words))  # type: ignore[misc]
        assert len(page.items) == count, words
    first = await database.read(lambda c: store.list_facts(c, user, limit=3))
    rest = await database.read(lambda c: store.list_facts(c, user, before=first.next))
    assert (len(first.items), len(rest.items), rest.next) == (3, 1, None)


async def test_a_list_is_about_one_entity(database: Database, user: str) -> None:
    await tell(database, user, "My manager is Anna Keller. I live in Bern.")
    entities = {node.name: node.id for node in (await database.read(lambda c: store.graph(c, user))).nodes}
    for name, count in (("Anna Keller", 1), ("You", 2)):
        page = await database.read(lambda c, id=entities[name]: store.list_facts(c, user, about=id))  # type: ignore[misc]
        assert len(page.items) == count, name
