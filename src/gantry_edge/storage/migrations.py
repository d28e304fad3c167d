"""The schema, as an ordered list of functions. Append; never edit one that has landed."""

from collections.abc import Sequence

from sqlite_utils import Database as Schema
from sqlite_utils.migrations import Migrations

from gantry_edge.errors import DatabaseUnsafe
from gantry_edge.storage.database import Connection, DatabaseError

migrations = Migrations("gantry_edge")


def migrate(connection: Connection) -> None:
    """Bring the schema up to date; refuse one made by a newer version."""
    if newer := newer_steps(applied_steps(connection)):
        raise DatabaseUnsafe(
            f"This data folder was written by a newer version (step {newer[-1]}); "
            "start that version, or restore a backup made before it with `gantry-edge restore`"
        )
    try:
        migrations.apply(Schema(connection))
    except DatabaseError as error:
        raise DatabaseUnsafe(
            f"The data of the version before could not be brought up to date ({error}). It is as it was: "
            "start that version, or restore a backup with `gantry-edge restore`"
        ) from error


def applied_steps(connection: Connection) -> list[str]:
    """Names of the migrations it went through; reads only."""
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = '_sqlite_migrations'").fetchone():
        return []
    return [migration.name for migration in migrations.applied(Schema(connection))]


def pending_steps(connection: Connection) -> list[str]:
    applied = set(applied_steps(connection))
    return [migration.name for migration in migrations.pending(Schema(memory=True)) if migration.name not in applied]


def newer_steps(steps: Sequence[str]) -> list[str]:
    """Those this version does not know."""
    known = {migration.name for migration in migrations.pending(Schema(memory=True))}
    return [step for step in steps if step not in known]


def run(schema: Schema, script: str) -> None:
    """Run statements one by one: `executescript` would commit the transaction that guards a migration."""
    for statement in script.split(";\n"):
        schema.conn.execute(statement)


@migrations()
def m001_accounts(schema: Schema) -> None:
    run(
        schema,
        """
        CREATE TABLE settings (
            name TEXT PRIMARY KEY,
            value TEXT NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE users (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            name_key TEXT NOT NULL UNIQUE,
            role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
            password_hash TEXT NOT NULL,
            disabled_at INTEGER,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE sessions (
            id TEXT PRIMARY KEY,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            token_hash TEXT NOT NULL UNIQUE,
            address TEXT NOT NULL,
            agent TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            seen_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX sessions_of_user ON sessions (user_id, id);
        CREATE INDEX sessions_by_expiry ON sessions (expires_at);
    """,
    )


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


@migrations()
def m003_models_and_jobs(schema: Schema) -> None:
    run(
        schema,
        """
        CREATE TABLE endpoints (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            url TEXT NOT NULL,
            key_sealed TEXT,
            enabled INTEGER NOT NULL DEFAULT 1,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE jobs (
            id TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            payload TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'done', 'failed')),
            attempts INTEGER NOT NULL DEFAULT 0,
            run_at INTEGER NOT NULL,
            leased_until INTEGER,
            error TEXT,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX jobs_next ON jobs (kind, run_at, id) WHERE status = 'queued';
    """,
    )


@migrations()
def m004_retrieval(schema: Schema) -> None:
    run(
        schema,
        """
        CREATE TABLE embeddings (
            chunk_id TEXT PRIMARY KEY,
            vault TEXT NOT NULL,
            model TEXT NOT NULL,
            vector BLOB NOT NULL
        ) STRICT;
        CREATE INDEX embeddings_of_vault ON embeddings (vault, model, chunk_id);

        CREATE TABLE index_ops (
            seq INTEGER PRIMARY KEY,
            op TEXT NOT NULL CHECK (op IN ('put', 'delete', 'drop')),
            vault TEXT NOT NULL,
            chunk_id TEXT NOT NULL
        ) STRICT;
        CREATE INDEX index_ops_of_vault ON index_ops (vault, seq);

        CREATE TABLE index_state (
            vault TEXT PRIMARY KEY,
            version TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
    """,
    )


@migrations()
def m005_documents(schema: Schema) -> None:
    run(
        schema,
        """
        CREATE TABLE collections (
            id TEXT PRIMARY KEY,
            user_id TEXT NOT NULL REFERENCES users (id),
            name TEXT NOT NULL,
            is_default INTEGER NOT NULL DEFAULT 0,
            deleted_at INTEGER,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX collections_of_user ON collections (user_id, id);
        CREATE UNIQUE INDEX collections_default ON collections (user_id) WHERE is_default = 1;

        CREATE TABLE documents (
            id TEXT PRIMARY KEY,
            user_id TEXT NOT NULL REFERENCES users (id),
            collection_id TEXT NOT NULL REFERENCES collections (id),
            sha256 TEXT NOT NULL,
            name TEXT NOT NULL,
            kind TEXT NOT NULL DEFAULT '',
            bytes INTEGER NOT NULL,
            status TEXT NOT NULL
                CHECK (status IN ('queued', 'extracting', 'embedding', 'ready', 'failed', 'paused')),
            stage_done INTEGER NOT NULL DEFAULT 0,
            stage_total INTEGER NOT NULL DEFAULT 0,
            error_code TEXT,
            error_detail TEXT,
            warning TEXT NOT NULL DEFAULT '',
            pages INTEGER,
            chunks INTEGER,
            erasing INTEGER NOT NULL DEFAULT 0,
            deleted_at INTEGER,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX documents_of_user ON documents (user_id, id);
        CREATE INDEX documents_of_collection ON documents (collection_id, id);
        CREATE INDEX documents_of_file ON documents (sha256);

        CREATE TABLE document_texts (
            document_id TEXT PRIMARY KEY REFERENCES documents (id),
            text TEXT NOT NULL,
            pages TEXT NOT NULL
        ) STRICT;

        CREATE TABLE chunks (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            document_id TEXT NOT NULL REFERENCES documents (id),
            seq INTEGER NOT NULL,
            begins INTEGER NOT NULL,
            ends INTEGER NOT NULL,
            page INTEGER,
            page_end INTEGER,
            heading TEXT NOT NULL,
            gap TEXT NOT NULL,
            text TEXT NOT NULL
        ) STRICT;
        CREATE INDEX chunks_of_document ON chunks (document_id, seq);

        CREATE VIRTUAL TABLE chunk_words
            USING fts5 (scope, context, text, content = '', tokenize = 'porter unicode61');
        INSERT INTO chunk_words (chunk_words, rank) VALUES ('secure-delete', 1);

        ALTER TABLE jobs ADD COLUMN deaths INTEGER NOT NULL DEFAULT 0;
    """,
    )


@migrations()
def m006_scope(schema: Schema) -> None:
    run(schema, "ALTER TABLE conversations ADD COLUMN scope TEXT")
