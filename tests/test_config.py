from dataclasses import fields
from pathlib import Path

import pytest

from gantry_edge.config import Settings, load
from gantry_edge.errors import BadRequest


def test_a_flag_beats_the_environment_and_that_the_file_and_that_the_default(tmp_path: Path) -> None:
    (tmp_path / "gantry.toml").write_text('port = 1\ndrain = 1\nengine_threads = 1\nlog_level = "debug"')
    environ = {"GANTRY_DATA_DIR": str(tmp_path), "GANTRY_PORT": "2", "GANTRY_DRAIN": "2"}
    settings = load({"port": "3"}, environ)
    assert (settings.port, settings.drain, settings.engine_threads, settings.idle_timeout) == (3, 2.0, 1, 60.0)


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


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "gantry.toml").write_text("port =")
    with pytest.raises(BadRequest, match=r"gantry\.toml"):
        load({"data_dir": tmp_path}, {})


def test_every_setting_has_a_help_text() -> None:
    assert all(entry.metadata["help"] for entry in fields(Settings))
