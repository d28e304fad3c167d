"""The SQL of users and sessions. Functions receive a connection and return structs."""

from typing import Any, NamedTuple

import msgspec

from gantry_edge.accounts.names import name_key
from gantry_edge.accounts.schema import Person, Role, Session, User
from gantry_edge.paging import Page
from gantry_edge.storage.database import Connection, Row

AFTER_EVERY_ID = "z"


class Account(NamedTuple):
    """A user with what signing in needs."""

    user: User
    password_hash: str
    disabled: bool


class LiveSession(NamedTuple):
    """A session that has not ended, with its user."""

    id: str
    user: User
    created_at: int
    seen_at: int


def has_accounts(connection: Connection) -> bool:
    """False in a database that was made and not yet filled."""
    return connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'users'").fetchone() is not None


def has_users(connection: Connection) -> bool:
    return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM users)").fetchone()[0])


def create_owner(connection: Connection, user: User, password_hash: str) -> bool:
    """Whether this became the first user: one statement decides it, however many ask at once."""
    sql = INSERT_USER + "WHERE NOT EXISTS (SELECT 1 FROM users) RETURNING id"
    return connection.execute(sql, _user_values(user, password_hash)).fetchone() is not None


def create_user(connection: Connection, user: User, password_hash: str) -> bool:
    """False when the name is taken."""
    sql = INSERT_USER + "WHERE true ON CONFLICT (name_key) DO NOTHING RETURNING id"
    return connection.execute(sql, _user_values(user, password_hash)).fetchone() is not None


def find_account(connection: Connection, name: str) -> Account | None:
    return _account(connection, "name_key = :value", name_key(name))


def get_account(connection: Connection, user_id: str) -> Account | None:
    return _account(connection, "id = :value", user_id)


def list_accounts(connection: Connection) -> list[Account]:
    rows = connection.execute(f"SELECT {ACCOUNT} FROM users ORDER BY id").fetchall()
    return [_account_of(row) for row in rows]


def list_people(connection: Connection, before: str | None, at: int, limit: int) -> Page[Person]:
    """The newest first."""
    rows = connection.execute(
        "SELECT u.id, u.name, u.role, u.disabled_at IS NOT NULL AS disabled, u.created_at, u.signed_in_at, "
        "(SELECT count(*) FROM sessions s WHERE s.user_id = u.id AND s.expires_at > :at) AS sessions "
        "FROM users u WHERE u.id < :before ORDER BY u.id DESC LIMIT :limit",
        {"before": before or AFTER_EVERY_ID, "at": at, "limit": limit + 1},
    ).fetchall()
    items = [msgspec.convert(dict(row), Person, strict=False) for row in rows[:limit]]
    return Page(items, next=items[-1].id if len(rows) > limit else None)


def set_disabled(connection: Connection, user_id: str, at: int | None) -> None:
    """`at` is since when; None lets them in again, unless they are being deleted."""
    connection.execute("UPDATE users SET disabled_at = :at WHERE id = :id AND leaving = 0", {"at": at, "id": user_id})


def set_role(connection: Connection, user_id: str, role: Role, at: int) -> None:
    connection.execute(
        "UPDATE users SET role = :role, updated_at = :at WHERE id = :id", {"role": role.value, "at": at, "id": user_id}
    )


def delete_user(connection: Connection, user_id: str) -> None:
    """With their sessions. Whatever else is theirs has to be gone."""
    connection.execute("DELETE FROM users WHERE id = :id", {"id": user_id})


def change_profile(connection: Connection, user: User, at: int) -> bool:
    """False when the name is taken."""
    key = name_key(user.name)
    if connection.execute("SELECT 1 FROM users WHERE name_key = ? AND id <> ?", (key, user.id)).fetchone():
        return False
    connection.execute(
        "UPDATE users SET name = ?, name_key = ?, display_name = ?, updated_at = ? WHERE id = ?",
        (user.name, key, user.display_name, at, user.id),
    )
    return True


def set_password(connection: Connection, user_id: str, old_hash: str, new_hash: str, at: int) -> bool:
    """False when someone else changed it meanwhile."""
    row = connection.execute(
        "UPDATE users SET password_hash = :new_hash, updated_at = :at "
        "WHERE id = :user_id AND password_hash = :old_hash RETURNING id",
        {"new_hash": new_hash, "at": at, "user_id": user_id, "old_hash": old_hash},
    ).fetchone()
    return row is not None


def add_session(connection: Connection, session: Session, user_id: str, token_hash: str, password_hash: str) -> bool:
    """False when the account was disabled, or its password changed, since it was checked."""
    row = connection.execute(
        "INSERT INTO sessions (id, user_id, token_hash, address, agent, created_at, seen_at, expires_at) "
        "SELECT :id, id, :token_hash, :address, :agent, :created_at, :seen_at, :expires_at FROM users "
        "WHERE id = :user_id AND password_hash = :password_hash AND disabled_at IS NULL RETURNING id",
        {
            "id": session.id,
            "user_id": user_id,
            "token_hash": token_hash,
            "address": session.address,
            "agent": session.agent,
            "created_at": session.created_at,
            "seen_at": session.seen_at,
            "expires_at": session.expires_at,
            "password_hash": password_hash,
        },
    ).fetchone()
    return row is not None


