"""Each sub-command as a person types it: the examples of the help are run by a real shell."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from gantry_edge.cli import cli

BIN = Path(sys.executable).parent
PASSWORD = "correct horse battery"
SERVES = {"serve"}  # these examples run until they are stopped; tests/faults starts the real server
FROZEN = {"update"}  # these are of the single file; tests/binary runs them

ADD_BEN = "gantry-edge users add ben --password-stdin < password.txt"
BACK_UP = "gantry-edge backup --to monday.zip"
NEEDED = {  # before the example of a command
    "config unset": ["gantry-edge config set port 9000"],
    "restore": [BACK_UP],
    "users disable": [ADD_BEN],
    "users enable": [ADD_BEN],
    "users remove": [ADD_BEN],
    "users role": [ADD_BEN],
    "verify": [BACK_UP],
}


def every_command(group: click.Group = cli, before: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from every_command(command, f"{before}{name} ")
        elif not command.hidden:
            yield f"{before}{name}", command


COMMANDS = dict(every_command())


def shell(line: str, home: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": f"{BIN}:{os.environ['PATH']}", "GANTRY_DATA_DIR": str(home), "HOME": str(home.parent), **environ}
    return subprocess.run(
        line, shell=True, cwd=home.parent, env=environ, capture_output=True, text=True, timeout=60, check=False
    )


def example_of(command: click.Command) -> str:
    found = re.search(r"^\s*Example: (gantry-edge .*)$", command.help or "", re.MULTILINE)
    assert found, "its help has no example"
    return found[1]


@pytest.fixture(scope="module")
def set_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("set_up")
    (place / "password.txt").write_text(PASSWORD + "\n")
    assert shell("gantry-edge setup --name ada --password-stdin < password.txt", place / "home").returncode == 0
    return place


@pytest.fixture
def home(tmp_path: Path, set_up: Path) -> Path:
    """A data folder with the owner ada."""
    shutil.copytree(set_up, tmp_path, dirs_exist_ok=True)
    return tmp_path / "home"


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(COMMANDS) - SERVES - FROZEN))
def test_the_example_of_each_command_works(name: str, home: Path, tmp_path: Path) -> None:
    line = example_of(COMMANDS[name])
    assert line.startswith(f"gantry-edge {name}")
    if name == "setup":
        home = tmp_path / "fresh"
    for before in NEEDED.get(name, ()):
        assert shell(before, home).returncode == 0
    result = shell(line, home)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout


def test_serve_has_an_example_too() -> None:
    assert example_of(COMMANDS["serve"]).startswith("gantry-edge serve")


def test_what_runs_from_its_source_is_not_updated_by_a_file(home: Path) -> None:
    result = shell("gantry-edge update gantry-edge.update --yes", home)
    assert (result.returncode, "Only the single file" in result.stderr) == (2, True)
    result = shell("gantry-edge update", home)
    assert (result.returncode, "--rollback" in result.stderr) == (2, True)


def test_config_names_the_source_of_each_value(home: Path) -> None:
    (home / "gantry.toml").write_text('drain = 3\n[[endpoints]]\nname = "box"\nurl = "http://box/v1"\nkey = "canary"\n')
    result = shell("gantry-edge config show --json", home, GANTRY_PORT="9000")
    rows = {row["name"]: row for row in json.loads(result.stdout)}
    assert rows["port"] == {"name": "port", "value": 9000, "source": "the environment"}
    assert rows["drain"]["source"] == str(home / "gantry.toml")
    assert rows["browser"]["source"] == "default"
    assert rows["endpoints"]["value"][0]["key"] == "***"
    assert "canary" not in result.stdout


def test_a_misspelled_setting_is_told_the_nearest_one(home: Path) -> None:
    (home / "gantry.toml").write_text("prot = 1")
    result = shell("gantry-edge config show", home)
    assert result.returncode == 2
    assert "did you mean port?" in result.stderr


def test_a_setting_is_kept_until_it_is_forgotten(home: Path) -> None:
    said = shell("gantry-edge config set port 9000", home)
    assert said.stdout == "port is 9000 from the next start on\n"
    assert "9000" in shell("gantry-edge config show", home).stdout
    assert "the environment goes before it" in shell("gantry-edge config set port 1", home, GANTRY_PORT="2").stdout
    assert shell("gantry-edge config unset port", home).returncode == 0
    assert "config set" not in shell("gantry-edge config show", home).stdout


def test_a_settings_file_that_cannot_be_read_is_a_sentence(home: Path) -> None:
    (home / "gantry.toml").mkdir()
    result = shell("gantry-edge config show", home)
    assert (result.returncode, "Traceback" in result.stderr, "gantry.toml" in result.stderr) == (2, False, True)


def test_a_backup_tells_a_script_where_it_is(home: Path) -> None:
    told = json.loads(shell("gantry-edge backup --json", home).stdout)
    assert Path(told["file"]).stat().st_size == told["bytes"]


def test_removing_someone_asks_first(home: Path) -> None:
    assert shell(ADD_BEN, home).returncode == 0
    assert shell("echo n | gantry-edge users remove ben", home).returncode == 130
    assert "ben" in shell("gantry-edge users list", home).stdout


def test_the_switch_to_the_network_is_kept(home: Path) -> None:
    assert json.loads(shell("gantry-edge lan status --json", home).stdout)["lan"] is False
    assert shell("gantry-edge lan on --https", home).returncode == 0
    status = json.loads(shell("gantry-edge lan status --json", home).stdout)
    assert (status["lan"], status["https"]) == (True, True)
    assert shell("gantry-edge lan off", home).returncode == 0
    assert "off" in shell("gantry-edge lan status", home).stdout


def test_the_switch_does_not_wait_for_a_server_that_has_just_been_started(home: Path) -> None:
    database = home / "gantry.db"
    database.unlink()
    database.touch()
    assert shell("gantry-edge lan on", home).returncode == 0
    assert json.loads(shell("gantry-edge lan status --json", home).stdout)["lan"] is True


def test_a_second_owner_is_refused(home: Path) -> None:
    result = shell("gantry-edge setup --name eve --password-stdin < password.txt", home)
    assert result.returncode == 2
    assert "already has an owner" in result.stderr


def test_the_owner_cannot_be_locked_out(home: Path) -> None:
    result = shell("gantry-edge users disable ada", home)
    assert result.returncode == 2
    assert [row["disabled"] for row in json.loads(shell("gantry-edge users list --json", home).stdout)] == [False]


def test_nobody_is_made_by_a_mistyped_folder(tmp_path: Path) -> None:
    result = shell("gantry-edge users list", tmp_path / "nowhere")
    assert result.returncode == 2
    assert "--data-dir" in result.stderr
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_that_cannot_be_written_is_exit_code_3(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = shell(f"gantry-edge reindex --data-dir {tmp_path}/file/home", tmp_path / "home")
    assert result.returncode == 3
    assert "--data-dir" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_log_is_shown_from_a_level_on(home: Path) -> None:
    (home / "logs").mkdir()
    (home / "logs" / "gantry-edge.log").write_text(
        '{"ts":"2026-01-01T10:00:00.000Z","level":"info","logger":"a","event":"fine"}\n'
        '{"ts":"2026-01-01T10:00:01.000Z","level":"error","logger":"a","event":"broken","trace":["OSError","b:1"]}\n'
        '{"ts":"2026-01-01T10:00:02.000Z","level":"info","logger":"a","event":"fine again"}\n'
    )
    assert shell("gantry-edge logs --level warning", home).stdout == (
        "2026-01-01T10:00:01.000Z ERROR a: broken\n    OSError\n    b:1\n"
    )
    assert shell("gantry-edge logs -n 1", home).stdout.endswith("fine again\n")
