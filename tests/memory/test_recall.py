"""What is found of earlier conversations, and what never is."""

import random
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np
import pytest
from factory import exchange, make_user
from memory.past import DAY, Past

from gantry_edge.chat.schema import ConversationChange
from gantry_edge.chat.store import change_conversation
from gantry_edge.ids import now
from gantry_edge.memory import store
from gantry_edge.memory.ranking import LONG_AGO
from gantry_edge.memory.reading import Read
from gantry_edge.memory.recall import BEST, Recall
from gantry_edge.memory.saying import Span
from gantry_edge.retrieval.index import Index
from gantry_edge.retrieval.packed import pack
from gantry_edge.storage.database import Connection, Database


async def test_what_was_said_is_found_with_its_day_and_speaker(past: Past) -> None:
    ada = await past.person()
    said = await past.say(ada, "My cat Figaro is allergic to fish", "Poor Figaro.", at=1_746_273_600_000)
    await past.say(ada, "Which colour suits a north room?", "A warm white.")
    found = await past.find(ada, "What does my cat not tolerate?")
    assert found[0].text == "3 May 2025. ada: My cat Figaro is allergic to fish\nAssistant: Poor Figaro."
    assert (found[0].id, found[0].conversation_id) == (said.answer_id, said.conversation_id)


async def test_what_it_went_on_from_finds_it_too(past: Past) -> None:
    ada = await past.person()
    first = await past.say(ada, "We are moving to Lisbon with our piano")
    await past.say(ada, "It goes by ship on the ninth", conversation_id=first.conversation_id)
    assert "ninth" in " ".join(memory.text for memory in await past.find(ada, "When is our piano moved to Lisbon?"))


async def test_a_name_that_was_found_is_looked_for_again(past: Past) -> None:
    ada = await past.person()
    await past.say(ada, "The plumber who mended our bath is called Ottokar")
    await past.say(ada, "Our town has a market each week")
    await past.say(ada, "Yesterday Ottokar left for a town near Ghent")
    found = await past.find(ada, "In which town does the plumber who mended our bath live?", budget=55)
    assert "Ghent" in found[1].text


async def test_a_number_goes_first_where_a_number_is_asked_for(past: Past) -> None:
    ada = await past.person()
    await past.say(ada, "The rent of our flat is too high. The rent of our flat is 950 euros.")
    (found,) = await past.find(ada, "How much is the rent of our flat?", budget=25)
    assert "950" in found.text


@pytest.mark.parametrize(
    "query", ["Derivative of the logarithm", "Write a haiku", "What is 17 * 23?", "Explain TCP", "Hello", "Thanks!"]
)
async def test_what_has_nothing_to_do_with_the_past_recalls_nothing(past: Past, query: str) -> None:
    ada = await past.person()
    await past.say(ada, "Hello, my cat Figaro is allergic to fish", "Thanks for telling me.")
    await past.say(ada, "What can I cook for the cat?", "Chicken, and a little rice.")
    assert await past.find(ada, query) == []


async def test_what_was_said_in_other_languages_is_found(past: Past) -> None:
    ada = await past.person()
    await past.say(ada, "Unser Kater Figaro verträgt keinen Fisch. Er bekommt Ausschlag davon.", "Dann lieber Huhn.")
    await past.say(ada, "Nous déménageons à Lyon le 14 mai.", "Bon courage !")
    assert "keinen Fisch" in (await past.find(ada, "Was verträgt mein Kater nicht?"))[0].text
    assert "14 mai" in (await past.find(ada, "Quand est-ce que nous déménageons ?"))[0].text


async def test_the_conversation_itself_is_never_recalled(past: Past) -> None:
    ada = await past.person()
    said = await past.say(ada, "My cat Figaro is allergic to fish")
    assert await past.find(ada, "Is Figaro allergic to fish?", said.conversation_id) == []
    assert await past.find(ada, "Is Figaro allergic to fish?") != []


async def test_of_a_question_asked_again_only_the_newest_is_told(past: Past) -> None:
    ada = await past.person()
    await past.say(ada, "When is the boiler serviced this year?", "In March.", at=now() - 300 * DAY)
    await past.say(ada, "When is the boiler serviced this year?", "In October.")
    found = await past.find(ada, "When is our boiler serviced?")
    assert [memory.text.rpartition("\n")[2] for memory in found] == ["Assistant: In October."]


async def test_of_two_alike_the_newer_comes_first(past: Past) -> None:
    ada = await past.person()
    await past.say(ada, "Our rent is 900 euros", at=now() - LONG_AGO)
    await past.say(ada, "Our rent is 950 euros")
    assert "950" in (await past.find(ada, "How much is our rent?"))[0].text


async def test_a_budget_holds_and_what_the_person_said_goes_first(past: Past) -> None:
    ada = await past.person()
    for month in ("May", "June", "July"):
        await past.say(ada, f"In {month} we paint the fence of the garden", "Use a good brush, and mind the rain. " * 5)
    found = await past.find(ada, "When do we paint the garden fence?", budget=75)
    assert len(found) == 3
    assert sum(len(memory.text) for memory in found) <= 225
    assert "Assistant" not in "".join(memory.text for memory in found)


async def test_of_a_long_text_the_sentences_that_belong_to_the_question_are_told(past: Past) -> None:
    ada = await past.person()
    birds = " ".join(f"On day {day} we saw nothing but water and birds." for day in range(30))
    await past.say(ada, f"The key of the shed lies under the third pot. {birds} Its lock is from 1920.")
    (found,) = await past.find(ada, "Where did I put the key of the shed?", budget=50)
    assert "third pot" in found.text
    assert len(found.text) <= 150


