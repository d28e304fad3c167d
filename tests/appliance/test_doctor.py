"""Every check finds what it is for: a check that is added here without a way to make it fail fails the suite."""

import asyncio
import hashlib
import json
import os
import shutil
import socket
import sqlite3
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from documents.desk import Desk
from factory import ask, exchange, make_user

from gantry_edge import services
from gantry_edge.appliance import instance, trust
from gantry_edge.appliance.doctor import CHECKS, Endpoint, Look
from gantry_edge.appliance.doctor_data import examine
from gantry_edge.appliance.machine import Machine, mount_of
from gantry_edge.appliance.scaling import ITEMS, examine_scale
from gantry_edge.cli import cli
from gantry_edge.cli.looking import look_at, look_at_scale, read_scripts
from gantry_edge.config import Settings
from gantry_edge.errors import SelfCheckFailed
from gantry_edge.ids import now
from gantry_edge.memory.store import vault_of
from gantry_edge.retrieval.embedder import DIMENSIONS, Embedder
from gantry_edge.retrieval.store import add_embeddings
from gantry_edge.storage.cache import DiskStore
from gantry_edge.storage.database import Database, open_connection
from gantry_edge.storage.inspection import Facts
from gantry_edge.storage.migrations import migrate

CANARY = "zyxomatic"
BAD = {"failed", "warning"}
FINE = {"ok", "info", "skipped"}
INFORM = {"edition", "ocr", "updates"}  # they say something and judge nothing


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which all is well: an owner, a conversation, a document, a cache, a backup."""
    home = tmp_path_factory.mktemp("doctor") / "home"
    home.mkdir(mode=0o700)

    async def fill() -> None:
        database = Database(home / "gantry.db")
        await database.write(migrate)
        desk = Desk(home, database, Embedder())
        ada = await database.write(lambda c: make_user(c, "ada", "owner"))
        await database.write(lambda c: exchange(c, ada, f"Is it {CANARY}?", f"It is {CANARY}."))
        await desk.start()
        await desk.read(ada, (f"{CANARY}.txt", f"The lighthouse is {CANARY}."))
        await desk.stop()
        remembered = "00000000-0000-7000-8000-000000000000:0"  # of an exchange, not of a document
        vector = (remembered, bytes(4 * DIMENSIONS))
        await database.write(lambda c: add_embeddings(c, vault_of(ada), Embedder.model, [vector]))
        database.close()
        cache = DiskStore(home / "cache", size_limit=1_000_000)
        await cache.set("models box", b"{}")
        cache.close()

    before = os.umask(0o077)
    asyncio.run(fill())
    (home / "logs").mkdir()
    (home / "logs" / "gantry-edge.log").write_text(
        '{"ts":"2026-01-01T10:00:00.000Z","level":"info","logger":"a","event":"fine"}\n'
    )
    services.back_up(Settings(data_dir=home))
    os.umask(before)
    return home


@pytest.fixture
def home(healthy: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(healthy, tmp_path / "home"))


def seen(home: Path, online: bool = False) -> Look:
    return look_at({"data_dir": str(home), "port": 0}, online=online)


def sql(*statements: str) -> Callable[[Path], None]:
    def run(home: Path) -> None:
        connection = open_connection(home / "gantry.db")
        connection.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            connection.execute(statement)
        connection.close()

    return run


def stranger(home: Path) -> None:
    sql("PRAGMA application_id = 1")(home)


def flip(home: Path) -> None:
    database = home / "gantry.db"
    whole = bytearray(database.read_bytes())
    whole[3 * 4096 : 5 * 4096] = os.urandom(2 * 4096)
    database.write_bytes(whole)


def no_wal(home: Path) -> None:
    connection = open_connection(home / "gantry.db")
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()


def crashed(home: Path) -> None:
    connection = open_connection(home / "gantry.db")
    connection.execute("UPDATE users SET updated_at = updated_at + 1")
    left = (home / "gantry.db-wal").read_bytes()
    connection.close()
    (home / "gantry.db-wal").write_bytes(left)


def pickle_in_cache(home: Path) -> None:
    connection = sqlite3.connect(home / "cache" / "cache.db", isolation_level=None)
    connection.execute("UPDATE Cache SET mode = 4")
    connection.close()


def damage_backup(home: Path) -> None:
    (backup,) = (home / "backups").glob("*.zip")
    whole = bytearray(backup.read_bytes())
    whole[len(whole) // 2] ^= 255
    backup.write_bytes(whole)


def log_error(home: Path) -> None:
    with (home / "logs" / "gantry-edge.log").open("a") as file:
        ts = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
        file.write(f'{{"ts":"{ts}","level":"error","logger":"a","event":"broken"}}\n')


def orphan_running(home: Path) -> None:
    instance.announce(home, instance.Running("http://127.0.0.1:9/", 1))


def cut_short(home: Path) -> None:
    connection = open_connection(home / "gantry.db")
    ask(connection, connection.execute("SELECT id FROM users").fetchone()[0])
    connection.close()


def expired(home: Path) -> None:
    sql("INSERT INTO settings VALUES ('lan', 'true', 0), ('https', 'true', 0)")(home)
    trust.certify(home / "tls", "box", ["gantry.local"], datetime.now(UTC) - timedelta(days=395))


def settings(text: str) -> Callable[[Path], object]:
    return lambda home: (home / "gantry.toml").write_text(text)


# what is done to the folder
DAMAGE: dict[str, Callable[[Path], object]] = {
    "answers": cut_short,
    "backups": damage_backup,
    "cache": pickle_in_cache,
    "data-folder": lambda home: home.chmod(0o755),
    "database": stranger,
    "file-modes": lambda home: (home / "gantry.db").chmod(0o644),
    "foreign-keys": sql("UPDATE conversations SET user_id = 'nobody'"),
    "index": sql("DELETE FROM embeddings"),
    "integrity": flip,
    "journal": no_wal,
    "leftovers": lambda home: (home / "files" / "x.part").touch(),
    "lock": orphan_running,
    "log-errors": log_error,
    "log-size": lambda home: os.truncate(home / "logs" / "gantry-edge.log", 101_000_000),
    "originals": lambda home: shutil.rmtree(home / "files"),
    "owner": sql("UPDATE users SET role = 'member'"),
    "schema": sql("DELETE FROM _sqlite_migrations WHERE name = 'm006_scope'"),
    "settings": settings("prot = 1"),
    "write-ahead-log": crashed,
    "certificate": expired,
    "embeddings": sql("UPDATE embeddings SET model = 'all-MiniLM-L6-v2/old'"),
    "engine": settings('model = "/nowhere/model.gguf"'),
}
# what is seen of the machine and of the program
SEEN: dict[str, Callable[[Look], Look]] = {
    "bundle": lambda look: replace(look, bundle=["_internal/libpython.so"]),
    "clock": lambda look: replace(look, at=now() - 400 * 86_400_000),
    "cores": lambda look: replace(look, machine=other(look.machine, cores=1)),
    "disk": lambda look: replace(look, machine=other(look.machine, free=200_000_000)),
    "documents": lambda look: replace(look, held=True, facts=with_values(look, stuck=1)),
    "encoder": lambda look: replace(look, encoder_trouble="the weights are damaged"),
    "endpoints": lambda look: replace(look, endpoints=[Endpoint("box", "it does not answer")]),
    "file-system": lambda look: replace(look, machine=other(look.machine, file_system="nfs4")),
    "free-space": lambda look: replace(look, facts=look.facts and look.facts._replace(free_bytes=10**9)),
    "jobs": lambda look: replace(look, held=True, facts=with_values(look, stale_jobs=1)),
    "local-network": lambda look: replace(look, lan=True, addresses=[]),
    "memory": lambda look: replace(look, machine=other(look.machine, memory=500_000_000)),
    "name-on-the-network": lambda look: replace(look, lan=True, addresses=["10.0.0.2"], named=["10.0.0.3"]),
    "open-files": lambda look: replace(look, machine=other(look.machine, open_files=256)),
    "page": lambda look: replace(look, page={}),
    "port": lambda look: replace(look, held=True, announced="http://127.0.0.1:9/", answers=False),
    "temp": lambda look: replace(look, machine=other(look.machine, temp_free=1_000_000)),
    "versions": lambda look: replace(look, parts={**look.parts, "litestar": "2.21.9"}),
}


def other(machine: Machine, **changes: object) -> Machine:
    return Machine(**{name: getattr(machine, name) for name in machine.__struct_fields__} | changes)


def with_values(look: Look, **values: int) -> Facts:
    assert look.facts
    return look.facts._replace(values={**look.facts.values, **values})


@pytest.fixture(scope="module")
def look_of_healthy(healthy: Path) -> Look:
    return look_at_scale(seen(healthy))


@pytest.mark.parametrize("name", sorted(set(CHECKS) - INFORM))
def test_a_check_fails_when_it_should(name: str, home: Path, look_of_healthy: Look) -> None:
    assert CHECKS[name](look_of_healthy).status in FINE
    if name in DAMAGE:
        DAMAGE[name](home)
        look = seen(home)
    else:
        look = SEEN[name](look_of_healthy)
    finding = CHECKS[name](look)
    assert finding.status in BAD, finding
    assert finding.advice


def test_there_are_many_of_them(look_of_healthy: Look) -> None:
    assert len(set(CHECKS) - INFORM) >= 25
    assert all(CHECKS[name](look_of_healthy).status == "info" for name in INFORM)


def test_all_is_well_in_a_healthy_folder(look_of_healthy: Look) -> None:
    assert [each for each in examine(look_of_healthy) if each.status in BAD] == []
    assert [each for each in examine_scale(look_of_healthy) if each.status == "failed"] == []


def test_every_point_of_the_scaling_guide_is_there_with_evidence(look_of_healthy: Look) -> None:
    assert list(ITEMS) == [f"S{number}" for number in range(1, 37)]
    assert [each.name for each in examine_scale(look_of_healthy) if len(each.found) < 10] == []


def test_no_point_passes_unseen(tmp_path: Path, look_of_healthy: Look) -> None:
    """A look at nothing: whatever says ok, says it without evidence."""
    blank = Look(tmp_path, 0, "", "", {}, look_of_healthy.machine)
    assert [each.name for each in examine_scale(blank) if each.status == "ok"] == []


SCALE: dict[str, Callable[[Look], Look]] = {
    "S1": lambda look: replace(look, facts=look.facts and look.facts._replace(pace={"a question": 60.0})),
    "S2": lambda look: replace(look, pragmas={**look.pragmas, "synchronous": 1}),
    "S4": lambda look: replace(
        look,
        facts=look.facts
        and look.facts._replace(plans={"a": ["SCAN messages"]}, tables={"messages": 5000, "conversations": 1}),
    ),
    "S5": lambda look: replace(look, scale={**look.scale, "limits": [10_000]}),
    "S7": lambda look: replace(look, cache=(1, 0, ["answers"])),
    "S9": lambda look: replace(look, scale={**look.scale, "asset_headers": {"cache-control": "no-cache"}}),
    "S12": lambda look: replace(look, scale={**look.scale, "health_ms": 300.0}),
    "S16": lambda look: replace(look, scale={**look.scale, "stored_at_once": 1}),
    "S17": lambda look: replace(look, facts=with_values(look, widest=768)),
    "S18": lambda look: replace(look, facts=with_values(look, shared_vaults=1)),
    "S19": lambda look: replace(look, facts=with_values(look, without_vector=1)),
    "S21": lambda look: replace(look, scale={**look.scale, "stream_headers": {}}),
    "S24": lambda look: replace(look, scale={**look.scale, "scripts": {}}),
    "S25": lambda look: replace(look, scale={**look.scale, "scripts": {"app.js": "", "Library.js": ""}}),
    "S26": lambda look: replace(look, scale={**look.scale, "scripts": {"MessageList.js": ""}}),
    "S27": lambda look: replace(look, scale={**look.scale, "scripts": {"Library.js": ""}}),
    "S28": lambda look: replace(look, scale={**look.scale, "scripts": {"app.js": ""}}),
    "S30": lambda look: replace(look, scale={**look.scale, "paths": []}),
    "S31": lambda look: replace(look, scale={**look.scale, "paths": []}),
    "S34": lambda look: replace(look, logs=200_000_000),
    "S35": lambda look: replace(look, scale={**look.scale, "asset_headers": {}}),
    "S36": lambda look: replace(look, cache=(1, 0, ["answers"])),
}


@pytest.mark.parametrize("name", SCALE)
def test_a_point_of_the_guide_fails_when_it_should(name: str, look_of_healthy: Look) -> None:
    status, _, *advice = ITEMS[name][1](SCALE[name](look_of_healthy))
    assert status in BAD
    assert advice


def test_every_point_that_can_pass_can_fail(look_of_healthy: Look) -> None:
    """S13, S15, S20 and S32 tell what there is: there is nothing in them that could be wrong and run."""
    passing = {each.name.split()[0] for each in examine_scale(look_of_healthy) if each.status == "ok"}
    assert passing - set(SCALE) <= {"S13", "S15", "S20", "S32"}


def test_two_peoples_passages_in_one_vault_are_found(home: Path) -> None:
    sql(
        "INSERT INTO users (id, name, name_key, role, password_hash, created_at, updated_at)"
        " VALUES ('eve', 'eve', 'eve', 'member', '', 0, 0)",
        "CREATE TEMP TABLE d AS SELECT * FROM documents",
        "UPDATE d SET id = 'd', user_id = 'eve'",
        "INSERT INTO documents SELECT * FROM d",
        "INSERT INTO chunks SELECT NULL, 'k', 'd', 0, 0, 1, NULL, NULL, '', '', 'text'",
        "INSERT INTO embeddings SELECT 'k', vault, model, vector FROM embeddings WHERE vault NOT LIKE 'memory-%'",
    )(home)
    status, found, *_ = ITEMS["S18"][1](seen(home))
    assert (status, "; 1 hold two people's" in found) == ("failed", True)


def test_a_question_that_reads_a_whole_table_is_found(home: Path) -> None:
    sql(
        "DROP INDEX conversations_by_activity",
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
        " INSERT INTO conversations (id, user_id, title, created_at, updated_at)"
        " SELECT i, (SELECT id FROM users), 'title', i, i FROM n",
    )(home)
    status, found, *_ = ITEMS["S4"][1](seen(home))
    assert (status, "SCAN" in found) == ("failed", True)


def digest_of(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize(
    "damage", [None, flip, stranger, crashed, cut_short], ids=lambda damage: damage.__name__ if damage else "nothing"
)
def test_nothing_is_changed(damage: Callable[[Path], None] | None, home: Path) -> None:
    if damage:
        damage(home)
    before = digest_of(home)
    seen(home)
    assert digest_of(home) == before


@pytest.mark.parametrize("what", ["nowhere", "a file", "zeroes", "text", "empty", "a folder"])
def test_it_works_on_whatever_is_there(what: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    if what == "a file":
        home.write_text("")
    elif what != "nowhere":
        home.mkdir()
    if what in {"zeroes", "text", "empty"}:
        content = {"zeroes": bytes(8192), "text": b"no database " * 1000, "empty": b""}[what]
        (home / "gantry.db").write_bytes(content)
    if what == "a folder":
        (home / "gantry.db").mkdir()
    findings = {each.name: each.status for each in examine(seen(home))}
    assert findings["database"] == "failed"
    assert home.exists() is (what != "nowhere")


@pytest.fixture
def running(home: Path) -> Iterator[None]:
    with instance.own(home):
        yield


def test_the_look_is_at_what_a_crash_left_too(home: Path) -> None:
    before = seen(home).facts
    cut_short(home)
    connection = open_connection(home / "gantry.db")
    connection.execute("INSERT INTO settings VALUES ('config.port', '9000', 1)")
    log = (home / "gantry.db-wal").read_bytes()
    database = (home / "gantry.db").read_bytes()
    connection.close()
    (home / "gantry.db").write_bytes(database)
    (home / "gantry.db-wal").write_bytes(log)
    after = seen(home)
    assert before
    assert after.facts
    assert (before.chosen, after.facts.chosen) == ({}, {"port": 9000})


def test_who_holds_the_folder_without_an_address_is_seen(home: Path, running: None) -> None:
    assert CHECKS["lock"](seen(home)).status == "warning"


def test_a_taken_port_is_seen(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        look = look_at({"data_dir": str(home), "port": taken.getsockname()[1]}, online=False)
    assert CHECKS["port"](look).status == "warning"


def test_an_endpoint_that_is_down_is_a_warning_only(home: Path) -> None:
    (home / "gantry.toml").write_text('[[endpoints]]\nname = "box"\nurl = "http://127.0.0.1:9/v1"\n')
    finding = CHECKS["endpoints"](seen(home, online=True))
    assert (finding.status, "box" in finding.found) == ("warning", True)
    assert CHECKS["endpoints"](seen(home)).status == "skipped"


def test_what_the_owner_switched_is_seen(home: Path) -> None:
    sql("INSERT INTO settings VALUES ('lan', 'true', 0), ('https', 'true', 0), ('lan_label', '\"gantry-2\"', 0)")(home)
    trust.certify(home / "tls", "box", ["gantry.local"])
    look = seen(home)
    assert (look.lan, look.https, look.name) == (True, True, "gantry-2.local")
    assert CHECKS["certificate"](look).status == "ok"


def test_the_file_system_is_the_one_below_the_folder() -> None:
    assert mount_of(Path("/proc/self"))[0] == "proc"


def run(home: Path, *arguments: str) -> tuple[str, BaseException | None]:
    result = CliRunner().invoke(cli, ["doctor", "--data-dir", str(home), *arguments])
    return result.stdout, result.exception


def test_the_answer_is_one_for_scripts_too(home: Path) -> None:
    (home / "gantry.db").unlink()
    said, error = run(home, "--json")
    told = json.loads(said)
    assert isinstance(error, SelfCheckFailed)
    assert (told["status"], len(told["scaling"])) == ("failed", 36)
    assert {"name", "status", "found", "advice"} == set(told["checks"][0])


def test_warnings_are_no_failure(home: Path) -> None:
    (home / "gantry.db").chmod(0o644)
    said, error = run(home)
    assert error is None
    assert "0 failed" in said
    assert "chmod -R go=" in said


def test_what_is_sent_to_who_helps_has_nothing_anyone_wrote(home: Path, tmp_path: Path) -> None:
    (home / "gantry.toml").write_text(
        f'hosts = ["{CANARY}.lan"]\n[[endpoints]]\nname = "{CANARY}"\nurl = "http://{CANARY}/v1"\nkey = "{CANARY}"\n'
    )
    with (home / "logs" / "gantry-edge.log").open("a") as log:
        log.write(f"2026-01-01 10:00:00,000 ERROR a: Cookie: session={CANARY}\n")
        log.write(f"2026-01-01 10:00:00,000 ERROR a: http://127.0.0.1/#setup={CANARY} Authorization: Bearer {CANARY}\n")
        log.write(f"2026-01-01 10:00:00,000 ERROR a: http://ada:{CANARY}@box/ api_key={CANARY}\n")
        log.writelines(f"2026-01-01 10:00:00,000 INFO a: {os.urandom(50).hex()}\n" for _ in range(100_000))
    run(home, "--bundle", str(tmp_path / "help.zip"))
    assert (tmp_path / "help.zip").stat().st_size < 5_000_000
    assert (tmp_path / "help.zip").stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(tmp_path / "help.zip") as archive:
        names = archive.namelist()
        for name in names:
            assert CANARY.encode() not in archive.read(name), name
        assert b"CREATE TABLE messages" in archive.read("schema.sql")
    assert set(names) == {"about.json", "checks.json", "settings.json", "schema.sql", "log.jsonl"}


def test_a_script_is_known_by_its_name_whatever_the_build_put_behind_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "assets").mkdir()
    for name in ("Library-DTCkU-Mz.js", "app-BuqoXUnv.js"):
        (tmp_path / "assets" / name).write_text("import(")
    monkeypatch.setattr("gantry_edge.assets.FOLDER", tmp_path)
    assert sorted(read_scripts()) == ["Library.js", "app.js"]
