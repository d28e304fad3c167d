"""An optional second look: a cross-encoder reads question and text together, where its file was put into a folder."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gantry_edge.retrieval.embedder import open_session

NAME = "ms-marco-MiniLM-L-6-v2"
LONGEST = 512  # word pieces of question and text together


class Reranker:
    """Thread-safe. The weights are read when the first question comes."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        self._folder = folder
        self._threads = threads
        self._loading = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    def order(self, question: str, texts: Sequence[str]) -> list[int]:
        """Places of the texts, the best first."""
        tokenizer, session = self._load()
        pairs = tokenizer.encode_batch([(question, text) for text in texts])
        wanted = {each.name for each in session.get_inputs()}
        scores = [_score(session, wanted, pair) for pair in pairs]
        return sorted(range(len(texts)), key=lambda place: -scores[place])

    def _load(self) -> tuple[Any, Any]:
        from tokenizers import Tokenizer

        with self._loading:
            if self._loaded is None:
                tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
                tokenizer.no_padding()
                tokenizer.enable_truncation(LONGEST, strategy="longest_first")
                self._loaded = tokenizer, open_session(self._folder / "model.onnx", self._threads)
            return self._loaded


def find_reranker(models: Path) -> Reranker | None:
    """The one that lies in the folder of models, if any does."""
    folder = models / NAME
    there = all((folder / name).is_file() for name in ("model.onnx", "tokenizer.json"))
    return Reranker(folder) if there else None


def _score(session: Any, wanted: set[str], pair: Any) -> float:
    import numpy as np

    feed = {"input_ids": pair.ids, "attention_mask": pair.attention_mask, "token_type_ids": pair.type_ids}
    found = session.run(None, {name: np.array([row], np.int64) for name, row in feed.items() if name in wanted})[0]
    return float(found.item())
