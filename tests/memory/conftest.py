from collections.abc import Iterator
from pathlib import Path

import pytest
from memory.past import Past

from gantry_edge.retrieval.embedder import Embedder
from gantry_edge.retrieval.index import Index
from gantry_edge.storage.database import Database


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return Embedder(threads=1)


@pytest.fixture
def past(tmp_path: Path, database: Database, embedder: Embedder) -> Past:
    return Past(database, embedder, Index(database, tmp_path / "index", embedder.model, []))


@pytest.fixture
def trace(database: Database) -> Iterator[list[str]]:
    """Every statement that is read with from now on."""
    said: list[str] = []
    readers = list(database._readers)
    for connection in readers:
        connection.set_trace_callback(said.append)
    yield said
    for connection in readers:
        connection.set_trace_callback(None)
