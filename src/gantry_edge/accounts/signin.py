"""The front door of accounts: set up, sign in, stay signed in, sign out."""

import asyncio
import logging
from collections.abc import Callable

from msgspec.structs import replace

from gantry_edge.accounts import store
from gantry_edge.accounts.invitations import Invitations
from gantry_edge.accounts.names import name_key
from gantry_edge.accounts.passwords import AT_ONCE, Passwords, check_password
from gantry_edge.accounts.people import People, join, new_user
from gantry_edge.accounts.schema import (
    Acceptance,
    ChangePassword,
    Login,
    Opened,
    Principal,
    ProfileChange,
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
from gantry_edge.errors import AlreadySetUp, NameTaken, NotFound, WrongPassword
from gantry_edge.ids import new_id
from gantry_edge.paging import Page
from gantry_edge.storage.audit import By, append
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
        self.people = People(database, self._passwords)
        self.invitations = Invitations(database, self._passwords, self._clock)
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

        def make(connection: Connection) -> None:
            if not store.create_owner(connection, owner, password_hash):
                raise AlreadySetUp
            append(connection, By(owner.id, visitor.address), "account.set_up", owner.id)

        await self._database.write(make)
        self._has_owner = True
        self._setup_token.burn()
        return await self._sign_in(Account(owner, password_hash, disabled=False), visitor)

    async def create_user(self, name: str, password: str, role: Role) -> User:
        user = new_user(name, role)
        check_password(password, user.name)
        password_hash = await self._passwords.hash(password)
        await self._database.write(lambda c: join(c, user, password_hash))
        return user

    async def login(self, form: Login, visitor: Visitor) -> SignedIn:
        keys = [account_key(form.email), *address_keys(visitor.address)]
        account = await self._check_guess(lambda c: store.find_account(c, form.email), form.password, keys, visitor)
        if self._passwords.outdated(account.password_hash):
            account = await self._rehash(account, form.password)
        return await self._sign_in(account, visitor)

    async def open_invitation(self, token: str, visitor: Visitor) -> Opened:
        """What the holder of this link may do."""
        self._throttle.count(key := link_key(visitor.address))
        opened = await self.invitations.open(token)
        self._throttle.give_back(key)
        return opened

    async def accept_invitation(self, form: Acceptance, visitor: Visitor) -> SignedIn:
        """Take what the link gives, and sign in."""
        async with self._gate:
            self._throttle.count(key := link_key(visitor.address))
            account = await self.invitations.accept(form, visitor.address)
            self._throttle.give_back(key)
        return await self._sign_in(account, visitor)

    async def logout(self, principal: Principal, by: By) -> None:
        def end(connection: Connection) -> None:
            store.delete_session(connection, principal.user.id, principal.session_id)
            append(connection, by, "account.signed_out", principal.user.id)

        await self._database.write(end)

    async def change_password(self, principal: Principal, form: ChangePassword, visitor: Visitor) -> SignedIn:
        """End the user's other sessions, and give this one a new token."""
        user = principal.user
        account = await self._check_guess(
            lambda c: store.get_account(c, user.id), form.current, [account_key(user.name)], visitor
        )
        check_password(form.password, user.name)
        new_hash = await self._passwords.hash(form.password)
        token = new_token()

        def change(connection: Connection) -> None:
            if not store.set_password(connection, user.id, account.password_hash, new_hash, self._clock()):
                raise WrongPassword
            store.delete_other_sessions(connection, user.id, principal.session_id)
            store.rotate_session(connection, principal.session_id, hash_token(token))
            append(connection, By(user.id, visitor.address), "account.password_changed", user.id)

        await self._database.write(change)
        return SignedIn(user, token)

    async def change_profile(self, principal: Principal, form: ProfileChange, visitor: Visitor) -> User:
        """Another user name is confirmed by the password: whoever signs in next has to know it."""
        user = principal.user
        changed = replace(
            user,
            name=user.name if form.name is None else form.name,
            display_name=user.display_name if form.display_name is None else form.display_name,
        )
        if changed.name != user.name:
            await self.confirm(principal, form.password or "", visitor)

        def change(connection: Connection) -> None:
            if not store.change_profile(connection, changed, self._clock()):
                raise NameTaken(f"Somebody else is named {changed.name} here; choose another user name")
            if changed.name != user.name:
                append(connection, By(user.id, visitor.address), "account.renamed", user.id)

        await self._database.write(change)
        return changed

    async def confirm(self, principal: Principal, password: str, visitor: Visitor) -> None:
        """WrongPassword unless it is theirs."""
        user = principal.user
        await self._check_guess(lambda c: store.get_account(c, user.id), password, [account_key(user.name)], visitor)

    async def list_sessions(self, principal: Principal, before: str | None, limit: int) -> Page[Session]:
        user_id, current, at = principal.user.id, principal.session_id, self._clock()
        return await self._database.read(lambda c: store.list_sessions(c, user_id, current, at, before, limit))

    async def revoke_session(self, principal: Principal, session_id: str, by: By) -> None:
        """NotFound alike for a missing one and for someone else's."""

        def end(connection: Connection) -> None:
            if not store.delete_session(connection, principal.user.id, session_id):
                raise NotFound("There is no such session")
            append(connection, by, "account.session_ended", principal.user.id)

        await self._database.write(end)

    async def revoke_others(self, principal: Principal, by: By) -> None:
        """All sessions of this user but this one."""

        def end(connection: Connection) -> None:
            store.delete_other_sessions(connection, principal.user.id, principal.session_id)
            append(connection, by, "account.sessions_ended", principal.user.id)

        await self._database.write(end)

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
        return session is not None and (session.user.id, session.user.role) == (principal.user.id, principal.user.role)

    async def _check_guess(
        self, find: Callable[[Connection], Account | None], password: str, keys: list[str], visitor: Visitor
    ) -> Account:
        """The account, if the password is right. Counted first, so that a flood never reaches the hasher."""
        by_account, *by_address = keys
        async with self._gate:
            self._throttle.count(*keys)
            account = await self._database.read(find)
            right = await self._passwords.verify(password, account.password_hash if account else None)
            if account is None or account.disabled or not right:
                await self._note_refusal(account, visitor)
                raise WrongPassword
            self._throttle.clear(by_account)
            for key in by_address:
                self._throttle.give_back(key)
            return account

    async def _note_refusal(self, account: Account | None, visitor: Visitor) -> None:
        """Never the name that was typed: people type passwords there. A full disk must not change the answer."""
        subject = account.user.id if account else ""
        try:
            await self._database.write(
                lambda c: append(c, By("", visitor.address), "account.password_refused", subject)
            )
        except DatabaseError as error:
            log.warning("a refused password could not be noted: %s", error)

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
            added = store.add_session(connection, session, account.user.id, hash_token(token), account.password_hash)
            if added:
                store.note_signed_in(connection, account.user.id, at)
                append(connection, By(account.user.id, visitor.address), "account.signed_in", account.user.id)
            return added

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


def link_key(address: str) -> str:
    return f"link:{address}"


def address_keys(address: str) -> list[str]:
    """None for this machine itself: all its programs share one address, and one could lock the others out."""
    return [] if address == "::1" or address.startswith("127.") else [f"address:{address}"]
