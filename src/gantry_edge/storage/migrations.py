"""Bringing a database from the schema it has to the one this version needs."""

from collections.abc import Sequence

from gantry_edge.errors import DatabaseUnsafe
from gantry_edge.storage import steps
from gantry_edge.storage.database import Connection, DatabaseError


def migrate(connection: Connection) -> None:
    """Bring the schema up to date; refuse one made by a newer version."""
    if newer := newer_steps(applied_steps(connection)):
        raise DatabaseUnsafe(
            f"This data folder was written by a newer version (step {newer[-1]}); "
            "start that version, or restore a backup made before it with `gantry-edge restore`"
        )
    if not pending_steps(connection):
        return
    from sqlite_utils import Database as Schema

    try:
        steps.load().apply(Schema(connection))
    except DatabaseError as error:
        raise DatabaseUnsafe(
            f"The data of the version before could not be brought up to date ({error}). It is as it was: "
            "start that version, or restore a backup with `gantry-edge restore`"
        ) from error


def applied_steps(connection: Connection) -> list[str]:
    """Names of the migrations it went through; reads only."""
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = '_sqlite_migrations'").fetchone():
        return []
    rows = connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'gantry_edge' ORDER BY id")
    return [row[0] for row in rows]


def pending_steps(connection: Connection) -> list[str]:
    applied = set(applied_steps(connection))
    return [step for step in steps.STEPS if step not in applied]


def newer_steps(applied: Sequence[str]) -> list[str]:
    """Those this version does not know."""
    return [step for step in applied if step not in steps.STEPS]
