"""Accounts as those change them who look after the appliance: in the page, or standing at the machine."""

import builtins
from collections.abc import Callable

from gantry_edge.accounts import store
from gantry_edge.accounts.invitation_store import withdraw_all
from gantry_edge.accounts.names import clean_name
from gantry_edge.accounts.passwords import Passwords, check_password
from gantry_edge.accounts.schema import RANKS, Person, PersonChanges, Role, Session, User
from gantry_edge.accounts.store import Account
from gantry_edge.errors import AlreadySetUp, BadRequest, Conflict, Forbidden, NameTaken, NotFound
from gantry_edge.ids import new_id, now
from gantry_edge.paging import Page
from gantry_edge.storage.audit import MACHINE, By, append
from gantry_edge.storage.database import Connection, Database

MOST_SESSIONS = 1000

Find = Callable[[Connection], Account]


class People:
    def __init__(self, database: Database, passwords: Passwords) -> None:
        self._database = database
        self._passwords = passwords

    async def list(self) -> list[Account]:
        """The oldest first."""
        return await self._database.read(store.list_accounts)

    async def page(self, before: str | None, limit: int) -> Page[Person]:
        """The newest first."""
        return await self._database.read(lambda c: store.list_people(c, before, now(), limit))

    async def make_owner(self, name: str, password: str) -> User:
        """AlreadySetUp where there is one."""
        owner, password_hash = await self._prepare(name, password, Role.OWNER)

        def make(connection: Connection) -> None:
            if not store.create_owner(connection, owner, password_hash):
                raise AlreadySetUp(
                    "This appliance already has an owner; `gantry-edge reset-password` lets them in again"
                )
            append(connection, MACHINE, "account.set_up", owner.id)

        await self._database.write(make)
        return owner

    async def add(self, name: str, password: str, role: Role, by: By = MACHINE) -> User:
        """The owner comes first, by `make_owner`."""
        user, password_hash = await self._prepare(name, password, role)

        def add(connection: Connection) -> None:
            if not store.has_users(connection):
                raise Conflict("There is no owner yet; make the owner first, by `gantry-edge setup`")
            join(connection, user, password_hash)
            append(connection, by, "people.added", user.id, {"role": role.value})

        await self._database.write(add)
        return user

    async def _prepare(self, name: str, password: str, role: Role) -> tuple[User, str]:
        user = new_user(name, role)
        check_password(password, user.name)
        return user, await self._passwords.hash(password)

    async def change(self, find: Find, changes: PersonChanges, by: By = MACHINE) -> None:
        """With a role or a lock all sessions end; the last owner stays one."""

        def change(connection: Connection) -> None:
            account = find(connection)
            if changes.role is not None and changes.role is not account.user.role:
                set_role(connection, account.user, changes.role, by)
            if changes.disabled is not None and changes.disabled is not account.disabled:
                set_disabled(connection, account.user, changes.disabled, by)

        await self._database.write(change)

    async def sessions(self, find: Find) -> builtins.list[Session]:
        """Where they are signed in, the newest first."""

        def sessions(connection: Connection) -> Page[Session]:
            return store.list_sessions(connection, find(connection).user.id, "", now(), None, MOST_SESSIONS)

        return (await self._database.read(sessions)).items

    async def end_sessions(self, find: Find, by: By = MACHINE) -> None:
        def end(connection: Connection) -> None:
            user = find(connection).user
            store.delete_sessions(connection, user.id)
            append(connection, by, "people.signed_out", user.id)

        await self._database.write(end)

    async def reset_password(self, find: Find, password: str, by: By = MACHINE) -> None:
        """All sessions end."""
        check_password(password, (await self._database.read(find)).user.name)
        password_hash = await self._passwords.hash(password)

        def reset(connection: Connection) -> None:
            account = find(connection)
            store.set_password(connection, account.user.id, account.password_hash, password_hash, now())
            store.delete_sessions(connection, account.user.id)
            append(connection, by, "people.password_set", account.user.id)

        await self._database.write(reset)


def new_user(name: str, role: Role) -> User:
    try:
        return User(new_id(), clean_name(name), role, now())
    except ValueError as error:
        raise BadRequest(str(error)) from error


def join(connection: Connection, user: User, password_hash: str) -> None:
    if not store.create_user(connection, user, password_hash):
        raise NameTaken(f"There is already a user named {user.name}")


def set_role(connection: Connection, user: User, role: Role, by: By) -> None:
    if role is not Role.OWNER:
        keep_an_owner(connection, user)
    store.set_role(connection, user.id, role, now())
    store.delete_sessions(connection, user.id)
    withdraw_all(connection, user.id)
    append(connection, by, "people.role_changed", user.id, {"from": user.role.value, "to": role.value})


def lock_out(connection: Connection, user: User) -> None:
    """Conflict for the last owner; else out at once, with all that would let somebody in for them."""
    keep_an_owner(connection, user)
    store.set_disabled(connection, user.id, now())
    store.delete_sessions(connection, user.id)
    withdraw_all(connection, user.id)


def set_disabled(connection: Connection, user: User, disabled: bool, by: By) -> None:
    if disabled:
        lock_out(connection, user)
    else:
        store.set_disabled(connection, user.id, None)
    append(connection, by, "people.disabled" if disabled else "people.enabled", user.id)


def named(name: str) -> Find:
    def find(connection: Connection) -> Account:
        account = store.find_account(connection, name)
        if account is None:
            raise NotFound(f"There is no user named {name}; `gantry-edge users list` names them")
        return account

    return find


def below(actor: User, user_id: str) -> Find:
    """Somebody else whom this one may look after: an owner anybody, an admin members."""

    def find(connection: Connection) -> Account:
        account = store.get_account(connection, user_id)
        if account is None:
            raise NotFound("There is no such person; look at the list again")
        if account.user.id == actor.id:
            raise Conflict("This is your own account; another owner may change it, or you yourself in your settings")
        check_reach(actor, account.user.role)
        return account

    return find


def check_reach(actor: User, role: Role) -> None:
    if actor.role is not Role.OWNER and RANKS[role] >= RANKS[actor.role]:
        raise Forbidden("Only an owner may do this for owners and administrators")


def keep_an_owner(connection: Connection, user: User) -> None:
    """Conflict when nobody else could look after the appliance."""
    others = [each for each in store.list_accounts(connection) if each.user.id != user.id and not each.disabled]
    if user.role is Role.OWNER and not any(each.user.role is Role.OWNER for each in others):
        raise Conflict(f"{user.name} is the only owner; make someone else one first, by `gantry-edge users role`")
