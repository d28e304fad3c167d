"""Exact search over the embeddings in SQLite: right when the index is away, and fast where a vault is small."""

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gantry_edge.retrieval import store
from gantry_edge.storage.database import Connection

Vector = NDArray[np.float32]
Hit = tuple[str, float]

CACHE_BYTES = 100_000_000  # two thirds of it for one vault at most, which are 43,000 vectors
BLOCK = 500  # rows in memory at once while streaming


class Matrix(NamedTuple):
    version: str
    ids: list[str]
    rows: Vector


class Exact:
    """Thread-safe; keeps the vaults used last in memory, up to a number of bytes."""

    def __init__(self, model: str, small: int, cache_bytes: int = CACHE_BYTES) -> None:
        self._model = model
        self._small = small
        self._most = cache_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Matrix] = OrderedDict()
        self._sizes: dict[str, tuple[str, bool]] = {}

    def search(
        self, connection: Connection, vaults: Sequence[str], vector: Vector, limit: int, among: Collection[str] | None
    ) -> list[Hit]:
        if among is not None:
            found = store.read_vectors(connection, list(among), vaults, self._model)
            return best(blocks_of((id, blob) for id, _, blob in found), vector, limit)
        versions = store.read_versions(connection, vaults)
        blocks = (self._blocks_of(connection, vault, version, vector.nbytes) for vault, version in versions.items())
        return best(chain.from_iterable(blocks), vector, limit)

    def is_small(self, connection: Connection, vault: str, version: str) -> bool:
        """Whether this is as fast as an index; counted once for each version."""
        known, small = self._sizes.get(vault, ("", True))
        if known != version:
            small = not store.has_more(connection, vault, self._model, self._small)
            self._sizes[vault] = version, small
        return small

    def _blocks_of(
        self, connection: Connection, vault: str, version: str, row_bytes: int
    ) -> Iterable[tuple[list[str], Vector]]:
        with self._lock:
            kept = self._kept.get(vault)
            if kept and kept.version == version:
                self._kept.move_to_end(vault)
                return [(kept.ids, kept.rows)]
            self._kept.pop(vault, None)
        blocks = blocks_of(store.read_vault(connection, vault, self._model))
        if store.has_more(connection, vault, self._model, self._most * 2 // 3 // row_bytes):
            return blocks  # read anew for each question, a block at a time
        return self._keep(vault, version, blocks)

    def _keep(
        self, vault: str, version: str, blocks: Iterable[tuple[list[str], Vector]]
    ) -> list[tuple[list[str], Vector]]:
        read = list(blocks)
        if not read:
            return []
        ids = [id for ids, _ in read for id in ids]
        rows = np.empty(
            (len(ids), read[0][1].shape[1]), np.float32, order="F"
        )  # by columns a product takes half as long
        matrix = Matrix(version, ids, np.concatenate([rows for _, rows in read], out=rows))
        with self._lock:
            self._kept[vault] = matrix
            self._kept.move_to_end(vault)
            while sum(each.rows.nbytes for each in self._kept.values()) > self._most:
                self._kept.popitem(last=False)
        return [(matrix.ids, matrix.rows)]


def best(blocks: Iterable[tuple[list[str], Any]], vector: Vector, limit: int) -> list[Hit]:
    """The nearest of all blocks, best first; rows are of length one, so the product is the cosine."""
    hits: list[Hit] = []
    kept = np.full(limit, -1.0, dtype=np.float32)  # the best scores so far; a row must reach the least of them
    for ids, rows in blocks:
        scores = rows @ vector
        places = np.flatnonzero(scores >= kept.min())
        if len(places) > limit:
            places = places[np.argpartition(scores[places], -limit)[-limit:]]
        hits += [(ids[place], score) for place, score in zip(places.tolist(), scores[places].tolist(), strict=True)]
        kept = np.partition(np.concatenate([kept, scores[places]]), -limit)[-limit:]
    return top(hits, limit)


def nth_best(blocks: Iterable[tuple[list[str], Vector]], queries: Vector, place: int) -> list[float]:
    """For each query the cosine at that place of its exact answer, or of the last one there is."""
    kept = np.empty((0, len(queries)), dtype=np.float32)
    for _, rows in blocks:
        kept = np.sort(np.concatenate([kept, rows @ queries.T]), axis=0)[-place:]
    return [float(score) for score in kept[0]] if len(kept) else []


def top(hits: Iterable[Hit], limit: int) -> list[Hit]:
    return sorted(hits, key=lambda hit: (-hit[1], hit[0]))[:limit]


def blocks_of(rows: Iterable[tuple[str, bytes]]) -> Iterator[tuple[list[str], Vector]]:
    ids: list[str] = []
    blobs: list[bytes] = []
    for id, blob in rows:
        ids.append(id)
        blobs.append(blob)
        if len(ids) == BLOCK:
            yield ids, _matrix(blobs)
            ids, blobs = [], []
    if ids:
        yield ids, _matrix(blobs)


def _matrix(blobs: list[bytes]) -> Vector:
    return np.frombuffer(b"".join(blobs), dtype=np.float32).reshape(len(blobs), -1)
