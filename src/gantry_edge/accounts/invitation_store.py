"""The SQL of invitations."""

from typing import NamedTuple

import msgspec

from gantry_edge.accounts.schema import Invitation
from gantry_edge.storage.database import Connection, Row

FOUND = (
    "SELECT i.id, i.role, i.note, u.name, m.name AS made_by, i.created_at, i.expires_at, i.user_id "
    "FROM invitations i JOIN users m ON m.id = i.made_by LEFT JOIN users u ON u.id = i.user_id "
)


class Held(NamedTuple):
    """`user_id` is whose password it sets."""

    invitation: Invitation
    user_id: str | None


def add_invitation(
    connection: Connection, made: Invitation, token_hash: str, user_id: str | None, maker_id: str
) -> None:
    if user_id:
        connection.execute("DELETE FROM invitations WHERE user_id = ?", (user_id,))
    connection.execute(
        "INSERT INTO invitations (id, token_hash, user_id, role, note, made_by, created_at, expires_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (made.id, token_hash, user_id, made.role.value, made.note, maker_id, made.created_at, made.expires_at),
    )


def list_invitations(connection: Connection, at: int) -> list[Invitation]:
    """The newest first."""
    rows = connection.execute(FOUND + "WHERE i.expires_at > ? ORDER BY i.id DESC", (at,)).fetchall()
    return [_held(row).invitation for row in rows]


def find_invitation(connection: Connection, token_hash: str, at: int) -> Held | None:
    row = connection.execute(FOUND + "WHERE i.token_hash = ? AND i.expires_at > ?", (token_hash, at)).fetchone()
    return None if row is None else _held(row)


def get_invitation(connection: Connection, invitation_id: str) -> Invitation | None:
    row = connection.execute(FOUND + "WHERE i.id = ?", (invitation_id,)).fetchone()
    return None if row is None else _held(row).invitation


def delete_invitation(connection: Connection, invitation_id: str) -> None:
    connection.execute("DELETE FROM invitations WHERE id = ?", (invitation_id,))


def withdraw_all(connection: Connection, maker_id: str) -> None:
    """Those of somebody who may no longer let people in."""
    connection.execute("DELETE FROM invitations WHERE made_by = ?", (maker_id,))


def purge_invitations(connection: Connection, at: int) -> None:
    """Delete the ones that are too old."""
    connection.execute("DELETE FROM invitations WHERE expires_at <= ?", (at,))


def _held(row: Row) -> Held:
    values = dict(row)
    user_id = values.pop("user_id")
    return Held(msgspec.convert(values, Invitation), user_id)
