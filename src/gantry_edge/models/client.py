"""Asks OpenAI-compatible servers and streams their answers. The front door of this room.

Whatever the server does ends in deltas or in one of the model errors: `wire` types what the network does,
`refusal` what the status says, `reply` what the stream contains, and a breaker per URL leaves a failing one alone.
"""

import asyncio
import math
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing, contextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

import msgspec

from gantry_edge.errors import (
    ModelBroken,
    ModelBusy,
    ModelError,
    ModelRefused,
    ModelTimeout,
    ModelUnreachable,
)
from gantry_edge.models.breaker import Breaker
from gantry_edge.models.lines import Lines
from gantry_edge.models.refusal import refusal
from gantry_edge.models.reply import Reply
from gantry_edge.models.schema import ChatMessage, ChatRequest, Delta, Endpoint, Sampling, Timeouts

if TYPE_CHECKING:
    from gantry_edge.models.wire import Incoming, Wire

REFUSAL_LIMIT = 64 * 1024  # bytes of an error's body
REFUSAL_TIME = 2.0  # seconds for it
LIST_LIMIT = 1024 * 1024  # bytes of a list of models
ASK_LIMIT = 64 * 1024 * 1024  # bytes; a million tokens with their pieces
LIST_TIME = 10.0  # seconds for a list of models
SEEING = {"image", "images", "vision", "multimodal"}
NAME_LIMIT = 200  # characters of a model's name


class _StreamOptions(msgspec.Struct):
    include_usage: bool = True


class _Form(msgspec.Struct):
    schema: dict[str, Any]
    name: str = "answer"
    strict: bool = True


class _Format(msgspec.Struct):
    json_schema: _Form
    type: str = "json_schema"


class _Url(msgspec.Struct):
    url: str


class _Picture(msgspec.Struct, tag="image_url"):
    image_url: _Url


class _Words(msgspec.Struct, tag="text"):
    text: str


class _Spoken(msgspec.Struct):
    """A message with pictures."""

    role: str
    content: list[_Words | _Picture]


class _Body(Sampling, frozen=True, kw_only=True):
    model: str
    messages: list[ChatMessage | _Spoken]
    stream: bool
    stream_options: _StreamOptions
    response_format: _Format | None = None


class _Listed(msgspec.Struct):
    """Servers say in different ways that a model takes pictures, if they do."""

    id: str
    architecture: Any = None
    capabilities: Any = None

    @property
    def images(self) -> bool:
        said = self.architecture.get("input_modalities") if isinstance(self.architecture, dict) else None
        able = self.capabilities
        able = [name for name, yes in able.items() if yes is True] if isinstance(able, dict) else able
        return any(word in SEEING for found in (said, able) if isinstance(found, list) for word in map(str, found))


class _List(msgspec.Struct):
    data: list[_Listed] | None  # Ollama says null while it has none


