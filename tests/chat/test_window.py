"""Any conversation in any window, against the built-in engine itself."""

import random
import sys
from collections.abc import AsyncIterator

import pytest
from chat.talks import passages, talk

from gantry_edge.chat.planner import Planner
from gantry_edge.chat.prompt import draft, request
from gantry_edge.models.client import Client
from gantry_edge.models.counting import Counter
from gantry_edge.models.engine import Engine, find_small_model
from gantry_edge.models.schema import Delta, Endpoint, Sampling

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
CONTEXT = 1024  # tokens the engine has
ASKED = 10  # of the conversations are sent


@pytest.fixture
async def built_in() -> AsyncIterator[tuple[Client, Endpoint, str]]:
    model = find_small_model()
    assert model is not None
    engine, client = Engine(model, [sys.executable, "-m", "gantry_edge", "engine"], 2, CONTEXT), Client()
    await engine.start()
    yield client, await engine.wait_ready(120), engine.model
    await client.close()
    await engine.stop()


async def test_a_thousand_conversations_fit_and_add_up(built_in: tuple[Client, Endpoint, str]) -> None:
    """The first go through the model; of the others its tokenizer says how long they are."""
    client, endpoint, model = built_in
    planner, dice = Planner(Counter(client)), random.Random(11)
    for n in range(1000):
        window = CONTEXT if n < ASKED else int(2 ** dice.uniform(9, 15))
        wide = Endpoint(endpoint.id, "e", endpoint.url, endpoint.key, local=True, window=window)
        system = "Be kind, and brief. " * dice.randrange(8)
        branch = talk(dice, dice.choice((0, 2, 5, 10, 40)), most=2000 if n % 10 == 0 else 30)
        fitted = await planner.fit(wide, model, draft(branch, system=system, sources=passages(dice)))
        counted = fitted.counted or await planner.count(wide, model, fitted)
        assert counted is not None
        assert counted.total <= window * 3 // 4 + 1
        assert not system or fitted.plan.messages[0].content == system
        if n < ASKED:
            asked = request(wide, model, fitted.plan, Sampling(max_tokens=1), grounded=False)
            deltas: list[Delta] = [delta async for delta in client.stream(wide, asked)]
            assert deltas[-1].usage is not None
            assert deltas[-1].usage.prompt_tokens == counted.total
