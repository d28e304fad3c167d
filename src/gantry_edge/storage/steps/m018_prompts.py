"""A library of prompts for each person."""

from sqlite_utils import Database as Schema

from gantry_edge.storage.steps.ledger import migrations, run


@migrations()
def m018_prompts(schema: Schema) -> None:
    run(
        schema,
        """
        CREATE TABLE prompts (
            id TEXT PRIMARY KEY,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            text TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX prompts_of_user ON prompts (user_id, id)
    """,
    )
