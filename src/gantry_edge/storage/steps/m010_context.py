"""What the model was sent for an answer, in references and numbers."""

from sqlite_utils import Database as Schema

from gantry_edge.storage.steps.ledger import migrations, run


@migrations()
def m010_context(schema: Schema) -> None:
    run(
        schema,
        """
        CREATE TABLE answer_contexts (
            id TEXT PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
            context TEXT NOT NULL
        ) STRICT;
    """,
    )
