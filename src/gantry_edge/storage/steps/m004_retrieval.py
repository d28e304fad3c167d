"""Embeddings, the outbox of the index, full text."""

from sqlite_utils import Database as Schema

from gantry_edge.storage.steps.ledger import migrations, run


@migrations()
def m004_retrieval(schema: Schema) -> None:
    run(
        schema,
        """
        CREATE TABLE embeddings (
            chunk_id TEXT PRIMARY KEY,
            vault TEXT NOT NULL,
            model TEXT NOT NULL,
            vector BLOB NOT NULL
        ) STRICT;
        CREATE INDEX embeddings_of_vault ON embeddings (vault, model, chunk_id);

        CREATE TABLE index_ops (
            seq INTEGER PRIMARY KEY,
            op TEXT NOT NULL CHECK (op IN ('put', 'delete', 'drop')),
            vault TEXT NOT NULL,
            chunk_id TEXT NOT NULL
        ) STRICT;
        CREATE INDEX index_ops_of_vault ON index_ops (vault, seq);

        CREATE TABLE index_state (
            vault TEXT PRIMARY KEY,
            version TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
    """,
    )
