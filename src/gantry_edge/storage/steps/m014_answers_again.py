"""Who wants an answer that is there already, and which answers were such ones."""

from sqlite_utils import Database as Schema

from gantry_edge.storage.steps.ledger import migrations, run


@migrations()
def m014_answers_again(schema: Schema) -> None:
    run(
        schema,
        """
        ALTER TABLE users ADD COLUMN reuse_answers INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE answers ADD COLUMN from_cache INTEGER NOT NULL DEFAULT 0;
    """,
    )
