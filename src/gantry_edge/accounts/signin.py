"""The front door of accounts: set up, sign in, stay signed in, sign out."""

import asyncio
import logging
from collections.abc import Callable

from gantry_edge.accounts import store
from gantry_edge.accounts.names import clean_name, name_key
from gantry_edge.accounts.passwords import AT_ONCE, Passwords, check_password
from gantry_edge.accounts.schema import (
    ChangePassword,
    Login,
    Principal,
    Role,
    Session,
    Setup,
    SignedIn,
    User,
    Visitor,
)
from gantry_edge.accounts.sessions import TOUCH, SessionClock, cookie_name, expiry, hash_token, new_token
from gantry_edge.accounts.setup import SetupToken
from gantry_edge.accounts.store import Account, LiveSession
from gantry_edge.accounts.throttle import Throttle
from gantry_edge.errors import AlreadySetUp, BadRequest, NameTaken, NotFound, WrongPassword
from gantry_edge.ids import new_id
from gantry_edge.paging import Page
from gantry_edge.storage.database import Connection, Database, DatabaseError

log = logging.getLogger(__name__)

LONGEST_AGENT = 200


class Accounts:
    """Users and their sessions. `announce_setup` gets each new token of the setup link."""

    def __init__(
        self,
        database: Database,
        instance_id: str,
        announce_setup: Callable[[str], None],
        *,
        passwords: Passwords | None = None,
        setup_token: SetupToken | None = None,
        throttle: Throttle | None = None,
        clock: Callable[[], int] | None = None,
    ) -> None:
        self._database = database
        self._instance_id = instance_id
        self._passwords = passwords or Passwords()
        self._setup_token = setup_token or SetupToken(announce_setup)
        self._throttle = throttle or Throttle()
        self._clock = clock or SessionClock()
        self._has_owner = False
        # No more guesses under way than may be hashed, so that the throttle sees each failure in time
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def start(self) -> None:
        """Issue the setup token when there is no owner yet, unless that was done."""
        if await self.setup_needed() and not self._setup_token.issued:
            self._setup_token.issue()

    def close(self) -> None:
        self._passwords.close()

    def cookie_name(self, scheme: str) -> str:
        return cookie_name(self._instance_id, secure=scheme == "https")

    async def setup_needed(self) -> bool:
        if not self._has_owner:
            found = await self._database.read(store.has_users)
            self._has_owner = self._has_owner or found  # a setup may have succeeded during the read
        return not self._has_owner

    async def setup(self, form: Setup, visitor: Visitor) -> SignedIn:
        """Make the owner and sign them in."""
        if not await self.setup_needed():
            raise AlreadySetUp
        self._setup_token.check(form.token)
        check_password(form.password, form.name)
        owner = User(new_id(), form.name, Role.OWNER, self._clock())
        password_hash = await self._passwords.hash(form.password)
        if not await self._database.write(lambda c: store.create_owner(c, owner, password_hash)):
            raise AlreadySetUp
        self._has_owner = True
        self._setup_token.burn()
        return await self._sign_in(Account(owner, password_hash, disabled=False), visitor)

    async def create_user(self, name: str, password: str, role: Role) -> User:
        try:
            user = User(new_id(), clean_name(name), role, self._clock())
        except ValueError as error:
            raise BadRequest(str(error)) from error
        check_password(password, user.name)
        password_hash = await self._passwords.hash(password)
        if not await self._database.write(lambda c: store.create_user(c, user, password_hash)):
            raise NameTaken(f"There is already a user named {user.name}")
        return user

    async def login(self, form: Login, visitor: Visitor) -> SignedIn:
        keys = [account_key(form.email), *address_keys(visitor.address)]
        account = await self._check_guess(lambda c: store.find_account(c, form.email), form.password, keys)
        if self._passwords.outdated(account.password_hash):
            account = await self._rehash(account, form.password)
        return await self._sign_in(account, visitor)

    async def logout(self, principal: Principal) -> None:
        await self._database.write(lambda c: store.delete_session(c, principal.user.id, principal.session_id))

    async def change_password(self, principal: Principal, form: ChangePassword, visitor: Visitor) -> SignedIn:
        """End the user's other sessions, and give this one a new token."""
        user = principal.user
        account = await self._check_guess(
            lambda c: store.get_account(c, user.id), form.current, [account_key(user.name)]
        )
        check_password(form.password, user.name)
        new_hash = await self._passwords.hash(form.password)
        token = new_token()

        def change(connection: Connection) -> None:
            if not store.set_password(connection, user.id, account.password_hash, new_hash, self._clock()):
                raise WrongPassword
            store.delete_other_sessions(connection, user.id, principal.session_id)
            store.rotate_session(connection, principal.session_id, hash_token(token))

        await self._database.write(change)
        return SignedIn(user, token)

    async def confirm(self, principal: Principal, password: str) -> None:
        """WrongPassword unless it is theirs."""
        user = principal.user
        await self._check_guess(lambda c: store.get_account(c, user.id), password, [account_key(user.name)])

    async def list_sessions(self, principal: Principal, before: str | None, limit: int) -> Page[Session]:
        user_id, current, at = principal.user.id, principal.session_id, self._clock()
        return await self._database.read(lambda c: store.list_sessions(c, user_id, current, at, before, limit))

    async def revoke_session(self, principal: Principal, session_id: str) -> None:
        """NotFound alike for a missing one and for someone else's."""
        if not await self._database.write(lambda c: store.delete_session(c, principal.user.id, session_id)):
            raise NotFound("There is no such session")

    async def authenticate(self, token: str) -> Principal | None:
        """Who holds this token now. Read from the database each time, so that a revocation bites at once."""
        at, token_hash = self._clock(), hash_token(token)
        session = await self._database.read(lambda c: store.find_session(c, token_hash, at))
        if session is None:
            return None
        if at - session.seen_at >= TOUCH:
            await self._touch(session, at)
        return Principal(session.user, session.id)

    async def still_valid(self, principal: Principal) -> bool:
        """For streams, which outlive the check at their start."""
        at = self._clock()
        session = await self._database.read(lambda c: store.get_session(c, principal.session_id, at))
        return session is not None and session.user == principal.user

    async def _check_guess(
        self, find: Callable[[Connection], Account | None], password: str, keys: list[str]
    ) -> Account:
        """The account, if the password is right. Counted first, so that a flood never reaches the hasher."""
        by_account, *by_address = keys
        async with self._gate:
            self._throttle.count(*keys)
            account = await self._database.read(find)
            right = await self._passwords.verify(password, account.password_hash if account else None)
            if account is None or account.disabled or not right:
                raise WrongPassword
            self._throttle.clear(by_account)
            for key in by_address:
                self._throttle.give_back(key)
            return account

    async def _rehash(self, account: Account, password: str) -> Account:
        new_hash = await self._passwords.hash(password)
        user_id, old_hash, at = account.user.id, account.password_hash, self._clock()
        changed = await self._database.write(lambda c: store.set_password(c, user_id, old_hash, new_hash, at))
        return account._replace(password_hash=new_hash) if changed else account

    async def _sign_in(self, account: Account, visitor: Visitor) -> SignedIn:
        """A new session; the one the visitor came with ends, so that a planted token gains nothing."""
        at, token = self._clock(), new_token()
        agent = visitor.agent[:LONGEST_AGENT]
        session = Session(new_id(), at, at, expiry(at, at), visitor.address, agent, current=True)

        def begin(connection: Connection) -> bool:
            store.purge_sessions(connection, at)
            if visitor.token:
                store.delete_session_of_token(connection, hash_token(visitor.token))
            return store.add_session(connection, session, account.user.id, hash_token(token), account.password_hash)

        if not await self._database.write(begin):
            raise WrongPassword("The password was changed just now; sign in with the new one")
        return SignedIn(account.user, token)

    async def _touch(self, session: LiveSession, at: int) -> None:
        """A disk that is full must not sign people out, so a failure is only told to the log."""
        expires_at = expiry(session.created_at, at)
        try:
            await self._database.write(lambda c: store.touch_session(c, session.id, at, expires_at))
        except DatabaseError as error:
            log.warning("the use of a session could not be noted: %s", error)


def account_key(name: str) -> str:
    return f"account:{name_key(name)}"


def address_keys(address: str) -> list[str]:
    """None for this machine itself: all its programs share one address, and one could lock the others out."""
    return [] if address == "::1" or address.startswith("127.") else [f"address:{address}"]
