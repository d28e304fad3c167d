"""Named values the program keeps about itself."""

from gantry_edge.ids import new_id, now
from gantry_edge.storage.database import Connection


def instance_id(connection: Connection) -> str:
    """The id of this installation, made at its first start."""
    connection.execute(
        "INSERT INTO settings (name, value, updated_at) VALUES ('instance_id', ?, ?) ON CONFLICT DO NOTHING",
        (new_id(), now()),
    )
    row = connection.execute("SELECT value FROM settings WHERE name = 'instance_id'").fetchone()
    return str(row[0])
