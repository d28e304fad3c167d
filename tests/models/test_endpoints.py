"""Which models there are, and who asks for them how often."""

import asyncio
from pathlib import Path

import pytest

from gantry_edge.errors import NoModel, NotFound
from gantry_edge.models.client import Client
from gantry_edge.models.endpoints import FAILURE_TTL, LIST_TTL, Endpoints
from gantry_edge.models.engine import Engine
from gantry_edge.models.schema import Endpoint, Model
from gantry_edge.models.scripted import ScriptedEndpoint

DEAD = Endpoint("e0", "Dead", "http://127.0.0.1:1/v1")


class Memory:
    """A Store in a dict that notes how long entries may live."""

    def __init__(self) -> None:
        self.entries: dict[str, bytes] = {}
        self.lives: list[int] = []

    async def get(self, key: str) -> bytes | None:
        return self.entries.get(key)

    async def set(self, key: str, value: bytes, expires_in: int) -> None:
        self.entries[key] = value
        self.lives.append(expires_in)


@pytest.fixture
def cache() -> Memory:
    return Memory()


@pytest.fixture
def endpoints(client: Client, endpoint: Endpoint, cache: Memory) -> Endpoints:
    return Endpoints(client, [endpoint], None, cache)


async def test_models_carry_the_name_of_their_endpoint(endpoints: Endpoints, scripted: ScriptedEndpoint) -> None:
    scripted.models = ["org/large"]
    assert await endpoints.models() == [Model("Office/org/large", "org/large", "Office", False, "")]


async def test_fifty_callers_at_once_cause_one_question(endpoints: Endpoints, scripted: ScriptedEndpoint) -> None:
    await asyncio.gather(*(endpoints.models() for _ in range(50)))
    assert scripted.listings == 1


async def test_a_caller_who_leaves_does_not_disturb_the_others(
    endpoints: Endpoints, scripted: ScriptedEndpoint
) -> None:
    first, second = (asyncio.create_task(endpoints.models()) for _ in range(2))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    first.cancel()
    assert await second


async def test_a_list_is_kept_for_a_minute(endpoints: Endpoints, scripted: ScriptedEndpoint, cache: Memory) -> None:
    await endpoints.models()
    await endpoints.models()
    assert (scripted.listings, cache.lives) == (1, [LIST_TTL])


async def test_a_list_that_expired_is_asked_for_again(
    endpoints: Endpoints, scripted: ScriptedEndpoint, cache: Memory
) -> None:
    await endpoints.models()
    cache.entries.clear()
    await endpoints.models()
    assert scripted.listings == 2


async def test_a_dead_endpoint_does_not_hide_the_others(client: Client, endpoint: Endpoint, cache: Memory) -> None:
    models = await Endpoints(client, [DEAD, endpoint], None, cache).models()
    assert {model.endpoint for model in models} == {"Office"}


async def test_a_dead_endpoint_is_asked_again_soon(client: Client, cache: Memory) -> None:
    await Endpoints(client, [DEAD], None, cache).models()
    assert cache.lives == [FAILURE_TTL]


async def test_a_dead_endpoint_shows_in_the_condition(client: Client, cache: Memory) -> None:
    endpoints = Endpoints(client, [DEAD], None, cache)
    await endpoints.models()
    assert endpoints.condition()[0] == "warn"
    assert "Dead refuses the connection" in endpoints.condition()[1]


async def test_one_that_is_taken_away_while_it_is_looked_at_is_no_trouble(
    client: Client, endpoint: Endpoint, cache: Memory
) -> None:
    endpoints = Endpoints(client, [endpoint], None, cache)
    endpoints.use([DEAD])
    looking = asyncio.create_task(endpoints.look(DEAD))
    await asyncio.sleep(0)
    endpoints.use([])
    await looking
    assert endpoints.condition() == ("pass", "")


async def test_a_damaged_cache_entry_is_a_miss(endpoints: Endpoints, cache: Memory) -> None:
    await endpoints.models()
    cache.entries = dict.fromkeys(cache.entries, b'{"names":7}')
    assert await endpoints.models()


async def test_a_known_endpoint_is_resolved_without_asking_it(
    endpoints: Endpoints, endpoint: Endpoint, scripted: ScriptedEndpoint
) -> None:
    assert await endpoints.resolve("Office/org/large") == (endpoint, "org/large")
    assert scripted.listings == 0


async def test_the_default_is_the_first_model_of_the_first_endpoint_that_answers(
    client: Client, endpoint: Endpoint, cache: Memory, scripted: ScriptedEndpoint
) -> None:
    scripted.models = ["small", "large"]
    assert await Endpoints(client, [DEAD, endpoint], None, cache).resolve(None) == (endpoint, "small")


@pytest.mark.parametrize("model", ["Nowhere/small", "Office", "Office/", "", "/", "built-in/x"])
async def test_an_unknown_model_is_not_found(model: str, endpoints: Endpoints) -> None:
    with pytest.raises(NotFound, match="Choose another one"):
        await endpoints.resolve(model)


async def test_without_any_model_the_error_says_who_can_help(client: Client, cache: Memory) -> None:
    with pytest.raises(NoModel, match="An administrator adds one"):
        await Endpoints(client, [], None, cache).resolve(None)


async def test_with_only_dead_endpoints_the_error_says_what_is_wrong(client: Client, cache: Memory) -> None:
    with pytest.raises(NoModel, match="Dead refuses the connection"):
        await Endpoints(client, [DEAD], None, cache).resolve(None)


async def test_an_engine_that_was_stopped_offers_nothing(client: Client, cache: Memory) -> None:
    engine = Engine(Path("SmolLM2-135M-Instruct.Q4_1.gguf"), [], 1)
    endpoints = Endpoints(client, [], engine, cache)
    assert await endpoints.models() == []
    with pytest.raises(NoModel, match="No model is set up yet"):
        await endpoints.resolve(None)


async def test_one_that_is_added_while_the_others_are_asked_comes_with_the_next_list(
    endpoints: Endpoints, endpoint: Endpoint
) -> None:
    listing = asyncio.create_task(endpoints.models())
    await asyncio.sleep(0)
    endpoints.use([Endpoint("e2", "Lab", endpoint.url)])
    assert {model.endpoint for model in await listing} == {"Office"}
    assert {model.endpoint for model in await endpoints.models()} == {"Office", "Lab"}
