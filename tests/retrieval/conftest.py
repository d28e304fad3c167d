import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from retrieval.library import Library

from gantry_edge.retrieval.embedder import Embedder
from gantry_edge.retrieval.index import Index
from gantry_edge.storage.database import Database


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return Embedder(threads=1)


@pytest.fixture
def library(database: Database, tmp_path: Path) -> Library:
    return Library(database, tmp_path / "index")


@pytest.fixture(scope="session")
def ready() -> Callable[[Index], Awaitable[None]]:
    async def wait(index: Index) -> None:
        async with asyncio.timeout(60):
            while index.state != "ready" or await index.lag():
                await asyncio.sleep(0.02)

    return wait
