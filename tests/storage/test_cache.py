"""The contract of a Litestar store, and what happens to rows that someone else wrote (S21)."""

import asyncio
import os
import pickle
import sqlite3
import string
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gantry_edge.storage.cache import DiskStore, RefusedRow, SafeDisk

Plant = Callable[..., None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def store(folder: Path) -> Iterator[DiskStore]:
    store = DiskStore(folder, size_limit=10_000_000)
    yield store
    store.close()


def sql(folder: Path, statement: str, *values: Any) -> list[Any]:
    with closing(sqlite3.connect(folder / "cache.db", isolation_level=None)) as connection:
        return connection.execute(statement, values).fetchall()


def plant(folder: Path, key: Any = "k", raw: int = 1, mode: int = 1, filename: Any = None, value: Any = None) -> None:
    sql(
        folder,
        "INSERT OR REPLACE INTO Cache (key, raw, store_time, access_time, mode, filename, value)"
        " VALUES (?, ?, 1, 1, ?, ?, ?)",
        *(key, raw, mode, filename, value),
    )


def rows(folder: Path) -> int:
    return int(sql(folder, "SELECT count(*) FROM Cache")[0][0])


class Bomb:
    """Makes a file when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> Any:
        return (os.mkdir, (str(self.trace),))


# The contract


async def test_a_value_comes_back(store: DiskStore) -> None:
    assert await store.get("key") is None
    await store.set("key", b"value", 60)
    assert await store.get("key") == b"value"


async def test_text_comes_back_as_bytes(store: DiskStore) -> None:
    await store.set("key", "wért")
    assert await store.get("key") == "wért".encode()


@pytest.mark.parametrize("key", [*string.punctuation, "fooü", "..", "../../x", "", "a\x00b", "k" * 5000])
async def test_any_text_is_a_key(store: DiskStore, key: str) -> None:
    await store.set(key, b"value")
    assert await store.get(key) == b"value"


async def test_a_large_value_comes_back(store: DiskStore) -> None:
    value = os.urandom(3_000_000)
    await store.set("key", value)
    assert await store.get("key") == value


async def test_a_value_is_replaced(store: DiskStore) -> None:
    await store.set("key", b"one")
    await store.set("key", b"two")
    assert await store.get("key") == b"two"


async def test_a_value_expires(store: DiskStore) -> None:
    await store.set("key", b"value", expires_in=1)
    await asyncio.sleep(1.05)
    assert (await store.get("key"), await store.exists("key"), await store.expires_in("key")) == (None, False, None)


@pytest.mark.parametrize("renew_for", [10, timedelta(seconds=10)])
async def test_reading_may_renew(store: DiskStore, renew_for: int | timedelta) -> None:
    await store.set("key", b"value", expires_in=1)
    await store.get("key", renew_for=renew_for)
    assert await store.expires_in("key") == 10


async def test_renewing_gives_no_expiry_to_a_value_that_stays(store: DiskStore) -> None:
    await store.set("key", b"value")
    await store.get("key", renew_for=10)
    assert await store.expires_in("key") == -1


async def test_a_deleted_value_is_gone(store: DiskStore) -> None:
    await store.set("key", b"value")
    await store.delete("key")
    assert await store.get("key") is None


async def test_deleting_what_is_not_there_is_no_error(store: DiskStore) -> None:
    await store.delete("key")


async def test_all_can_be_deleted(store: DiskStore) -> None:
    for number in range(250):
        await store.set(str(number), b"value", 10 if number % 2 else None)
    await store.delete_all()
    assert [await store.get(str(number)) for number in range(250)] == [None] * 250


async def test_what_is_there_exists(store: DiskStore) -> None:
    assert not await store.exists("key")
    await store.set("key", b"value")
    assert await store.exists("key")


async def test_expires_in_tells_three_cases_apart(store: DiskStore) -> None:
    await store.set("stays", b"")
    await store.set("goes", b"", expires_in=10)
    assert [await store.expires_in(key) for key in ("missing", "stays", "goes")] == [None, -1, 10]


async def test_values_outlive_the_program(folder: Path) -> None:
    for value in (None, b"value"):
        store = DiskStore(folder, size_limit=10_000_000)
        assert await store.get("key") == value
        await store.set("key", b"value")
        store.close()


async def test_the_cache_keeps_to_its_size(folder: Path) -> None:
    store = DiskStore(folder, size_limit=1_000_000)
    for number in range(200):
        await store.set(str(number), os.urandom(20_000))
    assert await store.get("199") is not None
    store.close()
    assert sum(path.stat().st_size for path in folder.iterdir()) < 1_500_000


async def test_many_at_once_do_not_lose_a_value(store: DiskStore) -> None:
    await asyncio.gather(*(store.set(str(number), str(number)) for number in range(300)))
    values = await asyncio.gather(*(store.get(str(number)) for number in range(300)))
    assert values == [str(number).encode() for number in range(300)]


async def test_the_loop_goes_on_meanwhile(store: DiskStore) -> None:
    await store.get("key")
    with closing(sqlite3.connect(store._folder / "cache.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        writing = asyncio.create_task(store.set("key", b"value"))
        began = time.monotonic()
        await asyncio.sleep(0.05)
        assert time.monotonic() - began < 0.2
        other.execute("ROLLBACK")
    await writing


async def test_the_folder_is_for_the_owner_only(store: DiskStore, folder: Path) -> None:
    folder.mkdir(mode=0o755)
    await store.get("key")
    assert folder.stat().st_mode & 0o777 == 0o700


# Rows that someone else wrote


@pytest.fixture
async def stopped(folder: Path) -> Path:
    """A cache with one sound row, `sound`, that no program has open."""
    store = DiskStore(folder, size_limit=10_000_000)
    await store.set("sound", b"value")
    store.close()
    return folder


HOSTILE: dict[str, Callable[[Path], dict[str, Any]]] = {
    "a pickle": lambda trace: {"mode": 4, "value": pickle.dumps(Bomb(trace))},
    "a pickle in a file": lambda trace: {"mode": 4, "filename": "../outside"},
    "a path upwards": lambda trace: {"mode": 2, "filename": "../outside"},
    "a path upwards, as text": lambda trace: {"mode": 3, "filename": "../../x/../outside"},
    "an absolute path": lambda trace: {"mode": 2, "filename": str(trace.parent / "outside")},
    "a link": lambda trace: {"mode": 2, "filename": "link"},
    "a file of its own": lambda trace: {"mode": 2, "filename": "cache.db"},
    "a value with a file": lambda trace: {"mode": 1, "value": b"x", "filename": "../outside"},
    "a number": lambda trace: {"value": 7},
    "text": lambda trace: {"value": "x"},
    "nothing": lambda trace: {"value": None},
    "no mode": lambda trace: {"mode": 0, "value": b"x"},
}


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("when", ["before the start", "while it runs"])
async def test_a_hostile_row_is_a_miss_and_goes(
    stopped: Path, tmp_path: Path, kind: str, when: str, caplog: pytest.LogCaptureFixture
) -> None:
    outside, trace = tmp_path / "outside", tmp_path / "trace"
    outside.write_text("secret")
    (stopped / "link").symlink_to(outside)
    store = DiskStore(stopped, size_limit=10_000_000)
    if when == "while it runs":
        await store.get("sound")
    plant(stopped, **HOSTILE[kind](trace))
    assert await store.get("k") is None
    assert await store.get("sound") == b"value"
    store.close()
    assert rows(stopped) == 1
    assert not trace.exists()
    assert outside.read_text() == "secret"
    assert caplog.records


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("act", ["set", "delete", "delete_all", "expire"])
async def test_whatever_removes_a_hostile_row_touches_no_file(
    stopped: Path, tmp_path: Path, kind: str, act: str
) -> None:
    outside, trace = tmp_path / "outside", tmp_path / "trace"
    outside.write_text("secret")
    (stopped / "link").symlink_to(outside)
    store = DiskStore(stopped, size_limit=10_000_000)
    await store.get("sound")
    plant(stopped, **HOSTILE[kind](trace))
    if act == "set":
        await store.set("k", b"new")
    elif act == "delete":
        await store.delete("k")
    elif act == "delete_all":
        await store.delete_all()
    else:
        sql(stopped, "UPDATE Cache SET expire_time = 1 WHERE key = 'k'")
        await store.set("other", b"value")  # diskcache removes a few expired rows with each write
    assert await store.get("k") == (b"new" if act == "set" else None)
    store.close()
    assert not trace.exists()
    assert outside.read_text() == "secret"


async def test_a_pickled_key_is_never_read(stopped: Path, tmp_path: Path) -> None:
    plant(stopped, key=pickle.dumps(Bomb(tmp_path / "trace")), raw=0, value=b"x")
    store = DiskStore(stopped, size_limit=10_000_000)
    assert await store.get("sound") == b"value"
    store.close()
    assert rows(stopped) == 1
    assert not (tmp_path / "trace").exists()


def test_the_disk_itself_refuses_a_pickled_key(tmp_path: Path) -> None:
    with pytest.raises(RefusedRow):
        SafeDisk(str(tmp_path)).get(pickle.dumps(Bomb(tmp_path / "trace")), raw=0)
    assert not (tmp_path / "trace").exists()


@pytest.mark.parametrize("key", [("a", "b"), 7, b"x", None])
def test_the_disk_pickles_no_key(tmp_path: Path, key: Any) -> None:
    with pytest.raises(RefusedRow):
        SafeDisk(str(tmp_path)).put(key)


@pytest.mark.parametrize("value", [{"a": 1}, 7, None, "text"])
def test_the_disk_pickles_no_value(tmp_path: Path, value: Any) -> None:
    with pytest.raises(RefusedRow):
        SafeDisk(str(tmp_path)).store(value, read=False)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("disk_evil", "x"),
        ("get", "x"),
        ("sqlite_journal_mode", "wal; DROP TABLE Cache"),
        ("sqlite_writable_schema", 1),
        ("eviction_policy", "no such policy"),
        ("disk_pickle_protocol", 0),
        ("size", "not a number"),
    ],
)
async def test_settings_in_the_file_do_not_count(stopped: Path, key: str, value: Any) -> None:
    sql(stopped, "INSERT OR REPLACE INTO Settings VALUES (?, ?)", key, value)
    store = DiskStore(stopped, size_limit=10_000_000)
    await store.set("key", b"value")
    assert await store.get("key") == b"value"
    store.close()


# A damaged database


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b"this is no database" * 1000),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        lambda path: path.write_bytes(path.read_bytes()[:2000] + os.urandom(40_000)),
        lambda path: sql(path.parent, "DROP TABLE Cache"),
        lambda path: sql(path.parent, "ALTER TABLE Cache RENAME COLUMN mode TO fashion"),
        lambda path: sql(path.parent, "DROP TABLE Settings"),
    ],
)
async def test_a_damaged_cache_starts_anew(stopped: Path, damage: Callable[[Path], Any]) -> None:
    damage(stopped / "cache.db")
    store = DiskStore(stopped, size_limit=10_000_000)
    assert await store.get("sound") in {None, b"value"}
    await store.set("key", b"value")
    assert await store.get("key") == b"value"
    store.close()


async def test_a_cache_damaged_while_it_runs_starts_anew(
    store: DiskStore, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(100):
        await store.set(str(number), os.urandom(5000))
    sql(folder, "PRAGMA wal_checkpoint(TRUNCATE)")
    with (folder / "cache.db").open("r+b") as file:
        file.write(os.urandom(200_000))
    for number in range(100):
        await store.get(str(number))
    await store.set("key", b"value")
    assert await store.get("key") == b"value"


async def test_a_link_in_place_of_the_database_is_not_followed(folder: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious.db"
    with closing(sqlite3.connect(precious)) as connection:
        connection.execute("CREATE TABLE Cache (raw, mode, filename, key, value)")
    before = precious.read_bytes()
    folder.mkdir()
    (folder / "cache.db").symlink_to(precious)
    store = DiskStore(folder, size_limit=10_000_000)
    await store.set("key", b"value")
    store.close()
    assert precious.read_bytes() == before


async def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    store = DiskStore(tmp_path / "file" / "cache", size_limit=10_000_000)
    await store.set("key", b"value")
    assert await store.get("key") is None
    store.close()


async def test_a_key_that_is_no_text_is_a_miss(store: DiskStore) -> None:
    await store.set("sound", b"value")
    assert await store.get("\ud800") is None
    assert await store.get("sound") == b"value"
