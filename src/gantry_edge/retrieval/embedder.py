"""Texts to embeddings: all-MiniLM-L6-v2 on ONNX Runtime, offline.

Texts are sorted by length and run in batches of few tokens: on a CPU a larger batch is slower and takes memory by
the hundred MB. Nothing is ever cut: a text beyond the encoder's limit is an error of the caller.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gantry_edge.retrieval.tokens import LIMIT, Tokens
from gantry_edge.retrieval.weights import PINNED, find_weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

DIMENSIONS = 384
BATCH_TOKENS = 256  # one long text, or many short ones; 512 takes twice the memory and is not faster


class Embedder:
    """Thread-safe. The weights are read when the first text comes, or by `load`."""

    # of the weights and of the form they run in: embeddings of two models are never compared
    model = f"all-MiniLM-L6-v2/float32/{PINNED[:16]}"

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        """`folder` keeps the unfolded weights; `threads` of 0 leaves one core to everybody else."""
        self._folder = folder / "embedder"
        self._threads = threads or max(1, (os.cpu_count() or 2) - 1)
        self._loading = threading.Lock()
        self._session: Any = None

    @cached_property
    def tokens(self) -> Tokens:
        return Tokens()

    def load(self) -> None:
        with self._loading:
            if self._session is None:
                self._session = open_session(find_weights(self._folder), self._threads)

    def embed(self, texts: Sequence[str]) -> "Vectors":
        """One L2-normalised row for each text, in the order of the texts."""
        import numpy as np

        self.load()
        ids = [self.tokens.ids(text) for text in texts]
        for place, each in enumerate(ids):
            if len(each) > LIMIT + 2:
                raise ValueError(f"text {place} has {len(each) - 2} word pieces, and the encoder reads {LIMIT}")
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for batch in batches([len(each) for each in ids]):
            vectors[batch] = self._run([ids[place] for place in batch])
        return vectors

    def _run(self, ids: list[list[int]]) -> "Vectors":
        import numpy as np

        longest = max(map(len, ids))
        tokens = np.zeros((len(ids), longest), dtype=np.int64)
        mask = np.zeros_like(tokens)
        for row, each in enumerate(ids):
            tokens[row, : len(each)] = each
            mask[row, : len(each)] = 1
        feed = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
        hidden = self._session.run(None, feed)[0]
        weights = mask[:, :, None].astype(np.float32)
        pooled = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
        unit: Vectors = pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-12)
        return unit


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of the texts, longest first, in batches of at most BATCH_TOKENS with their padding."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda place: -lengths[place]):
        if batch and lengths[batch[0]] * (len(batch) + 1) > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def open_session(path: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = True  # 24 MB for the largest batch; without it pages go back and forth
    options.enable_mem_pattern = False  # it would keep a plan, and memory, for each new shape
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
