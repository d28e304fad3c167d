"""What is left of a person who deletes their account: nothing, and everybody else is as before."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from belongings.house import MARKER, PASSWORD, House, Person
from factory import exchange

from gantry_edge.accounts.schema import Role
from gantry_edge.accounts.store import set_disabled
from gantry_edge.belongings.leaving import begin
from gantry_edge.chat import removal
from gantry_edge.config import Settings
from gantry_edge.services import Services, open_services
from gantry_edge.storage.database import Connection

PLACE = "/api/account/leave"


async def leave(person: Person, name: str = "vera", password: str = PASSWORD) -> tuple[int, str]:
    answer = await person.client.post(PLACE, json={"name": name, "password": password})
    return answer.status_code, answer.text


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(30):
        while not await holds():
            await asyncio.sleep(0.02)


async def is_gone(services: Services, person: Person) -> bool:
    find = "SELECT 1 FROM users WHERE id = ?"
    return await services.database.read(lambda c: c.execute(find, (person.user.id,)).fetchone() is None)


async def test_no_row_and_no_file_holds_a_word_of_who_left(house: House) -> None:
    otto, vera = await house.person("otto", Role.OWNER), await house.person("vera")
    await house.furnish(vera)
    rows = await house.rows_of(vera.user.id)
    assert {name for name, count in rows.items() if count} >= {"conversations", "documents", "facts", "personas"}
    assert house.files_with(MARKER)
    assert (await leave(vera))[0] == 204
    assert (await vera.client.get("/api/auth/me")).status_code == 401
    await until(lambda: is_gone(house.services, vera))

    async def clean() -> bool:
        return not house.files_with(MARKER)

    await until(clean)
    assert set((await house.rows_of(vera.user.id)).values()) == {0}
    assert (await otto.client.get("/api/auth/me")).status_code == 200


async def test_everybody_else_keeps_everything(house: House) -> None:
    await house.person("otto", Role.OWNER)
    vera, adam = await house.person("vera"), await house.person("adam")
    await house.furnish(adam)
    before = await house.rows_of(adam.user.id)
    await house.services.database.write(lambda c: exchange(c, vera.user.id))
    await leave(vera)
    await until(lambda: is_gone(house.services, vera))
    assert await house.rows_of(adam.user.id) == before


@pytest.mark.parametrize(("name", "password", "status"), [("Vera ", "wrong horse", 401), ("adam", PASSWORD, 400)])
async def test_nobody_leaves_by_mistake(house: House, name: str, password: str, status: int) -> None:
    await house.person("otto", Role.OWNER)
    vera = await house.person("vera")
    assert (await leave(vera, name, password))[0] == status
    assert (await vera.client.get("/api/auth/me")).status_code == 200


async def test_the_only_owner_stays(house: House) -> None:
    vera = await house.person("vera", Role.OWNER)
    assert (await vera.client.get("/api/account/belongings")).json()["may_leave"] is False
    status, text = await leave(vera)
    assert status == 409
    assert "only owner" in text
    await house.person("otto", Role.OWNER)
    assert (await vera.client.get("/api/account/belongings")).json()["may_leave"] is True
    assert (await leave(vera))[0] == 204


async def test_what_goes_is_counted_before(house: House) -> None:
    await house.person("otto", Role.OWNER)
    vera = await house.person("vera")
    await house.furnish(vera)
    told = (await vera.client.get("/api/account/belongings")).json()
    assert (told["conversations"], told["messages"], told["documents"], told["personas"]) == (2, 4, 1, 1)
    assert told["bytes"] == 20 * len(f"The word {MARKER} is only here. ")


async def test_nobody_lets_them_in_again(house: House) -> None:
    vera, _ = await house.person("vera"), await house.person("otto", Role.OWNER)

    def enable(connection: Connection) -> bool:
        begin(connection, vera.user.id)
        set_disabled(connection, vera.user.id, None)
        return bool(connection.execute("SELECT disabled_at FROM users WHERE name = 'vera'").fetchone()[0])

    assert await house.services.database.write(enable)


async def test_an_answer_being_written_ends_with_its_person(house: House) -> None:
    await house.person("otto", Role.OWNER)
    vera = await house.person("vera")
    asked = await vera.client.post(
        "/api/chat",
        json={"content": "hello", "model": "scripted/say?tokens=9000&rate=20"},
        headers={"Accept": "application/json"},
    )
    assert asked.status_code == 202
    await leave(vera)
    await until(lambda: is_gone(house.services, vera))
    assert not house.services.turns._turns


async def test_what_a_crash_left_half_done_is_done_at_the_next_start(settings: Settings) -> None:
    async with open_services(settings, lambda token: None) as services:
        house = House(services)
        await house.person("otto", Role.OWNER)
        vera = await house.person("vera")
        await house.furnish(vera)
        await services.database.write(lambda c: begin(c, vera.user.id))
    async with open_services(settings, lambda token: None) as services:
        await until(lambda: is_gone(services, vera))


async def test_one_write_deletes_no_more_than_a_portion(house: House) -> None:
    vera = await house.person("vera")
    ada = await house.person("ada")

    def talk(connection: Connection) -> None:
        for _ in range(removal.PORTION):
            exchange(connection, vera.user.id)
        exchange(connection, ada.user.id)

    def some(connection: Connection) -> int:
        assert removal.remove_some(connection, vera.user.id)
        return int(connection.execute("SELECT count(*) FROM messages").fetchone()[0])

    await house.services.database.write(talk)
    assert await house.services.database.write(some) == removal.PORTION + 2


async def test_a_message_older_than_what_it_answers_goes_too(house: House) -> None:
    """By a clock that was set."""
    vera = await house.person("vera")

    def talk(connection: Connection) -> None:
        for _ in range(removal.PORTION):
            said = exchange(connection, vera.user.id)
        early = "00000000-0000-7000-8000-000000000000"
        connection.execute(
            "INSERT INTO messages VALUES (?, ?, ?, 1, 'user', '[]', 0)", (early, said.conversation_id, said.answer_id)
        )

    def rest(connection: Connection) -> int:
        while removal.remove_some(connection, vera.user.id):
            pass
        return int(connection.execute("SELECT count(*) FROM messages").fetchone()[0])

    await house.services.database.write(talk)
    assert await house.services.database.write(rest) == 0
