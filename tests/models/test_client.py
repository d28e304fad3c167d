"""What the client makes of a model server's answer, good or bad."""

import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest

from gantry_edge.errors import (
    ModelBroken,
    ModelBusy,
    ModelError,
    ModelRefused,
    ModelTimeout,
    ModelUnreachable,
    PromptTooLong,
    WrongKey,
)
from gantry_edge.models.client import Client
from gantry_edge.models.faults import AFTER, FAULTS
from gantry_edge.models.schema import ChatMessage, ChatRequest, Delta, Endpoint, Sampling, Usage
from gantry_edge.models.script import script_text
from gantry_edge.models.scripted import ScriptedEndpoint


def asking(model: str, words: str = "Hello") -> ChatRequest:
    return ChatRequest(model, [ChatMessage("user", words)])


async def told(stream: AsyncIterator[Delta]) -> tuple[list[Delta], ModelError | None]:
    deltas: list[Delta] = []
    try:
        async for delta in stream:
            deltas.append(delta)
    except ModelError as error:
        return deltas, error
    return deltas, None


def text(deltas: list[Delta]) -> str:
    return "".join(delta.text for delta in deltas)


async def test_the_text_is_exactly_what_the_endpoint_says(client: Client, endpoint: Endpoint) -> None:
    deltas, error = await told(client.stream(endpoint, asking("say?tokens=3000&seed=3")))
    assert error is None
    assert text(deltas) == script_text(3, 3000)


async def test_tokens_arrive_while_the_answer_is_being_written(client: Client, endpoint: Endpoint) -> None:
    deltas, _ = await told(client.stream(endpoint, asking("say?tokens=20&rate=100")))
    assert len(deltas) > 10


async def test_usage_and_finish_reason_come_last(client: Client, endpoint: Endpoint) -> None:
    deltas, _ = await told(client.stream(endpoint, asking("say?tokens=20")))
    assert (deltas[-2].finish_reason or deltas[-1].finish_reason) == "stop"
    assert deltas[-1].usage == Usage(7, 20)


async def test_reasoning_is_kept_apart_from_text(client: Client, endpoint: Endpoint) -> None:
    deltas, _ = await told(client.stream(endpoint, asking("think?tokens=40&seed=1")))
    assert "".join(delta.reasoning for delta in deltas) == script_text(1, 10)
    assert text(deltas) == script_text(1, 40).removeprefix(script_text(1, 10))


async def test_the_messages_reach_the_endpoint_unchanged(
    client: Client, endpoint: Endpoint, scripted: ScriptedEndpoint
) -> None:
    deltas, _ = await told(client.stream(endpoint, asking("echo", "Grüße, 東京\n🚢")))
    assert text(deltas) == "Grüße, 東京\n🚢"
    assert scripted.log[0].messages == [ChatMessage("user", "Grüße, 東京\n🚢")]


async def test_only_what_is_set_of_the_sampling_is_asked_for(
    client: Client, endpoint: Endpoint, scripted: ScriptedEndpoint
) -> None:
    chosen = Sampling(temperature=0.0, top_k=5, stop=["END"], max_tokens=9)
    await told(client.stream(endpoint, ChatRequest("echo", [ChatMessage("user", "Hello")], chosen)))
    await told(client.stream(endpoint, asking("echo")))
    assert scripted.log[0].options == {"temperature": 0.0, "top_k": 5, "stop": ["END"], "max_tokens": 9}
    assert scripted.log[1].options == {}


def test_a_later_choice_of_sampling_leaves_the_rest_as_it_was() -> None:
    chosen = Sampling(temperature=0.5, top_p=0.9).but(Sampling(temperature=0.0))
    assert (chosen.temperature, chosen.top_p) == (0.0, 0.9)


async def test_the_key_is_sent_as_bearer(client: Client, endpoint: Endpoint, scripted: ScriptedEndpoint) -> None:
    await told(client.stream(endpoint, asking("say?tokens=1")))
    assert scripted.log[0].key == "secret-of-the-test"


async def test_an_answer_slower_than_the_idle_limit_in_total_is_complete(client: Client, endpoint: Endpoint) -> None:
    deltas, error = await told(client.stream(endpoint, asking("say?tokens=10&rate=8")))
    assert error is None
    assert text(deltas) == script_text(0, 10)


async def test_models_are_listed(client: Client, endpoint: Endpoint, scripted: ScriptedEndpoint) -> None:
    scripted.models = ["small", "org/large", "small", "bad\nname", "x" * 201]
    assert await client.list_models(endpoint) == {"small": False, "org/large": False}


