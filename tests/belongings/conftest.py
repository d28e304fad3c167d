import pytest
from belongings.house import House

from gantry_edge.services import Services


@pytest.fixture
def house(services: Services) -> House:
    return House(services)
