"""Conversations have a place (at hand, archived, in the trash, temporary), may be pinned, and lie in folders."""

from sqlite_utils import Database as Schema

from gantry_edge.storage.steps.ledger import migrations, run


@migrations()
def m016_places(schema: Schema) -> None:
    run(
        schema,
        """
        CREATE TABLE folders (
            id TEXT PRIMARY KEY,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            created_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX folders_of_user ON folders (user_id, id);

        ALTER TABLE conversations ADD COLUMN place TEXT NOT NULL DEFAULT 'current'
            CHECK (place IN ('current', 'archived', 'trash', 'temporary'));
        ALTER TABLE conversations ADD COLUMN moved_at INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE conversations ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE conversations ADD COLUMN folder_id TEXT REFERENCES folders (id) ON DELETE SET NULL;

        DROP INDEX conversations_by_activity;
        CREATE INDEX conversations_by_activity ON conversations (user_id, place, updated_at DESC, id DESC);
        CREATE INDEX conversations_of_folder ON conversations (folder_id) WHERE folder_id IS NOT NULL;
        CREATE INDEX conversations_pinned ON conversations (user_id, updated_at DESC, id DESC) WHERE pinned;
        CREATE INDEX conversations_to_clear ON conversations (place, moved_at) WHERE place IN ('trash', 'temporary')
    """,
    )
