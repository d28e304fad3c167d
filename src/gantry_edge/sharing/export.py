"""What one person shares, and with whom, as a file. See docs/export.md."""

import msgspec

from gantry_edge.storage.database import Connection
from gantry_edge.storage.packing import Packing

FORMAT, VERSION = "gantry-edge/sharing", 1
GRANTS = """
SELECT g.kind, g.object_id, g.verb, g.user_id, g.group_id, coalesce(u.name, w.name) AS reader, g.created_at
FROM grants g LEFT JOIN users u ON u.id = g.user_id LEFT JOIN groups w ON w.id = g.group_id
WHERE g.made_by = ? ORDER BY g.id
"""


def export_grants(connection: Connection, user_id: str, packing: Packing) -> int:
    """How many there are."""
    grants = [dict(row) for row in connection.execute(GRANTS, (user_id,))]
    with packing.open("sharing.json") as file:
        told = {"format": FORMAT, "version": VERSION, "grants": grants}
        file.write(msgspec.json.format(msgspec.json.encode(told)) + b"\n")
    return len(grants)
