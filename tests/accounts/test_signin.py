"""Accounts as the rest of the program uses them."""

import asyncio
import re
from collections.abc import Callable
from typing import Literal, TypeVar

import pytest
from accounts.office import HERE, PASSWORD, CheapHasher, Office
from argon2 import PasswordHasher

from gantry_edge.accounts.passwords import Passwords
from gantry_edge.accounts.schema import ChangePassword, Login, Principal, Role, Setup, SignedIn, Visitor
from gantry_edge.accounts.sessions import ABSOLUTE, IDLE, SECOND, TOUCH
from gantry_edge.accounts.signin import Accounts
from gantry_edge.errors import (
    AlreadySetUp,
    NameTaken,
    NotFound,
    TooManyAttempts,
    WeakPassword,
    WrongPassword,
    WrongSetupToken,
)
from gantry_edge.storage.audit import MACHINE
from gantry_edge.storage.database import Connection, Database

WRONG = "wrong horse battery"
T = TypeVar("T")


async def principal_of(office: Office, signed_in: SignedIn) -> Principal:
    principal = await office.accounts.authenticate(signed_in.token)
    assert principal
    return principal


async def sign_in(office: Office, name: str = "ada", visitor: Visitor = HERE) -> SignedIn:
    return await office.accounts.login(Login(name, PASSWORD), visitor)


async def test_a_new_appliance_needs_setup(office: Office) -> None:
    assert await office.accounts.setup_needed()


async def test_setup_makes_an_owner_who_is_signed_in(office: Office) -> None:
    principal = await principal_of(office, await office.make_owner())
    assert (principal.user.name, principal.user.role) == ("ada", Role.OWNER)


async def test_an_appliance_with_an_owner_announces_no_token(office: Office, database: Database) -> None:
    await office.make_owner()
    later = Office(database)
    await later.accounts.start()
    later.accounts.close()
    assert later.tokens == []


async def test_thirty_setups_at_once_make_one_owner(office: Office) -> None:
    forms = [Setup(office.tokens[0], f"owner {n}", PASSWORD) for n in range(30)]
    outcomes = await asyncio.gather(*(office.accounts.setup(form, HERE) for form in forms), return_exceptions=True)
    assert sum(isinstance(outcome, SignedIn) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, AlreadySetUp) for outcome in outcomes) == 29
    count = await office.database.read(lambda c: c.execute("SELECT count(*) FROM users").fetchone()[0])
    assert count == 1


async def test_a_setup_that_began_before_another_succeeded_is_told_so(office: Office) -> None:
    """Its look into the database is older than the owner, its look at the token is younger."""
    old_news = asyncio.Event()

    class SlowDatabase(Database):
        async def read(self, fn: Callable[[Connection], T]) -> T:
            value = await super().read(fn)
            await old_news.wait()
            return value

    late = SlowDatabase(office.database.path)
    office.accounts._database = late
    slow = asyncio.create_task(office.accounts.setup(Setup(office.tokens[0], "eve", PASSWORD), HERE))
    await asyncio.sleep(0.05)
    office.accounts._has_owner = True  # as the other setup leaves it
    office.accounts._setup_token.burn()
    old_news.set()
    with pytest.raises(AlreadySetUp):
        await slow
    late.close()


async def test_a_wrong_token_makes_nobody(office: Office) -> None:
    with pytest.raises(WrongSetupToken):
        await office.accounts.setup(Setup("wrong", "eve", PASSWORD), HERE)
    assert await office.accounts.setup_needed()


async def test_a_weak_password_does_not_use_up_the_token(office: Office) -> None:
    with pytest.raises(WeakPassword):
        await office.accounts.setup(Setup(office.tokens[0], "ada", "password"), HERE)
    await office.make_owner()


async def test_a_name_signs_in_however_it_is_spelled(office: Office) -> None:
    await office.make_owner("Ada")
    assert (await sign_in(office, " ADA ")).user.name == "Ada"


async def test_a_wrong_password_is_refused(office: Office) -> None:
    await office.make_owner()
    with pytest.raises(WrongPassword):
        await office.accounts.login(Login("ada", WRONG), HERE)


async def test_a_disabled_user_cannot_sign_in(office: Office) -> None:
    await office.make_owner()
    await office.database.write(lambda c: c.execute("UPDATE users SET disabled_at = 1"))
    with pytest.raises(WrongPassword):
        await sign_in(office)


async def test_a_disabled_user_is_out_at_once(office: Office) -> None:
    signed_in = await office.make_owner()
    await office.database.write(lambda c: c.execute("UPDATE users SET disabled_at = 1"))
    assert await office.accounts.authenticate(signed_in.token) is None


async def test_a_new_role_counts_at_once(office: Office) -> None:
    signed_in = await office.make_owner()
    await office.database.write(lambda c: c.execute("UPDATE users SET role = 'member'"))
    assert (await principal_of(office, signed_in)).user.role is Role.MEMBER


