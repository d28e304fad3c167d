"""How people want to be addressed, which model they begin with, and who is being deleted."""

from sqlite_utils import Database as Schema

from gantry_edge.storage.steps.ledger import migrations, run


@migrations()
def m023_leaving(schema: Schema) -> None:
    run(
        schema,
        """
        ALTER TABLE users ADD COLUMN display_name TEXT NOT NULL DEFAULT '';
        ALTER TABLE users ADD COLUMN default_model TEXT;
        ALTER TABLE users ADD COLUMN leaving INTEGER NOT NULL DEFAULT 0
    """,
    )
