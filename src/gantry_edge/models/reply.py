"""Reads the bytes of one streamed answer. Pure, and the only place that looks into what a model server sends.

The server is not trusted: text, reasoning, usage and finish reason are taken over, types are checked, sizes are
bounded, and everything else (names of events, unknown fields, further choices) is dropped. Every `data:` line is
one event: servers in our field never spread one over several lines, and some forget the blank line between two.
"""

from collections.abc import Iterator

import msgspec

from gantry_edge.errors import ModelBroken
from gantry_edge.models.refusal import quoted
from gantry_edge.models.schema import Delta, Endpoint, Usage

LINE_LIMIT = 256 * 1024  # bytes; some servers repeat the whole text in their last line
ANSWER_LIMIT = 4_000_000  # characters of text and reasoning
WIRE_LIMIT = 256 * 1024 * 1024  # bytes; 4 MB of text as one-letter tokens, each in 60 bytes of JSON
TOKENS_LIMIT = 1_000_000_000  # a usage beyond it is nonsense
FIELDS = (b"data:", b"event:", b"id:", b"retry:", b"error:", b":")

_NULL = msgspec.Raw(b"null")


class _Said(msgspec.Struct):
    content: str | None = None
    reasoning_content: str | None = None  # llama.cpp, DeepSeek, older vLLM
    reasoning: str | None = None  # Ollama, OpenRouter, newer vLLM


class _Choice(msgspec.Struct):
    index: int = 0
    delta: _Said | None = None
    finish_reason: str | None = None


class _Details(msgspec.Struct):
    cached_tokens: int | None = None


class _Usage(msgspec.Struct):
    prompt_tokens: int
    completion_tokens: int
    prompt_tokens_details: _Details | None = None


class _Chunk(msgspec.Struct):
    choices: list[_Choice] | None = None
    usage: msgspec.Raw = _NULL
    error: msgspec.Raw = _NULL


_chunk = msgspec.json.Decoder(_Chunk)
_usage = msgspec.json.Decoder(_Usage)


class Reply:
    """Feed it with `read`, then call `end`. Both yield what is good before they raise."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.finished = False  # a finish reason came
        self.done = False  # nothing more will be read
        self._endpoint = endpoint
        self._tail = bytearray()
        self._begun = False
        self._characters = 0
        self._bytes = 0

    def read(self, data: bytes) -> Iterator[Delta]:
        """Deltas that arrive in one read leave as one: under load this keeps the cost per token falling."""
        waiting: Delta | None = None
        try:
            for line in self._lines(data):
                delta = self._take(line)
                if delta is None:
                    continue
                if waiting is None:
                    waiting = delta
                elif joined := _join(waiting, delta):
                    waiting = joined
                else:
                    yield waiting
                    waiting = delta
        except ModelBroken:
            if waiting is not None:
                yield waiting
            raise
        if waiting is not None:
            yield waiting

    def end(self) -> Iterator[Delta]:
        """The connection ended. A finish reason makes the answer complete, with or without [DONE]."""
        if not self.finished:
            yield from self.read(b"\n")
        if not (self.done or self.finished):
            raise self._broken("ended the answer early")

    def _lines(self, data: bytes) -> Iterator[bytes]:
        self._bytes += len(data)
        if self._bytes > WIRE_LIMIT:
            raise self._broken("sent far more than an answer")
        if self._tail:
            if b"\n" not in data:
                self._tail += data
                self._check_line(len(self._tail))
                return
            data, self._tail = bytes(self._tail) + data, bytearray()
        *lines, tail = data.split(b"\n")
        for line in lines:
            self._check_line(len(line))
            yield line
            if self.done:
                return
        self._tail += tail
        self._check_line(len(tail))

    def _check_line(self, length: int) -> None:
        if length > LINE_LIMIT:
            raise self._broken("sent a line too long to be part of an answer")

    def _take(self, line: bytes) -> Delta | None:
        if line.startswith(b"data:"):
            self._begun = True
            payload = line[5:].strip()
            if payload == b"[DONE]":
                self.done = True
                return None
            return self._delta(payload) if payload else None
        if line.startswith(b"error:"):
            raise self._broken("reported an error", line[6:])
        if not self._begun:
            self._check_first(line)
        return None

    def _check_first(self, line: bytes) -> None:
        line = line.removeprefix(b"\xef\xbb\xbf").strip()
        if not line:
            return
        self._begun = True
        if line.startswith(FIELDS):
            return
        said = quoted(line, self._endpoint.key)
        if said:
            raise self._broken("answered with an error", line)
        if line.startswith(b"{"):
            raise self._broken("answered in one piece instead of a stream")
        raise ModelBroken(
            f"{self._endpoint.name} sent a page instead of an answer:"
            " is the URL the base of an OpenAI-compatible API? It usually ends in /v1."
        )

    def _delta(self, payload: bytes) -> Delta | None:
        try:
            chunk = _chunk.decode(payload)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise self._broken("sent an event that cannot be read") from None
        if not _is_null(chunk.error):
            raise self._broken("failed in the middle of the answer", payload)
        usage = self._counted(chunk.usage)
        choice = chunk.choices[0] if chunk.choices else None
        if choice is None or choice.index != 0:
            return Delta(usage=usage) if usage else None
        said = choice.delta or _Said()
        text = said.content or ""
        reasoning = said.reasoning_content or said.reasoning or ""
        self._characters += len(text) + len(reasoning)
        if self._characters > ANSWER_LIMIT:
            raise self._broken("does not stop writing")
        finish = _finish(choice.finish_reason)
        self.finished = self.finished or finish is not None
        return Delta(text, reasoning, finish, usage) if text or reasoning or finish or usage else None

    @staticmethod
    def _counted(raw: msgspec.Raw) -> Usage | None:
        if _is_null(raw):
            return None
        try:
            usage = _usage.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        cached = usage.prompt_tokens_details.cached_tokens if usage.prompt_tokens_details else None
        counts = (usage.prompt_tokens, usage.completion_tokens, cached or 0)
        return Usage(counts[0], counts[1], cached) if all(0 <= count <= TOKENS_LIMIT for count in counts) else None

    def _broken(self, what: str, body: bytes = b"") -> ModelBroken:
        said = quoted(body, self._endpoint.key) if body else ""
        return ModelBroken(f"{self._endpoint.name} {what}. Try again, or choose another model.{said}")


def _is_null(raw: msgspec.Raw) -> bool:
    return raw is _NULL or bytes(raw) == b"null"


def _join(first: Delta, second: Delta) -> Delta | None:
    """Both as one delta, or None where that would change the order of reasoning and text."""
    if first.finish_reason or first.usage or (first.text and second.reasoning):
        return None
    return Delta(first.text + second.text, first.reasoning + second.reasoning, second.finish_reason, second.usage)


def _finish(reason: str | None) -> str | None:
    if not reason:
        return None
    return reason if len(reason) <= 32 and reason.isascii() and reason.isidentifier() else "other"
