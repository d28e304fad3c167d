"""Personas, who begins with which, and what of them an answer keeps."""

from sqlite_utils import Database as Schema

from gantry_edge.storage.steps.ledger import migrations, run


@migrations()
def m007_personas(schema: Schema) -> None:
    run(
        schema,
        """
        CREATE TABLE personas (
            id TEXT PRIMARY KEY,
            visibility TEXT NOT NULL CHECK (visibility IN ('private', 'system')),
            user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            description TEXT NOT NULL,
            prompt TEXT NOT NULL,
            model TEXT,
            sampling TEXT NOT NULL,
            starters TEXT NOT NULL,
            collection_ids TEXT NOT NULL,
            is_default INTEGER NOT NULL DEFAULT 0,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            CHECK ((visibility = 'private') = (user_id IS NOT NULL)),
            CHECK (is_default = 0 OR visibility = 'system')
        ) STRICT;
        CREATE INDEX personas_of_user ON personas (user_id, id);
        CREATE UNIQUE INDEX personas_default ON personas (is_default) WHERE is_default = 1;

        CREATE TABLE persona_choices (
            user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
            persona_id TEXT REFERENCES personas (id) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX persona_choices_of_persona ON persona_choices (persona_id);

        ALTER TABLE conversations ADD COLUMN persona_id TEXT REFERENCES personas (id) ON DELETE SET NULL;
        CREATE INDEX conversations_of_persona ON conversations (persona_id) WHERE persona_id IS NOT NULL;
        ALTER TABLE answers ADD COLUMN persona_name TEXT;
        ALTER TABLE answers ADD COLUMN persona TEXT;
    """,
    )