def note_signed_in(connection: Connection, user_id: str, at: int) -> None:
    connection.execute("UPDATE users SET signed_in_at = :at WHERE id = :id", {"at": at, "id": user_id})


def find_session(connection: Connection, token_hash: str, at: int) -> LiveSession | None:
    """The session of a token with its user, in one statement; None once it ended or the user is disabled."""
    return _live_session(connection, "s.token_hash = :value", token_hash, at)


def get_session(connection: Connection, session_id: str, at: int) -> LiveSession | None:
    return _live_session(connection, "s.id = :value", session_id, at)


def touch_session(connection: Connection, session_id: str, at: int, expires_at: int) -> None:
    connection.execute(
        "UPDATE sessions SET seen_at = :at, expires_at = :expires_at WHERE id = :id AND seen_at < :at",
        {"id": session_id, "at": at, "expires_at": expires_at},
    )


def rotate_session(connection: Connection, session_id: str, token_hash: str) -> None:
    """The same session by a new token."""
    connection.execute(
        "UPDATE sessions SET token_hash = :token_hash WHERE id = :id",
        {"id": session_id, "token_hash": token_hash},
    )


def list_sessions(
    connection: Connection, user_id: str, current_id: str, at: int, before: str | None, limit: int
) -> Page[Session]:
    """The newest first."""
    rows = connection.execute(
        "SELECT id, created_at, seen_at, expires_at, address, agent FROM sessions "
        "WHERE user_id = :user_id AND id < :before AND expires_at > :at ORDER BY id DESC LIMIT :limit",
        {"user_id": user_id, "before": before or AFTER_EVERY_ID, "at": at, "limit": limit + 1},
    ).fetchall()
    items = [Session(**dict(row), current=row["id"] == current_id) for row in rows[:limit]]
    return Page(items, next=items[-1].id if len(rows) > limit else None)


def delete_session(connection: Connection, user_id: str, session_id: str) -> bool:
    """False alike for a missing one and for someone else's."""
    row = connection.execute(
        "DELETE FROM sessions WHERE id = :id AND user_id = :user_id RETURNING id",
        {"id": session_id, "user_id": user_id},
    ).fetchone()
    return row is not None


def delete_session_of_token(connection: Connection, token_hash: str) -> None:
    connection.execute("DELETE FROM sessions WHERE token_hash = :hash", {"hash": token_hash})


def delete_sessions(connection: Connection, user_id: str) -> None:
    connection.execute("DELETE FROM sessions WHERE user_id = :user_id", {"user_id": user_id})


def delete_other_sessions(connection: Connection, user_id: str, kept_id: str) -> None:
    connection.execute(
        "DELETE FROM sessions WHERE user_id = :user_id AND id <> :kept_id",
        {"user_id": user_id, "kept_id": kept_id},
    )


def purge_sessions(connection: Connection, at: int) -> None:
    """Delete the ones that ended."""
    connection.execute("DELETE FROM sessions WHERE expires_at <= :at", {"at": at})


ACCOUNT = "id, name, role, created_at, display_name, password_hash, disabled_at"

INSERT_USER = (
    "INSERT INTO users (id, name, name_key, role, password_hash, created_at, updated_at) "
    "SELECT :id, :name, :name_key, :role, :password_hash, :created_at, :created_at "
)


def _user_values(user: User, password_hash: str) -> dict[str, Any]:
    return {
        "id": user.id,
        "name": user.name,
        "name_key": name_key(user.name),
        "role": user.role.value,
        "password_hash": password_hash,
        "created_at": user.created_at,
    }


def _account(connection: Connection, condition: str, value: str) -> Account | None:
    row = connection.execute(f"SELECT {ACCOUNT} FROM users WHERE {condition}", {"value": value}).fetchone()
    return None if row is None else _account_of(row)


def _account_of(row: Row) -> Account:
    user = User(row["id"], row["name"], Role(row["role"]), row["created_at"], row["display_name"])
    return Account(user, row["password_hash"], row["disabled_at"] is not None)


def _live_session(connection: Connection, condition: str, value: str, at: int) -> LiveSession | None:
    row = connection.execute(
        "SELECT s.id AS session_id, s.created_at AS began_at, s.seen_at, u.id, u.name, u.role, u.created_at, "
        f"u.display_name FROM sessions s JOIN users u ON u.id = s.user_id WHERE {condition} "
        "AND s.expires_at > :at AND u.disabled_at IS NULL",
        {"value": value, "at": at},
    ).fetchone()
    if row is None:
        return None
    user = User(row["id"], row["name"], Role(row["role"]), row["created_at"], row["display_name"])
    return LiveSession(row["session_id"], user, row["began_at"], row["seen_at"])
