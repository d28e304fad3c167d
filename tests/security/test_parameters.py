"""Numbers that no database can hold are a mistake of the caller, not of the server."""

import pytest
from security.walk import Town

TOO_LARGE = ("-30866296086843738816512", "-1", "9223372036854775808")


@pytest.mark.parametrize("number", TOO_LARGE)
@pytest.mark.parametrize(
    "address", ["/api/conversations/outline?since=", "/api/conversations?skip=", "/api/audit?before="]
)
async def test_a_number_out_of_range_is_a_bad_request(town: Town, address: str, number: str) -> None:
    answer = await town.people["otto"].get(address + number)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
