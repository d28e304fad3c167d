"""The words of messages, so that people find what was said.

A question is found from the moment it is stored, an answer from the moment it ends. The words are no copy of the
text: they are made from a message's parts, and taken back from the very same parts when it goes or is gone on with.
"""

from sqlite_utils import Database as Schema

from gantry_edge.storage.steps.ledger import migrations, run

TEXT = """(SELECT coalesce(group_concat(json_extract(value, '$.text'), ''), '')
            FROM json_each({parts}) WHERE json_extract(value, '$.type') = 'text')"""
NUMBER = """INSERT INTO message_numbers (message_id, user_id)
            SELECT m.id, c.user_id FROM messages m JOIN conversations c ON c.id = m.conversation_id"""
ADD = f"""INSERT INTO message_words (rowid, scope, text)
            SELECT n.number, 'u' || replace(n.user_id, '-', ''), {TEXT.format(parts="m.parts")}
            FROM message_numbers n JOIN messages m ON m.id = n.message_id"""
TAKE = f"""INSERT INTO message_words (message_words, rowid, scope, text)
            SELECT 'delete', n.number, 'u' || replace(n.user_id, '-', ''), {TEXT.format(parts="m.parts")}
            FROM message_numbers n JOIN messages m ON m.id = n.message_id"""


@migrations()
def m015_finding(schema: Schema) -> None:
    run(
        schema,
        f"""
        CREATE TABLE message_numbers (
            number INTEGER PRIMARY KEY,
            message_id TEXT NOT NULL UNIQUE REFERENCES messages (id) ON DELETE CASCADE,
            user_id TEXT NOT NULL
        ) STRICT;
        CREATE VIRTUAL TABLE message_words USING fts5 (
            scope, text, content = '', prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2'
        );
        INSERT INTO message_words (message_words, rank) VALUES ('secure-delete', 1);

        {NUMBER} LEFT JOIN answers a ON a.id = m.id
            WHERE m.role = 'user' OR a.status <> 'running' ORDER BY m.created_at, m.id;
        {ADD};

        CREATE TRIGGER questions_found AFTER INSERT ON messages WHEN new.role = 'user' BEGIN
            {NUMBER} WHERE m.id = new.id; \
            {ADD} WHERE n.message_id = new.id; END;
        CREATE TRIGGER answers_found AFTER UPDATE OF status ON answers
            WHEN old.status = 'running' AND new.status <> 'running' BEGIN
            {NUMBER} WHERE m.id = new.id; \
            {ADD} WHERE n.message_id = new.id; END;
        CREATE TRIGGER answers_run_again AFTER UPDATE OF status ON answers
            WHEN old.status <> 'running' AND new.status = 'running' BEGIN
            {TAKE} WHERE n.message_id = new.id; \
            DELETE FROM message_numbers WHERE message_id = new.id; END;
        CREATE TRIGGER messages_lost BEFORE DELETE ON messages BEGIN
            {TAKE} WHERE n.message_id = old.id; END
    """,
    )
