"""Accounts as who stands at the machine may change them, without a password of theirs."""

import builtins

from gantry_edge.accounts import store
from gantry_edge.accounts.names import clean_name
from gantry_edge.accounts.passwords import Passwords, check_password
from gantry_edge.accounts.schema import Role, Session, User
from gantry_edge.accounts.store import Account
from gantry_edge.errors import AlreadySetUp, BadRequest, Conflict, NameTaken, NotFound
from gantry_edge.ids import new_id, now
from gantry_edge.paging import Page
from gantry_edge.storage.database import Connection, Database

MOST_SESSIONS = 1000


class People:
    def __init__(self, database: Database, passwords: Passwords) -> None:
        self._database = database
        self._passwords = passwords

    async def list(self) -> list[Account]:
        """The oldest first."""
        return await self._database.read(store.list_accounts)

    async def make_owner(self, name: str, password: str) -> User:
        """AlreadySetUp where there is one."""
        owner, password_hash = await self._prepare(name, password, Role.OWNER)
        if not await self._database.write(lambda c: store.create_owner(c, owner, password_hash)):
            raise AlreadySetUp("This appliance already has an owner; `gantry-edge reset-password` lets them in again")
        return owner

    async def add(self, name: str, password: str, role: Role) -> User:
        """The owner comes first, by `make_owner`."""
        user, password_hash = await self._prepare(name, password, role)

        def add(connection: Connection) -> None:
            if not store.has_users(connection):
                raise Conflict("There is no owner yet; make the owner first, by `gantry-edge setup`")
            if not store.create_user(connection, user, password_hash):
                raise NameTaken(f"There is already a user named {user.name}")

        await self._database.write(add)
        return user

    async def _prepare(self, name: str, password: str, role: Role) -> tuple[User, str]:
        try:
            user = User(new_id(), clean_name(name), role, now())
        except ValueError as error:
            raise BadRequest(str(error)) from error
        check_password(password, user.name)
        return user, await self._passwords.hash(password)

    async def set_role(self, name: str, role: Role) -> None:
        """All sessions end; the last owner stays one."""

        def set_role(connection: Connection) -> None:
            user = found(connection, name).user
            if role is not Role.OWNER:
                keep_an_owner(connection, user)
            store.set_role(connection, user.id, role, now())
            store.delete_sessions(connection, user.id)

        await self._database.write(set_role)

    async def sessions(self, name: str) -> builtins.list[Session]:
        """Where they are signed in, the newest first."""

        def sessions(connection: Connection) -> Page[Session]:
            return store.list_sessions(connection, found(connection, name).user.id, "", now(), None, MOST_SESSIONS)

        return (await self._database.read(sessions)).items

    async def end_sessions(self, name: str) -> None:
        await self._database.write(lambda c: store.delete_sessions(c, found(c, name).user.id))

    async def reset_password(self, name: str, password: str) -> None:
        """All sessions end."""
        check_password(password, name)
        password_hash = await self._passwords.hash(password)

        def reset(connection: Connection) -> None:
            account = found(connection, name)
            store.set_password(connection, account.user.id, account.password_hash, password_hash, now())
            store.delete_sessions(connection, account.user.id)

        await self._database.write(reset)

    async def disable(self, name: str) -> None:
        """All sessions end; the last owner cannot be locked out."""

        def disable(connection: Connection) -> None:
            user = found(connection, name).user
            keep_an_owner(connection, user)
            store.set_disabled(connection, user.id, now())
            store.delete_sessions(connection, user.id)

        await self._database.write(disable)

    async def enable(self, name: str) -> None:
        await self._database.write(lambda c: store.set_disabled(c, found(c, name).user.id, None))


def found(connection: Connection, name: str) -> Account:
    account = store.find_account(connection, name)
    if account is None:
        raise NotFound(f"There is no user named {name}; `gantry-edge users list` names them")
    return account


def keep_an_owner(connection: Connection, user: User) -> None:
    """Conflict when nobody else could look after the appliance."""
    others = [each for each in store.list_accounts(connection) if each.user.id != user.id and not each.disabled]
    if user.role is Role.OWNER and not any(each.user.role is Role.OWNER for each in others):
        raise Conflict(f"{user.name} is the only owner; make someone else one first, by `gantry-edge users role`")