async def test_who_never_chose_is_remembered(past: Past) -> None:
    ada = await past.person()
    await past.say(ada, "My cat Figaro is allergic to fish")
    assert len(await past.find(ada, "What is Figaro allergic to?")) == 1
    assert (await past.database.read(lambda c: store.read_state(c, ada))).enabled


async def test_off_is_off(past: Past, trace: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither words nor vectors, index nor encoder: what is asked is whether it is on, and that alone."""
    ada = await past.person()
    await past.say(ada, "My cat Figaro is allergic to fish")
    conversation = await past.begin(ada)
    assert await past.find(ada, "What is Figaro allergic to?", conversation) != []
    assert any("exchange_words" in sql for sql in trace)
    for off in (
        lambda c: store.set_enabled(c, ada, False),
        lambda c: change_conversation(c, ada, conversation, ConversationChange(memory=False)),
    ):
        await past.database.write(off)
        trace.clear()
        with monkeypatch.context() as patched:
            patched.setattr(past.embedder, "embed_question", _refuse)
            patched.setattr(past.index, "nearest", _refuse)
            assert await past.recall.gather(ada, conversation, "What is Figaro allergic to?", budget=400) == []
        assert [sql for sql in trace if "exchange" in sql or "embeddings" in sql] == []
        assert any("memory_settings" in sql for sql in trace)
        await past.database.write(lambda c: store.set_enabled(c, ada, True))


def _refuse(what: object, *rest: object) -> Any:
    raise AssertionError(f"looked up {what}")


class Numbers:
    """Texts as random directions: whose they are is what is asked here, not what they mean."""

    model = "test/1"

    def __init__(self) -> None:
        self._random = np.random.default_rng(7)

    def foresee(self, text: str) -> None:
        pass

    def hurry(self) -> AbstractContextManager[None]:
        return nullcontext()

    def embed_question(self, text: str) -> Any:
        vector = 1 + self._random.normal(size=384)  # near enough to each other
        return (vector / np.linalg.norm(vector)).astype(np.float32)


@pytest.mark.slow
async def test_of_2000_questions_by_50_people_none_finds_what_another_said(database: Database, tmp_path: Any) -> None:
    numbers, words = Numbers(), [f"word{n}" for n in range(40)]
    dice = random.Random(7)
    owners: dict[str, str] = {}

    def fill(connection: Connection) -> list[tuple[str, str]]:
        people = []
        for at in range(50):
            user = make_user(connection, f"person{at}")
            for _ in range(6):
                started = exchange(connection, user, " ".join(dice.choices(words, k=8)))
                said = store.read_said(connection, started.answer_id)
                assert said is not None
                vectors = [numbers.embed_question("") for _ in range(3)]
                sentences = ([Span(False, 0, len(said.question))], pack(vectors[0]), said.question)
                read = Read(said.question, [vector.tobytes() for vector in vectors], *sentences)
                assert store.save(connection, said, read, numbers.model)
                owners[started.answer_id] = user
            people.append((user, started.conversation_id))
        return people

    people = await database.write(fill)
    recall = Recall(database, numbers, Index(database, tmp_path / "index", numbers.model, []))  # type: ignore[arg-type]
    found = 0
    for at in range(2000):
        user, conversation = people[at % 50]
        memories = await recall.gather(user, conversation, " ".join(dice.choices(words, k=4)), budget=1000)
        assert {owners[memory.id] for memory in memories} <= {user}
        assert conversation not in {memory.conversation_id for memory in memories}
        found += len(memories)
    assert found > 2000


async def test_an_index_that_names_what_another_said_changes_nothing(past: Past) -> None:
    ada, ben = await past.person(), await past.person("ben")
    await past.say(ada, "My safe opens with 4711")
    await past.say(ben, "My bicycle is red")
    conversation = await past.begin(ben)
    await past.find(ben, "bicycle", conversation)
    moved = "UPDATE embeddings SET vault = ?"
    await past.database.write(lambda c: c.execute(moved, (store.vault_of(ben),)))
    await past.database.write(lambda c: c.execute("UPDATE index_state SET version = 'another'"))
    found = await past.find(ben, "How does the safe open?", conversation, budget=BEST * 10)
    assert all("safe" not in memory.text for memory in found)


@pytest.mark.parametrize("limit", [2, 5])
async def test_words_among_all_are_those_within_ones_own(
    past: Past, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    ada, ben = await past.person(), await past.person("ben")
    for user in (ada, ben, ada, ben, ada):
        await past.say(user, "Our boat lies in the harbour", "A fine boat.")
    await past.say(ada, "The boat leaks")
    await past.remembering.remember_all()
    found = []
    for share in (0.0, 2.0):
        monkeypatch.setattr(store, "SHARE", share)
        found.append(await past.database.read(lambda c: store.find_by_words(c, ada, ["boat", "leaks"], limit)))
    mine = await past.database.read(
        lambda c: {row[0] for row in c.execute("SELECT number FROM exchanges WHERE user_id = ?", (ada,))}
    )
    assert found[0] == found[1]
    assert len(found[0]) == min(limit, 4)
    assert mine.issuperset(found[0])


async def test_a_question_is_read_while_it_is_stored_where_it_may_look_back_and_only_there(
    past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, ben = await past.person(), await past.person("ben")
    await past.say(ada, "We are moving to Lisbon")
    await past.remembering.remember_all()
    begun: list[str] = []
    monkeypatch.setattr(past.embedder, "foresee", begun.append)
    for user in (ada, ben):
        conversation = await past.begin(user)
        await past.database.read(lambda c, u=user, id=conversation: past.recall.foresee(c, u, id, " When? "))  # type: ignore[misc]
    assert begun == ["When?"]
