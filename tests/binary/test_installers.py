"""The scripts for systems that are not here: as far as they can be looked at from this one."""

import plistlib
import subprocess
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.slow
PACKAGING = Path(__file__).parents[2] / "packaging"
WORKFLOW = PACKAGING.parent / ".github" / "workflows" / "build.yml"


def test_the_installer_for_windows_compiles_around_a_folder(tmp_path: Path) -> None:
    internal = tmp_path / "program" / "_internal"
    internal.mkdir(parents=True)
    (internal / "part.dll").write_bytes(b"part")
    (tmp_path / "program" / "gantry-edge.exe").write_bytes(b"MZ")
    given = {"VERSION": "1.2.3", "PROGRAM": tmp_path / "program", "OUT": tmp_path / "gantry-edge-windows.exe"}
    words = [f"-D{name}={value}" for name, value in given.items()]
    command = ["makensis", "-WX", "-V2", *words, str(PACKAGING / "windows" / "gantry-edge.nsi")]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert (tmp_path / "gantry-edge-windows.exe").read_bytes().startswith(b"MZ")


def test_the_bundle_for_macos_names_its_program_and_icon() -> None:
    told = plistlib.loads((PACKAGING / "macos" / "Info.plist").read_bytes())
    script = (PACKAGING / "macos" / "build").read_text()
    assert f"MacOS/{told['CFBundleExecutable']}" in script
    assert f"Resources/{told['CFBundleIconFile']}.icns" in script
    assert subprocess.run(["sh", "-n", PACKAGING / "macos" / "build"], check=False).returncode == 0


def test_the_workflow_builds_on_both_and_uses_files_that_are_there() -> None:
    job = yaml.safe_load(WORKFLOW.read_text())["jobs"]["build"]
    systems = [each["system"].split("-")[0] for each in job["strategy"]["matrix"]["include"]]
    assert systems == ["windows", "macos"]
    script = "\n".join(step.get("run", "") for step in job["steps"])
    named = ("packaging/locks/dev.txt", "packaging/locks/model.txt", "build.spec", "packaging/windows/gantry-edge.nsi")
    assert [name for name in (*named, "packaging/macos/build") if name not in script] == []
    assert [name for name in named if not (PACKAGING.parent / name).exists()] == []


@pytest.mark.parametrize("path", [PACKAGING / "windows/gantry-edge.nsi", PACKAGING / "macos/build", WORKFLOW], ids=str)
def test_what_was_not_run_says_so_at_its_top(path: Path) -> None:
    assert "NOT YET RUN" in "\n".join(path.read_text().splitlines()[:3])
