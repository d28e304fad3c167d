import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from gantry_edge.accounts.passwords import Passwords
from gantry_edge.config import ConfiguredEndpoint, Settings
from gantry_edge.models.scripted import ScriptedEndpoint
from gantry_edge.services import DATABASE, Services, open_services
from gantry_edge.storage.database import Database, open_connection
from gantry_edge.storage.migrations import migrate


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of today's schema with nothing in it, to copy."""
    path = tmp_path_factory.mktemp("empty") / DATABASE
    connection = open_connection(path)
    with connection:
        connection.execute("BEGIN")
        migrate(connection)
    connection.close()
    return path


@pytest.fixture
async def database(tmp_path: Path, empty: Path) -> AsyncIterator[Database]:
    database = Database(shutil.copyfile(empty, tmp_path / DATABASE))
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
async def services(settings: Settings, empty: Path) -> AsyncIterator[Services]:
    settings.home.mkdir()
    shutil.copyfile(empty, settings.home / DATABASE)
    async with open_services(settings, lambda token: None) as services:
        services.accounts._passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield services
    await asyncio.sleep(0)
