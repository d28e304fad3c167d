from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gantry_edge.storage.database import Database
from gantry_edge.storage.migrations import migrate


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(tmp_path / "gantry.db")
    await database.write(migrate)
    yield database
    database.close()
