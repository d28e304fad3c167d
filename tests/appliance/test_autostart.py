"""What the systems that start programs are given to read; the one of Linux is also put before systemd itself."""

import json
import os
import plistlib
import shlex
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from gantry_edge.appliance import autostart

BIN = Path(sys.executable).parent
ODD = 'da"ta $HOME 100%\\'
COMMAND = ["/opt/my programs/gantry-edge", "serve", "--data-dir", f"/srv/{ODD}"]


def run(line: str, home: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": f"{home}/bin:{BIN}:{os.environ['PATH']}", "HOME": str(home), **environ}
    return subprocess.run(line, shell=True, cwd=home, env=environ, capture_output=True, text=True, check=False)


def test_an_agent_of_launchd_keeps_the_program_running() -> None:
    made = autostart.launchd(COMMAND, Path("/Users/ada/Library/LaunchAgents"), 501)
    agent = plistlib.loads(made.content)
    assert made.file.name == f"{agent['Label']}.plist"
    assert agent["ProgramArguments"] == COMMAND
    assert (agent["RunAtLoad"], agent["KeepAlive"]) == (True, {"SuccessfulExit": False})
    assert made.start == [["launchctl", "bootstrap", "gui/501", str(made.file)]]


def test_a_task_of_windows_starts_at_sign_in_and_is_never_ended_for_its_length() -> None:
    made = autostart.task(["C:\\Program Files\\g.exe", "serve", "--data-dir", "C:\\my data"], Path("C:/data"))
    assert made.content.startswith(b"\xff\xfe")  # what schtasks reads
    root = ElementTree.fromstring(made.content)
    space = {"t": autostart.TASK}
    assert root.tag == f"{{{autostart.TASK}}}Task"
    assert root.find("t:Triggers/t:LogonTrigger", space) is not None
    assert root.findtext("t:Settings/t:ExecutionTimeLimit", namespaces=space) == "PT0S"
    assert root.findtext("t:Actions/t:Exec/t:Command", namespaces=space) == "C:\\Program Files\\g.exe"
    assert root.findtext("t:Actions/t:Exec/t:Arguments", namespaces=space) == 'serve --data-dir "C:\\my data"'


def test_a_unit_of_systemd_writes_odd_names_as_systemd_reads_them() -> None:
    made = autostart.systemd(COMMAND, Path("/home/ada/.config/systemd/user"))
    [line] = [line for line in made.content.decode().splitlines() if line.startswith("ExecStart=")]
    assert line.endswith('"--data-dir" "/srv/da\\"ta $$HOME 100%%\\\\"')


@pytest.mark.slow
def test_systemd_finds_no_fault_with_the_installed_unit(tmp_path: Path) -> None:
    home = tmp_path / ODD
    home.mkdir()
    assert run(f"gantry-edge service install --data-dir {shlex.quote(str(home / 'data'))}", home).returncode == 0
    unit = home / ".config" / "systemd" / "user" / "gantry-edge.service"
    result = run(f"systemd-analyze verify --user {shlex.quote(str(unit))}", home, XDG_RUNTIME_DIR=str(tmp_path))
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.slow
def test_without_a_systemd_that_runs_one_is_told_what_to_do(tmp_path: Path) -> None:
    result = run("gantry-edge service install", tmp_path)
    assert "systemctl --user enable --now gantry-edge" in result.stdout
    assert "loginctl enable-linger" in result.stdout


@pytest.mark.slow
def test_installed_and_removed_again_nothing_is_left(tmp_path: Path) -> None:
    """With a stand-in for systemctl that notes how it is called."""
    (tmp_path / "bin").mkdir()
    stub = tmp_path / "bin" / "systemctl"
    stub.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/called\n')
    stub.chmod(0o755)
    assert "Gantry Edge runs" in run("gantry-edge service install", tmp_path).stdout
    told = json.loads(run("gantry-edge service status --json", tmp_path).stdout)
    assert (told["installed"], told["running"]) == (True, None)
    assert Path(told["file"]).exists()
    assert run("gantry-edge service uninstall", tmp_path).returncode == 0
    assert not Path(told["file"]).exists()
    assert (tmp_path / "called").read_text().splitlines() == [
        "--user daemon-reload",
        "--user enable --now gantry-edge",
        "--user disable --now gantry-edge",
    ]


@pytest.mark.slow
def test_printing_writes_nothing(tmp_path: Path) -> None:
    assert "[Service]" in run("gantry-edge service install --print", tmp_path).stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_after_an_update_the_system_starts_again_what_it_starts_at_all(tmp_path: Path) -> None:
    stub = tmp_path / "bin" / "systemctl"
    stub.parent.mkdir()
    stub.write_text('#!/bin/sh\necho "$@" >> "$HOME/said"\n')
    stub.chmod(0o755)
    ask = "import sys, pathlib, gantry_edge.cli.autostart as a; print(a.start_again(pathlib.Path(sys.argv[1])))"
    line = f"{sys.executable} -c {shlex.quote(ask)}"
    assert run(f"{line} data", tmp_path).stdout == "False\n"
    assert run("gantry-edge service install --data-dir data", tmp_path).returncode == 0
    (tmp_path / "said").unlink()
    assert run(f"{line} other", tmp_path).stdout == "False\n"
    assert not (tmp_path / "said").exists()
    assert run(f"{line} data", tmp_path).stdout == "True\n"
    assert "--user enable --now gantry-edge" in (tmp_path / "said").read_text()
