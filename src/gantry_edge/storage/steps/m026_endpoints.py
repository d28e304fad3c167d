"""What else is known of a model server that was added in the page."""

from sqlite_utils import Database as Schema

from gantry_edge.storage.steps.ledger import migrations, run


@migrations()
def m026_endpoints(schema: Schema) -> None:
    run(
        schema,
        """
        ALTER TABLE endpoints ADD COLUMN images INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE endpoints ADD COLUMN slots INTEGER;
    """,
    )
