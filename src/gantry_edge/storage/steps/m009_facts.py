"""What people told of themselves: entities, facts, where each was said, and the messages still to be read for them.

A fact lives as long as one message it was read from, unless it is its person's own by now; a name as long as a fact
that gave it. The triggers see to it whoever deletes a message.
"""

from sqlite_utils import Database as Schema

from gantry_edge.storage.steps.ledger import migrations, run


@migrations()
def m009_facts(schema: Schema) -> None:
    run(
        schema,
        """
        ALTER TABLE users ADD COLUMN facts_off INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE facts_queue (
            message_id TEXT PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            step TEXT NOT NULL CHECK (step IN ('rules', 'model')),
            attempts INTEGER NOT NULL DEFAULT 0
        ) STRICT;

        CREATE TABLE entities (
            id TEXT PRIMARY KEY,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            name TEXT,
            created_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX entities_of_user ON entities (user_id, id);

        CREATE TABLE facts (
            id TEXT PRIMARY KEY,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            subject_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
            predicate TEXT NOT NULL,
            object_id TEXT REFERENCES entities (id) ON DELETE CASCADE,
            value TEXT NOT NULL,
            text TEXT,
            status TEXT NOT NULL CHECK (status IN ('suggested', 'approved', 'pinned')),
            confidence REAL NOT NULL,
            origin TEXT NOT NULL CHECK (origin IN ('rule', 'model')),
            own INTEGER NOT NULL DEFAULT 0,
            valid_from INTEGER NOT NULL,
            valid_to INTEGER,
            superseded_by TEXT REFERENCES facts (id) ON DELETE SET NULL,
            learned_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX facts_of_user ON facts (user_id, id);
        CREATE INDEX facts_of_subject ON facts (subject_id, predicate);
        CREATE INDEX facts_of_object ON facts (object_id);
        CREATE INDEX facts_superseded ON facts (superseded_by);

        CREATE TABLE fact_sources (
            fact_id TEXT NOT NULL REFERENCES facts (id) ON DELETE CASCADE,
            message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
            begins INTEGER NOT NULL,
            ends INTEGER NOT NULL,
            PRIMARY KEY (fact_id, message_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX fact_sources_of_message ON fact_sources (message_id);

        CREATE TABLE entity_names (
            entity_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
            fact_id TEXT NOT NULL REFERENCES facts (id) ON DELETE CASCADE,
            key TEXT NOT NULL,
            name TEXT NOT NULL,
            PRIMARY KEY (entity_id, fact_id, key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX entity_names_of_fact ON entity_names (fact_id);
        CREATE INDEX entity_names_by_key ON entity_names (key, entity_id);

        CREATE TABLE fact_words (
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            word TEXT NOT NULL,
            fact_id TEXT NOT NULL REFERENCES facts (id) ON DELETE CASCADE,
            weight INTEGER NOT NULL,
            PRIMARY KEY (user_id, word, fact_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX fact_words_of_fact ON fact_words (fact_id);

        CREATE TRIGGER facts_unsupported AFTER DELETE ON fact_sources
        WHEN NOT EXISTS (SELECT 1 FROM fact_sources WHERE fact_id = OLD.fact_id)
        BEGIN DELETE FROM facts WHERE id = OLD.fact_id AND own = 0; END;
        CREATE TRIGGER entities_unused AFTER DELETE ON facts
        BEGIN DELETE FROM entities WHERE id IN (OLD.subject_id, OLD.object_id)
            AND NOT EXISTS (SELECT 1 FROM facts WHERE subject_id = entities.id OR object_id = entities.id); END
    """,
    )
