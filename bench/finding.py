"""Words looked for among two hundred thousand messages of one person."""

import asyncio
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

from factory import make_user

from bench.retrieval import some_words
from gantry_edge.chat.finding import find_messages
from gantry_edge.ids import new_id, now
from gantry_edge.retrieval.embedder import Embedder
from gantry_edge.storage.database import Connection, Database
from gantry_edge.storage.migrations import migrate

MESSAGES = 200_000
EACH = 100  # messages of a conversation
WORDS = 40  # of a message
SEARCHES = 200
PORTION = 10  # conversations of one write


def run() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(measure(Path(folder)))


async def measure(folder: Path) -> dict[str, float]:
    database = Database(folder / "bench.db")
    await database.write(migrate)
    user, words = await database.write(make_user), some_words(Embedder())
    said: list[str] = []
    for _ in range(MESSAGES // EACH // PORTION):
        said += await database.write(lambda c: say(c, user, words))
    figures: dict[str, float] = {"messages": MESSAGES}
    queries: dict[str, Callable[[], str]] = {
        "one word": lambda: words(1),
        "three words": lambda: words(3),
        "a word that is begun": lambda: words(1)[:2],
        "three words of a message": lambda: some_of(random.choice(said)),
    }
    for label, query in queries.items():
        took = [await ask(database, user, query()) for _ in range(SEARCHES)]
        figures |= {
            f"{label}, p50 ms": median(took) * 1000,
            f"{label}, p95 ms": quantiles(took, n=20)[-1] * 1000,
        }
    database.close()
    return figures


def some_of(text: str) -> str:
    return " ".join(random.sample(text.split(), 3))


async def ask(database: Database, user: str, query: str) -> float:
    began = time.perf_counter()
    await database.read(lambda c: find_messages(c, user, query, None, 20))
    return time.perf_counter() - began


def say(connection: Connection, user: str, words: Callable[[int], str]) -> list[str]:
    """Some of the texts."""
    said = []
    for _ in range(PORTION):
        conversation = new_id()
        connection.execute(
            "INSERT INTO conversations (id, user_id, title, created_at, updated_at) VALUES (?, ?, 'x', ?, ?)",
            (conversation, user, now(), now()),
        )
        texts = [words(WORDS) for _ in range(EACH)]
        said.append(texts[0])
        parts = [(new_id(), conversation, f'[{{"type":"text","text":"{text}"}}]', now()) for text in texts]
        connection.executemany(
            "INSERT INTO messages (id, conversation_id, version, role, parts, created_at)"
            " VALUES (?, ?, 0, 'user', ?, ?)",
            parts,
        )
    return said
