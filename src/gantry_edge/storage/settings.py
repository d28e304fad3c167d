"""Named values the program keeps: what was switched in the page, and what it knows of itself."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

from gantry_edge.errors import DatabaseUnsafe
from gantry_edge.ids import new_id, now
from gantry_edge.storage.database import Connection, DatabaseError, open_connection, open_read_only

CHOSEN = "config."  # before the names of settings that were chosen by `config set`

PUT = """
INSERT INTO settings (name, value, updated_at) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at
"""


def read_setting(connection: Connection, name: str, default: Any = None) -> Any:
    row = connection.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
    return default if row is None else json.loads(row[0])


def put_setting(connection: Connection, name: str, value: Any) -> None:
    """`value` is anything JSON holds."""
    connection.execute(PUT, (name, json.dumps(value), now()))


def drop_setting(connection: Connection, name: str) -> bool:
    """False when there was none."""
    sql = "DELETE FROM settings WHERE name = ? RETURNING name"
    return connection.execute(sql, (name,)).fetchone() is not None


def instance_id(connection: Connection) -> str:
    """The id of this installation, made at its first start."""
    connection.execute(
        "INSERT INTO settings (name, value, updated_at) VALUES ('instance_id', ?, ?) ON CONFLICT DO NOTHING",
        (new_id(), now()),
    )
    row = connection.execute("SELECT value FROM settings WHERE name = 'instance_id'").fetchone()
    return str(row[0])


def read_chosen(path: Path) -> dict[str, Any]:
    """Settings by their names, of a database that need not exist; DatabaseUnsafe when it cannot be read."""
    if not path.exists():
        return {}
    try:
        with closing(open_read_only(path)) as connection:
            return chosen_in(connection)
    except DatabaseError as error:
        raise DatabaseUnsafe(f"{path} cannot be read: {error}") from error


def chosen_in(connection: Connection) -> dict[str, Any]:
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'settings'").fetchone():
        return {}  # made, and not yet filled
    rows = connection.execute("SELECT name, value FROM settings WHERE name LIKE ?", (f"{CHOSEN}%",)).fetchall()
    return {row["name"].removeprefix(CHOSEN): json.loads(row["value"]) for row in rows}


def choose(path: Path, name: str, value: Any) -> None:
    """Also beside a running server, which has its settings from its start."""
    connection = open_connection(path)
    try:
        put_setting(connection, CHOSEN + name, value)
    finally:
        connection.close()


def forget_choice(path: Path, name: str) -> bool:
    """False when there was none."""
    connection = open_connection(path)
    try:
        return drop_setting(connection, CHOSEN + name)
    finally:
        connection.close()
