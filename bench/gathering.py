"""What memory and documents add to the time to the first word: 20,000 past exchanges, 10,000 chunks, a question each.

Texts are made of words from a few fields of life, and each text's vector is the mean of its words' own: so a question
has neighbours as near as among people's texts, and making them takes minutes instead of an hour.
"""

import asyncio
import random
import re
import tempfile
import time
from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx
import numpy as np
from factory import exchange
from numpy.typing import NDArray
from program import Program, model, scripted_endpoint

from bench.retrieval import COMMAND, ready, shelve_chunks
from gantry_edge.memory.remember import Remembering
from gantry_edge.retrieval.embedder import Embedder
from gantry_edge.retrieval.index import Index
from gantry_edge.retrieval.store import read_hard
from gantry_edge.storage.database import Database

EXCHANGES, CHUNKS = 20_000, 10_000
QUESTIONS = 200
PAUSE = 0.2  # seconds between two, as the answer before is remembered meanwhile
SCRIPT = "say?tokens=3&seed=1"
FIELDS, WORDS, NAMES = 100, 40, 300  # fields of life, words of each, people; the first of each come up most often
MORE = 3  # words that say what else a text is about: no two have the same vector
COMMON = 500  # of the vocabulary, which mean little
SAYINGS = [
    "On {2} I spoke with {3} about the {0} and the {1}.",
    "My {0} needs a new {1} since {2}.",
    "{2} wants the {0} before the {1} is ready.",
    "We agreed that {2} pays for the {0}, and {3} for the {1}.",
    "The {0} broke again, so {2} brought another {1}.",
    "I prefer the {0} of {2}, although the {1} costs more.",
    "Please remind me to call {2} because of the {0} and the {1}.",
    "Yesterday {2} showed us how a {0} becomes a {1}.",
    "There is no {0} without a {1}, as {2} likes to say.",
    "{2} and {3} moved the {0} next to the {1}.",
    "Next week {2} will learn how to repair the {0} with a {1}.",
    "The best {0} I have seen belongs to {2}; the {1} less so.",
]
ASKED = [
    "What did {2} tell me about the {0} and the {1}?",
    "When does {2} need the {0} and the {1}?",
    "Who paid for the {0} of {2}, and who for the {1}?",
    "Where did I put the {0} that {2} gave me with the {1}?",
]


class Words:
    """Texts of these fields, and vectors for them; used in the place of the encoder while they are stored."""

    model = Embedder.model

    def __init__(self) -> None:
        encoder = Embedder()
        self.tokens = encoder.tokens
        vocabulary = encoder.tokens._tokenizer.get_vocab()
        known = [word for word in sorted(vocabulary, key=vocabulary.__getitem__) if word.isascii() and word.isalpha()]
        words = [word for word in known if len(word) > 4][COMMON : COMMON + FIELDS * WORDS + NAMES]
        self._names = [word.capitalize() for word in words[:NAMES]]
        self._fields = [words[NAMES + field :: FIELDS] for field in range(FIELDS)]
        self._vectors = dict(zip(words, encoder.embed(words), strict=True))
        self._dice = random.Random(7)
        self._all = list(self._vectors.values())

    def text(self, sentences: int) -> str:
        return self._say(SAYINGS, sentences)

    def question(self) -> str:
        return self._say(ASKED, 1)

    def _say(self, sayings: Sequence[str], sentences: int) -> str:
        field = self._dice.choice(self._fields)
        return " ".join(
            self._dice.choice(sayings).format(*self._some(field), *self._some(self._names)) for _ in range(sentences)
        )

    def _some(self, words: Sequence[str]) -> list[str]:
        return self._dice.choices(words, [1 / rank for rank in range(1, len(words) + 1)], k=2)

    def shortened(self, text: str) -> str:
        return text

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([self._embed(text) for text in texts], dtype=np.float32)

    def _embed(self, text: str) -> NDArray[np.float32]:
        said = [self._vectors[word] for word in re.findall(r"\w+", text.lower()) if word in self._vectors]
        vector = np.sum([*said, *self._dice.choices(self._all, k=MORE)], axis=0)
        made: NDArray[np.float32] = (vector / np.linalg.norm(vector)).astype(np.float32)
        return made


