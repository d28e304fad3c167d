"""Conversations, messages, answers and their events."""

from sqlite_utils import Database as Schema

from gantry_edge.storage.steps.ledger import migrations, run


@migrations()
def m002_chat(schema: Schema) -> None:
    run(
        schema,
        """
        CREATE TABLE conversations (
            id TEXT PRIMARY KEY,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            title TEXT NOT NULL,
            leaf_id TEXT,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX conversations_by_activity ON conversations (user_id, updated_at DESC, id DESC);

        CREATE TABLE messages (
            id TEXT PRIMARY KEY,
            conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            parent_id TEXT REFERENCES messages (id),
            version INTEGER NOT NULL,
            role TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
            parts TEXT NOT NULL,
            created_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX messages_by_place ON messages (conversation_id, parent_id, version);
        CREATE INDEX messages_by_parent ON messages (parent_id, version);

        CREATE TABLE answers (
            id TEXT PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
            status TEXT NOT NULL CHECK (status IN ('running', 'done', 'stopped', 'failed', 'interrupted')),
            model TEXT NOT NULL,
            error_code TEXT,
            error_detail TEXT,
            finish_reason TEXT,
            prompt_tokens INTEGER,
            completion_tokens INTEGER,
            first_token_ms INTEGER,
            duration_ms INTEGER,
            created_at INTEGER NOT NULL,
            finished_at INTEGER
        ) STRICT;
        CREATE INDEX answers_running ON answers (id) WHERE status = 'running';

        CREATE TABLE events (
            key TEXT NOT NULL,
            position INTEGER NOT NULL,
            type TEXT NOT NULL,
            data TEXT NOT NULL,
            PRIMARY KEY (key, position)
        ) STRICT, WITHOUT ROWID;
    """,
    )
