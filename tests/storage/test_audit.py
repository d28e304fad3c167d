"""The trail shows what was changed in it, moved, or taken away."""

import random

import pytest

from gantry_edge.storage.audit import MACHINE, By, all_entries, append, find_break, list_entries
from gantry_edge.storage.database import Connection, Database, DatabaseError

ADA = By("ada", "192.0.2.1")


def write_some(connection: Connection) -> None:
    append(connection, ADA, "people.invited", "i1", {"role": "member"})
    append(connection, MACHINE, "data.backed_up")
    append(connection, ADA, "people.disabled", "ben")
    append(connection, By("", "192.0.2.7"), "account.password_refused", "ada")
    append(connection, ADA, "network.switched", "", {"lan": True})


@pytest.fixture
async def trail(database: Database) -> Database:
    await database.write(write_some)
    return database


def tamper(connection: Connection, sql: str) -> None:
    """As somebody would who has the file."""
    for trigger in ("audit_is_not_changed", "audit_is_not_deleted"):
        connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
    connection.execute(sql)


async def test_what_nobody_touched_is_whole(trail: Database) -> None:
    assert await trail.read(find_break) is None


async def test_an_empty_trail_is_whole(database: Database) -> None:
    assert await database.read(find_break) is None


async def test_an_entry_says_who_did_what_to_whom_from_where(trail: Database) -> None:
    entry = (await trail.read(all_entries))[0]
    assert (entry.seq, entry.actor_id, entry.address, entry.action, entry.subject_id, entry.detail) == (
        1,
        "ada",
        "192.0.2.1",
        "people.invited",
        "i1",
        {"role": "member"},
    )


@pytest.mark.parametrize("sql", ["UPDATE audit SET actor_id = 'eve'", "DELETE FROM audit"])
async def test_a_statement_cannot_change_it(trail: Database, sql: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        await trail.write(lambda c: c.execute(sql))


@pytest.mark.parametrize("column", ["at", "actor_id", "address", "action", "subject_id", "detail", "seal"])
@pytest.mark.parametrize("seq", [1, 3, 5])
async def test_a_changed_row_is_named(trail: Database, seq: int, column: str) -> None:
    value = "5" if column == "at" else "'x'"
    await trail.write(lambda c: tamper(c, f"UPDATE audit SET {column} = {value} WHERE seq = {seq}"))
    broken = await trail.read(find_break)
    assert broken
    assert broken.seq == seq


@pytest.mark.parametrize("seq", [1, 2, 5])
async def test_a_row_that_was_taken_away_is_named(trail: Database, seq: int) -> None:
    await trail.write(lambda c: tamper(c, f"DELETE FROM audit WHERE seq = {seq}"))
    assert await trail.read(find_break) == (seq, "was taken away")


async def test_all_rows_taken_away_show(trail: Database) -> None:
    await trail.write(lambda c: tamper(c, "DELETE FROM audit"))
    assert await trail.read(find_break) is not None


async def test_rows_that_changed_places_show(trail: Database) -> None:
    await trail.write(lambda c: tamper(c, "UPDATE audit SET seq = -seq WHERE seq IN (2, 3)"))
    await trail.write(lambda c: tamper(c, "UPDATE audit SET seq = 5 + seq WHERE seq < 0"))
    broken = await trail.read(find_break)
    assert broken
    assert broken.seq == 2


async def test_a_row_that_something_else_added_shows(trail: Database) -> None:
    columns = "at, actor_id, address, action, subject_id, detail, seal"
    copy = f"INSERT INTO audit SELECT 6, {columns} FROM audit WHERE seq = 5"
    await trail.write(lambda c: tamper(c, copy))
    broken = await trail.read(find_break)
    assert broken
    assert broken.seq == 6


async def test_what_fails_leaves_no_entry(trail: Database) -> None:
    def fail(connection: Connection) -> None:
        append(connection, ADA, "people.disabled", "eve")
        raise KeyError

    with pytest.raises(KeyError):
        await trail.write(fail)
    assert len(await trail.read(all_entries)) == 5
    assert await trail.read(find_break) is None


async def test_pages_hold_each_entry_once(database: Database) -> None:
    dice = random.Random(1)
    for _ in range(25):
        await database.write(lambda c: append(c, ADA, dice.choice(["people.invited", "account.signed_in"])))
    seen, before = [], None
    while True:
        page = await database.read(lambda c, b=before: list_entries(c, "", b, 10))  # type: ignore[misc]
        seen += [entry.seq for entry in page.items]
        if page.next is None:
            break
        before = int(page.next)
    assert seen == list(range(25, 0, -1))


async def test_a_page_can_be_of_one_kind(trail: Database) -> None:
    page = await trail.read(lambda c: list_entries(c, "people.", None, 10))
    assert [entry.action for entry in page.items] == ["people.disabled", "people.invited"]
