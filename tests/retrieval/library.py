"""A library of vectors that look like those of texts: topics, with texts around each."""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gantry_edge.retrieval import store
from gantry_edge.retrieval.index import Index
from gantry_edge.retrieval.matrix import Hit, Vector
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
        return self.exact_each(vaults, vector[np.newaxis], limit)[0]

    def exact_each(self, vaults: Sequence[str], vectors: Vector, limit: int) -> list[list[Hit]]:
        rows = {id: row for vault in vaults for id, row in self.rows.get(vault, {}).items()}
        ids = sorted(rows)
        scores = vectors @ np.stack([rows[id] for id in ids]).T
        best = np.argsort(-scores, axis=1, kind="stable")[:, :limit]  # of equal ones the first by name
        return [[(ids[at], float(row[at])) for at in order] for row, order in zip(scores, best, strict=True)]

    async def recall(self, index: Index, vaults: Sequence[str], questions: int = 40) -> float:
        found = 0
        vectors = some_vectors(questions, seed=99)
        for vector, right in zip(vectors, self.exact_each(vaults, vectors, 5), strict=True):
            scores = {id: float(self.row(id) @ vector) for id, _ in await index.nearest(vaults, vector, 5)}
            found += sum(score > right[-1][1] - 1e-6 for score in scores.values())  # equal ones are equally right
        return found / (5 * questions)

    def row(self, id: str) -> Vector:
        return next(rows[id] for rows in self.rows.values() if id in rows)