async def test_unknown_and_known_users_cost_the_same(office: Office) -> None:
    await office.make_owner()
    checked = []
    for name in ("ada", "nobody"):
        before = office.hasher.checked
        with pytest.raises(WrongPassword):
            await office.accounts.login(Login(name, WRONG), HERE)
        checked.append(office.hasher.checked - before)
    assert checked == [1, 1]


async def test_a_thousand_guesses_reach_the_hasher_at_most_twenty_times(office: Office) -> None:
    await office.make_owner()
    guesses = [office.accounts.login(Login("ada", f"guess number {n}"), HERE) for n in range(1000)]
    outcomes = await asyncio.gather(*guesses, return_exceptions=True)
    assert office.hasher.checked <= 20
    assert sum(isinstance(outcome, TooManyAttempts) for outcome in outcomes) >= 980


async def test_guesses_from_many_addresses_are_held_up_by_the_account(office: Office) -> None:
    await office.make_owner()
    guesses = [office.accounts.login(Login("ada", WRONG), Visitor(f"2001:db8::{n:x}")) for n in range(1, 200)]
    await asyncio.gather(*guesses, return_exceptions=True)
    assert office.hasher.checked <= 20


async def test_guesses_at_many_accounts_are_held_up_by_the_address(office: Office) -> None:
    await asyncio.gather(
        *(office.accounts.login(Login(f"user {n}", WRONG), HERE) for n in range(200)), return_exceptions=True
    )
    assert office.hasher.checked <= 20


async def test_a_program_on_this_machine_cannot_lock_the_others_out(office: Office) -> None:
    await office.make_owner()
    here = Visitor("127.0.0.1")
    for n in range(30):
        with pytest.raises(WrongPassword):
            await office.accounts.login(Login(f"user {n}", WRONG), here)
    await sign_in(office, visitor=here)


async def test_a_hundred_people_behind_one_address_sign_in_at_once(office: Office) -> None:
    for n in range(100):
        await office.make_member(f"user {n}")
    await asyncio.gather(*(sign_in(office, f"user {n}") for n in range(100)))


async def test_after_the_wait_the_right_password_works(office: Office) -> None:
    await office.make_owner()
    for _ in range(20):
        with pytest.raises((WrongPassword, TooManyAttempts)):
            await office.accounts.login(Login("ada", WRONG), HERE)
    office.seconds.value += 300
    await sign_in(office)


async def test_a_sign_in_ends_the_session_the_browser_came_with(office: Office) -> None:
    planted = await office.make_owner()
    after = await sign_in(office, visitor=Visitor("192.0.2.1", token=planted.token))
    assert await office.accounts.authenticate(planted.token) is None
    assert await office.accounts.authenticate(after.token)


async def test_the_database_holds_no_usable_token(office: Office) -> None:
    tokens = [(await office.make_owner()).token, (await sign_in(office)).token, office.tokens[0]]
    folder = office.database.path.parent
    stored = b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
    assert stored
    assert not [token for token in tokens if token.encode() in stored]
    for digest in re.findall(rb"[0-9a-f]{64}", stored):
        assert await office.accounts.authenticate(digest.decode()) is None


async def test_signing_out_ends_the_session(office: Office) -> None:
    signed_in = await office.make_owner()
    await office.accounts.logout(await principal_of(office, signed_in), MACHINE)
    assert await office.accounts.authenticate(signed_in.token) is None


async def test_a_new_password_ends_the_other_sessions(office: Office) -> None:
    other = await office.make_owner()
    here = await principal_of(office, await sign_in(office))
    changed = await office.accounts.change_password(here, ChangePassword(PASSWORD, "another horse"), HERE)
    assert await office.accounts.authenticate(other.token) is None
    assert await principal_of(office, changed) == here


async def test_a_new_password_changes_the_token_too(office: Office) -> None:
    before = await office.make_owner()
    here = await principal_of(office, before)
    await office.accounts.change_password(here, ChangePassword(PASSWORD, "another horse"), HERE)
    assert await office.accounts.authenticate(before.token) is None


async def test_the_old_password_is_dead(office: Office) -> None:
    here = await principal_of(office, await office.make_owner())
    await office.accounts.change_password(here, ChangePassword(PASSWORD, "another horse"), HERE)
    with pytest.raises(WrongPassword):
        await sign_in(office)


async def test_the_current_password_must_be_right(office: Office) -> None:
    here = await principal_of(office, await office.make_owner())
    with pytest.raises(WrongPassword):
        await office.accounts.change_password(here, ChangePassword(WRONG, "another horse"), HERE)


async def test_a_new_password_must_be_strong(office: Office) -> None:
    here = await principal_of(office, await office.make_owner())
    with pytest.raises(WeakPassword):
        await office.accounts.change_password(here, ChangePassword(PASSWORD, "ada"), HERE)


