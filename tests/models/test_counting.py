"""Windows as each kind of server names them, and tokens given to the texts they begin in."""

from pathlib import Path
from typing import Any

import pytest

from gantry_edge.models.client import Client
from gantry_edge.models.counting import Counter, attribute
from gantry_edge.models.schema import ChatMessage, Endpoint
from gantry_edge.models.script import template, tokenize
from gantry_edge.models.scripted import ScriptedEndpoint
from gantry_edge.storage.cache import DiskStore

HEADERS = {"user": "<|end|>\n<|user|>\n", "assistant": "<|end|>\n<|assistant|>\n"}
HELLO = [ChatMessage("user", "Hello there")]


@pytest.mark.parametrize(
    ("pages", "window"),
    [
        ({"/props": {"default_generation_settings": {"n_ctx": 8192}}}, 8192),
        ({"/v1/models": {"data": [{"id": "other", "max_model_len": 1}, {"id": "m", "max_model_len": 32768}]}}, 32768),
        ({"/api/v0/models": {"data": [{"id": "m", "loaded_context_length": 16384}]}}, 16384),
        ({"/api/ps": {"models": [{"name": "m", "context_length": 2048}]}}, 2048),
        ({"/api/ps": {"models": []}}, 4096),
        ({"/props": {"default_generation_settings": {"n_ctx": "many"}}, "/api/ps": [1]}, None),
        ({}, None),
    ],
    ids=["llama.cpp", "vLLM", "LM Studio", "Ollama", "Ollama, not loaded", "nonsense", "plain"],
)
async def test_the_window_is_what_the_server_says(
    client: Client, endpoint: Endpoint, scripted: ScriptedEndpoint, pages: dict[str, Any], window: int | None
) -> None:
    scripted.pages = pages
    assert await Counter(client).window(endpoint, "m") == window


async def test_a_configured_window_is_not_widened_by_the_server(
    client: Client, endpoint: Endpoint, scripted: ScriptedEndpoint
) -> None:
    scripted.window = 8192
    configured = Endpoint("e", "e", endpoint.url, window=2048)
    assert await Counter(client).window(configured, "m") == 2048


async def test_a_counted_text_is_remembered(client: Client, endpoint: Endpoint, scripted: ScriptedEndpoint) -> None:
    scripted.window, counter = 8192, Counter(client)
    assert counter.most(endpoint, "m", "Hello there") == len("Hello there")
    counted = await counter.count(endpoint, "m", HELLO, [["Hello there"]])
    assert counted is not None
    assert counter.estimate(endpoint, "m", "Hello there") == counted.texts[0] == 4


async def test_an_estimate_goes_to_the_safe_side_at_once_and_comes_back_slowly(client: Client) -> None:
    counter, endpoint, text = Counter(client), Endpoint("e", "e", "http://127.0.0.1:9/v1"), "x" * 1000
    await counter.learn(endpoint, "m", 1000, 800)
    assert counter.estimate(endpoint, "m", text) == 801
    await counter.learn(endpoint, "m", 1000, 200)
    assert 700 < counter.estimate(endpoint, "m", text) < 801


async def test_what_was_learned_of_an_endpoint_outlives_a_restart(client: Client, tmp_path: Path) -> None:
    cache, endpoint = DiskStore(tmp_path / "cache", size_limit=1_000_000), Endpoint("e", "e", "http://127.0.0.1:9/v1")
    await Counter(client, cache).learn(endpoint, "m", 1000, 800)
    again = Counter(client, cache)
    await again.window(endpoint, "m")
    assert again.estimate(endpoint, "m", "x" * 1000) == 801
    await cache.set("tokens per byte e http://127.0.0.1:9/v1 n", b"1e9")
    await again.window(endpoint, "n")
    assert again.estimate(endpoint, "n", "x" * 1000) == 334
    cache.close()


def counts(texts: list[list[str]], ahead: bytes = b"") -> tuple[list[int], int]:
    roles = [("user", "assistant")[n % 2] for n in range(len(texts))]
    prompt = template([ChatMessage(role, "\n\n".join(one)) for role, one in zip(roles, texts, strict=True)])
    pieces = [piece.encode() for piece in tokenize(prompt)]
    counted = attribute(prompt, [ahead, *pieces] if ahead else pieces, roles, texts, HEADERS)
    assert counted.total == len(pieces) + bool(ahead)
    return counted.texts, counted.template


def test_each_token_belongs_to_the_text_it_begins_in() -> None:
    assert counts([["Hello there"], ["Oh"], ["What", "now?"]])[0] == [4, 1, 1, 2]


def test_a_text_is_not_taken_for_the_same_words_of_the_template() -> None:
    assert counts([["x"], ["user"], ["assistant"], ["end"]])[0] == [1, 1, 3, 1]


def test_a_mark_of_the_beginning_is_the_templates() -> None:
    texts, around = counts([["Hello"]], b"<s>")
    assert (texts, around) == (counts([["Hello"]])[0], counts([["Hello"]])[1] + 1)


def test_a_text_the_template_changed_is_counted_with_the_template() -> None:
    counted = attribute("<|user|>\nHELLO<|end|>\n", [b"<|user|>\n", b"HELLO", b"<|end|>\n"], ["user"], [["hello"]], {})
    assert (counted.texts, counted.template) == ([0], 3)
