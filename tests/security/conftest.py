from collections.abc import AsyncIterator

import pytest
from security.walk import Town

from gantry_edge.services import Services


@pytest.fixture
async def town(services: Services) -> AsyncIterator[Town]:
    town = Town(services)
    await town.settle()
    yield town
    for client in town.people.values():
        await client.aclose()
