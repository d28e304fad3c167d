"""What a person chose, their folders, and what they began to write, as a file. See docs/export.md."""

from typing import Any

import msgspec

from gantry_edge.storage.database import Connection
from gantry_edge.storage.packing import Packing

FORMAT, VERSION = "gantry-edge/preferences", 1
CHOSEN = """
SELECT u.display_name, u.default_model, u.reuse_answers, coalesce(m.enabled, 1) AS memory, p.persona_id
FROM users u LEFT JOIN memory_settings m ON m.user_id = u.id
LEFT JOIN persona_choices p ON p.user_id = u.id WHERE u.id = ?
"""
FOLDERS = "SELECT id, name, created_at FROM folders WHERE user_id = ? AND deleted_at IS NULL ORDER BY id"
DRAFTS = "SELECT conversation_id, text, at FROM drafts WHERE user_id = ? ORDER BY at"
MUTED = """
SELECT x.id FROM muted_exchanges x JOIN messages m ON m.id = x.id
JOIN conversations c ON c.id = m.conversation_id WHERE c.user_id = ? ORDER BY x.id
"""


def export_preferences(connection: Connection, user_id: str, packing: Packing) -> None:
    with packing.open("preferences.json") as file:
        file.write(msgspec.json.format(msgspec.json.encode(read_preferences(connection, user_id))) + b"\n")


def read_preferences(connection: Connection, user_id: str) -> dict[str, Any]:
    chosen = connection.execute(CHOSEN, (user_id,)).fetchone()
    return {
        "format": FORMAT,
        "version": VERSION,
        "display_name": chosen["display_name"],
        "default_model": chosen["default_model"],
        "default_persona_id": chosen["persona_id"],
        "memory": bool(chosen["memory"]),
        "reuse_answers": bool(chosen["reuse_answers"]),
        "folders": [dict(row) for row in connection.execute(FOLDERS, (user_id,))],
        "drafts": [dict(row) for row in connection.execute(DRAFTS, (user_id,))],
        "not_remembered": [row[0] for row in connection.execute(MUTED, (user_id,))],
    }
