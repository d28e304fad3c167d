"""Texts to embeddings: all-MiniLM-L6-v2 on ONNX Runtime, offline.

Each text runs alone: on a CPU a batch of long ones is slower and takes more memory, and the same text gives the same
bits in any company. Nothing is ever cut: a text beyond the encoder's limit is an error of the caller.
"""

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
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
GIVE_WAY = 0.25  # seconds at most, before each text
QUESTIONS = 256  # the last ones, whose vectors are kept; 1.5 KB each


class Embedder:
    """Thread-safe. The weights are read when the first text comes, or by `load`."""

    # of the weights in the form they run in: embeddings of two models are never compared
    model = f"all-MiniLM-L6-v2/8-bit/{PINNED[:16]}"

    def __init__(self, *, threads: int = 0) -> None:
        """`threads` of 0 leaves one core to everybody else."""
        self._threads = threads or max(1, (os.cpu_count() or 2) - 1)
        self.damaged = False
        self._loading = threading.Lock()
        self._session: Any = None
        self._asking = threading.Lock()
        self._asked: OrderedDict[bytes, Future[Vectors]] = OrderedDict()
        self._ahead = ThreadPoolExecutor(1, "encoder")
        self._hurried = 0
        self._calm = threading.Event()
        self._calm.set()

    @cached_property
    def tokens(self) -> Tokens:
        return Tokens()

    def load(self) -> None:
        with self._loading:
            if self._session is None:
                self.damaged = True  # unless it can be read
                self._session = open_session(find_weights(), self._threads)
                self.damaged = False

    def embed(self, texts: Sequence[str]) -> "Vectors":
        """One L2-normalised row for each text, in the order of the texts."""
        import numpy as np

        self.load()
        ids = [self.tokens.ids(text) for text in texts]
        for place, each in enumerate(ids):
            if len(each) > LIMIT + 2:
                raise ValueError(f"text {place} has {len(each) - 2} word pieces, and the encoder reads {LIMIT}")
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for place, each in enumerate(ids):
            self._calm.wait(GIVE_WAY)
            vectors[place] = self._run(each)
        return vectors

    @contextmanager
    def hurry(self) -> Iterator[None]:
        """Someone waits for an answer: texts that nobody waits for are read behind it."""
        with self._asking:
            self._hurried += 1
            self._calm.clear()
        try:
            yield
        finally:
            with self._asking:
                self._hurried -= 1
                if not self._hurried:
                    self._calm.set()

    def embed_question(self, text: str) -> "Vectors":
        """What the encoder reads of it, as one row. Whoever asks the same, now or soon after, shares the work."""
        key = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()  # not the text, which is somebody's
        with self._asking:
            vector = self._asked.get(key)
            first = vector is None or (vector.done() and vector.exception() is not None)
            if vector is None or first:
                vector = self._asked[key] = Future()
            self._asked.move_to_end(key)
            while len(self._asked) > QUESTIONS:
                self._asked.popitem(last=False)
        if first:
            try:
                self.load()
                vector.set_result(self._run(self.tokens.ids(self.shortened(text))))
            except BaseException as error:
                vector.set_exception(error)
                raise
        return vector.result()

    def foresee(self, text: str) -> None:
        """Begin with a question that will be asked for. Returns at once; an error is that of whoever asks."""
        self._ahead.submit(self.embed_question, text)

    def shortened(self, text: str) -> str:
        """The words the encoder reads; what stands behind them it would not take."""
        if len(text) <= LIMIT:  # a word piece has one character at least
            return text
        spans = self.tokens.spans(text)
        return text[: spans[LIMIT - 1][1]] if len(spans) > LIMIT else text

    def _run(self, ids: list[int]) -> "Vectors":
        import numpy as np

        [hidden] = self._session.run(None, {"input_ids": np.array([ids], dtype=np.int64)})
        mean = hidden[0].mean(axis=0)
        unit: Vectors = mean / np.linalg.norm(mean)
        return unit


def open_session(path: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = True  # it keeps the memory of the longest text; without it pages go back and forth
    options.enable_mem_pattern = False  # it would keep a plan, and memory, for each new shape
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
