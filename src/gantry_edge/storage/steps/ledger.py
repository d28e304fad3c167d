"""The list that every step enters itself in."""

from sqlite_utils import Database as Schema
from sqlite_utils.migrations import Migrations

migrations = Migrations("gantry_edge")


def run(schema: Schema, script: str) -> None:
    """Run statements one by one: `executescript` would commit the transaction that guards a migration."""
    for statement in script.split(";\n"):
        schema.conn.execute(statement)
