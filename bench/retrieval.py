"""The encoder against the bare one, and the vector index against exact search."""

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

import numpy as np
from numpy.typing import NDArray

from gantry_edge.retrieval import store
from gantry_edge.retrieval.embedder import Embedder
from gantry_edge.retrieval.exact import top
from gantry_edge.retrieval.index import Index
from gantry_edge.storage.database import Database
from gantry_edge.storage.migrations import migrate

CHUNKS = 10_000
VAULT = "bench"
MODEL = "bench"
QUESTIONS = 200
PROBE = "import sys; from pathlib import Path; from gantry_edge.retrieval.probe_child import main"
COMMAND = [sys.executable, "-c", f"{PROBE}; main(Path(sys.argv[2]))"]
SENTENCE = (
    "The tenant pays the rent of {} euros by the third working day of month {}, or the landlord may ask {} more. "
)


def run() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        return {**embedding(Path(folder)), **asyncio.run(searching(Path(folder)))}


def embedding(folder: Path) -> dict[str, float]:
    embedder = Embedder(folder, threads=1)
    embedder.load()
    texts = ["".join(SENTENCE.format(n, m, n * m) for m in range(8)) for n in range(40)]
    mixed = [text[: 20 + 25 * place] for place, text in enumerate(texts)]
    tokens = [embedder.tokens.ids(text) for text in texts]
    embedder.embed(texts[:2])
    bare = cpu(lambda: [embedder._run([ids]) for ids in tokens])
    whole = cpu(lambda: embedder.embed(texts))
    one = [cpu(lambda: embedder.embed(["How much is the rent in March?"])) for _ in range(20)]
    return {
        "chunks per CPU second": len(texts) / whole,
        "tokens per CPU second": sum(map(len, tokens)) / whole,
        "the same, encoder alone": sum(map(len, tokens)) / bare,
        "ratio to the encoder alone": bare / whole,
        "mixed lengths, texts per CPU second": len(mixed) / cpu(lambda: embedder.embed(mixed)),
        "one question, ms": median(one) * 1000,
    }


def cpu(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


async def searching(folder: Path) -> dict[str, float]:
    database = Database(folder / "bench.db")
    await database.write(migrate)
    vectors = some_vectors(CHUNKS, 0)
    rows = [(f"chunk-{n}", vector.tobytes()) for n, vector in enumerate(vectors)]
    await database.write(lambda connection: store.add_embeddings(connection, VAULT, MODEL, rows))
    index = Index(database, folder / "index", MODEL, COMMAND)
    questions = some_vectors(QUESTIONS, 1)
    exact = await asked(index, questions)
    began = time.monotonic()
    await index.start()
    await ready(index)
    built = time.monotonic() - began
    dense = await asked(index, questions)
    found = 0
    for question in questions:
        right = top(((f"chunk-{n}", float(score)) for n, score in enumerate(vectors @ question)), 5)
        found += len({id for id, _ in right} & {id for id, _ in await index.nearest([VAULT], question, 5)})
    await index.stop()
    again = Index(database, folder / "index", MODEL, COMMAND)
    began = time.monotonic()
    await again.start()
    await ready(again)
    opened = time.monotonic() - began
    await again.stop()
    database.close()
    return {
        f"{CHUNKS} chunks, index made from SQLite, chunks/s": CHUNKS / built,
        "checked in a child and opened, s": opened,
        "nearest 20, p50 ms": median(dense) * 1000,
        "nearest 20, p95 ms": quantiles(dense, n=20)[-1] * 1000,
        "the same by exact search, p50 ms": median(exact) * 1000,
        "recall@5 against exact": found / (5 * QUESTIONS),
    }


async def asked(index: Index, questions: NDArray[np.float32]) -> list[float]:
    took = []
    for question in questions:
        began = time.perf_counter()
        await index.nearest([VAULT], question, 20)
        took.append(time.perf_counter() - began)
    return took


async def ready(index: Index) -> None:
    while index.state != "ready" or await index.lag():  # noqa: ASYNC110
        await asyncio.sleep(0.01)


def some_vectors(count: int, seed: int) -> NDArray[np.float32]:
    """Like those of texts: around topics."""
    topics = np.random.default_rng(42).normal(size=(100, 384))
    random = np.random.default_rng(seed)
    rows = topics[random.integers(100, size=count)] + 0.7 * random.normal(size=(count, 384))
    made: NDArray[np.float32] = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return made