@pytest.mark.parametrize(
    ("said", "images"),
    [
        ({"architecture": {"input_modalities": ["text", "image"]}}, True),
        ({"capabilities": ["completion", "multimodal"]}, True),
        ({"capabilities": {"vision": True}}, True),
        ({"capabilities": {"vision": False}}, False),
        ({"architecture": "qwen", "capabilities": 7}, False),
        ({}, False),
    ],
    ids=str,
)
async def test_a_model_says_whether_it_takes_pictures(
    client: Client, endpoint: Endpoint, scripted: ScriptedEndpoint, said: dict[str, Any], images: bool
) -> None:
    scripted.models, scripted.offers = ["m"], {"m": said}
    assert await client.list_models(endpoint) == {"m": images}


async def test_pictures_go_beside_the_words_of_their_message(
    client: Client, endpoint: Endpoint, scripted: ScriptedEndpoint
) -> None:
    messages = [ChatMessage("user", "Look", ["data:image/png;base64,AA=="]), ChatMessage("assistant", "Hm")]
    await told(client.stream(endpoint, ChatRequest("say?tokens=1", messages)))
    assert scripted.log[0].messages == messages


async def test_a_list_from_something_else_names_the_url(client: Client, scripted: ScriptedEndpoint) -> None:
    elsewhere = Endpoint("e1", "Office", scripted.url.removesuffix("/v1"))
    with pytest.raises(ModelRefused, match="URL is not right"):
        await client.list_models(elsewhere)


COMPLETE = None
CASES: dict[str, tuple[type[ModelError] | None, str]] = {
    "black-hole": (ModelTimeout, "did not begin to answer within 1 s"),
    "slow-headers": (ModelTimeout, "did not begin to answer within 1 s"),
    "heartbeats": (ModelTimeout, "did not begin to answer within 1 s"),
    "http-400-context": (PromptTooLong, "too long for this model"),
    "http-401": (WrongKey, "did not accept the key"),
    "http-404": (ModelRefused, "does not know this model"),
    "http-429": (ModelBusy, "is busy"),
    "http-500": (ModelBroken, "failed (status 500)"),
    "http-503": (ModelBusy, "It said: “Loading model”"),
    "html-200": (ModelBroken, "is the URL the base of an OpenAI-compatible API?"),
    "json-200": (ModelBroken, "in one piece instead of a stream"),
    "error-200": (ModelBroken, "It said: “model failed to load”"),
    "redirect": (ModelRefused, "answers from another address"),
    "garbage": (ModelBroken, "does not speak HTTP"),
    "gzip-bomb": (ModelBroken, "compressed data"),
    "no-answer": (ModelUnreachable, "closed the connection without an answer"),
    "empty-stream": (ModelBroken, "ended the answer early"),
    "only-done": (COMPLETE, ""),
    "error-event": (ModelBroken, "It said: “the GPU fell off the bus”"),
    "error-field": (ModelBroken, "It said: “slot is gone”"),
    "half-json": (ModelBroken, "cannot be read"),
    "bad-utf8": (ModelBroken, "cannot be read"),
    "wrong-type": (ModelBroken, "cannot be read"),
    "wrong-shape": (ModelBroken, "cannot be read"),
    "deep-json": (ModelBroken, "cannot be read"),
    "no-done": (COMPLETE, ""),
    "no-done-no-finish": (ModelBroken, "ended the answer early"),
    "no-done-cut": (COMPLETE, ""),
    "two-done": (COMPLETE, ""),
    "duplicate-ids": (COMPLETE, ""),
    "named-event": (COMPLETE, ""),
    "other-choices": (COMPLETE, ""),
    "negative-usage": (COMPLETE, ""),
    "huge-finish": (COMPLETE, ""),
    "long-line": (ModelBroken, "a line too long"),
    "million-choices": (ModelBroken, "a line too long"),
    "reset": (ModelBroken, "was lost in the middle"),
    "early-close": (ModelBroken, "was lost in the middle"),
    "stall": (ModelTimeout, "went silent in the middle of the answer for 0.6 s"),
}


def test_every_fault_has_a_case() -> None:
    assert set(FAULTS) == {*CASES, "endless"}


@pytest.mark.parametrize("kind", CASES)
async def test_a_fault_ends_in_its_error_and_the_text_before_it_is_kept(
    kind: str, client: Client, endpoint: Endpoint
) -> None:
    expected, fragment = CASES[kind]
    deltas, error = await told(client.stream(endpoint, asking(f"fault?kind={kind}&after=10&seed=5")))
    assert type(error) is (expected or type(None))
    assert fragment in str(error)
    assert text(deltas) == (script_text(5, 10) if kind in AFTER else "")


