"""Accounts as who stands at the machine may change them, without a password of theirs."""

from gantry_edge.accounts import store
from gantry_edge.accounts.names import clean_name
from gantry_edge.accounts.passwords import Passwords, check_password
from gantry_edge.accounts.schema import Role, User
from gantry_edge.accounts.store import Account
from gantry_edge.errors import AlreadySetUp, BadRequest, Conflict, NotFound
from gantry_edge.ids import new_id, now
from gantry_edge.storage.database import Connection, Database


class People:
    def __init__(self, database: Database, passwords: Passwords) -> None:
        self._database = database
        self._passwords = passwords

    async def list(self) -> list[Account]:
        """The oldest first."""
        return await self._database.read(store.list_accounts)

    async def make_owner(self, name: str, password: str) -> User:
        """AlreadySetUp where there is one."""
        try:
            owner = User(new_id(), clean_name(name), Role.OWNER, now())
        except ValueError as error:
            raise BadRequest(str(error)) from error
        check_password(password, owner.name)
        password_hash = await self._passwords.hash(password)
        if not await self._database.write(lambda c: store.create_owner(c, owner, password_hash)):
            raise AlreadySetUp("This appliance already has an owner; `gantry-edge reset-password` lets them in again")
        return owner

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
        """All sessions end; the owner cannot be locked out."""

        def disable(connection: Connection) -> None:
            user = found(connection, name).user
            if user.role is Role.OWNER:
                raise Conflict("The owner cannot be disabled")
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
