"""What was said before a message, summed up for prompts that begin with it. Empty until a model has done so.

A message has one way up, so it names the branch; with it, or with all of the conversation, its summary goes.
"""

from sqlite_utils import Database as Schema

from gantry_edge.storage.steps.ledger import migrations, run


@migrations()
def m013_summaries(schema: Schema) -> None:
    run(
        schema,
        """
        CREATE TABLE summaries (
            id TEXT PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
            model TEXT NOT NULL,
            text TEXT NOT NULL DEFAULT '',
            attempts INTEGER NOT NULL DEFAULT 0
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX summaries_wanted ON summaries (id) WHERE text = ''
    """,
    )
