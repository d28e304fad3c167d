"""Facts and past exchanges have one switch of a person. Whoever had switched facts off has it off for both: nothing is
turned on that a person turned off.
"""

from sqlite_utils import Database as Schema

from gantry_edge.storage.steps.ledger import migrations, run


@migrations()
def m012_one_switch(schema: Schema) -> None:
    run(
        schema,
        """
        INSERT INTO memory_settings (user_id, enabled) SELECT id, 0 FROM users WHERE facts_off
        ON CONFLICT (user_id) DO UPDATE SET enabled = 0;
        ALTER TABLE users DROP COLUMN facts_off;
    """,
    )
