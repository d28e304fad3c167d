"""Past exchanges that are remembered: a question and its answer, their words, and what waits to be read.

Whoever deletes a message, a conversation or a person deletes with it what is remembered of them: the rows go by
their references, and a trigger takes an exchange's words, its embeddings and its place in the index away.
An answer that is done enters itself in the queue, where its person wants to be remembered.
"""

from sqlite_utils import Database as Schema

from gantry_edge.storage.steps.ledger import migrations, run


@migrations()
def m008_memory(schema: Schema) -> None:
    run(
        schema,
        """
        CREATE TABLE memory_settings (
            user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
            enabled INTEGER NOT NULL
        ) STRICT;
        ALTER TABLE conversations ADD COLUMN memory INTEGER NOT NULL DEFAULT 1;

        CREATE TABLE exchanges (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE REFERENCES messages (id) ON DELETE CASCADE,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            said_at INTEGER NOT NULL,
            asked TEXT NOT NULL,
            question TEXT NOT NULL,
            answer TEXT NOT NULL,
            vault TEXT NOT NULL,
            scope TEXT NOT NULL,
            context TEXT NOT NULL,
            text TEXT NOT NULL
        ) STRICT;
        CREATE INDEX exchanges_of_user ON exchanges (user_id, id);
        CREATE INDEX exchanges_of_conversation ON exchanges (conversation_id);

        CREATE VIRTUAL TABLE exchange_words USING fts5 (
            scope, context, text, content = 'exchanges', content_rowid = 'number', tokenize = 'porter unicode61'
        );
        INSERT INTO exchange_words (exchange_words, rank) VALUES ('secure-delete', 1);

        CREATE TRIGGER exchanges_said AFTER INSERT ON exchanges BEGIN
            INSERT INTO exchange_words (rowid, scope, context, text)
            VALUES (new.number, new.scope, new.context, new.text); END;
        CREATE TRIGGER exchanges_forgotten AFTER DELETE ON exchanges BEGIN
            INSERT INTO exchange_words (exchange_words, rowid, scope, context, text)
            VALUES ('delete', old.number, old.scope, old.context, old.text); \
            INSERT INTO index_ops (op, vault, chunk_id) SELECT 'delete', vault, chunk_id FROM embeddings
            WHERE chunk_id > old.id || ':' AND chunk_id < old.id || ';'; \
            DELETE FROM embeddings WHERE chunk_id > old.id || ':' AND chunk_id < old.id || ';'; \
            INSERT INTO index_state (vault, version) VALUES (old.vault, hex(randomblob(16)))
            ON CONFLICT (vault) DO UPDATE SET version = excluded.version; END;

        CREATE TABLE exchange_queue (
            answer_id TEXT PRIMARY KEY REFERENCES answers (id) ON DELETE CASCADE,
            attempts INTEGER NOT NULL DEFAULT 0
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER answers_done AFTER UPDATE OF status ON answers WHEN new.status = 'done' BEGIN
            INSERT INTO exchange_queue (answer_id)
            SELECT m.id FROM messages m JOIN conversations c ON c.id = m.conversation_id
            LEFT JOIN memory_settings s ON s.user_id = c.user_id
            WHERE m.id = new.id AND c.memory AND coalesce(s.enabled, 0)
            ON CONFLICT (answer_id) DO UPDATE SET attempts = 0; END;

        CREATE TABLE muted_exchanges (
            id TEXT PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE exchange_exclusions (
            conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            exchange_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
            PRIMARY KEY (conversation_id, exchange_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX exclusions_of_exchange ON exchange_exclusions (exchange_id)
    """,
    )
