"""Data folders as earlier versions wrote them, opened by this one."""

import subprocess
from pathlib import Path

import pytest
from program import COMMAND, Program

pytestmark = pytest.mark.slow
GOLDEN = sorted((Path(__file__).parent.parent / "golden").glob("*.zip"))


@pytest.mark.parametrize("backup", GOLDEN, ids=lambda path: path.stem)
def test_what_an_earlier_version_wrote_is_all_there(backup: Path, tmp_path: Path) -> None:
    words = [*COMMAND, "restore", str(backup), "--data-dir", str(tmp_path / "home")]
    subprocess.run(words, check=True, capture_output=True, timeout=60)
    program = Program(tmp_path / "home").start()
    client = program.owner()
    [chat] = client.get("/api/conversations").json()["items"]
    question, answer = client.get(f"/api/conversations/{chat['id']}/messages").json()["items"]
    [document] = client.get("/api/documents").json()["items"]
    text = client.get(f"/api/documents/{document['id']}/content").text
    found = client.post("/api/documents/search", json={"query": "Who keeps the lighthouse?"}).json()
    program.end()
    assert question["parts"][0]["text"] == "Remember the lighthouse"
    assert len(answer["parts"][0]["text"].split()) >= 10
    assert text == "The keeper of the lighthouse is called Marguerite. " * 10
    assert "Marguerite" in str(found)


def test_there_is_one_to_open() -> None:
    assert GOLDEN


@pytest.mark.parametrize("command", [["lan", "on"], ["users", "list"]], ids=" ".join)
def test_a_command_before_the_first_start_keeps_a_copy_too(command: list[str], tmp_path: Path) -> None:
    home = tmp_path / "home"
    for words in (["restore", str(GOLDEN[0])], command):
        subprocess.run([*COMMAND, *words, "--data-dir", str(home)], check=True, capture_output=True, timeout=60)
    assert len(list((home / "backups").glob("before-*.db"))) == 1
