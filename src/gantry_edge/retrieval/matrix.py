"""The vectors of a vault in memory: three bytes a number, the upper one apart from the lower two.

The upper bytes of all are multiplied in whole numbers, which takes a fifth of the time that floats take; then all
bytes of those that come near the best. They hold as much as a float does.
"""

from base64 import b64decode
from collections.abc import Collection, Sequence
from functools import cache
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
Hit = tuple[str, float]

BYTES = 3  # of a number
FINE = 127 << 16  # steps of a number between 0 and 1
ZERO = 128  # of the upper bytes, which are stored as they are multiplied: without a sign
ASKED = 63  # steps of the question's largest number: with more the sums overflow where a processor adds in 16 bits
NEAR = 0.0125  # by which a cosine of the upper bytes may be wrong: five times the usual
GROWS = 8  # a part of what is there: room for more
# a product of whole numbers, in ONNX; tests/retrieval/test_matrix.py says it in words
PRODUCT = (
    "CAk6iwEKJgoEcm93cwoFYXNrZWQSCHByb2R1Y3RzIg1NYXRNdWxJbnRlZ2VyEghwcm9kdWN0c1ocCgRyb3dzEhQKEggCEg4KAxIBbgoHEgV3aW"
    "R0aFocCgVhc2tlZBITChEIAxINCgcSBXdpZHRoCgIIAWIbCghwcm9kdWN0cxIPCg0IBhIJCgMSAW4KAggBQgQKABAS"
)


class Matrix:
    """Not thread-safe."""

    def __init__(self, width: int, room: int = 0) -> None:
        self._ids: list[str] = []
        self._places: dict[str, int] = {}
        self._upper = np.empty((room, width), np.uint8)
        self._lower = np.empty((room, width), np.int16)

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def nbytes(self) -> int:
        return self._upper.nbytes + self._lower.nbytes

    def put(self, ids: Sequence[str], rows: Vector) -> None:
        """In place of what these ids had; none is named twice."""
        for id in ids:
            if id not in self._places:
                self._places[id] = len(self._ids)
                self._ids.append(id)
        self._make_room()
        places = [self._places[id] for id in ids]
        steps = np.rint(rows.clip(-1, 1) * FINE).astype(np.int32)
        upper = (steps + (1 << 15)) >> 16
        self._upper[places] = upper + ZERO
        self._lower[places] = steps - (upper << 16)

    def remove(self, ids: Collection[str]) -> None:
        """The last one takes the place of each; an id that is not here does no harm."""
        for id in ids:
            if (place := self._places.pop(id, None)) is None:
                continue
            end, last = len(self._ids) - 1, self._ids.pop()
            if place < end:
                self._ids[place], self._places[last] = last, place
                self._upper[place], self._lower[place] = self._upper[end], self._lower[end]
            self._upper[end] = self._lower[end] = 0

    def nearest(self, vector: Vector, limit: int, least: float = -inf) -> list[Hit]:
        """The best that reach `least`, in no order."""
        if not self._ids:
            return []
        step = float(np.abs(vector).max()) / ASKED or 1.0
        asked = np.rint(vector / step).astype(np.int8)
        products = _multiply(self._upper[: len(self._ids)], asked) - ZERO * int(asked.sum())
        nth = np.partition(products, -limit)[-limit] if limit < len(products) else products.min()
        places = np.flatnonzero(products >= max(nth, least * 127 / step) - NEAR * 127 / step)
        cosines = self._cosines(places, vector)
        best = np.flatnonzero(cosines >= least)
        if limit < len(best):
            best = best[np.argpartition(cosines[best], -limit)[-limit:]]
        places, cosines = places[best], cosines[best]
        return [(self._ids[place], cosine) for place, cosine in zip(places.tolist(), cosines.tolist(), strict=True)]

    def _cosines(self, places: NDArray[np.intp], vector: Vector) -> Vector:
        upper = self._upper[places].astype(np.float32) - ZERO
        lower = self._lower[places].astype(np.float32)
        steps: Vector = upper @ vector * np.float32(1 << 16) + lower @ vector
        return steps / np.float32(FINE)

    def _make_room(self) -> None:
        if len(self._ids) > len(self._upper):
            more = len(self._ids) + len(self._ids) // GROWS - len(self._upper)
            self._upper, self._lower = (
                np.concatenate([rows, np.empty((more, rows.shape[1]), rows.dtype)])
                for rows in (self._upper, self._lower)
            )


def _multiply(rows: NDArray[np.uint8], asked: NDArray[np.int8]) -> NDArray[np.int32]:
    [products] = _session().run(["products"], {"rows": rows, "asked": asked[:, np.newaxis]})
    found: NDArray[np.int32] = products[:, 0]
    return found


@cache
def _session() -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(b64decode(PRODUCT), options, providers=["CPUExecutionProvider"])
