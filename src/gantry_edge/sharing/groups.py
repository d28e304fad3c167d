"""SQL of groups, which administrators make. Each change is in the audit trail."""

import msgspec

from gantry_edge.accounts.names import name_key
from gantry_edge.errors import Conflict, NotFound
from gantry_edge.ids import new_id, now
from gantry_edge.sharing.schema import Group, Reader
from gantry_edge.sharing.store import CALLED
from gantry_edge.storage.audit import By, append
from gantry_edge.storage.database import Connection

GROUP = """
g.id, g.name, (SELECT count(*) FROM memberships m WHERE m.group_id = g.id) AS members, g.created_at FROM groups g
"""
MEMBERS = f"""
SELECT u.id, 'person' AS kind, {CALLED} AS name, u.name AS account, 0 AS members
FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.group_id = ? ORDER BY name COLLATE NOCASE, u.id
"""


def list_groups(connection: Connection) -> list[Group]:
    """By name."""
    rows = connection.execute(f"SELECT {GROUP} ORDER BY g.name_key")
    return [Group(*row) for row in rows]


def add_group(connection: Connection, by: By, name: str) -> Group:
    id = new_id()
    _check_free(connection, name)
    connection.execute(
        "INSERT INTO groups (id, name, name_key, created_at) VALUES (?, ?, ?, ?)", (id, name, name_key(name), now())
    )
    append(connection, by, "groups.added", id)
    return get_group(connection, id)


def rename_group(connection: Connection, by: By, id: str, name: str) -> Group:
    get_group(connection, id)
    _check_free(connection, name, id)
    connection.execute("UPDATE groups SET name = ?, name_key = ? WHERE id = ?", (name, name_key(name), id))
    append(connection, by, "groups.renamed", id)
    return get_group(connection, id)


def delete_group(connection: Connection, by: By, id: str) -> None:
    """With all that was shared with it."""
    get_group(connection, id)
    connection.execute("DELETE FROM groups WHERE id = ?", (id,))
    append(connection, by, "groups.deleted", id)


def list_members(connection: Connection, id: str) -> list[Reader]:
    """By name."""
    get_group(connection, id)
    return [msgspec.convert(dict(row), Reader) for row in connection.execute(MEMBERS, (id,))]


def add_member(connection: Connection, by: By, id: str, person_id: str) -> None:
    """Asking twice is no error."""
    get_group(connection, id)
    if connection.execute("SELECT 1 FROM users WHERE id = ? AND leaving = 0", (person_id,)).fetchone() is None:
        raise NotFound("There is no such person; look at the list again")
    added = connection.execute(
        "INSERT INTO memberships (group_id, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING", (id, person_id)
    ).rowcount
    if added:
        append(connection, by, "groups.member_added", person_id, {"group": id})


def remove_member(connection: Connection, by: By, id: str, person_id: str) -> None:
    """Asking twice is no error."""
    get_group(connection, id)
    gone = connection.execute("DELETE FROM memberships WHERE group_id = ? AND user_id = ?", (id, person_id)).rowcount
    if gone:
        append(connection, by, "groups.member_removed", person_id, {"group": id})


def get_group(connection: Connection, id: str) -> Group:
    row = connection.execute(f"SELECT {GROUP} WHERE g.id = ?", (id,)).fetchone()
    if row is None:
        raise NotFound("There is no such group; look at the list again")
    return Group(*row)


def _check_free(connection: Connection, name: str, id: str = "") -> None:
    taken = connection.execute("SELECT 1 FROM groups WHERE name_key = ? AND id <> ?", (name_key(name), id)).fetchone()
    if taken:
        raise Conflict(f"There is already a group named {name}")
