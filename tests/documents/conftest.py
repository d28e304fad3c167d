from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from documents.desk import Desk

from gantry_edge.retrieval.embedder import Embedder
from gantry_edge.storage.database import Database


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return Embedder()


@pytest.fixture
async def desk(tmp_path: Path, database: Database, embedder: Embedder) -> AsyncIterator[Desk]:
    desk = Desk(tmp_path, database, embedder)
    yield desk
    await desk.stop()


@pytest.fixture
async def working(desk: Desk) -> Desk:
    """With its worker."""
    await desk.start()
    return desk
