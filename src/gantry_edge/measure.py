"""A short measurement of this machine, on made-up data in a folder that is thrown away."""

import asyncio
import random
import time
from array import array
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple

from gantry_edge.accounts.schema import Role, User
from gantry_edge.accounts.store import create_owner
from gantry_edge.documents import chunks
from gantry_edge.documents.chunk import Chunk
from gantry_edge.documents.extract.result import Extracted
from gantry_edge.documents.schema import Scope
from gantry_edge.documents.search import Search
from gantry_edge.documents.store import INGEST, Received, add_documents
from gantry_edge.errors import ModelError
from gantry_edge.ids import new_id, now
from gantry_edge.models.client import Client
from gantry_edge.models.engine import Engine
from gantry_edge.models.schema import ChatMessage, ChatRequest, Sampling
from gantry_edge.retrieval.embedder import DIMENSIONS, Embedder
from gantry_edge.retrieval.index import Index
from gantry_edge.storage.database import Connection, Database
from gantry_edge.storage.jobs import claim_job
from gantry_edge.storage.migrations import migrate
from gantry_edge.storage.settings import put_setting

EACH = 1.5  # seconds for one figure that is counted over time
AT_ONCE = 64
PASSAGES = 2_000
QUESTIONS = 30
ENGINE_LOADS, ENGINE_WRITES = 10.0, 6.0  # seconds
WORDS = ("harbour", "invoice", "keeper", "lantern", "contract", "weather", "garden", "letter", "north", "paper", "salt")
QUESTION = "How much rent is due in March?"


class Figure(NamedTuple):
    name: str
    value: float
    unit: str


async def measure(folder: Path, command: list[str], engine: Engine | None, each: float = EACH) -> list[Figure]:
    """`command` runs this program again; `each` is how long a figure is counted."""
    began = time.perf_counter()
    database = Database(folder / "gantry.db")
    await database.write(migrate)
    figures = [Figure("start of an empty database", ms_since(began), "ms")]
    try:
        figures += await write(database, each)
        embedder = Embedder()
        figures += await asyncio.to_thread(embed, embedder, each)
        figures += await search(database, folder, command, embedder)
    finally:
        database.close()
    return figures + (await answer(engine) if engine else [])


async def write(database: Database, each: float) -> list[Figure]:
    """On disk when they count: alone each has a commit of its own, together they share one."""

    async def put(place: int) -> None:
        await database.write(lambda connection: put_setting(connection, f"bench.{place}", now()))

    async def put_many() -> None:
        await asyncio.gather(*map(put, range(AT_ONCE)))

    alone = await rate(lambda: put(0), each)
    return [
        Figure("writes, one after the other", alone, "/s"),
        Figure(f"writes, {AT_ONCE} people at once", AT_ONCE * await rate(put_many, each), "/s"),
    ]


async def rate(work: Callable[[], Awaitable[None]], seconds: float) -> float:
    began, done = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        await work()
        done += 1
    return done / (time.perf_counter() - began)


def embed(embedder: Embedder, each: float) -> list[Figure]:
    began = time.perf_counter()
    embedder.load()
    loaded = ms_since(began)
    embedder.embed([QUESTION])
    questions = [timed(partial(embedder.embed, [QUESTION])) for _ in range(15)]
    texts = [sentence(n, 110) for n in range(8)]
    began, done = time.perf_counter(), 0
    while not done or time.perf_counter() - began < each:
        embedder.embed(texts)
        done += len(texts)
    return [
        Figure("encoder ready, the first time", loaded, "ms"),
        Figure("a question encoded", median(questions), "ms"),
        Figure("passages encoded", done / (time.perf_counter() - began), "/s"),
    ]


async def search(database: Database, folder: Path, command: list[str], embedder: Embedder) -> list[Figure]:
    user = User(new_id(), "bench", Role.OWNER, now())
    await database.write(lambda connection: fill(connection, user, embedder.model))
    index = Index(database, folder / "index", embedder.model, command)
    finder = Search(database, embedder, index)
    times = []
    for n in range(QUESTIONS):
        began = time.perf_counter()
        await finder.find(user.id, sentence(n, 6), Scope(), budget=3000)
        times.append(ms_since(began))
    await index.stop()
    return [Figure(f"a search among {PASSAGES:,} passages", median(times), "ms")]


def fill(connection: Connection, user: User, model: str) -> None:
    """A document of one's own, read already: the vectors are made up, which does not matter to how long it takes."""
    create_owner(connection, user, "")
    (document,) = add_documents(connection, user.id, None, [Received("bench.txt", "0" * 64, 1)], 1)
    job = claim_job(connection, [INGEST])
    assert job is not None
    texts = [sentence(n, 60) for n in range(PASSAGES)]
    work, _ = chunks.begin_reading(connection, job)
    chunks.save_text(connection, job, Extracted(text=" ".join(texts), kind="text"), PASSAGES)
    made, at = [], 0
    for seq, text in enumerate(texts):
        made.append(Chunk(seq, at, at + len(text), None, None, "", text))
        at += len(text) + 1
    pieces = chunks.pieces_of(document.id, " ".join(texts), made)
    vectors = (vector(random.Random(n)) for n in range(PASSAGES))
    chunks.save_pieces(connection, job, work, model, zip(pieces, vectors, strict=True), PASSAGES)
    chunks.finish_reading(connection, job)


async def answer(engine: Engine) -> list[Figure]:
    """Nothing where it does not load in time."""
    client, pieces = Client(), 0
    began = first = time.perf_counter()
    await engine.start()
    try:
        with suppress(ModelError, TimeoutError):
            endpoint = await engine.wait_ready(ENGINE_LOADS)
            loaded = ms_since(began)
            began = time.perf_counter()
            counting = [ChatMessage("user", "Count from one to a hundred.")]
            request = ChatRequest(engine.model, counting, Sampling(max_tokens=120))
            with suppress(TimeoutError):
                async with asyncio.timeout(ENGINE_WRITES):
                    async for delta in client.stream(endpoint, request):
                        if delta.text:
                            first = first if pieces else time.perf_counter()
                            pieces += 1
            speed = (pieces - 1) / (time.perf_counter() - first) if pieces > 1 else 0.0
            return [
                Figure("engine loaded", loaded, "ms"),
                Figure("first word of an answer", (first - began) * 1000, "ms"),
                Figure("words and pieces of words of an answer", speed, "/s"),
            ]
        return []
    finally:
        await client.close()
        await engine.stop()


def sentence(seed: int, words: int) -> str:
    chosen = random.Random(seed)
    return f"{seed} " + " ".join(f"{chosen.choice(WORDS)}{chosen.randrange(50)}" for _ in range(words // 2))


def vector(chosen: random.Random) -> bytes:
    values = [chosen.gauss(0, 1) for _ in range(DIMENSIONS)]
    length = sum(value * value for value in values) ** 0.5
    return array("f", (value / length for value in values)).tobytes()


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return ms_since(began)


def ms_since(began: float) -> float:
    return (time.perf_counter() - began) * 1000
