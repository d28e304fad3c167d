"""Messages that are being written, one for each conversation and one for what has not begun."""

from sqlite_utils import Database as Schema

from gantry_edge.storage.steps.ledger import migrations, run


@migrations()
def m020_drafts(schema: Schema) -> None:
    run(
        schema,
        """
        CREATE TABLE drafts (
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            conversation_id TEXT REFERENCES conversations (id) ON DELETE CASCADE,
            text TEXT NOT NULL,
            at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX drafts_of_user ON drafts (user_id, conversation_id);
        CREATE UNIQUE INDEX drafts_of_conversation ON drafts (conversation_id) WHERE conversation_id IS NOT NULL;
        CREATE UNIQUE INDEX drafts_of_new ON drafts (user_id) WHERE conversation_id IS NULL
    """,
    )
