"""Named values the program keeps: what was switched in the page, and what it knows of itself."""

import json
from typing import Any

from gantry_edge.ids import new_id, now
from gantry_edge.storage.database import Connection

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


def instance_id(connection: Connection) -> str:
    """The id of this installation, made at its first start."""
    connection.execute(
        "INSERT INTO settings (name, value, updated_at) VALUES ('instance_id', ?, ?) ON CONFLICT DO NOTHING",
        (new_id(), now()),
    )
    row = connection.execute("SELECT value FROM settings WHERE name = 'instance_id'").fetchone()
    return str(row[0])
