"""What the model was sent: it fits its window, is counted as its engine counts, and is told as it was."""

import random

import pytest
from chat.talks import passages, talk
from factory import make_user

from gantry_edge.chat.beside import Found
from gantry_edge.chat.context import read_context
from gantry_edge.chat.planner import Planner
from gantry_edge.chat.prompt import draft
from gantry_edge.chat.schema import Context, Message, Notice, SendMessage
from gantry_edge.errors import NotFound
from gantry_edge.models.client import Client
from gantry_edge.models.counting import Counter
from gantry_edge.models.schema import Endpoint
from gantry_edge.models.script import template, tokenize
from gantry_edge.models.scripted import ScriptedEndpoint
from gantry_edge.services import Services

SAY = "say?tokens=20&seed=1"
MODEL = f"scripted/{SAY}"


@pytest.fixture
async def user(services: Services) -> str:
    return await services.database.write(make_user)


async def say(services: Services, user: str, question: str, conversation_id: str | None = None) -> Message:
    send = SendMessage(question, model=MODEL, conversation_id=conversation_id)
    started = await services.turns.start(user, send)
    async for _ in await services.turns.follow(user, started.answer_id, 0):
        pass
    page = await services.turns.list_messages(user, started.conversation_id, None, 2)
    return page.items[-1]


async def context_of(services: Services, user: str, answer_id: str) -> Context:
    return await services.database.read(lambda c: read_context(c, user, answer_id))


def total(context: Context) -> int:
    return sum(segment.tokens for segment in context.segments)


async def test_no_conversation_is_too_long_for_any_window(scripted: ScriptedEndpoint) -> None:
    client, dice = Client(), random.Random(7)
    planner = Planner(Counter(client))
    for n in range(60):
        scripted.window = int(2 ** dice.uniform(9, 15))
        endpoint = Endpoint(f"e{n}", "e", scripted.url, window=scripted.window)
        system = "Be kind. " * dice.randrange(20)
        fitted = await planner.fit(
            endpoint, SAY, draft(talk(dice, dice.randrange(30)), system=system).given(Found(sources=passages(dice)))
        )
        counted = fitted.counted or await planner.count(endpoint, SAY, fitted)
        assert counted is not None
        assert counted.total == len(tokenize(template(fitted.plan.messages)))
        assert counted.total <= scripted.window * 3 // 4 + 1
        assert not system or fitted.plan.messages[0].content == system
        assert fitted.plan.segments[-1].kind == "question"
    await client.close()


async def test_the_pieces_are_what_the_engine_counted(
    services: Services, user: str, scripted: ScriptedEndpoint
) -> None:
    scripted.window = 4000
    first = await say(services, user, "  How are you?\n")
    answer = await say(services, user, "And 東京 🚢?", first.conversation_id)
    context = await context_of(services, user, answer.id)
    assert context.exact
    assert context.window == 4000
    assert total(context) == context.prompt_tokens == scripted.log[-1].prompt_tokens
    assert [segment.kind for segment in context.segments] == ["history", "history", "question", "template"]
    assert context.segments[2].text == "And 東京 🚢?"
    assert context.segments[0].tokens == len(tokenize("How are you?"))


async def test_without_a_tokenizer_the_pieces_are_estimated_and_add_up(services: Services, user: str) -> None:
    context = await context_of(services, user, (await say(services, user, "How are you?")).id)
    assert not context.exact
    assert total(context) == context.prompt_tokens == 7


async def test_what_was_left_out_is_told(services: Services, user: str, scripted: ScriptedEndpoint) -> None:
    scripted.window = 512
    answer = await say(services, user, "Long ago. " * 150)
    for _ in range(2):
        answer = await say(services, user, "And then? " * 60, answer.conversation_id)
    context = await context_of(services, user, answer.id)
    assert context.left_out.messages
    (notice,) = [part for part in answer.parts if isinstance(part, Notice)]
    assert f"{context.left_out.messages} older messages" in notice.text


async def test_an_engine_with_a_smaller_window_than_it_was_known_for_is_asked_again(
    services: Services, user: str, scripted: ScriptedEndpoint
) -> None:
    scripted.window = 4000
    answer = await say(services, user, "Tell me. " * 300)
    scripted.window = 600
    answer = await say(services, user, "More of it. " * 300, answer.conversation_id)
    assert answer.answer is not None
    assert answer.answer.status == "done"
    assert [asked.refused for asked in scripted.log] == [False, True, False]


async def test_a_cut_holds_for_many_turns(services: Services, user: str, scripted: ScriptedEndpoint) -> None:
    scripted.window = 1000
    answer = await say(services, user, "Once upon a time. " * 20)
    for _ in range(12):
        answer = await say(services, user, "And then what came? " * 8, answer.conversation_id)
    begins = [asked.messages[0].content[:20] + str(len(asked.messages)) for asked in scripted.log]
    grown = sum(
        after.messages[: len(before.messages)] == before.messages
        for before, after in zip(scripted.log, list(scripted.log)[1:], strict=False)
    )
    assert grown >= 10, begins


async def test_nobody_else_sees_what_the_model_saw(services: Services, user: str) -> None:
    other = await services.database.write(lambda c: make_user(c, "eve"))
    answer = await say(services, user, "How are you?")
    with pytest.raises(NotFound):
        await context_of(services, other, answer.id)


async def test_what_the_model_saw_goes_with_the_conversation(services: Services, user: str) -> None:
    answer = await say(services, user, "How are you?")
    await services.turns.delete_conversation(user, answer.conversation_id)
    rows = await services.database.read(lambda c: c.execute("SELECT count(*) FROM answer_contexts").fetchone())
    assert rows[0] == 0