async def test_an_answer_that_does_not_stop_is_cut(client: Client, endpoint: Endpoint) -> None:
    deltas, error = await told(client.stream(endpoint, asking("fault?kind=endless&after=0")))
    assert isinstance(error, ModelBroken)
    assert 3_900_000 < len(text(deltas)) <= 4_000_000


async def test_a_token_slower_than_the_idle_limit_is_a_timeout(client: Client, endpoint: Endpoint) -> None:
    deltas, error = await told(client.stream(endpoint, asking("say?tokens=5&rate=0.2")))
    assert isinstance(error, ModelTimeout)
    assert text(deltas) == script_text(0, 1)


async def test_a_closed_port_is_unreachable(client: Client) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: refuses
        closed = Endpoint("e1", "Office", f"http://127.0.0.1:{taken.getsockname()[1]}/v1")
        _, error = await told(client.stream(closed, asking("say")))
    assert isinstance(error, ModelUnreachable)
    assert "refuses the connection" in str(error)


async def test_https_to_a_server_without_tls_is_unreachable(client: Client, scripted: ScriptedEndpoint) -> None:
    secure = Endpoint("e1", "Office", scripted.url.replace("http:", "https:"))
    _, error = await told(client.stream(secure, asking("say")))
    assert isinstance(error, ModelUnreachable)
    assert "http or https" in str(error)


@pytest.mark.parametrize("url", ["", "nonsense", "ftp://127.0.0.1/v1", "http://", "http://[::1/v1", "file:///etc"])
async def test_a_url_that_is_none_is_a_typed_error(url: str, client: Client) -> None:
    _, error = await told(client.stream(Endpoint("e1", "Office", url), asking("say")))
    assert isinstance(error, ModelUnreachable)


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "[::ffff:a9fe:a9fe]", "2852039166", "0251.0376.0251.0376", "[fe80::1]"]
)
async def test_addresses_of_cloud_metadata_are_refused(host: str, client: Client) -> None:
    _, error = await told(client.stream(Endpoint("e1", "Office", f"http://{host}/v1"), asking("say")))
    assert isinstance(error, ModelRefused | ModelUnreachable)
    assert "refuses the connection" not in str(error)


async def test_a_busy_endpoint_says_when_to_try_again(client: Client, endpoint: Endpoint) -> None:
    _, error = await told(client.stream(endpoint, asking("fault?kind=http-429")))
    assert isinstance(error, ModelBusy)
    assert error.retry_after == 7


async def test_the_key_never_shows_in_an_error(client: Client, endpoint: Endpoint) -> None:
    _, error = await told(client.stream(endpoint, asking("fault?kind=http-401")))
    assert "secret-of-the-test" not in str(error)


async def test_a_page_of_the_server_never_shows_in_an_error(client: Client, endpoint: Endpoint) -> None:
    _, error = await told(client.stream(endpoint, asking("fault?kind=http-500")))
    assert "secret/path" not in str(error)


async def test_nonsense_usage_is_dropped(client: Client, endpoint: Endpoint) -> None:
    deltas, _ = await told(client.stream(endpoint, asking("fault?kind=negative-usage")))
    assert [delta.usage for delta in deltas if delta.usage] == []


async def test_a_strange_finish_reason_is_not_taken_over(client: Client, endpoint: Endpoint) -> None:
    deltas, _ = await told(client.stream(endpoint, asking("fault?kind=huge-finish")))
    assert deltas[-1].finish_reason == "other"


async def test_five_failures_leave_the_endpoint_alone(
    client: Client, endpoint: Endpoint, scripted: ScriptedEndpoint
) -> None:
    for _ in range(5):
        await told(client.stream(endpoint, asking("fault?kind=http-500")))
    _, error = await told(client.stream(endpoint, asking("say")))
    assert isinstance(error, ModelBusy)
    assert error.retry_after
    assert len(scripted.log) == 5


async def test_a_failing_endpoint_does_not_hinder_another(client: Client, endpoint: Endpoint) -> None:
    for _ in range(5):
        await told(client.stream(endpoint, asking("fault?kind=http-500")))
    async with ScriptedEndpoint() as other:
        deltas, error = await told(client.stream(Endpoint("e2", "Lab", other.url), asking("say?tokens=5")))
    assert error is None
    assert text(deltas) == script_text(0, 5)