class Client:
    """One for the program; `close` it at the end."""

    def __init__(self, timeouts: Timeouts | None = None) -> None:
        self._timeouts = timeouts or Timeouts()
        self._wire: Wire | None = None
        self._closed = False
        self.lines = Lines()
        self.locate: Callable[[str], Awaitable[Endpoint]] | None = None  # of the built-in engine, which moves
        self._breakers: dict[str, Breaker] = {}

    async def open(self) -> "Wire":
        """Load the HTTP library; happens at the first request if not before."""
        if self._wire is None:
            await asyncio.to_thread(import_module, "gantry_edge.models.wire")
            from gantry_edge.models.wire import Wire

            if self._closed:
                raise ModelUnreachable("The server is stopping.")
            if self._wire is None:
                self._wire = Wire(self._timeouts)
        return self._wire

    async def close(self) -> None:
        self._closed = True
        if self._wire is not None:
            await self._wire.close()

    async def say(self, endpoint: Endpoint, request: ChatRequest) -> str:
        """The text of an answer once it is whole, for work that nobody watches."""
        async with aclosing(self.stream(endpoint, request)) as deltas:
            return "".join([delta.text async for delta in deltas])

    async def stream(self, endpoint: Endpoint, request: ChatRequest, person: str = "") -> AsyncGenerator[Delta, None]:
        """The answer as it arrives, after its place in the line where it has to wait. Without a `person` it waits for
        all who do. Closing this generator, or cancelling its task, closes the connection."""
        with self.lines.stand(endpoint, person) as standing:
            while standing.place:
                yield Delta(place=standing.place)
                await standing.news()
            if endpoint.local and self.locate:
                endpoint = await self.locate(request.model)
            with self._guarded(endpoint) as breaker:
                incoming = await (await self.open()).open(endpoint, "/chat/completions", _body(request))
                try:
                    _check(endpoint, incoming, await _explanation(incoming))
                    reply = Reply(endpoint)
                    first = True
                    while not reply.done:
                        try:
                            data = await incoming.read()
                        except (ModelBroken, ModelTimeout):
                            if reply.finished:
                                break
                            raise
                        for delta in reply.read(data) if data else reply.end():
                            if first and (delta.text or delta.reasoning):
                                first = False
                                incoming.token_seen()
                                breaker.alive()
                            if delta.finish_reason:
                                incoming.finish_seen()
                            yield delta
                        if not data:
                            break
                finally:
                    incoming.close()

    async def list_models(self, endpoint: Endpoint) -> dict[str, bool]:
        """The names the endpoint offers, and which take pictures. Apart from the breaker: callers keep the result."""
        try:
            async with asyncio.timeout(LIST_TIME):
                body = await self._ask(endpoint, "/models")
        except TimeoutError:
            raise ModelTimeout(f"{endpoint.name} did not list its models within {LIST_TIME:g} s.") from None
        try:
            listed = msgspec.json.decode(body, type=_List).data or []
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise ModelBroken(
                f"{endpoint.name} sent no list of models:"
                " is the URL the base of an OpenAI-compatible API? It usually ends in /v1."
            ) from None
        return {
            model.id: model.images
            for model in listed
            if model.id and len(model.id) <= NAME_LIMIT and model.id.isprintable()
        }

    async def ask(self, endpoint: Endpoint, path: str, body: bytes | None = None) -> bytes:
        """What the server says at a path beside its /v1, such as /tokenize; apart from the breaker too."""
        root = endpoint.url.rstrip("/").removesuffix("/v1")
        return await self._ask(msgspec.structs.replace(endpoint, url=root), path, body, ASK_LIMIT)

    async def _ask(self, endpoint: Endpoint, path: str, body: bytes | None = None, limit: int = LIST_LIMIT) -> bytes:
        wire = await self.open()
        incoming = await wire.open(endpoint, path, body)
        try:
            _check(endpoint, incoming)  # whoever it is: what it says besides its models is not for us
            return await incoming.read_all(limit)
        finally:
            incoming.close()

    @contextmanager
    def _guarded(self, endpoint: Endpoint) -> Iterator[Breaker]:
        breaker = self._breakers.setdefault(endpoint.url, Breaker())
        wait = math.ceil(breaker.admit(time.monotonic()))
        if wait:
            raise ModelBusy(
                f"{endpoint.name} failed several times in a row and is left alone for {wait} s."
                " Try again then, or choose another model.",
                retry_after=wait,
            )
        trial = breaker.on_trial
        try:
            yield breaker
        except (ModelUnreachable, ModelTimeout, ModelBroken):
            breaker.failed(time.monotonic())
            raise
        except (ModelRefused, ModelBusy):
            breaker.succeeded()
            raise
        else:
            breaker.succeeded()
        finally:
            if trial:
                breaker.abandoned()


def _body(request: ChatRequest) -> bytes:
    options = msgspec.structs.asdict(request.sampling)
    body = _Body(
        model=request.model,
        messages=[_spoken(message) if message.images else message for message in request.messages],
        stream=True,
        stream_options=_StreamOptions(),
        response_format=_Format(_Form(request.form)) if request.form else None,
        **options,
    )
    return msgspec.json.encode(body)


def _spoken(message: ChatMessage) -> _Spoken:
    return _Spoken(message.role, [_Words(message.content), *(_Picture(_Url(url)) for url in message.images)])


async def _explanation(incoming: "Incoming") -> bytes:
    body = b""
    if incoming.status != 200:
        with suppress(ModelError, TimeoutError):  # the status counts, whatever becomes of the explanation
            async with asyncio.timeout(REFUSAL_TIME):
                body = await incoming.read_all(REFUSAL_LIMIT)
    return body


def _check(endpoint: Endpoint, incoming: "Incoming", explanation: bytes = b"") -> None:
    if incoming.status != 200:
        raise refusal(endpoint, incoming.status, explanation, incoming.retry_after)
    if incoming.compressed:
        raise ModelBroken(f"{endpoint.name} sent compressed data without being asked. Check its proxy.")
