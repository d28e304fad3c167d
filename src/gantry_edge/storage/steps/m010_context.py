"""What the model was sent for an answer, in references and numbers, and summaries of the messages up to one."""

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
        CREATE TABLE summaries (
            message_id TEXT PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
            text TEXT NOT NULL,
            model TEXT NOT NULL,
            made_at INTEGER NOT NULL
        ) STRICT;
    """,
    )
