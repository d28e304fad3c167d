"""How many tokens a prompt has, as its engine counts them. The second front door of this room.

Where the engine offers its template and its tokenizer, two small requests give the very tokens it will read, and each
token belongs to the text it begins in; what belongs to none is the template's own. Elsewhere tokens are estimated
from bytes, by what the engine reported of earlier prompts.
"""

import asyncio
import time
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from hashlib import blake2b
from itertools import accumulate
from typing import Annotated

import msgspec
from msgspec import Meta

from gantry_edge.errors import ModelError
from gantry_edge.models.client import Client
from gantry_edge.models.endpoints import Cache
from gantry_edge.models.schema import ChatMessage, Endpoint
from gantry_edge.models.windows import Offer, look

KEPT = 20_000  # texts whose tokens are remembered
GOOD_FOR = 300.0  # seconds until a server is asked again what it offers
BAD_FOR = 30.0  # seconds, where it offered nothing
WAIT = 2.0  # seconds for a server to say what it offers, or to count
BYTES_PER_TOKEN = 3  # before anything is known; errs to the safe side for English
SHORTEST = 8  # bytes of a token, at least, on the average of a text
HEADER = 24  # characters before a message's text that tell where it begins
MARKED = (ChatMessage("user", "§§1"), ChatMessage("assistant", "§§2"), ChatMessage("user", "§§3"))

LEARNED_FOR = 90 * 24 * 3600  # seconds without a change worth keeping
WORTH_KEEPING = 0.01  # of it

PerByte = Annotated[float, Meta(ge=1 / SHORTEST, le=1)]
Texts = Sequence[Sequence[str]]  # of each message, in the order it is made of them


class Counted(msgspec.Struct, frozen=True):
    """Tokens of each text, in order, and of the template around them."""

    texts: list[int]
    template: int

    @property
    def total(self) -> int:
        return sum(self.texts) + self.template


class _Prompt(msgspec.Struct):
    prompt: str


class _Token(msgspec.Struct):
    piece: str | list[int] = ""


class _Tokens(msgspec.Struct):
    tokens: list[_Token]


