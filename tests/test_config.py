from dataclasses import fields
from pathlib import Path

import pytest

from gantry_edge.config import Settings, load, load_with_sources, storable
from gantry_edge.errors import BadRequest, DatabaseUnsafe
from gantry_edge.storage.database import Database
from gantry_edge.storage.settings import choose, forget_choice, read_chosen


def test_a_flag_beats_the_environment_and_that_the_file_and_that_the_default(tmp_path: Path) -> None:
    (tmp_path / "gantry.toml").write_text('port = 1\ndrain = 1\nengine_threads = 1\nlog_level = "debug"')
    environ = {"GANTRY_DATA_DIR": str(tmp_path), "GANTRY_PORT": "2", "GANTRY_DRAIN": "2"}
    settings = load({"port": "3"}, environ)
    assert (settings.port, settings.drain, settings.engine_threads, settings.idle_timeout) == (3, 2.0, 1, 60.0)


def test_a_stored_value_beats_only_the_default(tmp_path: Path) -> None:
    (tmp_path / "gantry.toml").write_text("drain = 1")
    settings, sources = load_with_sources(
        {"data_dir": tmp_path}, {"GANTRY_PORT": "2"}, lambda home: {"port": 3, "drain": 3, "cache_mb": 3}
    )
    assert (settings.port, settings.drain, settings.cache_mb) == (2, 1.0, 3)
    assert sources["cache_mb"] == "`gantry-edge config set`"


def test_stored_values_are_those_of_the_folder_that_is_used(tmp_path: Path) -> None:
    asked: list[Path] = []

    def stored(home: Path) -> dict[str, int]:
        asked.append(home)
        return {}

    load({}, {"GANTRY_DATA_DIR": str(tmp_path)}, stored)
    assert asked == [tmp_path]


def test_a_stored_value_that_no_longer_fits_is_named_with_its_source(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match=r"'port' .*config set"):
        load({"data_dir": tmp_path}, {}, lambda home: {"port": "soon"})


def test_what_is_stored_reads_back_as_it_was_meant(database: Database, tmp_path: Path) -> None:
    meant = {"port": "9000", "browser": "false", "model": "/m.gguf", "hosts": '["box"]', "backup_every": "1.5"}
    meant["endpoints"] = '[{"name": "a", "url": "http://a/v1"}]'
    for name, value in meant.items():
        choose(database.path, name, storable(name, value))
    settings = load({"data_dir": tmp_path}, {}, lambda home: read_chosen(database.path))
    assert settings == load({"data_dir": tmp_path, **meant}, {})
    for name in meant:
        assert forget_choice(database.path, name)
        assert not forget_choice(database.path, name)
    assert read_chosen(database.path) == {}


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("data_dir", "/tmp", "--data-dir"),
        ("port", "70000", "port"),
        ("prot", "1", "did you mean port"),
        ("endpoints", '[{"name": "a", "url": "http://a/v1", "key": "secret"}]', "gantry.toml"),
    ],
)
def test_what_cannot_be_stored_is_refused(name: str, value: str, why: str) -> None:
    with pytest.raises(BadRequest, match=why):
        storable(name, value)


def test_a_folder_without_a_database_has_nothing_stored(tmp_path: Path) -> None:
    assert read_chosen(tmp_path / "nowhere" / "gantry.db") == {}
    Database(tmp_path / "new.db").close()
    assert read_chosen(tmp_path / "new.db") == {}
    (tmp_path / "text.db").write_text("this is no database, however long one looks at it")
    with pytest.raises(DatabaseUnsafe):
        read_chosen(tmp_path / "text.db")


@pytest.mark.parametrize(("text", "meant"), [("false", False), ("0", False), ("true", True), ("1", True)])
def test_a_switch_reads_as_people_write_it(tmp_path: Path, text: str, meant: bool) -> None:
    assert load({"data_dir": tmp_path}, {"GANTRY_BROWSER": text}).browser is meant


def test_endpoints_are_json_in_the_environment_and_tables_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "gantry.toml").write_text('[[endpoints]]\nname = "box"\nurl = "http://box/v1"\nwindow = 8192')
    [from_file] = load({"data_dir": tmp_path}, {}).endpoints
    assert (from_file.name, from_file.window) == ("box", 8192)
    [given] = load({"data_dir": tmp_path}, {"GANTRY_ENDPOINTS": '[{"name": "a", "url": "http://a/v1"}]'}).endpoints
    assert given.name == "a"


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"GANTRY_PROT": "1"}, "GANTRY_PROT"),
        ({"GANTRY_PORT": "soon"}, "port"),
        ({"GANTRY_ENDPOINTS": "[1]"}, "endpoints"),
        ({"GANTRY_ENDPOINTS": "{"}, "endpoints"),
        ({"GANTRY_ENDPOINTS": '[{"name": "a/b", "url": "http://a/v1"}]'}, "name"),
        ({"GANTRY_ENDPOINTS": '[{"name": "a", "url": "ftp://a"}]'}, "url"),
        ({"GANTRY_PORT": "70000"}, "port"),
        ({"GANTRY_LOG_LEVEL": "loud"}, "log_level"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, environ: dict[str, str], named: str) -> None:
    with pytest.raises(BadRequest, match=named):
        load({"data_dir": tmp_path}, environ)


@pytest.mark.parametrize("content", [b"port =", b"port = '\xff'", None], ids=["torn", "not text", "a folder"])
def test_a_broken_file_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content is None:
        (tmp_path / "gantry.toml").mkdir()
    else:
        (tmp_path / "gantry.toml").write_bytes(content)
    with pytest.raises(BadRequest, match=r"gantry\.toml"):
        load({"data_dir": tmp_path}, {})


def test_a_settings_file_may_be_anywhere(tmp_path: Path) -> None:
    (tmp_path / "gantry.toml").write_text("port = 1")
    (tmp_path / "other.toml").write_text("port = 2")
    assert load({"data_dir": tmp_path}, {"GANTRY_CONFIG": str(tmp_path / "other.toml")}).port == 2
    with pytest.raises(BadRequest, match=r"nowhere\.toml"):
        load({"data_dir": tmp_path, "config": str(tmp_path / "nowhere.toml")}, {})


def test_every_setting_has_a_help_text() -> None:
    assert all(entry.metadata["help"] for entry in fields(Settings))
