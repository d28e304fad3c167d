"""Which embeddings came, changed or went: a vault in memory reads these again, and not all it has.

Whoever changes them, a trigger notes it. The last thousand are enough: who is further behind reads all of it.
"""

from sqlite_utils import Database as Schema

from gantry_edge.storage.steps.ledger import migrations, run

NOTE = "INSERT INTO embedding_changes (vault, chunk_id) VALUES"


@migrations()
def m021_changes(schema: Schema) -> None:
    run(
        schema,
        f"""
        CREATE TABLE embedding_changes (
            seq INTEGER PRIMARY KEY,
            vault TEXT NOT NULL,
            chunk_id TEXT NOT NULL
        ) STRICT;
        INSERT INTO embedding_changes VALUES (0, '', '');
        CREATE TRIGGER embeddings_came AFTER INSERT ON embeddings BEGIN
            {NOTE} (new.vault, new.chunk_id); END;
        CREATE TRIGGER embeddings_changed AFTER UPDATE ON embeddings BEGIN
            {NOTE} (old.vault, old.chunk_id), (new.vault, new.chunk_id); END;
        CREATE TRIGGER embeddings_went AFTER DELETE ON embeddings BEGIN
            {NOTE} (old.vault, old.chunk_id); END;
        CREATE TRIGGER embedding_changes_kept AFTER INSERT ON embedding_changes BEGIN
            DELETE FROM embedding_changes WHERE seq <= new.seq - 1000; END
    """,
    )
