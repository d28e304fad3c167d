"""Exact search over the embeddings in SQLite: right when the index is away, and fast where a vault is small."""

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from math import inf

import numpy as np

from gantry_edge.retrieval import store
from gantry_edge.retrieval.kept import Kept, blocks_of
from gantry_edge.retrieval.matrix import BYTES, Hit, Vector
from gantry_edge.storage.database import Connection

CACHE_BYTES = 100_000_000  # two thirds of it for one vault at most, which are 57,000 vectors


class Exact:
    """Thread-safe; keeps the vaults used last in memory, up to a number of bytes."""

    def __init__(self, model: str, small: int, cache_bytes: int = CACHE_BYTES) -> None:
        self._model = model
        self._small = small
        self._most = cache_bytes
        self._most_of_one = cache_bytes * 2 // 3
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._sizes: dict[str, tuple[str, bool]] = {}

    def search(
        self, connection: Connection, vaults: Sequence[str], vector: Vector, limit: int, among: Collection[str] | None
    ) -> list[Hit]:
        if among is not None:
            found = store.read_vectors(connection, list(among), vaults, self._model)
            return best(blocks_of((id, blob) for id, _, blob in found), vector, limit)
        hits: list[Hit] = []
        least = -inf
        for vault, version in store.read_versions(connection, vaults).items():
            hits += self._nearest(connection, vault, version, vector, limit, least)
            if len(hits) >= limit:
                least = float(np.partition([cosine for _, cosine in hits], -limit)[-limit])
        return top(hits, limit)

    def is_small(self, connection: Connection, vault: str, version: str) -> bool:
        """Whether this is as fast as an index; counted once for each version."""
        known, small = self._sizes.get(vault, ("", True))
        if known != version:
            small = not store.has_more(connection, vault, self._model, self._small)
            self._sizes[vault] = version, small
        return small

    def _nearest(
        self, connection: Connection, vault: str, version: str, vector: Vector, limit: int, least: float
    ) -> list[Hit]:
        if (kept := self._find(connection, vault, len(vector))) is None:  # read anew for each question
            return best(blocks_of(store.read_vault(connection, vault, self._model)), vector, limit)
        hits = kept.nearest(connection, version, vector, limit, least)
        self._make_room(vault, kept)
        return hits

    def _find(self, connection: Connection, vault: str, width: int) -> Kept | None:
        """None where it is too large to be kept."""
        with self._lock:
            if kept := self._kept.get(vault):
                self._kept.move_to_end(vault)
                return kept
        if store.has_more(connection, vault, self._model, self._most_of_one // (BYTES * width)):
            return None
        with self._lock:
            return self._kept.setdefault(vault, Kept(vault, self._model))

    def _make_room(self, vault: str, kept: Kept) -> None:
        with self._lock:
            if kept.nbytes > self._most_of_one:  # it has grown
                self._kept.pop(vault, None)
            while sum(each.nbytes for each in self._kept.values()) > self._most:
                self._kept.popitem(last=False)


def best(blocks: Iterable[tuple[list[str], Vector]], vector: Vector, limit: int) -> list[Hit]:
    """The nearest of all blocks, best first; rows are of length one, so the product is the cosine."""
    hits: list[Hit] = []
    kept = np.full(limit, -inf, dtype=np.float32)  # the best scores so far; a row must reach the least of them
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