def run(exchanges: int = EXCHANGES, chunks: int = CHUNKS) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder, scripted_endpoint() as endpoint:
        home, words = Path(folder) / "home", Words()
        program = Program(home, endpoint=endpoint).start()
        program.owner()
        program.end()
        asyncio.run(fill(home, words, exchanges, chunks))
        program.start()
        owner, direct = program.owner(), httpx.Client(base_url=endpoint)
        time.sleep(10)  # until the index is read
        for _ in range(5):
            through(owner, words.question(), {})
        bare, plain, whole, gathered = [], [], [], []
        for _ in range(QUESTIONS):
            question = words.question()
            bare.append(alone(direct, question))
            plain.append(through(owner, question, {"memory": False})[0])
            seconds, answer = through(owner, question, {"scope": {}})
            whole.append(seconds)
            time.sleep(PAUSE)
            gathered.append(owner.get(f"/api/answers/{answer}/context").json())
        direct.close()
        program.end()
        hard = asyncio.run(read_hard_vaults(home))
    return figures(bare, plain, whole, gathered, hard)


def figures(
    bare: list[float], plain: list[float], whole: list[float], gathered: list[dict[str, Any]], hard: Collection[str]
) -> dict[str, float]:
    def p95(values: list[float]) -> float:
        return quantiles(values, n=20)[-1] * 1000

    kinds = [{segment["kind"] for segment in each["segments"]} for each in gathered]
    return {
        "endpoint alone, p50 ms": median(bare) * 1000,
        "endpoint alone, p95 ms": p95(bare),
        "through the server without both, added p50 ms": (median(plain) - median(bare)) * 1000,
        "through the server without both, added p95 ms": p95(plain) - p95(bare),
        "with memory and documents, added p50 ms": (median(whole) - median(bare)) * 1000,
        "with memory and documents, added p95 ms": p95(whole) - p95(bare),
        "gathered, as the server counts, p50 ms": float(median(each["gather_ms"] for each in gathered)),
        "ratio to the endpoint alone, p50": median(whole) / median(bare),
        "vaults that the index finds too hard": len(hard),
        "answers with a memory, %": 100 * sum("memory" in each for each in kinds) / len(kinds),
        "answers with an excerpt, %": 100 * sum("document" in each for each in kinds) / len(kinds),
    }


async def fill(home: Path, words: Words, exchanges: int, chunks: int) -> None:
    """For the owner, by the worker that does it for people."""
    database = Database(home / "gantry.db")
    user = await database.read(lambda c: str(c.execute("SELECT id FROM users").fetchone()[0]))
    rows = [(text, words.embed([text])[0].tobytes()) for text in (words.text(8) for _ in range(chunks))]
    for start in range(0, chunks, 1000):
        await database.write(partial(shelve_chunks, user_id=user, rows=rows[start : start + 1000]))
    for _ in range(exchanges // 100):
        said = [(words.text(1), words.text(1)) for _ in range(100)]
        await database.write(lambda c, said=said: [exchange(c, user, *one) for one in said])  # type: ignore[misc]
    await database.write(lambda c: c.execute("DELETE FROM facts_queue"))  # or they would be read meanwhile
    index = Index(database, home / "index", Embedder.model, COMMAND)
    await Remembering(database, words, index).remember_all()  # type: ignore[arg-type]
    await index.start()
    await ready(index)
    await index.stop()
    database.close()


async def read_hard_vaults(home: Path) -> Collection[str]:
    """They are searched exactly, which takes longer the more there is."""
    database = Database(home / "gantry.db")
    try:
        return await database.read(read_hard)
    finally:
        database.close()


def through(owner: httpx.Client, question: str, rest: dict[str, Any]) -> tuple[float, str]:
    body = {"content": question, "model": model(SCRIPT), **rest}
    began, answer, seconds = time.perf_counter(), "", 0.0
    with owner.stream("POST", "/api/chat", json=body, headers={"Accept": "text/event-stream"}) as told:
        for line in told.iter_lines():
            if line.startswith("event: delta") and not seconds:
                seconds = time.perf_counter() - began
            if '"answer_id":"' in line:
                answer = line.split('"answer_id":"')[1].split('"')[0]
    return seconds, answer


def alone(direct: httpx.Client, question: str) -> float:
    body = {"model": SCRIPT, "messages": [{"role": "user", "content": question}], "stream": True}
    began, seconds = time.perf_counter(), 0.0
    with direct.stream("POST", "/chat/completions", json=body) as told:
        for line in told.iter_lines():
            if '"content":"' in line and not seconds:
                seconds = time.perf_counter() - began
    return seconds
