"""The front door of the one switch: whether a conversation may be remembered, learned from, and may look back.

A person has one, and each conversation of theirs; both must be on. Whatever learns or looks up asks here first.
"""

from gantry_edge.storage.database import Connection

ON = """
SELECT c.memory AND coalesce(s.enabled, 1) FROM conversations c
LEFT JOIN memory_settings s ON s.user_id = c.user_id WHERE c.id = ? AND c.user_id = ?
"""


def is_on(connection: Connection, user_id: str, conversation_id: str) -> bool:
    row = connection.execute(ON, (conversation_id, user_id)).fetchone()
    return bool(row and row[0])
