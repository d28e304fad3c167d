"""What the owner of the machine may do to accounts, beside a running server."""

from collections.abc import AsyncIterator

import pytest

from gantry_edge.accounts.passwords import Passwords
from gantry_edge.accounts.people import People, named
from gantry_edge.accounts.schema import Login, PersonChanges, Role, Visitor
from gantry_edge.accounts.signin import Accounts
from gantry_edge.errors import AlreadySetUp, Conflict, NameTaken, NotFound, WeakPassword, WrongPassword
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
    await people.reset_password(named("Ada"), "another quiet harbour")
    assert await accounts.authenticate(token) is None
    with pytest.raises(WrongPassword):
        await accounts.login(Login("Ada", PASSWORD), VISITOR)
    assert await accounts.login(Login("Ada", "another quiet harbour"), VISITOR)


async def test_a_weak_password_changes_nothing(people: People, accounts: Accounts) -> None:
    await people.make_owner("Ada", PASSWORD)
    with pytest.raises(WeakPassword):
        await people.reset_password(named("Ada"), "password")
    assert await accounts.login(Login("Ada", PASSWORD), VISITOR)


async def test_who_is_disabled_is_out_at_once_and_in_again_when_enabled(people: People, accounts: Accounts) -> None:
    await accounts.create_user("Ben", PASSWORD, Role.MEMBER)
    token = (await accounts.login(Login("Ben", PASSWORD), VISITOR)).token
    await people.change(named("ben"), PersonChanges(disabled=True))
    assert await accounts.authenticate(token) is None
    with pytest.raises(WrongPassword):
        await accounts.login(Login("Ben", PASSWORD), VISITOR)
    await people.change(named("Ben"), PersonChanges(disabled=False))
    assert await accounts.login(Login("Ben", PASSWORD), VISITOR)


async def test_the_only_owner_can_be_neither_disabled_nor_demoted(people: People) -> None:
    await people.make_owner("Ada", PASSWORD)
    with pytest.raises(Conflict, match="only owner"):
        await people.change(named("Ada"), PersonChanges(disabled=True))
    with pytest.raises(Conflict, match="only owner"):
        await people.change(named("Ada"), PersonChanges(role=Role.ADMIN))
    await people.change(named("Ada"), PersonChanges(role=Role.OWNER))


async def test_a_disabled_owner_is_no_other_owner(people: People) -> None:
    await people.make_owner("Ada", PASSWORD)
    await people.add("Ben", PASSWORD, Role.OWNER)
    await people.change(named("Ada"), PersonChanges(disabled=True))
    with pytest.raises(Conflict, match="only owner"):
        await people.change(named("Ben"), PersonChanges(role=Role.MEMBER))


async def test_a_new_role_ends_every_session(people: People, accounts: Accounts) -> None:
    await people.make_owner("Ada", PASSWORD)
    await people.add("Ben", PASSWORD, Role.MEMBER)
    token = (await accounts.login(Login("Ben", PASSWORD), VISITOR)).token
    await people.change(named("ben"), PersonChanges(role=Role.ADMIN))
    assert await accounts.authenticate(token) is None
    assert (await accounts.login(Login("Ben", PASSWORD), VISITOR)).user.role is Role.ADMIN


async def test_nobody_is_added_before_the_owner(people: People) -> None:
    with pytest.raises(Conflict, match="setup"):
        await people.add("Ben", PASSWORD, Role.MEMBER)
    assert await people.list() == []


async def test_a_name_is_given_once(people: People) -> None:
    await people.make_owner("Ada", PASSWORD)
    with pytest.raises(NameTaken):
        await people.add("ADA", PASSWORD, Role.MEMBER)


async def test_sessions_are_seen_and_ended(people: People, accounts: Accounts) -> None:
    await people.make_owner("Ada", PASSWORD)
    tokens = [(await accounts.login(Login("Ada", PASSWORD), VISITOR)).token for _ in range(2)]
    assert [(each.address, each.agent) for each in await people.sessions(named("ada"))] == [("127.0.0.1", "test")] * 2
    await people.end_sessions(named("ada"))
    assert await people.sessions(named("ada")) == []
    assert [await accounts.authenticate(token) for token in tokens] == [None, None]


async def test_an_unknown_name_is_said_to_be_unknown(people: People) -> None:
    with pytest.raises(NotFound, match="nobody"):
        await people.change(named("nobody"), PersonChanges(disabled=False))
