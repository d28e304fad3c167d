"""longTalk.py DATABASE CONVERSATION COUNT: a conversation of one exchange goes on until it has so many messages."""

import sys
from pathlib import Path

import msgspec

from gantry_edge.chat.schema import Text
from gantry_edge.ids import new_id
from gantry_edge.models.script import script_text
from gantry_edge.storage.database import open_connection

path, conversation, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
connection = open_connection(Path(path))
connection.execute("BEGIN IMMEDIATE")
(parent,) = connection.execute("SELECT leaf_id FROM conversations WHERE id = ?", (conversation,)).fetchone()
for n in range(2, count):
    id, role = new_id(), ("user", "assistant")[n % 2]
    text = f"Question {n}" if role == "user" else script_text(n, 60 + n % 90)
    connection.execute(
        "INSERT INTO messages (id, conversation_id, parent_id, version, role, parts, created_at)"
        " VALUES (?, ?, ?, 0, ?, ?, ?)",
        (id, conversation, parent, role, msgspec.json.encode([Text(text)]).decode(), n),
    )
    if role == "assistant":
        connection.execute(
            "INSERT INTO answers (id, status, model, created_at, finished_at) VALUES (?, 'done', 'box/say', ?, ?)",
            (id, n, n),
        )
    parent = id
connection.execute("UPDATE conversations SET leaf_id = ? WHERE id = ?", (parent, conversation))
connection.execute("COMMIT")
