"""Collections, documents and chunks."""

from sqlite_utils import Database as Schema

from gantry_edge.storage.steps.ledger import migrations, run


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
