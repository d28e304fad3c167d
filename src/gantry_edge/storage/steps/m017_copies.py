"""An answer that is stored when it has ended already is found by its words too."""

from sqlite_utils import Database as Schema

from gantry_edge.storage.steps.ledger import migrations, run
from gantry_edge.storage.steps.m015_finding import ADD, NUMBER


@migrations()
def m017_copies(schema: Schema) -> None:
    run(
        schema,
        f"""
        CREATE TRIGGER answers_kept AFTER INSERT ON answers WHEN new.status <> 'running' BEGIN
            {NUMBER} WHERE m.id = new.id; \
            {ADD} WHERE n.message_id = new.id; END
    """,
    )
