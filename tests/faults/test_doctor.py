"""The doctor beside a running server, as it is installed."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from program import COMMAND, Program

pytestmark = [pytest.mark.slow, pytest.mark.alone]


def doctor(home: Path) -> dict[str, Any]:
    command = [*COMMAND, "doctor", "--json", "--data-dir", str(home)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    told: dict[str, Any] = json.loads(run.stdout)
    assert run.returncode == (7 if told["failed"] else 0)
    return told


def test_all_is_well_beside_a_running_server_and_without_it(tmp_path: Path) -> None:
    program = Program(tmp_path / "home").start()
    program.owner()
    beside = doctor(program.home)
    program.end()
    alone = doctor(program.home)
    for told in (beside, alone):
        assert [each for each in (*told["checks"], *told["scaling"]) if each["status"] == "failed"] == []
    found = {each["name"]: each["found"] for each in (*beside["checks"], *beside["scaling"])}
    assert "answers" in found["port"]
    assert " at http://127.0.0.1:" in found["S12 nothing blocks"]