async def test_a_session_can_be_revoked_by_its_user(office: Office) -> None:
    lost = await office.make_owner()
    here = await principal_of(office, await sign_in(office))
    await office.accounts.revoke_session(here, (await principal_of(office, lost)).session_id, MACHINE)
    assert await office.accounts.authenticate(lost.token) is None


async def test_nobody_else_can_revoke_it(office: Office) -> None:
    ada = await office.make_owner()
    await office.make_member("bob")
    bob = await principal_of(office, await sign_in(office, "bob"))
    with pytest.raises(NotFound):
        await office.accounts.revoke_session(bob, (await principal_of(office, ada)).session_id, MACHINE)
    assert await office.accounts.authenticate(ada.token)


async def test_the_list_marks_the_session_that_asks(office: Office) -> None:
    await office.make_owner()
    here = await principal_of(office, await sign_in(office))
    page = await office.accounts.list_sessions(here, None, 50)
    assert [(session.id == here.session_id, session.current) for session in page.items] == [
        (True, True),
        (False, False),
    ]


async def test_an_unused_session_ends_after_twelve_hours(office: Office) -> None:
    signed_in = await office.make_owner()
    office.wall.value += IDLE
    assert await office.accounts.authenticate(signed_in.token) is None


async def test_a_used_session_goes_on(office: Office) -> None:
    signed_in = await office.make_owner()
    for _ in range(5):
        office.wall.value += IDLE - SECOND
        await principal_of(office, signed_in)


async def test_a_used_session_ends_after_thirty_days(office: Office) -> None:
    signed_in = await office.make_owner()
    while office.wall.value < 1_800_000_000_000 + ABSOLUTE - IDLE:
        office.wall.value += IDLE - SECOND
        await principal_of(office, signed_in)
    office.wall.value = 1_800_000_000_000 + ABSOLUTE
    assert await office.accounts.authenticate(signed_in.token) is None


async def test_a_clock_set_back_ends_no_session(office: Office) -> None:
    signed_in = await office.make_owner()
    office.wall.value -= 24 * 3600 * SECOND
    await principal_of(office, signed_in)


async def test_use_is_written_at_most_every_five_minutes(office: Office) -> None:
    signed_in = await office.make_owner()
    seen = []
    for step in (TOUCH - 1, 1, TOUCH - 1):
        office.wall.value += step
        await principal_of(office, signed_in)
        row = await office.database.read(lambda c: c.execute("SELECT seen_at FROM sessions").fetchone())
        seen.append(row[0] - 1_800_000_000_000)
    assert seen == [0, TOUCH, TOUCH]


FULL_DISK = """
CREATE TRIGGER full_disk BEFORE UPDATE ON sessions BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END
"""


async def test_a_full_disk_signs_nobody_out(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    signed_in = await office.make_owner()
    office.wall.value += TOUCH
    await office.database.write(lambda c: c.execute(FULL_DISK))
    await principal_of(office, signed_in)
    assert "could not be noted" in caplog.text


async def test_a_stream_learns_that_its_session_was_revoked(office: Office) -> None:
    here = await principal_of(office, await office.make_owner())
    assert await office.accounts.still_valid(here)
    await office.accounts.logout(here, MACHINE)
    assert not await office.accounts.still_valid(here)


async def test_a_stream_learns_that_the_role_changed(office: Office) -> None:
    here = await principal_of(office, await office.make_owner())
    await office.database.write(lambda c: c.execute("UPDATE users SET role = 'member'"))
    assert not await office.accounts.still_valid(here)


async def test_a_hash_of_old_parameters_is_renewed_at_sign_in(office: Office) -> None:
    await office.make_owner()
    later = Accounts(
        office.database,
        office.instance_id,
        office.tokens.append,
        passwords=Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)),
        clock=office.wall,
    )
    signed_in = await later.login(Login("ada", PASSWORD), HERE)
    later.close()
    row = await office.database.read(lambda c: c.execute("SELECT password_hash FROM users").fetchone())
    assert "m=16,t=2" in row[0]
    assert await office.accounts.authenticate(signed_in.token)


async def test_a_name_is_given_once(office: Office) -> None:
    await office.make_owner("ada")
    with pytest.raises(NameTaken):
        await office.make_member("Ada")


async def test_a_password_changed_during_sign_in_wins(database: Database) -> None:
    """A thief with the old password, quick enough to be checked before the change, must not stay."""

    class SlowHasher(CheapHasher):
        changed = False

        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
            right = super().verify(hash, password)
            while not self.changed:
                pass
            return right

    office = Office(database)
    await office.make_owner()
    slow = SlowHasher()
    thief = Office(database, hasher=slow)
    login = asyncio.create_task(sign_in(thief))
    here = await principal_of(office, await sign_in(office))
    await office.accounts.change_password(here, ChangePassword(PASSWORD, "another horse"), HERE)
    slow.changed = True
    with pytest.raises(WrongPassword):
        await login
    office.accounts.close()
    thief.accounts.close()
