"""An upgrade that is killed, fails, or finds no room: the data are exactly old or exactly new."""

import hashlib
import json
import random
import subprocess
import sys
import time
from pathlib import Path
from shutil import copyfile

import pytest
from factory import make_user
from program import COMMAND
from sqlite_utils import Database as Schema

from gantry_edge.storage.copy import inspect
from gantry_edge.storage.database import Connection, open_connection, open_unchanged
from gantry_edge.storage.steps import STEPS, load

pytestmark = pytest.mark.slow

KILLS = 50
ROWS = 3000
LATER = "m999_later"
OLD, NEW = [*STEPS[:5]], [*STEPS, LATER]

# of a later version: it writes every message anew
STEP = """
from gantry_edge.storage.steps.ledger import migrations, run

@migrations()
def m999_later(schema):
    run(schema, "CREATE TABLE copied AS SELECT * FROM messages")
    run(schema, "UPDATE messages SET version = version + 1")
    run(schema, "UPDATE messages SET version = version - 1")
    run(schema, "DROP TABLE copied")
    run(schema, "ALTER TABLE messages ADD COLUMN stars INTEGER")
"""
# what its start does with the database
UPGRADE = """
import asyncio, sys, time
from pathlib import Path
from gantry_edge.storage import steps
from gantry_edge.storage.database import Database
from gantry_edge.storage.migrations import migrate
from gantry_edge.storage.upgrade import copy_before_upgrade

home = Path(sys.argv[1])
steps.__path__.append(str(home))
steps.STEPS += ("m999_later",)
print("begin", flush=True)
copy_before_upgrade(home / "gantry.db", home / "backups")
database = Database(home / "gantry.db")
asyncio.run(database.write(migrate))
print("done", flush=True)
time.sleep(float(sys.argv[2]))
database.close()
"""


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of five steps with thousands of messages."""
    path = tmp_path_factory.mktemp("old") / "gantry.db"
    connection = open_connection(path)
    load().apply(Schema(connection), stop_before=STEPS[5])
    connection.execute("BEGIN")
    user = make_user(connection)
    connection.execute("INSERT INTO conversations VALUES ('c', ?, 'Long', NULL, 1, 1)", (user,))
    rows = ((f"m{n}", n, json.dumps([{"type": "text", "text": f"{n} words " * 60}])) for n in range(ROWS))
    connection.executemany("INSERT INTO messages VALUES (?, 'c', NULL, ?, 'user', ?, 1)", rows)
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


def begin(home: Path, wait: float) -> subprocess.Popen[str]:
    (home / f"{LATER}.py").write_text(STEP)
    child = subprocess.Popen([sys.executable, "-c", UPGRADE, str(home), str(wait)], stdout=subprocess.PIPE, text=True)
    assert child.stdout
    assert child.stdout.readline() == "begin\n"
    return child


def finish(child: subprocess.Popen[str]) -> None:
    assert child.stdout
    assert child.stdout.readline() == "done\n"


def digest(connection: Connection) -> str:
    rows = connection.execute("SELECT id, conversation_id, version, role, parts, created_at FROM messages ORDER BY id")
    return hashlib.sha256("".join(str(tuple(row)) for row in rows).encode()).hexdigest()


def look(path: Path) -> tuple[list[str], str]:
    """The steps and the digest of the rows, as the next start would find them."""
    connection = open_connection(path)
    try:
        assert [row[0] for row in connection.execute("PRAGMA integrity_check")] == ["ok"]
        applied = [row[0] for row in connection.execute("SELECT name FROM _sqlite_migrations ORDER BY id")]
        return applied, digest(connection)
    finally:
        connection.close()


def look_at_copy(path: Path) -> tuple[list[str], str]:
    connection = open_unchanged(path)
    try:
        return inspect(path)[0], digest(connection)
    finally:
        connection.close()


def test_an_upgrade_killed_at_any_moment_leaves_exactly_the_old_or_exactly_the_new(old: Path, tmp_path: Path) -> None:
    _, right = look(old)
    dice, seen, took = random.Random(11), set(), 0.0
    for number in range(KILLS + 1):
        home = tmp_path / str(number)
        home.mkdir()
        copyfile(old, home / "gantry.db")
        child, began = begin(home, 60), time.monotonic()
        if number == 0 or number == KILLS:  # to know how long it takes; and one is killed when all is done
            finish(child)
            took = took or time.monotonic() - began
        else:
            time.sleep(took * 1.2 * (number + dice.random()) / KILLS)
        child.kill()
        child.communicate()
        steps, found = look(home / "gantry.db")
        assert steps in (OLD, NEW)
        assert found == right
        seen.add(len(steps))
        again = begin(home, 0)
        finish(again)
        again.communicate()
        assert again.returncode == 0
        assert look(home / "gantry.db") == (NEW, right)
        copies = list((home / "backups").iterdir())
        assert copies
        assert {look_at_copy(copy) == (OLD, right) for copy in copies} == {True}
    assert seen == {len(OLD), len(NEW)}


def serve(home: Path, *prefix: str) -> subprocess.CompletedProcess[str]:
    command = [*prefix, *COMMAND, "serve", "--no-browser", "--no-engine", "--port", "0", "--data-dir", str(home)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_an_upgrade_that_fails_ends_with_code_4_and_the_old_data(old: Path, tmp_path: Path) -> None:
    copyfile(old, tmp_path / "gantry.db")
    connection = open_connection(tmp_path / "gantry.db")
    connection.execute("ALTER TABLE conversations ADD COLUMN scope TEXT")  # which the next step adds
    connection.close()
    before = look(tmp_path / "gantry.db")
    ended = serve(tmp_path)
    assert ended.returncode == 4
    assert "duplicate column name: scope" in ended.stderr
    assert "It is as it was" in ended.stderr
    assert look(tmp_path / "gantry.db") == before


def test_without_room_for_the_copy_nothing_is_changed(old: Path, tmp_path: Path) -> None:
    copyfile(old, tmp_path / "gantry.db")
    before = look(tmp_path / "gantry.db")
    ended = serve(tmp_path, "prlimit", f"--fsize={1 << 20}")
    assert ended.returncode == 3
    assert "Make room there and start again; nothing was changed" in ended.stderr
    assert look(tmp_path / "gantry.db") == before
    assert list((tmp_path / "backups").iterdir()) == []
