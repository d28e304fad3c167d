"""Pictures that go with messages, whose files they are, and what becomes of a file that nothing refers to."""

from sqlite_utils import Database as Schema

from gantry_edge.storage.steps.ledger import migrations, run


@migrations()
def m024_images(schema: Schema) -> None:
    run(
        schema,
        """
        CREATE TABLE images (
            id TEXT PRIMARY KEY,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            sha256 TEXT NOT NULL,
            media TEXT NOT NULL,
            bytes INTEGER NOT NULL,
            width INTEGER NOT NULL,
            height INTEGER NOT NULL,
            created_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX images_of_user ON images (user_id, id);
        CREATE INDEX images_by_content ON images (sha256);
        CREATE TABLE message_images (
            message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
            image_id TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
            PRIMARY KEY (message_id, image_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX messages_of_image ON message_images (image_id);
        CREATE TABLE lost_files (sha256 TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
        CREATE TRIGGER images_left AFTER DELETE ON message_images BEGIN
            DELETE FROM images WHERE id = old.image_id
            AND NOT EXISTS (SELECT 1 FROM message_images WHERE image_id = old.image_id); \
            END;
        CREATE TRIGGER images_lost AFTER DELETE ON images BEGIN
            INSERT INTO lost_files (sha256) VALUES (old.sha256) ON CONFLICT DO NOTHING; \
            END;
        CREATE VIEW files_in_use AS SELECT sha256 FROM documents UNION SELECT sha256 FROM images;
        CREATE VIEW bytes_in_use AS SELECT user_id, bytes FROM documents WHERE deleted_at IS NULL
            UNION ALL SELECT user_id, bytes FROM images
    """,
    )
