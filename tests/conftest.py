import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gantry_edge.app import Services, open_services
from gantry_edge.config import ConfiguredEndpoint, Settings
from gantry_edge.models.scripted import ScriptedEndpoint
from gantry_edge.storage.database import Database
from gantry_edge.storage.migrations import migrate


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(tmp_path / "gantry.db")
    await database.write(migrate)
    yield database
    database.close()


@pytest.fixture
async def scripted() -> AsyncIterator[ScriptedEndpoint]:
    async with ScriptedEndpoint() as endpoint:
        yield endpoint


@pytest.fixture
def settings(tmp_path: Path, scripted: ScriptedEndpoint) -> Settings:
    return Settings(
        data_dir=tmp_path / "home",
        engine=False,
        endpoints=(ConfiguredEndpoint("scripted", scripted.url),),
        connect_timeout=1,
        first_token_timeout=2,
        idle_timeout=2,
        drain=0.2,
    )


@pytest.fixture
async def services(settings: Settings) -> AsyncIterator[Services]:
    async with open_services(settings, lambda token: None) as services:
        yield services
    await asyncio.sleep(0)
