"""Backup and restore, on real data folders; nothing in an archive is believed."""

import asyncio
import errno
import hashlib
import os
import shutil
import time
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from click.testing import CliRunner
from factory import exchange, make_user, shelve

from gantry_edge.admin import archive, backup, restore
from gantry_edge.admin.archive import Entry, Manifest
from gantry_edge.admin.masking import without_keys
from gantry_edge.admin.schedule import back_up_when_due
from gantry_edge.cli import cli, serve
from gantry_edge.documents.chunks import wanted_files
from gantry_edge.errors import BadBackup, BadRequest, Conflict, DatabaseUnsafe, DiskFull
from gantry_edge.storage.database import Database
from gantry_edge.storage.files import Files
from gantry_edge.storage.migrations import migrate

ORIGINAL = b"The lease ends in May. " * 1000
TEXT = "Quiet words of a person"


@pytest.fixture
async def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    await fill(home)
    return home


async def fill(home: Path) -> None:
    """One conversation, one stored document, settings, and what does not belong in a backup."""
    home.mkdir()
    incoming = Files(home / "files").receive(1_000_000)
    incoming.write(ORIGINAL)
    digest = incoming.keep()
    database = Database(home / "gantry.db")
    await database.write(migrate)
    user = await database.write(make_user)
    await database.write(lambda c: exchange(c, user, TEXT))
    await database.write(lambda c: shelve(c, user, "The lease", digest))
    database.close()
    (home / "gantry.toml").write_text("drain = 3")
    (home / "models").mkdir()
    (home / "cache").mkdir()
    (home / "cache" / "x").write_text("x")


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a sealed backup; its key takes a second to make, and as long to open."""
    home = tmp_path_factory.mktemp("sealed") / "home"
    asyncio.run(fill(home))
    return make(home, "b.sealed", "a quiet harbour")


def make(home: Path, name: str = "b.zip", passphrase: str | None = None) -> Path:
    return backup.back_up(home, wanted_files, home.parent / name, passphrase)


async def questions(home: Path) -> list[str]:
    database = Database(home / "gantry.db")
    try:
        rows = await database.read(
            lambda c: c.execute("SELECT json_extract(parts, '$[0].text') FROM messages ORDER BY id").fetchall()
        )
    finally:
        database.close()
    return [row[0] for row in rows]


def stored(home: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (home / "files").glob("??/*")}


async def test_what_was_backed_up_comes_back(home: Path, tmp_path: Path) -> None:
    made = make(home)
    restore.stage(made, tmp_path / "new")
    assert restore.swap(tmp_path / "new") is None
    assert await questions(tmp_path / "new") == await questions(home)
    assert stored(tmp_path / "new") == {hashlib.sha256(ORIGINAL).hexdigest(): ORIGINAL}
    assert (tmp_path / "new" / "gantry.toml").read_text() == "drain = 3"


def test_only_what_cannot_be_made_anew_is_in_it(home: Path) -> None:
    with zipfile.ZipFile(make(home)) as archived:
        names = {name.split("/")[0] for name in archived.namelist()}
    assert names == {"gantry.db", "gantry.toml", "files", "manifest.json"}


def test_nobody_else_may_read_it(home: Path) -> None:
    assert make(home).stat().st_mode & 0o777 == 0o600


async def test_the_folder_as_it_was_is_kept_beside(home: Path) -> None:
    made = make(home)
    (home / "gantry.toml").write_text("drain = 9")
    restore.stage(made, home)
    old = restore.swap(home)
    assert old
    assert (old / "gantry.toml").read_text() == "drain = 9"
    assert (home / "gantry.toml").read_text() == "drain = 3"
    assert (home / "models").is_dir()


async def test_words_deleted_before_are_in_no_byte_of_it(home: Path) -> None:
    database = Database(home / "gantry.db")
    await database.write(lambda c: c.execute("DELETE FROM conversations"))
    database.close()
    with zipfile.ZipFile(make(home)) as archived:
        assert TEXT.encode() not in archived.read("gantry.db")


def test_a_restore_killed_between_its_renames_is_finished_at_the_next_start(home: Path) -> None:
    restore.stage(make(home), home)
    home.rename(home.with_name("gone"))
    assert restore.finish(home)
    assert (home / "gantry.db").exists()
    assert not (home / restore.READY).exists()


def test_the_program_unpacked_into_the_missing_folder_does_not_hide_such_a_restore(home: Path) -> None:
    restore.stage(make(home), home)
    home.rename(home.with_name("gone"))
    (home / "unpacked" / "hash").mkdir(parents=True)
    assert restore.finish(home)
    assert (home / "gantry.db").exists()
    assert (home / "unpacked" / "hash").is_dir()


def test_a_start_finishes_a_restore_that_was_cut_short(home: Path) -> None:
    restore.stage(make(home), home)
    home.rename(home.with_name("gone"))
    serve.finish_restore(home)
    assert (home / "gantry.db").exists()


def test_a_restore_killed_before_its_renames_changes_nothing(home: Path) -> None:
    before = (home / "gantry.db").read_bytes()
    restore.stage(make(home), home)
    assert not restore.finish(home)
    assert (home / "gantry.db").read_bytes() == before


def test_a_second_backup_at_the_same_time_is_refused(home: Path) -> None:
    with backup._alone(home), pytest.raises(Conflict):
        make(home)


def test_an_existing_file_is_not_overwritten(home: Path) -> None:
    make(home)
    with pytest.raises(Conflict):
        make(home)


def test_a_full_disk_leaves_nothing_that_looks_like_a_backup(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull):
        make(home)
    assert not (home.parent / "b.zip").exists()
    assert list((home / "backups").iterdir()) == []


def test_a_file_that_is_damaged_on_disk_is_not_backed_up_as_if_it_were_whole(home: Path) -> None:
    [path] = (home / "files").glob("??/*")
    path.write_bytes(b"other words")
    with pytest.raises(BadBackup, match="files/"):
        make(home)


def test_a_restore_that_does_not_fit_begins_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make(home)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=1_000))
    with pytest.raises(DiskFull, match="make room"):
        restore.stage(made, home)
    assert not home.with_name("home.restored").exists()


# sealed


def test_a_sealed_one_opens_with_its_passphrase_only(sealed: Path) -> None:
    assert backup.verify_only(sealed, "a quiet harbour").tables["messages"] == 2
    with pytest.raises(BadBackup, match="passphrase"):
        backup.verify_only(sealed, "a loud harbour")
    with pytest.raises(BadRequest, match="passphrase"):
        backup.verify_only(sealed)


def test_a_sealed_one_shows_nothing(sealed: Path) -> None:
    assert b"gantry.db" not in sealed.read_bytes()


@pytest.mark.slow  # each look at it derives its key anew, for a second
def test_a_changed_bit_of_a_sealed_one_is_noticed(sealed: Path) -> None:
    size = sealed.stat().st_size
    for place in (size // 20, size // 2, size - 10):
        flip(sealed, place)
        with pytest.raises(BadBackup):
            backup.verify_only(sealed, "a quiet harbour")
        flip(sealed, place)


# hostile and damaged


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


@pytest.mark.slow
def test_no_changed_bit_is_taken_for_other_data(home: Path) -> None:
    """A bit may stand where nothing depends on it, such as a date; then everything is as it was."""
    made = make(home)
    right = backup.verify_only(made)
    whole = made.read_bytes()
    for at in range(0, len(whole), max(1, len(whole) // 60)):
        flip(made, at)
        try:
            found: Manifest | None = backup.verify_only(made)
        except BadBackup:
            found = None
        assert found in (None, right)
        made.write_bytes(whole)


@pytest.mark.parametrize("share", [0, 0.3, 0.9, 0.999])
def test_a_cut_one_is_refused(home: Path, share: float) -> None:
    made = make(home)
    os.truncate(made, int(made.stat().st_size * share))
    with pytest.raises(BadBackup):
        backup.verify_only(made)


def forge(made: Path, change: Callable[[zipfile.ZipFile, Manifest], None]) -> None:
    """Write it anew with something else in it, and a manifest that says so."""
    with zipfile.ZipFile(made) as old:
        contents = {name: old.read(name) for name in old.namelist()}
    manifest = msgspec.json.decode(contents.pop(archive.MANIFEST), type=Manifest)
    with zipfile.ZipFile(made, "w") as new:
        for name, content in contents.items():
            new.writestr(name, content)
        change(new, manifest)
        new.writestr(archive.MANIFEST, msgspec.json.encode(manifest))


EVIL_NAMES = [
    "../evil", "../../evil", "/tmp/evil", "files/../../evil", "C:\\evil", "\\\\host\\evil", "files/aa/../../../evil",
    "nul", "CON", "files/aa", "gantry.db-wal", "lock", "index/x", "tls/ca.pem", "gantry.db/../x", "files//etc/passwd",
    "./gantry.toml", "files/AA/" + "A" * 64, "files/ab/" + "a" * 64, "~/evil", "",
]  # fmt: skip


@pytest.mark.parametrize("name", EVIL_NAMES)
def test_an_entry_of_another_name_is_refused_before_anything_is_written(home: Path, tmp_path: Path, name: str) -> None:
    made = make(home)

    def add(archived: zipfile.ZipFile, manifest: Manifest) -> None:
        archived.writestr(name or "x", b"evil")
        manifest.entries[name] = Entry(4, hashlib.sha256(b"evil").hexdigest())

    forge(made, add)
    before = {path for path in tmp_path.rglob("*") if ".work" not in str(path)}
    with pytest.raises(BadBackup):
        restore.stage(made, tmp_path / "new")
    assert {path for path in tmp_path.rglob("*") if ".work" not in str(path)} == before


def test_an_entry_the_manifest_does_not_list_is_refused(home: Path) -> None:
    made = make(home)
    forge(made, lambda archived, manifest: archived.writestr("files/more", b"x"))
    with pytest.raises(BadBackup, match="not what its manifest lists"):
        backup.verify_only(made)


def test_a_listed_entry_that_is_missing_is_refused(home: Path) -> None:
    made = make(home)
    digest = "ab" * 32
    forge(made, lambda archived, manifest: manifest.entries.update({f"files/ab/{digest}": Entry(1, digest)}))
    with pytest.raises(BadBackup):
        backup.verify_only(made)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_refused(home: Path) -> None:
    made = make(home)
    forge(made, lambda archived, manifest: archived.writestr("gantry.toml", b"drain = 3"))
    with pytest.raises(BadBackup, match="same name"):
        backup.verify_only(made)


def test_a_bomb_is_refused_by_its_size(home: Path, tmp_path: Path) -> None:
    made = make(home)
    with zipfile.ZipFile(made) as old:
        contents = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in contents.items():
            new.writestr(name, bytes(50_000_000) if name == "gantry.toml" else content)
    with pytest.raises(BadBackup, match=r"gantry\.toml"):
        restore.stage(made, tmp_path / "new")
    assert not (tmp_path / "new.restored").exists()


def test_a_newer_one_is_refused_and_says_so(home: Path, tmp_path: Path) -> None:
    made = make(home)

    def renew(archived: zipfile.ZipFile, manifest: Manifest) -> None:
        manifest.format = archive.FORMAT + 1
        manifest.version = "9.0.0"

    forge(made, renew)
    with pytest.raises(BadBackup, match=r"9\.0\.0"):
        restore.stage(made, tmp_path / "new")


async def test_one_of_a_newer_schema_is_refused(home: Path, tmp_path: Path) -> None:
    database = Database(home / "gantry.db")
    insert = "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('gantry_edge', 'm999_later', '')"
    await database.write(lambda c: c.execute(insert))
    database.close()
    with pytest.raises(DatabaseUnsafe, match="m999_later"):
        restore.stage(make(home), tmp_path / "new")


# by themselves


def test_one_is_made_when_the_last_is_old_enough(home: Path) -> None:
    for _ in range(3):
        back_up_when_due(home / "backups", lambda: backup.back_up(home, wanted_files), 3600, 7)
    assert len(list((home / "backups").iterdir())) == 1


def test_of_a_year_of_days_a_week_is_kept_and_the_last_of_four_weeks_before(tmp_path: Path) -> None:
    (tmp_path / "mine.zip").touch()
    for day in range(365):
        (tmp_path / (date(2026, 1, 1) + timedelta(day)).strftime("gantry-edge-%Y-%m-%d-030000.zip")).touch()
        backup.prune(tmp_path, 7)
    days = [path.name[12:22] for path in backup.list_newest(tmp_path)]
    assert days[:7] == [f"2026-12-{day}" for day in range(31, 24, -1)]
    assert days[7:] == ["2026-12-24", "2026-12-20", "2026-12-13", "2026-12-06"]
    assert (tmp_path / "mine.zip").exists()


def test_a_backup_that_cannot_be_made_is_logged_with_the_age_of_the_last(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> Path:
        raise DiskFull("There is no room")

    last = tmp_path / "gantry-edge-2026-01-01-030000.zip"
    last.touch()
    os.utime(last, (time.time() - 50 * 3600,) * 2)
    back_up_when_due(tmp_path, fail, 24 * 3600, 7)
    assert "the last is 50 hours old" in caplog.text
    assert last.exists()


KEYS = '[[endpoints]]\nname = "box"\nurl = "http://box/v1"\nkey = "sk-canary"\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("drain = 3 # as it was\n", "drain = 3 # as it was\n"),
        (KEYS, KEYS.replace("sk-canary", "")),
        ("endpoints = [{name = 'a', key='sk-canary'}]", "endpoints = [{name = 'a', key=''}]"),
        ("""endpoints = '[{"name": "a", "key": "sk-canary"}]'""", """endpoints = '[{"name": "a", "key": ""}]'"""),
        ('[[endpoints]]\nkey = "sk\\u002dcanary"', None),
        ("no = settings = file", None),
    ],
)
def test_a_settings_file_loses_its_keys_and_nothing_else(before: str, after: str | None) -> None:
    assert without_keys(before) == after


def fill_with_secrets(home: Path) -> None:
    (home / "gantry.toml").write_text(KEYS)
    (home / "secrets.key").write_bytes(b"canary-of-the-key-of-the-secrets")


def test_an_open_backup_holds_no_key(home: Path) -> None:
    fill_with_secrets(home)
    with zipfile.ZipFile(make(home)) as archived:
        assert "secrets.key" not in archived.namelist()
        assert b"canary" not in b"".join(archived.read(name) for name in archived.namelist())


def test_a_sealed_backup_brings_the_keys_back(home: Path, tmp_path: Path) -> None:
    fill_with_secrets(home)
    made = make(home, "b.sealed", "a quiet harbour")
    assert b"canary" not in made.read_bytes()
    restore.stage(made, tmp_path / "new", "a quiet harbour")
    restore.swap(tmp_path / "new")
    assert (tmp_path / "new" / "gantry.toml").read_text() == KEYS
    assert (tmp_path / "new" / "secrets.key").read_bytes() == (home / "secrets.key").read_bytes()


def test_an_open_backup_restored_at_home_finds_its_keys_there(home: Path) -> None:
    fill_with_secrets(home)
    restore.stage(make(home), home)
    restore.swap(home)
    assert (home / "secrets.key").read_bytes() == b"canary-of-the-key-of-the-secrets"


def test_who_restores_an_open_backup_is_told_of_the_keys(home: Path, tmp_path: Path) -> None:
    fill_with_secrets(home)
    words = ["restore", str(make(home)), "--data-dir", str(tmp_path / "new")]
    assert "enter those of gantry.toml again" in CliRunner().invoke(cli, words).output
