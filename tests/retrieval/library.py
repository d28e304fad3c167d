"""A library of vectors that look like those of texts: topics, with texts around each."""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gantry_edge.retrieval import store
from gantry_edge.retrieval.exact import Hit, Vector
from gantry_edge.retrieval.index import Index
from gantry_edge.storage.database import Database

MODEL = "test/1"
HOLD = "import sys; from pathlib import Path; from gantry_edge.retrieval.index_child import main"
COMMAND = [sys.executable, "-c", f"{HOLD}; main(Path(sys.argv[2]))"]


def some_vectors(count: int, seed: int = 0) -> Vector:
    topics = np.random.default_rng(1234).normal(size=(40, 384))
    random = np.random.default_rng(seed)
    rows = topics[random.integers(40, size=count)] + 0.7 * random.normal(size=(count, 384))
    return unit(rows)


def unit(rows: NDArray[np.float64]) -> Vector:
    made: Vector = (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)
    return made


class Library:
    """What SQLite holds, kept beside it to compare with."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder
        self.rows: dict[str, dict[str, Vector]] = {}

    def open(self, command: Sequence[str] = COMMAND, model: str = MODEL) -> Index:
        """With a folder from the first embedding on: what is tested here is not how little exact search needs."""
        return Index(self.database, self.folder, model, list(command), small=-1)

    async def add(self, vault: str, count: int, seed: int = 0, model: str = MODEL) -> list[str]:
        ids = [f"{vault}-{seed}-{n}" for n in range(count)]
        vectors = some_vectors(count, seed)
        rows = [(id, vector.tobytes()) for id, vector in zip(ids, vectors, strict=True)]
        await self.database.write(lambda connection: store.add_embeddings(connection, vault, model, rows))
        self.rows.setdefault(vault, {}).update(zip(ids, vectors, strict=True))
        return ids

    async def delete(self, ids: Sequence[str]) -> None:
        await self.database.write(lambda connection: store.delete_embeddings(connection, ids))
        for rows in self.rows.values():
            for id in ids:
                rows.pop(id, None)

    def exact(self, vaults: Sequence[str], vector: Vector, limit: int) -> list[Hit]:
        scores = [(id, float(row @ vector)) for vault in vaults for id, row in self.rows.get(vault, {}).items()]
        return sorted(scores, key=lambda hit: (-hit[1], hit[0]))[:limit]

    async def recall(self, index: Index, vaults: Sequence[str], questions: int = 40) -> float:
        found = 0
        for vector in some_vectors(questions, seed=99):
            right = self.exact(vaults, vector, 5)
            scores = {id: float(self.row(id) @ vector) for id, _ in await index.nearest(vaults, vector, 5)}
            found += sum(score > right[-1][1] - 1e-6 for score in scores.values())  # equal ones are equally right
        return found / (5 * questions)

    def row(self, id: str) -> Vector:
        return next(rows[id] for rows in self.rows.values() if id in rows)
