"""Copies of a database: made while it is written to, and looked through before they are trusted."""

from pathlib import Path

from gantry_edge.errors import BadBackup
from gantry_edge.storage.database import Connection, DatabaseError, open_connection, open_unchanged
from gantry_edge.storage.files import sync_file
from gantry_edge.storage.migrations import applied_steps

TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"


def copy_database(source: Path, target: Path) -> None:
    """One snapshot, while others go on writing; what was deleted is not in it."""
    connection = open_connection(source)
    try:
        if not connection.execute("PRAGMA auto_vacuum").fetchone()[0]:
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # of the copy: so what is restored can shrink
        connection.execute("VACUUM INTO ?", (str(target),))
    finally:
        connection.close()
    target.chmod(0o600)
    sync_file(target)


def inspect(path: Path) -> tuple[list[str], dict[str, int]]:
    """The steps of its schema and the rows of each table; BadBackup when anything in it is wrong."""
    try:
        connection = open_unchanged(path)
        try:
            _check(connection)
            tables = [row[0] for row in connection.execute(TABLES)]
            counts = {table: _count(connection, table) for table in tables}
            return applied_steps(connection), counts
        finally:
            connection.close()
    except DatabaseError as error:
        raise BadBackup(f"The database in it is damaged: {error}") from error


def _check(connection: Connection) -> None:
    found = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
    if found != ["ok"]:
        raise BadBackup(f"The database in it is damaged: {found[0]}")
    if connection.execute("PRAGMA foreign_key_check").fetchone():
        raise BadBackup("The database in it is damaged: rows refer to rows that are not there")


def _count(connection: Connection, table: str) -> int:
    quoted = table.replace('"', '""')
    return int(connection.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()[0])
