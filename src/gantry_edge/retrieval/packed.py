"""Embeddings of a byte a number, for what is compared by the dozen and stored by the million.

What they are multiplied with moves by a thousandth.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gantry_edge.retrieval.embedder import Vectors

FINE = 400  # steps of a number between 0 and 1; those of an embedding stay far below a third


def pack(vectors: "Vectors") -> bytes:
    return np.rint(vectors * FINE).clip(-127, 127).astype(np.int8).tobytes()


def products(packed: Sequence[bytes], vector: "Vectors") -> list[float]:
    """Of each of them with the vector, in order."""
    vectors = np.frombuffer(b"".join(packed), dtype=np.int8).reshape(-1, len(vector)).astype(np.float32)
    found: list[float] = (vectors @ vector / FINE).tolist()
    return found
