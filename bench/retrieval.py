"""The encoder against the bare one, and the vector index against exact search."""

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median, quantiles

import numpy as np
from factory import make_user, shelve
from numpy.typing import NDArray

from gantry_edge.documents.chunks import scope_names
from gantry_edge.documents.schema import Scope
from gantry_edge.documents.search import Search
from gantry_edge.ids import new_id
from gantry_edge.retrieval import store
from gantry_edge.retrieval.embedder import Embedder
from gantry_edge.retrieval.exact import top
from gantry_edge.retrieval.index import Index
from gantry_edge.storage.database import Connection, Database
from gantry_edge.storage.migrations import migrate
from gantry_edge.storage.words import add_words

CHUNKS = 10_000
VAULT = "bench"
MODEL = "bench"
QUESTIONS = 200
LENGTHS = 10, 20  # words of a question; people ask with 8 to 12
HOLD = "import sys; from pathlib import Path; from gantry_edge.retrieval.index_child import main"
COMMAND = [sys.executable, "-c", f"{HOLD}; main(Path(sys.argv[2]))"]
SENTENCE = (
    "The tenant pays the rent of {} euros by the third working day of month {}, or the landlord may ask {} more. "
)


def run(chunks: int = CHUNKS) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        return {**embedding(), **asyncio.run(searching(home, chunks)), **asyncio.run(finding(home, chunks))}


def embedding() -> dict[str, float]:
    embedder = Embedder(threads=1)
    embedder.load()
    texts = ["".join(SENTENCE.format(n, m, n * m) for m in range(8)) for n in range(40)]
    mixed = [text[: 20 + 25 * place] for place, text in enumerate(texts)]
    tokens = [embedder.tokens.ids(text) for text in texts]
    embedder.embed(texts[:2])
    bare = cpu(lambda: [embedder._run(ids) for ids in tokens])
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


async def searching(folder: Path, chunks: int) -> dict[str, float]:
    database = Database(folder / "bench.db")
    await database.write(migrate)
    vectors = some_vectors(chunks, 0)
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
        f"{chunks} chunks, index made from SQLite, chunks/s": chunks / built,
        "compared and opened, s": opened,
        "nearest 20, p50 ms": median(dense) * 1000,
        "nearest 20, p95 ms": quantiles(dense, n=20)[-1] * 1000,
        "the same by exact search, p50 ms": median(exact) * 1000,
        "recall@5 against exact": found / (5 * QUESTIONS),
    }


async def finding(folder: Path, chunks: int) -> dict[str, float]:
    """As the search page does it, over all of one person's collections: most of it in one, the rest in twelve."""
    database = Database(folder / "find.db")
    await database.write(migrate)
    embedder = Embedder()
    user, words = await database.write(make_user), some_words(embedder)
    shares = [0.7, 0.2, *[0.01] * 10]
    vectors = iter(some_vectors(chunks, 2))
    for share in shares:
        rows = [(words(130), vector.tobytes()) for vector in islice(vectors, int(chunks * share))]
        await database.write(partial(shelve_chunks, user_id=user, rows=rows))
    index = Index(database, folder / "find", Embedder.model, COMMAND)
    search = Search(database, embedder, index)
    await index.start()
    await ready(index)
    embedder.embed(["warm"])
    figures: dict[str, float] = {}
    for length in LENGTHS:
        took = [await finding_one(search, user, words(length)) for _ in range(QUESTIONS)]
        figures |= {
            f"search, question of {length} words, p50 ms": median(took) * 1000,
            f"search, question of {length} words, p95 ms": quantiles(took, n=20)[-1] * 1000,
        }
    await index.stop()
    database.close()
    return figures


async def finding_one(search: Search, user_id: str, question: str) -> float:
    began = time.perf_counter()
    await search.find(user_id, question, Scope(), budget=3000)
    return time.perf_counter() - began


def shelve_chunks(connection: Connection, user_id: str, rows: list[tuple[str, bytes]]) -> None:
    """One document of these chunks in a collection of its own."""
    document = shelve(connection, user_id, "", new_id())
    scope = scope_names(user_id, document.collection_id, document.id)
    embeddings = []
    for seq, (text, vector) in enumerate(rows):
        id = new_id()
        number = connection.execute(
            "INSERT INTO chunks (id, document_id, seq, begins, ends, heading, gap, text)"
            " VALUES (?, ?, ?, 0, ?, '', '', ?) RETURNING number",
            (id, document.id, seq, len(text), text),
        ).fetchone()[0]
        add_words(connection, number, scope, "notes.txt", text)
        embeddings.append((id, vector))
    store.add_embeddings(connection, document.collection_id, Embedder.model, embeddings)


def some_words(embedder: Embedder) -> Callable[[int], str]:
    """Texts of real words, as unequally common as in a language: the encoder's vocabulary is in that order."""
    ranks = sorted((rank, word) for word, rank in embedder.tokens._tokenizer.get_vocab().items() if word.isalpha())
    vocabulary = [word for _, word in ranks if len(word) > 1]
    random = np.random.default_rng(7)

    def words(count: int) -> str:
        return " ".join(vocabulary[rank % len(vocabulary)] for rank in random.zipf(1.15, size=count))

    return words


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
