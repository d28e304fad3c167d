"""What the scripted endpoint says: a model name is a script, and the same script says the same bytes everywhere.

    say?tokens=200&rate=50&seed=7&wait=0.5     deterministic text, 50 tokens/s, first token after 0.5 s
    think?tokens=200&rate=50&seed=7            the same, its first quarter as reasoning
    echo?rate=50                               the words of the last message back; `each=1`: its characters
    fault?kind=KIND&after=10&rate=0            10 tokens of good text, then the fault (see `faults`)

`rate=0`, the default, means as fast as possible. With `stamp=1` every token of `say` is led by the time it was
sent, as `⟨nanoseconds of CLOCK_MONOTONIC⟩`; STAMP finds them and what is left is still `script_text`.
"""

import random
import re
import time
from functools import lru_cache
from urllib.parse import parse_qsl

import msgspec

from gantry_edge.models.schema import ChatMessage

STAMP = re.compile(r"⟨(\d+)⟩")
PIECE = re.compile(r"<\|\w+\|>| ?[^\W\d_]{1,4}|\s{1,8}|.", re.DOTALL)
TOKENS_MAX = 1_000_000
SENTENCE = (
    "the sea under this old town is quiet tonight and nobody asks why a light still burns in harbour rooms"
    " naïve façade Übergröße smörgåsbord Ελλάδα привет 東京 日本語 שלום مرحبا नमस्ते"
)
WORDS = SENTENCE.split()
RARE = ("🚢", "👩‍🚀", "🇪🇺", "**bold**", "`code`", "\n\n", "\n- item", "\\(x^2\\)", "<b>&amp;", '"quoted"', "\u2028")
FENCE = ("\n```python\n", "print(", "'été'", ")\n", "```\n")


class Script(msgspec.Struct, frozen=True):
    """A model name, taken apart."""

    act: str
    tokens: int = 100
    rate: float = 0.0
    seed: int = 0
    wait: float = 0.0
    stamp: int = 0
    each: int = 0
    kind: str = ""
    after: int = 10


def parse_script(model: str) -> Script:
    """Raises ValueError for what is not a script."""
    act, _, query = model.partition("?")
    if act not in ("say", "think", "echo", "fault"):
        raise ValueError(model)
    script = msgspec.convert({"act": act, **dict(parse_qsl(query))}, Script, strict=False)
    if not 0 <= script.tokens <= TOKENS_MAX:
        raise ValueError(model)
    return script


@lru_cache(maxsize=512)
def script_tokens(seed: int, tokens: int) -> tuple[str, ...]:
    """The tokens of a script; a longer script of the same seed begins with the shorter one."""
    dice = random.Random(seed)
    said: list[str] = []
    while len(said) < tokens:
        chance = dice.random()
        if chance < 0.01:
            said.extend(FENCE)
        elif chance < 0.08:
            said.append(dice.choice(RARE))
        else:
            said.append(" " + dice.choice(WORDS))
    return tuple(said[:tokens])


def script_text(seed: int, tokens: int) -> str:
    """Exactly what `say?seed=…&tokens=…` says."""
    return "".join(script_tokens(seed, tokens))


class Part(msgspec.Struct, frozen=True):
    """One token on its way; `field` is the name it has in the delta."""

    text: str
    field: str = "content"


def parts(script: Script, messages: list[ChatMessage]) -> list[Part]:
    """All tokens of the answer to these messages."""
    if script.act == "echo":
        words = messages[-1].content if messages else ""
        return [Part(word) for word in (words if script.each else re.findall(r"\s*\S+|\s+$", words))]
    count = script.after if script.act == "fault" else script.tokens
    thought = count // 4 if script.act == "think" else 0
    return [
        Part(text, "reasoning_content" if n < thought else "content")
        for n, text in enumerate(script_tokens(script.seed, count))
    ]


def event(data: bytes) -> bytes:
    """One server-sent event as one HTTP chunk."""
    return framed(b"data: " + data + b"\n\n")


def framed(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


CHUNK_HEAD = (
    b'{"id":"chatcmpl-scripted","object":"chat.completion.chunk","created":1700000000,'
    b'"model":"scripted","choices":[{"index":0,"delta":'
)


def chunk(delta: bytes, finish: str | None = None) -> bytes:
    """The event that carries this delta."""
    return event(CHUNK_HEAD + delta + b',"finish_reason":' + msgspec.json.encode(finish) + b"}]}")


def token_chunk(part: Part, stamp: bool = False) -> bytes:
    text = f"⟨{time.monotonic_ns()}⟩{part.text}" if stamp else part.text
    return chunk(msgspec.json.encode({part.field: text}))


@lru_cache(maxsize=4096)
def _encoded(text: str, field: str) -> bytes:
    return token_chunk(Part(text, field))


def encoded(part: Part) -> bytes:
    """`token_chunk` remembered: the words of all scripts are few."""
    return _encoded(part.text, part.field)


FIRST = chunk(b'{"role":"assistant","content":null}')
DONE = event(b"[DONE]")
LAST = b"0\r\n\r\n"


def usage_event(prompt_tokens: int, completion_tokens: int) -> bytes:
    usage = {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": completion_tokens,
        "total_tokens": prompt_tokens + completion_tokens,
    }
    return event(msgspec.json.encode({"object": "chat.completion.chunk", "choices": [], "usage": usage}))


def ending(completion_tokens: int, prompt_tokens: int = 7) -> bytes:
    """Everything an orderly stream sends after its last token."""
    return chunk(b"{}", "stop") + usage_event(prompt_tokens, completion_tokens) + DONE + LAST


def template(messages: list[ChatMessage]) -> str:
    """A prompt as llama.cpp writes one; like some templates, it trims."""
    said = "".join(f"<|{message.role}|>\n{message.content.strip()}<|end|>\n" for message in messages)
    return f"{said}<|assistant|>\n"


def tokenize(prompt: str) -> list[str]:
    """Its tokens: marks of the template, words with the blank before them, up to four letters each; anything else."""
    return PIECE.findall(prompt)
