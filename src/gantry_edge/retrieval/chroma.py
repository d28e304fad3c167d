"""The one place that speaks to Chroma: collections of ids and vectors, one for each vault. Never any text.

Only the child process that holds the index (`remote`) imports this.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import chromadb
import numpy as np
from chromadb.config import Settings
from chromadb.errors import NotFoundError

if TYPE_CHECKING:
    from gantry_edge.retrieval.outbox import Step

CONFIGURATION: Any = {"hnsw": {"space": "cosine", "ef_search": 200, "ef_construction": 128}}
AT_ONCE = 1000  # rows of one call


class Projection:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._client: Any = chromadb.PersistentClient(str(folder), settings=_settings())
        self._open: dict[str, Any] = {}

    def close(self) -> None:
        self._open.clear()
        self._client.close()

    def vaults(self) -> list[str]:
        return [collection.name for collection in self._client.list_collections()]

    def ids(self, vault: str) -> list[str]:
        collection = self._find(vault)
        return list(collection.get(include=[])["ids"]) if collection else []

    def vectors(self, vault: str, ids: Sequence[str]) -> dict[str, bytes]:
        collection = self._find(vault)
        if not collection or not ids:
            return {}
        got = collection.get(ids=list(ids), include=["embeddings"])
        return {id: np.float32(vector).tobytes() for id, vector in zip(got["ids"], got["embeddings"], strict=True)}

    def search(self, vault: str, queries: Sequence[bytes], limit: int) -> list[list[tuple[str, float]]]:
        """(chunk id, cosine) for each query, best first."""
        collection = self._find(vault)
        if not collection:
            return [[] for _ in queries]
        got = collection.query(query_embeddings=_rows(queries), n_results=limit, include=["distances"])
        return [
            [(id, 1.0 - distance) for id, distance in zip(ids, distances, strict=True)]
            for ids, distances in zip(got["ids"], got["distances"], strict=True)
        ]

    def put(self, vault: str, ids: Sequence[str], vectors: Sequence[bytes]) -> None:
        if vault not in self._open:
            self._open[vault] = self._client.get_or_create_collection(
                vault, configuration=CONFIGURATION, embedding_function=None
            )
        rows = _rows(vectors)
        for start in range(0, len(ids), AT_ONCE):
            end = start + AT_ONCE
            self._open[vault].upsert(ids=list(ids[start:end]), embeddings=rows[start:end])

    def apply(self, steps: "Sequence[Step]") -> None:
        for step in steps:
            if step.op == "drop":
                self._drop(step.vault)
            elif step.op == "put":
                self.put(step.vault, step.ids, step.vectors)
            elif collection := self._find(step.vault):
                collection.delete(ids=step.ids)

    def _drop(self, vault: str) -> None:
        if self._find(vault):
            self._client.delete_collection(vault)
        self._open.pop(vault, None)

    def _find(self, vault: str) -> Any:
        if vault not in self._open:
            try:
                self._open[vault] = self._client.get_collection(vault, embedding_function=None)
            except NotFoundError:
                return None
        return self._open[vault]


def _rows(vectors: Sequence[bytes]) -> Any:
    return np.frombuffer(b"".join(vectors), dtype=np.float32).reshape(len(vectors), -1)


def _settings() -> Settings:
    """Said in full, since what is left out Chroma takes from the environment and from a file in the working folder."""
    fixed: dict[str, Any] = {
        "_env_file": None,
        "chroma_api_impl": "chromadb.api.rust.RustBindingsAPI",
        "anonymized_telemetry": False,
        "chroma_otel_collection_endpoint": "",
        "chroma_otel_granularity": None,
        "chroma_server_host": None,
        "allow_reset": False,
    }
    return Settings(**fixed)
