from pathlib import Path

import pytest
from sqlite_utils import Database as Schema

from gantry_edge.errors import DatabaseUnsafe
from gantry_edge.storage import steps
from gantry_edge.storage.database import Connection, Database
from gantry_edge.storage.migrations import migrate


def tables(connection: Connection) -> dict[str, str]:
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'"
    )
    return {row["name"]: row["sql"] for row in rows}


async def test_migrating_twice_changes_nothing(database: Database) -> None:
    before = await database.read(tables)
    await database.write(migrate)
    assert await database.read(tables) == before


async def test_every_table_is_strict(database: Database) -> None:
    schema = await database.read(tables)
    assert {"users", "sessions", "conversations", "messages", "answers", "events", "jobs"} <= schema.keys()
    full_text = {
        name for name in schema if name.startswith(("chunk_words", "exchange_words", "message_words"))
    }  # and what they keep
    assert [name for name, sql in schema.items() if "STRICT" not in sql and name not in full_text] == []


async def test_a_newer_schema_is_refused_untouched(database: Database) -> None:
    def add_from_the_future(connection: Connection) -> None:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('gantry_edge', 'm999_later', '2030')"
        )

    await database.write(add_from_the_future)
    with pytest.raises(DatabaseUnsafe, match="newer version"):
        await database.write(migrate)


async def test_a_migration_that_fails_leaves_the_old_schema(tmp_path: Path) -> None:
    database = Database(tmp_path / "new.db")

    def migrate_and_fail(connection: Connection) -> None:
        migrate(connection)
        raise ValueError("power cut")

    with pytest.raises(ValueError, match="power cut"):
        await database.write(migrate_and_fail)
    assert await database.read(tables) == {}
    database.close()


def test_each_step_is_a_file_that_enters_one_migration_of_its_name() -> None:
    files = [file.stem for file in sorted(Path(steps.__path__[0]).glob("m[0-9]*.py"))]
    entered = [migration.name for migration in steps.load().pending(Schema(memory=True))]
    assert list(steps.STEPS) == files == entered
