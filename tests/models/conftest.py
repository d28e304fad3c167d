from collections.abc import AsyncIterator

import pytest

from gantry_edge.models.client import Client
from gantry_edge.models.schema import Endpoint, Timeouts
from gantry_edge.models.scripted import ScriptedEndpoint


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    client = Client(Timeouts(connect=1.0, first_token=1.0, idle=0.6))
    yield client
    await client.close()


@pytest.fixture
def endpoint(scripted: ScriptedEndpoint) -> Endpoint:
    return Endpoint("e1", "Office", scripted.url, "secret-of-the-test")
