"""What the program measures of itself, and what it leaves alone."""

import hashlib
import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from gantry_edge.cli import cli
from gantry_edge.measure import measure
from gantry_edge.storage.database import open_connection
from gantry_edge.storage.migrations import migrate

COMMAND = [sys.executable, "-m", "gantry_edge"]


async def test_every_figure_is_counted(tmp_path: Path) -> None:
    figures = await measure(tmp_path, COMMAND, None, each=0.05)
    assert {figure.unit for figure in figures} == {"ms", "/s"}
    assert [figure.name for figure in figures if figure.value <= 0] == []
    names = " ".join(figure.name for figure in figures)
    for told in ("start", "one after the other", "at once", "question encoded", "passages encoded", "a search among"):
        assert told in names


@pytest.mark.slow
@pytest.mark.alone
def test_the_real_data_is_not_touched(tmp_path: Path) -> None:
    connection = open_connection(tmp_path / "gantry.db")
    migrate(connection)
    connection.close()
    before = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in tmp_path.rglob("*")}
    result = CliRunner().invoke(cli, ["bench", "--json", "--data-dir", str(tmp_path)])
    assert result.exit_code == 0, result.exception
    told = json.loads(result.stdout)
    assert told["seconds"] < 60  # half a minute, on a machine that has nothing else to do
    assert any("answer" in figure["name"] for figure in told["figures"])
    assert {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in tmp_path.rglob("*")} == before
