"""Lists of conversations: read from any row on, pinned ones in their own order, deleted folders with a way back."""

from sqlite_utils import Database as Schema

from gantry_edge.storage.steps.ledger import migrations, run


@migrations()
def m019_lists(schema: Schema) -> None:
    run(
        schema,
        """
        UPDATE conversations SET pinned = ranked.rank FROM (
            SELECT id, row_number() OVER (PARTITION BY user_id ORDER BY updated_at, id) AS rank
            FROM conversations WHERE pinned
        ) AS ranked WHERE ranked.id = conversations.id;

        ALTER TABLE folders ADD COLUMN deleted_at INTEGER;
        ALTER TABLE conversations ADD COLUMN left_folder_id TEXT REFERENCES folders (id) ON DELETE SET NULL;
        CREATE INDEX conversations_left ON conversations (left_folder_id) WHERE left_folder_id IS NOT NULL;

        DROP INDEX conversations_pinned;
        CREATE INDEX conversations_pinned ON conversations (user_id, pinned DESC, id DESC) WHERE pinned;
        CREATE INDEX conversations_loose ON conversations (user_id, folder_id, place, updated_at DESC, id DESC)
            WHERE pinned = 0
    """,
    )
