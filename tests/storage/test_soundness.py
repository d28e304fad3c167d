"""Damage is found, a sound database that is written to meanwhile is not damaged."""

import asyncio
from pathlib import Path

import pytest

from gantry_edge.errors import DatabaseDamaged
from gantry_edge.storage.database import Database, DatabaseError, open_read_only
from gantry_edge.storage.soundness import damage_of, find_damage, keep_copy

LONG = 60.0


async def fill(database: Database, rows: int) -> None:
    sql = "INSERT INTO settings (name, value, updated_at) VALUES (hex(randomblob(8)), hex(randomblob(1500)), 0)"
    await database.write(lambda c: [c.execute(sql) for _ in range(rows)])


async def test_a_database_is_sound_while_it_is_written_to(database: Database) -> None:
    await fill(database, 2000)
    await database.empty_log()

    async def write() -> None:
        while True:
            await fill(database, 50)
            await database.write(lambda c: c.execute("DELETE FROM settings WHERE name < '2'"))
            await database.empty_log()

    writing = asyncio.create_task(write())
    for _ in range(20):
        assert await asyncio.to_thread(find_damage, database.path, LONG) == ""
    writing.cancel()


async def test_a_page_of_noise_is_found(database: Database) -> None:
    await fill(database, 500)
    await database.empty_log()
    with database.path.open("r+b") as file:
        file.seek(database.path.stat().st_size // 4096 // 2 * 4096)
        file.write(bytes(range(256)) * 16)
    assert find_damage(database.path, LONG)


async def test_a_look_ends_when_its_time_is_over(database: Database) -> None:
    await fill(database, 2000)
    assert find_damage(database.path, 0) == ""


def test_a_database_that_never_was_is_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "gantry.db"
    assert find_damage(path, LONG, expected=False) == ""
    assert find_damage(path, LONG, expected=True) == "it is gone"
    path.touch()
    assert find_damage(path, LONG, expected=False) == ""
    assert find_damage(path, LONG, expected=True) == "it is empty"


async def test_the_copy_has_the_log_too(database: Database) -> None:
    await fill(database, 5)
    copy = keep_copy(database.path)
    assert copy
    assert copy.with_name(f"{copy.name}-wal").stat().st_size > 0


async def test_damage_that_only_the_opening_comes_upon_is_damage_too(database: Database) -> None:
    await fill(database, 500)
    await database.empty_log()
    with database.path.open("r+b") as file:
        file.truncate(database.path.stat().st_size // 3)
    connection = open_read_only(database.path)
    with pytest.raises(DatabaseError) as found:
        connection.execute("SELECT sum(length(value)) FROM settings").fetchall()
    connection.close()
    assert isinstance(damage_of(found.value), DatabaseDamaged)


async def test_what_is_no_damage_is_raised_as_it_is(database: Database) -> None:
    with pytest.raises(DatabaseError) as found:
        await database.read(lambda c: c.execute("SELECT * FROM nowhere"))
    with pytest.raises(DatabaseError, match="nowhere"):
        damage_of(found.value)
