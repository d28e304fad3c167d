"""A vault in memory that follows what changes in SQLite: of 40,000 vectors one is read again, not all."""

import threading
from collections.abc import Iterable, Iterator

import numpy as np

from gantry_edge.retrieval import store
from gantry_edge.retrieval.matrix import Hit, Matrix, Vector
from gantry_edge.storage.database import Connection

BLOCK = 500  # rows read at once


class Kept:
    """Thread-safe. As new as the snapshot that asks, or newer: never is there what is not there any more."""

    def __init__(self, vault: str, model: str) -> None:
        self.nbytes = 0
        self._vault = vault
        self._model = model
        self._lock = threading.Lock()
        self._version = ""
        self._change = 0  # the last one that is in it
        self._matrix = Matrix(0)

    def nearest(self, connection: Connection, version: str, vector: Vector, limit: int, least: float) -> list[Hit]:
        with self._lock:
            self._follow(connection, version, len(vector))
            return self._matrix.nearest(vector, limit, least)

    def _follow(self, connection: Connection, version: str, width: int) -> None:
        last = store.last_change(connection)
        if self._version != version and not (self._version and last < self._change):
            changed = store.read_changes(connection, self._vault, self._change) if self._version else None
            self._version = ""  # an error on the way leaves nothing half done behind
            if changed is None:
                self._read(connection, width)
            else:
                self._patch(connection, changed)
            self._version = version
        self._change = max(self._change, last)
        self.nbytes = self._matrix.nbytes

    def _read(self, connection: Connection, width: int) -> None:
        self._matrix = Matrix(width, store.count_vault(connection, self._vault, self._model))
        for ids, rows in blocks_of(store.read_vault(connection, self._vault, self._model)):
            self._matrix.put(ids, rows)

    def _patch(self, connection: Connection, changed: list[str]) -> None:
        found = store.read_vectors(connection, changed, [self._vault], self._model)
        here = {id: blob for id, _, blob in found}
        self._matrix.remove([id for id in changed if id not in here])
        for ids, rows in blocks_of(here.items()):
            self._matrix.put(ids, rows)


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
