"""The documents a conversation rests on."""

from sqlite_utils import Database as Schema

from gantry_edge.storage.steps.ledger import migrations, run


@migrations()
def m006_scope(schema: Schema) -> None:
    run(schema, "ALTER TABLE conversations ADD COLUMN scope TEXT")
