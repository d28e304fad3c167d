"""A backup of a server at work, brought back by command."""

import subprocess
import threading
import time
from pathlib import Path

import httpx
import pytest
from program import COMMAND, Program, model

pytestmark = pytest.mark.slow
RATE = 100  # writes a second
SECONDS = 12.0


def command(*words: str) -> str:
    result = subprocess.run([*COMMAND, *words], capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout


class Writer(threading.Thread):
    """Renames one conversation again and again; `told` holds when each new title was acknowledged."""

    def __init__(self, client: httpx.Client, conversation: str) -> None:
        super().__init__()
        self.client, self.url = client, f"/api/conversations/{conversation}"
        self.told: list[tuple[float, int]] = []
        self.slowest = 0.0

    def run(self) -> None:
        began = time.monotonic()
        for number in range(int(RATE * SECONDS)):
            time.sleep(max(0, began + number / RATE - time.monotonic()))
            asked = time.monotonic()
            self.client.patch(self.url, json={"title": f"title {number}"}).raise_for_status()
            self.slowest = max(self.slowest, time.monotonic() - asked)
            self.told.append((time.monotonic(), number))


def test_everything_acknowledged_before_a_backup_is_in_it(program: Program, tmp_path: Path) -> None:
    owner = program.owner()
    body = {"content": "Remember the lighthouse", "model": model("say?tokens=20")}
    chat = owner.post("/api/chat", json=body, headers={"Accept": "application/json"}).json()
    files = {"file": ("notes.txt", b"The keeper of the lighthouse is called Marguerite. " * 40)}
    uploaded = owner.post("/api/documents", files=files)
    assert uploaded.is_success, uploaded.text
    wait_until_read(owner)
    messages = owner.get(f"/api/conversations/{chat['conversation_id']}/messages").json()
    writer = Writer(owner, chat["conversation_id"])
    writer.start()
    time.sleep(SECONDS / 4)
    began = time.monotonic()
    command("backup", "--data-dir", str(program.home), "--to", str(tmp_path / "b.zip"))
    took = time.monotonic() - began
    writer.join()
    program.end()
    known = max(number for at, number in writer.told if at < began)
    print(f"backup {took:.2f} s, slowest write meanwhile {writer.slowest * 1000:.0f} ms")

    command("restore", str(tmp_path / "b.zip"), "--data-dir", str(tmp_path / "new"))
    program.home = tmp_path / "new"
    again = program.start().owner()
    title = again.get(f"/api/conversations/{chat['conversation_id']}").json()["title"]
    assert known <= int(title.split()[1])
    assert again.get(f"/api/conversations/{chat['conversation_id']}/messages").json() == messages
    [document] = again.get("/api/documents").json()["items"]
    content = again.get(f"/api/documents/{document['id']}/content").content
    assert content == files["file"][1]
    found = again.post("/api/documents/search", json={"query": "Who keeps the lighthouse?"}).json()
    assert "Marguerite" in str(found)


def wait_until_read(client: httpx.Client) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if {each["status"] for each in client.get("/api/documents").json()["items"]} == {"ready"}:
            return
        time.sleep(0.1)
    raise AssertionError("the document was not read")


def test_a_restore_beside_a_running_server_is_refused(program: Program, tmp_path: Path) -> None:
    command("backup", "--data-dir", str(program.home), "--to", str(tmp_path / "b.zip"))
    words = [*COMMAND, "restore", str(tmp_path / "b.zip"), "--data-dir", str(program.home)]
    refused = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert refused.returncode == 6
    assert program.client().get("/health").is_success
