"""Who leaves: from the first step nobody signs in as them, and the last one takes the account itself. The front door
for those who delete all that is theirs in between."""

from gantry_edge.accounts import store
from gantry_edge.accounts.names import name_key
from gantry_edge.accounts.people import keep_an_owner, lock_out
from gantry_edge.accounts.schema import User
from gantry_edge.accounts.store import delete_user
from gantry_edge.errors import Conflict, NotSignedIn
from gantry_edge.storage.audit import By, append
from gantry_edge.storage.database import Connection

__all__ = ["begin", "delete_user", "is_named", "list_leaving", "may_leave"]


def may_leave(connection: Connection, user: User) -> bool:
    """Not the only owner."""
    try:
        keep_an_owner(connection, user)
    except Conflict:
        return False
    return True


def is_named(user: User, name: str) -> bool:
    return name_key(name) == name_key(user.name)


def begin(connection: Connection, user_id: str, by: By) -> None:
    """There is no way back. Conflict for the last owner."""
    account = store.get_account(connection, user_id)
    if account is None:
        raise NotSignedIn
    lock_out(connection, account.user)
    append(connection, by, "people.left", user_id)
    connection.execute("UPDATE users SET leaving = 1 WHERE id = ?", (user_id,))


def list_leaving(connection: Connection) -> list[str]:
    return [row[0] for row in connection.execute("SELECT id FROM users WHERE leaving = 1 ORDER BY id")]