class Counter:
    """Remembers, for each model, what its texts counted and what its server offers."""

    def __init__(self, client: Client, cache: Cache | None = None) -> None:
        self._client = client
        self._cache = cache  # of what was learned, over restarts
        self._offers: dict[tuple[str, str], tuple[float, Offer]] = {}
        self._looking: dict[tuple[str, str], asyncio.Task[Offer]] = {}
        self._sizes: OrderedDict[bytes, int] = OrderedDict()
        self._headers: dict[tuple[str, str], dict[str, str]] = {}
        self._per_byte: dict[tuple[str, str], float] = {}
        self._read: set[tuple[str, str]] = set()
        self._learned: dict[tuple[str, str], tuple[float, int]] = {}

    async def window(self, endpoint: Endpoint, model: str) -> int | None:
        """Tokens of prompt and answer together: what the engine said, else what is configured, else unknown."""
        await self._read_learned(endpoint, model)
        offer = await self._offer(endpoint, model)
        found = [window for window in (endpoint.window, offer.window) if window]
        until, learned = self._learned.get((endpoint.id, model), (0.0, 0))
        found += [learned] if time.monotonic() < until else []
        return min(found, default=None)

    async def count(
        self, endpoint: Endpoint, model: str, messages: Sequence[ChatMessage], texts: Texts
    ) -> Counted | None:
        """Exactly, or None where the engine does not count for us."""
        if not (await self._offer(endpoint, model)).tokenizes:
            return None
        with suppress(ModelError, TimeoutError, msgspec.DecodeError, UnicodeDecodeError):
            async with asyncio.timeout(WAIT):
                headers = await self._read_headers(endpoint, model)
                prompt = await self._apply_template(endpoint, model, messages)
                pieces = await self._tokenize(endpoint, model, prompt)
            counted = attribute(prompt, pieces, [message.role for message in messages], texts, headers)
            for text, tokens in zip((text for one in texts for text in one), counted.texts, strict=True):
                self._remember(endpoint, model, text, tokens)
            return counted
        return None

    def most(self, endpoint: Endpoint, model: str, text: str) -> int:
        """Tokens it has at most: no token is shorter than a byte."""
        known = self._known(endpoint, model, text)
        return len(text.encode()) if known is None else known + 1  # one may be split at the seam to its neighbour

    def estimate(self, endpoint: Endpoint, model: str, text: str) -> int:
        known = self._known(endpoint, model, text)
        per_byte = self._per_byte.get((endpoint.id, model), 1 / BYTES_PER_TOKEN)
        return round(len(text.encode()) * per_byte) + 1 if known is None else known

    async def learn(self, endpoint: Endpoint, model: str, size: int, tokens: int) -> None:
        """A prompt of so many bytes was reported to have so many tokens: at once to the safe side, slowly back."""
        if size < 200 or not 0 < tokens <= size:
            return
        seen, before = tokens / size, self._per_byte.get((endpoint.id, model), 0.0)
        self._per_byte[endpoint.id, model] = now = max(seen, before * 0.95 + seen * 0.05, 1 / SHORTEST)
        if self._cache and abs(now - before) > WORTH_KEEPING * before:
            await self._cache.set(_learned_key(endpoint, model), msgspec.json.encode(now), expires_in=LEARNED_FOR)

    async def _read_learned(self, endpoint: Endpoint, model: str) -> None:
        """Once in the program's life."""
        if self._cache is None or (endpoint.id, model) in self._read:
            return
        self._read.add((endpoint.id, model))
        with suppress(msgspec.DecodeError):
            if kept := await self._cache.get(_learned_key(endpoint, model)):
                self._per_byte.setdefault((endpoint.id, model), msgspec.json.decode(kept, type=PerByte))

    def learn_window(self, endpoint: Endpoint, model: str, window: int) -> None:
        """It refused what was longer."""
        self._learned[endpoint.id, model] = (time.monotonic() + GOOD_FOR, window)

    async def close(self) -> None:
        looking = list(self._looking.values())
        for task in looking:
            task.cancel()
        await asyncio.gather(*looking, return_exceptions=True)

    async def _offer(self, endpoint: Endpoint, model: str) -> Offer:
        if endpoint.local:
            return Offer(endpoint.window, tokenizes=True)
        key = (endpoint.id, model)
        until, offer = self._offers.get(key, (0.0, Offer()))
        if time.monotonic() < until:
            return offer
        if key not in self._looking:
            self._looking[key] = asyncio.create_task(self._look(endpoint, model))
        if until:  # it was known; what it is now will be known the next time
            return offer
        with suppress(TimeoutError):
            async with asyncio.timeout(WAIT):
                return await asyncio.shield(self._looking[key])
        return offer

    async def _look(self, endpoint: Endpoint, model: str) -> Offer:
        key = (endpoint.id, model)
        try:
            offer = await look(self._client, endpoint, model)
            self._offers[key] = (time.monotonic() + (GOOD_FOR if offer.window else BAD_FOR), offer)
            return offer
        finally:
            self._looking.pop(key, None)

    async def _read_headers(self, endpoint: Endpoint, model: str) -> dict[str, str]:
        """What the template writes before a message of each role; the end of it."""
        key = (endpoint.id, model)
        if key not in self._headers:
            prompt = await self._apply_template(endpoint, model, MARKED)
            between = [part[1:] for part in prompt.split("§§")]
            if len(between) == 4:
                self._headers[key] = {"assistant": between[1][-HEADER:], "user": between[2][-HEADER:]}
            else:
                self._headers[key] = {}
        return self._headers[key]

    async def _apply_template(self, endpoint: Endpoint, model: str, messages: Sequence[ChatMessage]) -> str:
        body = msgspec.json.encode({"model": model, "messages": messages})
        answer = await self._client.ask(endpoint, "/apply-template", body)
        return msgspec.json.decode(answer, type=_Prompt).prompt

    async def _tokenize(self, endpoint: Endpoint, model: str, prompt: str) -> list[bytes]:
        options = {"add_special": True, "parse_special": True, "with_pieces": True}
        body = msgspec.json.encode({"model": model, "content": prompt, **options})
        answer = msgspec.json.decode(await self._client.ask(endpoint, "/tokenize", body), type=_Tokens)
        return [token.piece.encode() if isinstance(token.piece, str) else bytes(token.piece) for token in answer.tokens]

    def _known(self, endpoint: Endpoint, model: str, text: str) -> int | None:
        return self._sizes.get(_key(endpoint, model, text))

    def _remember(self, endpoint: Endpoint, model: str, text: str, tokens: int) -> None:
        key = _key(endpoint, model, text)
        self._sizes[key] = tokens
        self._sizes.move_to_end(key)
        while len(self._sizes) > KEPT:
            self._sizes.popitem(last=False)


def attribute(
    prompt: str, pieces: Sequence[bytes], roles: Sequence[str], texts: Texts, headers: dict[str, str]
) -> Counted:
    """Give each token to the text it begins in. All of them are counted once, whatever cannot be found."""
    starts = list(accumulate((len(piece) for piece in pieces), initial=0))[:-1]
    written = prompt.encode()
    ahead = sum(map(len, pieces)) - len(written)  # a mark of the beginning, which is not part of the text
    spans = _spans(written, roles, texts, headers)
    begins = [begin for begin, _ in spans]
    counts = [0] * len(spans)
    for start in starts:
        at = bisect_right(begins, start - ahead) - 1
        if at >= 0 and start - ahead < spans[at][1]:
            counts[at] += 1
    return Counted(counts, len(pieces) - sum(counts))


def _spans(written: bytes, roles: Sequence[str], texts: Texts, headers: dict[str, str]) -> list[tuple[int, int]]:
    """Where each text stands in the prompt, in bytes; one that the template changed has no length."""
    spans: list[tuple[int, int]] = []
    cursor = 0
    for number, (role, parts) in enumerate(zip(roles, texts, strict=True)):
        header = headers.get(role, "").encode() if number else b""
        for text in parts:
            found = _find(written, text.strip().encode(), header, cursor)
            spans.append(found or (cursor, cursor))
            cursor = spans[-1][1]
            header = b""
    return spans


def _find(written: bytes, text: bytes, header: bytes, cursor: int) -> tuple[int, int] | None:
    at = written.find(header + text, cursor)
    if at < 0:
        header, at = b"", written.find(text, cursor)
    begin = at + len(header)
    return (begin, begin + len(text)) if at >= 0 else None


def _learned_key(endpoint: Endpoint, model: str) -> str:
    return f"tokens per byte {endpoint.id} {endpoint.url} {model}"


def _key(endpoint: Endpoint, model: str, text: str) -> bytes:
    return blake2b(f"{endpoint.id}\0{model}\0{text}".encode(), digest_size=16).digest()
