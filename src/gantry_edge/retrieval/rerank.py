"""An optional second look: a cross-encoder reads question and text together, where its file was put into a folder."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gantry_edge.retrieval.embedder import batches, open_session

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
        import numpy as np

        tokenizer, session = self._load()
        pairs = tokenizer.encode_batch([(question, text) for text in texts])
        wanted = {each.name for each in session.get_inputs()}
        scores = [0.0] * len(texts)
        for places in batches([len(pair.ids) for pair in pairs]):
            some = [pairs[place] for place in places]
            feed = {
                "input_ids": _padded([pair.ids for pair in some]),
                "attention_mask": _padded([pair.attention_mask for pair in some]),
                "token_type_ids": _padded([pair.type_ids for pair in some]),
            }
            found = session.run(None, {name: value for name, value in feed.items() if name in wanted})[0]
            for place, score in zip(places, np.reshape(found, -1), strict=True):
                scores[place] = float(score)
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


def _padded(rows: list[list[int]]) -> Any:
    import numpy as np

    table = np.zeros((len(rows), max(map(len, rows))), dtype=np.int64)
    for place, row in enumerate(rows):
        table[place, : len(row)] = row
    return table
