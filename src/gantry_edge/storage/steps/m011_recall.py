"""Sentences of what is remembered, with what they mean; and memory is on for whoever never chose.

What is remembered already is read again, as its embeddings are made of other words now. The switch of whoever set it
stays as it is; for everybody else memory is on for what they say from now on. A memory in an answer says where its
sentences stand, question and answer apart.
"""

from json import dumps, loads

from sqlite_utils import Database as Schema

from gantry_edge.storage.steps.ledger import migrations, run


@migrations()
def m011_recall(schema: Schema) -> None:
    run(
        schema,
        """
        CREATE TABLE exchange_sentences (
            id TEXT PRIMARY KEY REFERENCES exchanges (id) ON DELETE CASCADE,
            model TEXT NOT NULL,
            words TEXT NOT NULL,
            spans TEXT NOT NULL,
            vectors BLOB NOT NULL
        ) STRICT;
        INSERT INTO exchange_queue (answer_id) SELECT id FROM exchanges WHERE true ON CONFLICT DO NOTHING;

        DROP TRIGGER answers_done;
        CREATE TRIGGER answers_done AFTER UPDATE OF status ON answers WHEN new.status = 'done' BEGIN
            INSERT INTO exchange_queue (answer_id)
            SELECT m.id FROM messages m JOIN conversations c ON c.id = m.conversation_id
            LEFT JOIN memory_settings s ON s.user_id = c.user_id
            WHERE m.id = new.id AND c.memory AND coalesce(s.enabled, 1)
            ON CONFLICT (answer_id) DO UPDATE SET attempts = 0; END
    """,
    )
    recalled = "SELECT id, parts FROM messages WHERE role = 'assistant' AND parts LIKE '%\"memories\"%'"
    for id, parts in schema.conn.execute(recalled).fetchall():
        told = loads(parts)
        for memory in (item for part in told if part["type"] == "memories" for item in part["items"]):
            memory["spans"], memory["answered"] = memory["spans"][:2], memory["spans"][2:]
        schema.conn.execute("UPDATE messages SET parts = ? WHERE id = ?", (dumps(told, ensure_ascii=False), id))
