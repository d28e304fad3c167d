"""Groups, and who may read what of somebody else."""

from sqlite_utils import Database as Schema

from gantry_edge.storage.steps.ledger import migrations, run


@migrations()
def m027_sharing(schema: Schema) -> None:
    run(
        schema,
        """
        CREATE TABLE groups (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            name_key TEXT NOT NULL UNIQUE,
            created_at INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE memberships (
            group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            PRIMARY KEY (group_id, user_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX memberships_of_user ON memberships (user_id);

        CREATE TABLE grants (
            id TEXT PRIMARY KEY,
            kind TEXT NOT NULL CHECK (kind IN ('conversation', 'collection', 'persona')),
            object_id TEXT NOT NULL,
            verb TEXT NOT NULL DEFAULT 'read' CHECK (verb = 'read'),
            user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
            group_id TEXT REFERENCES groups (id) ON DELETE CASCADE,
            made_by TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            created_at INTEGER NOT NULL,
            CHECK ((user_id IS NULL) <> (group_id IS NULL))
        ) STRICT;
        CREATE UNIQUE INDEX grants_once ON grants (object_id, coalesce(user_id, group_id));
        CREATE INDEX grants_to_user ON grants (user_id, object_id) WHERE user_id IS NOT NULL;
        CREATE INDEX grants_to_group ON grants (group_id, object_id) WHERE group_id IS NOT NULL;
        CREATE INDEX grants_by ON grants (made_by);

        CREATE VIEW shareable AS
            SELECT 'conversation' AS kind, id, user_id, title AS name, updated_at FROM conversations
            WHERE place IN ('current', 'archived')
            UNION ALL SELECT 'collection', id, user_id, name, updated_at FROM collections WHERE deleted_at IS NULL
            UNION ALL SELECT 'persona', id, user_id, name, updated_at FROM personas WHERE visibility = 'private';
        CREATE VIEW readers AS
            SELECT g.kind, g.object_id, g.user_id FROM grants g JOIN users u ON u.id = g.user_id
            WHERE g.verb = 'read' AND u.disabled_at IS NULL
            UNION ALL SELECT g.kind, g.object_id, m.user_id FROM grants g
            JOIN memberships m ON m.group_id = g.group_id JOIN users u ON u.id = m.user_id
            WHERE g.verb = 'read' AND u.disabled_at IS NULL;
        CREATE TRIGGER grants_of_conversation AFTER DELETE ON conversations
            BEGIN DELETE FROM grants WHERE object_id = old.id; END;
        CREATE TRIGGER grants_of_collection AFTER DELETE ON collections
            BEGIN DELETE FROM grants WHERE object_id = old.id; END;
        CREATE TRIGGER grants_of_persona AFTER DELETE ON personas
            BEGIN DELETE FROM grants WHERE object_id = old.id; END
    """,
    )
