"""A disk that fills up: what was acknowledged stays, the answer says what to do, and room is enough to go on."""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from program import COMMAND, Program, events_of, model

pytestmark = pytest.mark.slow
MB = 1_000_000
NORMAL_AFTER = 10.0  # seconds
JSON = {"Accept": "application/json"}


class Volume:
    """64 MB in memory, with a file that takes the room there is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    @property
    def free(self) -> int:
        status = os.statvfs(self.folder)
        return status.f_bavail * status.f_frsize

    def fill(self, leave: int = 0) -> None:
        with self._filler.open("ab") as file:
            while (left := self.free - leave) > 0:
                try:
                    file.write(bytes(min(left, MB)))
                    file.flush()
                except OSError:
                    return

    def empty(self) -> None:
        self._filler.unlink()


@pytest.fixture
def volume(tmp_path: Path) -> Iterator[Volume]:
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.fail(f"a small volume could not be mounted, which takes root: {mounted.stderr}")
    yield Volume(folder)
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def program(volume: Volume, tmp_path: Path, endpoint: str) -> Iterator[Program]:
    program = Program(volume.folder / "home", endpoint=endpoint)
    program.environ["TMPDIR"] = str(tmp_path)
    program.start()
    yield program
    if program.process and program.process.poll() is None:
        program.end()


def asked(owner: httpx.Client, script: str) -> dict[str, Any]:
    body = {"content": "Why?", "model": model(script)}
    response = owner.post("/api/chat", json=body, headers=JSON)
    response.raise_for_status()
    return dict(response.json())


def upload(owner: httpx.Client, content: Any, name: str = "notes.txt") -> httpx.Response:
    return owner.post("/api/documents", files={"file": (name, content)})


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + NORMAL_AFTER
    while time.monotonic() < end:
        if true():
            return
        time.sleep(0.2)
    raise AssertionError("it is not as it should be again")


def test_what_can_wait_is_refused_below_the_reserve_and_reading_goes_on(program: Program, volume: Volume) -> None:
    owner = program.owner()
    chat = asked(owner, "say?tokens=5")
    volume.fill(leave=3 * MB)
    for refused in (
        owner.post("/api/chat", json={"content": "And?", "model": model("say?tokens=5")}),
        upload(owner, b"words"),
    ):
        assert refused.status_code == 507
        assert refused.json()["code"] == "disk_full"
        assert "MB are free" in refused.json()["detail"]
    assert owner.get(f"/api/conversations/{chat['conversation_id']}/messages").is_success
    assert owner.patch(f"/api/conversations/{chat['conversation_id']}", json={"title": "Kept"}).is_success
    until(lambda: owner.get("/ready").status_code == 503)
    conditions = {each["name"]: each["problem"] for each in owner.get("/api/overview").json()["conditions"]}
    assert conditions["disk"] == "full"
    volume.empty()
    until(lambda: owner.get("/ready").status_code == 200)
    assert asked(owner, "say?tokens=5")
    assert upload(owner, b"words").status_code == 202


def test_a_disk_that_fills_during_an_upload_keeps_what_was_there_and_takes_it_later(
    program: Program, volume: Volume
) -> None:
    owner = program.owner()
    assert upload(owner, b"The keeper is called Marguerite. " * 40, "kept.txt").status_code == 202
    boundary = "----parts"
    begun = threading.Event()

    def body() -> Iterator[bytes]:
        yield f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="long.txt"\r\n\r\n'.encode()
        for piece in range(20):
            yield b"words " * (MB // 6)
            if piece == 5:
                volume.fill()
                begun.set()
        yield f"\r\n--{boundary}--\r\n".encode()

    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    refused = owner.post("/api/documents", content=body(), headers=headers)
    assert begun.is_set()
    assert refused.status_code == 507
    assert [each["name"] for each in owner.get("/api/documents").json()["items"]] == ["kept.txt"]
    assert not list((program.home / "files").glob("*.part"))
    volume.empty()
    until(lambda: upload(owner, b"words", "later.txt").status_code == 202)
    until(lambda: {each["status"] for each in owner.get("/api/documents").json()["items"]} == {"ready"})


def test_a_disk_that_fills_during_an_answer_loses_nothing_of_it(program: Program, volume: Volume) -> None:
    owner = program.owner()
    chat = asked(owner, "say?tokens=120&rate=40&seed=7")
    time.sleep(1)
    volume.fill()
    with owner.stream("GET", f"/api/answers/{chat['answer_id']}/events") as stream:
        told = "".join(data if isinstance(data, str) else data.get("text", "") for _, type, data in events_of(
            stream.iter_lines()) if type == "delta")  # fmt: skip
    assert len(told.split()) >= 100
    volume.empty()

    def saved() -> bool:
        items = owner.get(f"/api/conversations/{chat['conversation_id']}/messages").json()["items"]
        [answer] = [each["answer"] for each in items if each["id"] == chat["answer_id"]]
        return str(answer["status"]) == "done"

    until(saved)
    program.kill()
    owner = program.start().owner()
    assert saved()
    items = owner.get(f"/api/conversations/{chat['conversation_id']}/messages").json()["items"]
    text = "".join(part.get("text", "") for each in items if each["id"] == chat["answer_id"] for part in each["parts"])
    assert text == told


def test_a_backup_without_room_leaves_nothing_behind_and_is_made_later(program: Program, volume: Volume) -> None:
    owner = program.owner()
    assert upload(owner, os.urandom(8 * MB), "noise.bin").status_code == 202
    volume.fill(leave=14 * MB)
    command = [*COMMAND, "backup", "--data-dir", str(program.home)]
    made = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert made.returncode == 2
    assert "MB are free" in made.stderr
    assert not list((program.home / "backups").iterdir())
    volume.empty()
    subprocess.run(command, capture_output=True, timeout=120, check=True)
    assert len(list((program.home / "backups").glob("gantry-edge-*.zip"))) == 1


def test_a_disk_that_fills_during_a_backup_leaves_no_half_of_one(program: Program, volume: Volume) -> None:
    owner = program.owner()
    assert upload(owner, os.urandom(8 * MB), "noise.bin").status_code == 202
    command = [*COMMAND, "backup", "--data-dir", str(program.home)]
    making = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    folder = program.home / "backups"
    while making.poll() is None and not list(folder.glob(".work-*/*/backup.zip")):
        time.sleep(0.001)
    volume.fill()
    _, told = making.communicate(timeout=60)
    assert making.returncode == 2, told
    assert "no room" in told
    assert not list(folder.iterdir())
    assert owner.get("/api/documents").is_success
    volume.empty()
    subprocess.run(command, capture_output=True, timeout=120, check=True)


def test_a_disk_that_is_full_at_a_start_is_told_and_nothing_is_changed(program: Program, volume: Volume) -> None:
    owner = program.owner()
    chat = asked(owner, "say?tokens=5")
    program.end()
    volume.fill()
    command = [*COMMAND, "serve", "--data-dir", str(program.home), "--no-browser", "--no-engine"]
    refused = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert refused.returncode == 3
    assert "make room, and start again" in refused.stderr
    volume.empty()
    again = program.start().owner()
    assert again.get(f"/api/conversations/{chat['conversation_id']}/messages").is_success
