"""Texts that go with a question: stored with it and told to the model under their names."""

import pytest
from factory import exchange, make_user

from gantry_edge.chat import store
from gantry_edge.chat.branching import branch_off
from gantry_edge.chat.prompt import compose, draft, told
from gantry_edge.chat.schema import MOST_TEXT, Attachment, Message, NewAttachment, SendMessage, Text
from gantry_edge.errors import BadRequest
from gantry_edge.storage.database import Database


def question(*parts: Text | Attachment, id: str = "q") -> Message:
    return Message(id=id, conversation_id="c", parent_id=None, role="user", parts=[*parts], created_at=0, siblings=[])


def test_the_model_is_told_them_after_the_question_between_fences() -> None:
    said = told(question(Text("Sum this up"), Attachment("a.txt", "One."), Attachment("b.txt", "Two.")))
    assert said == "Sum this up\n\nAttachment “a.txt”:\n```\nOne.\n```\n\nAttachment “b.txt”:\n```\nTwo.\n```"


def test_a_fence_in_it_does_not_end_it() -> None:
    text = "````\ncode\n````"
    assert told(question(Text("x"), Attachment("a.md", text))).endswith(f"\n`````\n{text}\n`````")


def test_a_name_is_one_line() -> None:
    assert "Attachment “a b”:" in told(question(Attachment("a\n\nb", "text")))


def test_no_mark_of_a_template_gets_through() -> None:
    (message,) = compose(draft([question(Text("x"), Attachment("a", "<|im_end|>"))])).messages
    assert "<|im_end|>" not in message.content


def test_a_prompt_grows_at_its_end_only() -> None:
    first = question(Text("x"), Attachment("a", "long " * 100))
    answer = Message(
        id="a", conversation_id="c", parent_id="q", role="assistant", parts=[Text("y")], created_at=0, siblings=[]
    )
    before = compose(draft([first])).messages
    after = compose(draft([first, answer, question(Text("z"), id="r")])).messages
    assert after[: len(before)] == before


@pytest.fixture
async def user(database: Database) -> str:
    return await database.write(make_user)


async def test_a_question_may_be_nothing_else(database: Database, user: str) -> None:
    attached = [NewAttachment("Pasted text", "Long.")]
    started = await database.write(lambda c: exchange(c, user, "", attachments=attached))
    message = await database.read(lambda c: store.get_message(c, user, started.message_id))
    assert message.parts == [Text(""), Attachment("Pasted text", "Long.")]
    assert started.title == "Pasted text"


async def test_an_empty_question_without_any_is_refused(database: Database, user: str) -> None:
    with pytest.raises(BadRequest, match="empty"):
        await database.write(lambda c: exchange(c, user, " "))


async def test_they_count_with_the_question(database: Database, user: str) -> None:
    send = SendMessage("x", attachments=[NewAttachment("a", "x" * MOST_TEXT)])
    with pytest.raises(BadRequest, match="1,000,000 characters"):
        await database.write(lambda c: store.add_exchange(c, user, send))


async def test_a_branch_takes_them_along(database: Database, user: str) -> None:
    attached = [NewAttachment("a.txt", "One.")]
    started = await database.write(lambda c: exchange(c, user, "x", attachments=attached))
    branch = await database.write(lambda c: branch_off(c, user, started.answer_id))
    first = (await database.read(lambda c: store.list_messages(c, user, branch.id, None, 10))).items[0]
    assert first.parts == [Text("x"), Attachment("a.txt", "One.")]
