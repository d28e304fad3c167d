"""How long a model thought before it said something."""

from sqlite_utils import Database as Schema

from gantry_edge.storage.steps.ledger import migrations, run


@migrations()
def m025_thinking(schema: Schema) -> None:
    run(schema, "ALTER TABLE answers ADD COLUMN thought_ms INTEGER")
