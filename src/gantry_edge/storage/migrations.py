"""Bringing a database from the schema it has to the one this version needs."""

from collections.abc import Sequence

from sqlite_utils import Database as Schema

from gantry_edge.errors import DatabaseUnsafe
from gantry_edge.storage.database import Connection, DatabaseError
from gantry_edge.storage.steps import migrations


def migrate(connection: Connection) -> None:
    """Bring the schema up to date; refuse one made by a newer version."""
    if newer := newer_steps(applied_steps(connection)):
        raise DatabaseUnsafe(
            f"This data folder was written by a newer version (step {newer[-1]}); "
            "start that version, or restore a backup made before it with `gantry-edge restore`"
        )
    try:
        migrations.apply(Schema(connection))
    except DatabaseError as error:
        raise DatabaseUnsafe(
            f"The data of the version before could not be brought up to date ({error}). It is as it was: "
            "start that version, or restore a backup with `gantry-edge restore`"
        ) from error


def applied_steps(connection: Connection) -> list[str]:
    """Names of the migrations it went through; reads only."""
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = '_sqlite_migrations'").fetchone():
        return []
    return [migration.name for migration in migrations.applied(Schema(connection))]


def pending_steps(connection: Connection) -> list[str]:
    applied = set(applied_steps(connection))
    return [migration.name for migration in migrations.pending(Schema(memory=True)) if migration.name not in applied]


def newer_steps(steps: Sequence[str]) -> list[str]:
    """Those this version does not know."""
    known = {migration.name for migration in migrations.pending(Schema(memory=True))}
    return [step for step in steps if step not in known]
