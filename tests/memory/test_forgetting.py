"""Nothing of what is deleted stays: not in rows, words, embeddings, nor any file of the data folder."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from factory import delete_conversation
from memory.past import Past
from retrieval.library import COMMAND

from gantry_edge.chat import answers, store
from gantry_edge.chat.gather import Gatherer
from gantry_edge.chat.schema import Memories, Notice, SendMessage, Text
from gantry_edge.errors import NotFound
from gantry_edge.memory import store as memory
from gantry_edge.memory.forgetting import Forgetting, forget_all
from gantry_edge.models.schema import Endpoint
from gantry_edge.retrieval.embedder import Embedder
from gantry_edge.retrieval.index import Index
from gantry_edge.services import Services

MARKER = "zyxomatic"


def files_with(folder: Path, word: str) -> list[Path]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if word.encode() in path.read_bytes().lower()]


DELETED: dict[str, Any] = {
    "a message": lambda c, user, said: (
        c.execute("DELETE FROM messages WHERE id = ?", (said.answer_id,))
        and c.execute("DELETE FROM messages WHERE id = ?", (said.message_id,))
        and c.execute("UPDATE conversations SET title = ''")
    ),
    "a conversation": lambda c, user, said: delete_conversation(c, user, said.conversation_id),
    "a person": lambda c, user, said: c.execute("DELETE FROM users WHERE id = ?", (user,)),
}


@pytest.mark.parametrize("what", DELETED)
async def test_no_file_holds_a_word_of_what_was_deleted(past: Past, what: str) -> None:
    ada = await past.person()
    said = await past.say(ada, f"The password is {MARKER}", f"Noted: {MARKER}.")
    await past.say(ada, "My cat is called Figaro")
    assert any(MARKER in each.text for each in await past.find(ada, "What is the password?"))
    assert files_with(past.database.path.parent, MARKER)
    forgetting = Forgetting(past.database, past.index)
    work = asyncio.create_task(forgetting.finish_forever())
    await past.database.write(lambda c: DELETED[what](c, ada, said))
    forgetting.finish_soon()
    async with asyncio.timeout(20):
        while files_with(past.database.path.parent, MARKER):
            await asyncio.sleep(0.02)
    work.cancel()
    left = 0 if what == "a person" else 1
    assert await past.count("exchanges") == await past.count("exchange_sentences") == left
    assert await past.count("embeddings") == 2 * left
    words = await past.database.read(lambda c: c.execute(FIND, (MARKER,)).fetchone()[0])
    assert words == 0


@pytest.mark.slow
async def test_beside_a_folder_of_the_index_no_file_holds_words_or_sentences_of_what_was_deleted(
    past: Past, tmp_path: Path
) -> None:
    index = Index(past.database, tmp_path / "index", past.embedder.model, COMMAND, small=-1)
    past = Past(past.database, past.embedder, index)
    await index.start()
    ada = await past.person()
    said = await past.say(ada, f"The password is {MARKER}", f"Noted: {MARKER}.")
    await past.say(ada, "My cat is called Figaro")
    assert await past.find(ada, "What is the password?")
    await past.indexed()
    assert files_with(tmp_path / "index", said.answer_id)
    packed = "SELECT vectors FROM exchange_sentences WHERE id = ?"
    vectors = await past.database.read(lambda c: bytes(c.execute(packed, (said.answer_id,)).fetchone()[0]))
    forgetting = Forgetting(past.database, index)
    work = asyncio.create_task(forgetting.finish_forever())
    await past.database.write(lambda c: delete_conversation(c, ada, said.conversation_id))
    forgetting.finish_soon()
    await past.indexed()
    async with asyncio.timeout(20):
        while any(vectors[:200] in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()):
            await asyncio.sleep(0.02)
    assert files_with(tmp_path, MARKER) == []
    assert all("password" not in each.text for each in await past.find(ada, "What is the password, and the cat?"))
    work.cancel()
    await index.stop()


FIND = "SELECT count(*) FROM exchange_words WHERE exchange_words MATCH ?"


async def test_the_index_is_told_of_each_embedding_that_went(past: Past) -> None:
    ada = await past.person()
    said = await past.say(ada, "My cat is called Figaro")
    await past.remembering.remember_all()
    await past.database.write(lambda c: c.execute("DELETE FROM index_ops"))
    await past.database.write(lambda c: delete_conversation(c, ada, said.conversation_id))
    ops = await past.database.read(lambda c: c.execute("SELECT op, vault, chunk_id FROM index_ops").fetchall())
    expected = [("delete", memory.vault_of(ada), f"{said.answer_id}:{view}") for view in range(2)]
    assert [tuple(op) for op in ops] == expected


async def test_what_is_not_to_be_used_again_is_forgotten_until_it_may_be(past: Past) -> None:
    ada, ben = await past.person(), await past.person("ben")
    said = await past.say(ada, "My cat is called Figaro")
    assert len(await past.find(ada, "What is my cat called?")) == 1
    with pytest.raises(NotFound):
        await past.database.write(lambda c: memory.mute(c, ben, said.answer_id))
    await past.database.write(lambda c: memory.mute(c, ada, said.answer_id))
    assert await past.find(ada, "What is my cat called?") == []
    assert await past.count("embeddings") == 0
    with pytest.raises(NotFound):
        await past.database.write(lambda c: memory.unmute(c, ben, said.answer_id))
    await past.database.write(lambda c: memory.unmute_all(c, ben))
    assert await past.find(ada, "What is my cat called?") == []
    await past.database.write(lambda c: memory.unmute_all(c, ada))
    assert len(await past.find(ada, "What is my cat called?")) == 1


async def test_all_can_be_forgotten_and_the_conversations_stay(past: Past) -> None:
    ada, ben = await past.person(), await past.person("ben")
    for user in (ada, ben):
        await past.say(user, "My cat is called Figaro")
    assert await past.find(ada, "What is my cat called?")
    await past.say(ada, "And my dog Rex")  # waits
    await past.database.write(lambda c: forget_all(c, ada))
    assert await past.find(ada, "What is my cat called?") == []
    assert len(await past.find(ben, "What is my cat called?")) == 1
    assert await past.count("messages") > 4


async def ask(services: Services, user: str, question: str, **rest: Any) -> Any:
    started = await services.turns.start(user, SendMessage(question, model="scripted/echo", **rest))
    async for _ in await services.turns.follow(user, started.answer_id, 0):
        pass
    message = await services.database.read(lambda c: answers.get_answer(c, user, started.answer_id)[0])
    return started, message


async def test_an_answer_keeps_where_a_memory_stands_and_nothing_of_its_words(past: Past, services: Services) -> None:
    room = Past(services.database, past.embedder, services.index)
    ada = await room.person()
    said = await room.say(ada, f"My safe opens with {MARKER}")
    await room.remembering.remember_all()
    started, message = await ask(services, ada, "How does my safe open?")
    (part,) = [part for part in message.parts if isinstance(part, Memories)]
    assert [(item.id, item.title, item.text) for item in part.items] == [(said.answer_id, "", "")]
    assert MARKER in "".join(part.text for part in message.parts if isinstance(part, Text))  # it was told to the model
    page = await services.turns.list_messages(ada, started.conversation_id, None, 10)
    (shown,) = [part for part in page.items[-1].parts if isinstance(part, Memories)]
    assert MARKER in shown.items[0].text
    await services.database.write(lambda c: delete_conversation(c, ada, said.conversation_id))
    page = await services.turns.list_messages(ada, started.conversation_id, None, 10)
    (shown,) = [part for part in page.items[-1].parts if isinstance(part, Memories)]
    assert [(item.title, item.text) for item in shown.items] == [("", "")]


async def test_a_notice_before_the_answer_keeps_no_memory_away(past: Past, services: Services) -> None:
    room = Past(services.database, past.embedder, services.index)
    ada = await room.person()
    said = await room.say(ada, "My safe opens with a key")
    await room.remembering.remember_all()
    started = await services.database.write(
        lambda c: store.add_exchange(c, ada, SendMessage("How does my safe open?"))[0]
    )
    gatherer = Gatherer(services.database, services.search, room.recall)
    endpoint = Endpoint(id="scripted", name="scripted", url="http://127.0.0.1:9")
    gathered = await gatherer.gather(ada, started, endpoint, None, [Notice("other_model", "Another model answers")])
    assert said.answer_id in [memory.id for memory in gathered.found.memories]


async def test_an_encoder_that_cannot_be_read_costs_the_memories_not_the_answer(
    past: Past, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Past(services.database, past.embedder, services.index)
    ada = await room.person()
    await room.say(ada, "My safe opens with a key")
    await room.remembering.remember_all()

    def unreadable(self: Embedder) -> None:
        raise OSError("the weights cannot be read")

    monkeypatch.setattr(Embedder, "load", unreadable)
    _, message = await ask(services, ada, "How does my safe open?")
    assert message.answer is None or message.answer.status == "done"
    assert [part.code for part in message.parts if isinstance(part, Notice)] == ["not_recalled"]
    assert any(isinstance(part, Text) for part in message.parts)


async def test_what_is_removed_from_an_answer_is_not_used_in_its_conversation_again(
    past: Past, services: Services
) -> None:
    room = Past(services.database, past.embedder, services.index)
    ada = await room.person()
    said = await room.say(ada, "My safe opens with a key")
    await room.remembering.remember_all()
    started, _ = await ask(services, ada, "How does my safe open?")
    removed = lambda c: answers.remove_memory(c, ada, started.answer_id, said.answer_id)  # noqa: E731
    await services.database.write(removed)
    with pytest.raises(NotFound):
        await services.database.write(removed)
    _, again = await ask(services, ada, "How does my safe open?", conversation_id=started.conversation_id)
    assert not [part for part in again.parts if isinstance(part, Memories)]
    _, elsewhere = await ask(services, ada, "How does my safe open?")
    assert [part for part in elsewhere.parts if isinstance(part, Memories)]
