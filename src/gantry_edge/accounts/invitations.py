"""Links that let somebody in: somebody new, or somebody who needs a new password. Each works once, for a while."""

from collections.abc import Callable

from gantry_edge.accounts import store
from gantry_edge.accounts.invitation_store import (
    add_invitation,
    delete_invitation,
    find_invitation,
    get_invitation,
    list_invitations,
    purge_invitations,
)
from gantry_edge.accounts.passwords import Passwords, check_password
from gantry_edge.accounts.people import below, check_reach, join, new_user
from gantry_edge.accounts.schema import Acceptance, Invitation, Invited, NewInvitation, Opened, User
from gantry_edge.accounts.sessions import SECOND, hash_token, new_token
from gantry_edge.accounts.store import Account
from gantry_edge.errors import BadRequest, Conflict, NotFound
from gantry_edge.ids import new_id
from gantry_edge.storage.audit import By, append
from gantry_edge.storage.database import Connection, Database

FOR_SOMEBODY_NEW = 7 * 24 * 3600 * SECOND
FOR_A_PASSWORD = 24 * 3600 * SECOND
MOST_OPEN = 200
USED = "This link was used, withdrawn, or is too old; ask for a new one"


class Invitations:
    def __init__(self, database: Database, passwords: Passwords, clock: Callable[[], int]) -> None:
        self._database = database
        self._passwords = passwords
        self._clock = clock

    async def list(self) -> list[Invitation]:
        """Those still open, the newest first."""
        return await self._database.read(lambda c: list_invitations(c, self._clock()))

    async def make(self, actor: User, wanted: NewInvitation, by: By) -> Invited:
        """For somebody below the actor; a newer link for a password takes the place of the one before."""
        token, at = new_token(), self._clock()

        def make(connection: Connection) -> Invitation:
            purge_invitations(connection, at)
            if len(list_invitations(connection, at)) >= MOST_OPEN:
                raise Conflict("There are very many open invitations; withdraw some first")
            user = below(actor, wanted.person_id)(connection).user if wanted.person_id else None
            role = user.role if user else wanted.role
            check_reach(actor, role)
            lives = FOR_A_PASSWORD if user else FOR_SOMEBODY_NEW
            made = Invitation(
                new_id(), role, wanted.note.strip(), user.name if user else None, actor.name, at, at + lives
            )
            add_invitation(connection, made, hash_token(token), user.id if user else None, actor.id)
            action = "people.password_link_made" if user else "people.invited"
            append(connection, by, action, user.id if user else made.id, {"role": role.value})
            return made

        return Invited(await self._database.write(make), token)

    async def withdraw(self, actor: User, invitation_id: str, by: By) -> None:
        def withdraw(connection: Connection) -> None:
            found = get_invitation(connection, invitation_id)
            if found is None:
                raise NotFound("There is no such invitation; it may have been used")
            check_reach(actor, found.role)
            delete_invitation(connection, invitation_id)
            append(connection, by, "people.invitation_withdrawn", invitation_id)

        await self._database.write(withdraw)

    async def open(self, token: str) -> Opened:
        found = await self._database.read(lambda c: find_invitation(c, hash_token(token), self._clock()))
        if found is None:
            raise NotFound(USED)
        return Opened(found.invitation.role, found.invitation.name, found.invitation.expires_at)

    async def accept(self, form: Acceptance, address: str) -> Account:
        """The account that may sign in now."""
        opened = await self.open(form.token)
        if not opened.name and not form.name:
            raise BadRequest("Choose the name you want to sign in with")
        check_password(form.password, opened.name or form.name)
        somebody = new_user(opened.name or form.name, opened.role)
        password_hash = await self._passwords.hash(form.password)

        def accept(connection: Connection) -> Account:
            found = find_invitation(connection, hash_token(form.token), self._clock())
            if found is None:
                raise NotFound(USED)
            delete_invitation(connection, found.invitation.id)
            if found.user_id:
                return renew(connection, found.user_id, password_hash, address)
            join(connection, somebody, password_hash)
            joined = By(somebody.id, address)
            append(connection, joined, "people.joined", found.invitation.id, {"role": somebody.role.value})
            return Account(somebody, password_hash, disabled=False)

        def renew(connection: Connection, user_id: str, password_hash: str, address: str) -> Account:
            account = store.get_account(connection, user_id)
            if account is None or account.disabled:
                raise NotFound(USED)
            store.set_password(connection, user_id, account.password_hash, password_hash, self._clock())
            store.delete_sessions(connection, user_id)
            append(connection, By(user_id, address), "account.password_changed", user_id)
            return account._replace(password_hash=password_hash)

        return await self._database.write(accept)
