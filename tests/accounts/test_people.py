"""What the owner of the machine may do to accounts, beside a running server."""

from collections.abc import AsyncIterator

import pytest

from gantry_edge.accounts.passwords import Passwords
from gantry_edge.accounts.people import People
from gantry_edge.accounts.schema import Login, Role, Visitor
from gantry_edge.accounts.signin import Accounts
from gantry_edge.errors import AlreadySetUp, Conflict, NotFound, WeakPassword, WrongPassword
from gantry_edge.storage.database import Database

PASSWORD = "correct horse battery"
VISITOR = Visitor("127.0.0.1", "test")


@pytest.fixture
async def people(database: Database) -> AsyncIterator[People]:
    passwords = Passwords()
    yield People(database, passwords)
    passwords.close()


@pytest.fixture
async def accounts(database: Database) -> AsyncIterator[Accounts]:
    accounts = Accounts(database, "test", lambda token: None)
    yield accounts
    accounts.close()


async def test_the_owner_made_without_a_browser_can_sign_in(people: People, accounts: Accounts) -> None:
    await people.make_owner("Ada", PASSWORD)
    signed_in = await accounts.login(Login("ada", PASSWORD), VISITOR)
    assert signed_in.user.role is Role.OWNER


async def test_there_is_one_owner(people: People) -> None:
    await people.make_owner("Ada", PASSWORD)
    with pytest.raises(AlreadySetUp):
        await people.make_owner("Eve", PASSWORD)


async def test_a_new_password_ends_every_session(people: People, accounts: Accounts) -> None:
    await people.make_owner("Ada", PASSWORD)
    token = (await accounts.login(Login("Ada", PASSWORD), VISITOR)).token
    await people.reset_password("Ada", "another quiet harbour")
    assert await accounts.authenticate(token) is None
    with pytest.raises(WrongPassword):
        await accounts.login(Login("Ada", PASSWORD), VISITOR)
    assert await accounts.login(Login("Ada", "another quiet harbour"), VISITOR)


async def test_a_weak_password_changes_nothing(people: People, accounts: Accounts) -> None:
    await people.make_owner("Ada", PASSWORD)
    with pytest.raises(WeakPassword):
        await people.reset_password("Ada", "password")
    assert await accounts.login(Login("Ada", PASSWORD), VISITOR)


async def test_who_is_disabled_is_out_at_once_and_in_again_when_enabled(people: People, accounts: Accounts) -> None:
    await accounts.create_user("Ben", PASSWORD, Role.MEMBER)
    token = (await accounts.login(Login("Ben", PASSWORD), VISITOR)).token
    await people.disable("ben")
    assert await accounts.authenticate(token) is None
    with pytest.raises(WrongPassword):
        await accounts.login(Login("Ben", PASSWORD), VISITOR)
    await people.enable("Ben")
    assert await accounts.login(Login("Ben", PASSWORD), VISITOR)


async def test_the_owner_cannot_be_disabled(people: People) -> None:
    await people.make_owner("Ada", PASSWORD)
    with pytest.raises(Conflict):
        await people.disable("Ada")


async def test_an_unknown_name_is_said_to_be_unknown(people: People) -> None:
    with pytest.raises(NotFound, match="nobody"):
        await people.enable("nobody")
