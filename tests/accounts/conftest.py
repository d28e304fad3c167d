from collections.abc import AsyncIterator

import pytest
from accounts.office import Office

from gantry_edge.storage.database import Database


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    office = Office(database)
    await office.accounts.start()
    yield office
    office.accounts.close()
