"""Starting: one instance, one port, one owner of the data folder."""

import socket
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest
from program import COMMAND, Program

pytestmark = pytest.mark.slow

# slow to load, and for later work
LATER = {
    "aiohttp", "attr", "chromadb", "cryptography", "numpy", "onnxruntime", "pydantic", "sqlite_utils", "tokenizers",
    "xllamacpp", "zeroconf",
}  # fmt: skip


def serve(home: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, "serve", "--data-dir", str(home), "--no-browser", "--no-engine", *flags]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def test_a_second_start_points_to_the_running_one(program: Program) -> None:
    second = serve(program.home, "--port", "0")
    assert second.returncode == 0
    assert program.url in second.stdout


def test_a_lock_left_by_a_crash_is_no_obstacle(program: Program) -> None:
    program.kill()
    program.start()
    assert program.client().get("/health").json() == {"status": "pass"}


def test_what_is_asked_for_before_everything_is_open_is_answered(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    program.listen()
    answer = program.client().get("/api/auth/me")
    program.end()
    assert answer.json()["code"] == "setup_needed"


def test_a_stop_before_everything_is_open_is_a_clean_one(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    program.listen()
    assert program.end() == 0
    assert not (program.home / "running.json").exists()


def test_a_start_loads_nothing_that_only_later_work_needs(program: Program) -> None:
    program.end()
    program.environ["PYTHONPROFILEIMPORTTIME"] = "1"
    program.start()
    assert program.client().get("/ready").is_success
    program.kill()
    lines = program.home.with_suffix(".log").read_text().splitlines()
    loaded = {line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:")}
    assert "litestar" in loaded
    assert loaded & LATER == set()


def test_a_taken_port_is_a_clear_error(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = serve(tmp_path, "--port", str(taken.getsockname()[1]))
    assert result.returncode == 5
    assert "in use" in result.stderr


def test_a_wrong_setting_is_a_clear_error(tmp_path: Path) -> None:
    result = serve(tmp_path, "--drain", "soon")
    assert result.returncode == 2
    assert "drain" in result.stderr


def test_a_strangers_database_is_a_clear_error(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "gantry.db")) as connection:
        connection.executescript("PRAGMA application_id = 7; CREATE TABLE theirs (id)")
    result = serve(tmp_path, "--port", "0")
    assert result.returncode == 4
    assert "gantry.db" in result.stderr


def test_idle_connections_do_not_hinder_a_new_one(program: Program) -> None:
    host, _, port = program.url.removeprefix("http://").partition(":")
    idle = [socket.create_connection((host, int(port))) for _ in range(300)]
    for connection in idle:
        connection.sendall(f"GET /health HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")
    assert program.client().get("/health", timeout=5).status_code == 200
    for connection in idle:
        connection.close()


def test_only_loopback_is_listened_on(program: Program) -> None:
    port = int(program.url.rpartition(":")[2])
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:] + Path("/proc/net/tcp6").read_text().splitlines()[1:]
    listening = {f[1] for f in (line.split() for line in lines) if f[3] == "0A" and int(f[1].split(":")[1], 16) == port}
    assert {address.split(":")[0] for address in listening} == {"0100007F"}


def test_running_out_of_file_handles_passes(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    program.prefix = ["prlimit", "--nofile=96:96"]
    owner = program.start().owner()
    host, _, port = program.url.removeprefix("http://").partition(":")
    crowd = [socket.create_connection((host, int(port))) for _ in range(120)]
    for connection in crowd:
        connection.sendall(f"GET /api/auth/me HTTP/1.1\r\nHost: {host}\r\nCookie: x=y\r\n\r\n".encode())
    time.sleep(1)
    for connection in crowd:
        connection.close()
    time.sleep(1)
    assert owner.get("/api/auth/me").status_code == 200
    assert owner.get("/api/conversations").status_code == 200
    program.end()
