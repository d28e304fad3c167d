"""Double-clicked more than once, and found again."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlparse
from urllib.request import url2pathname

import pytest
from filelock import FileLock
from program import COMMAND, PASSWORD, Program

pytestmark = [pytest.mark.slow, pytest.mark.alone]
STARTS = 20


@pytest.fixture
def browser(tmp_path: Path) -> dict[str, str]:
    """The environment of a desktop whose browser notes each address it is sent to."""
    stub = tmp_path / "browser"
    stub.write_text(f'#!/bin/sh\necho "$1" >> {tmp_path}/opened\n')
    stub.chmod(0o755)
    return {**os.environ, "BROWSER": f"{stub} %s", "DISPLAY": ":0"}


def opened(folder: Path) -> list[str]:
    file = folder / "opened"
    return file.read_text().splitlines() if file.exists() else []


def start(home: Path, environ: dict[str, str]) -> "subprocess.Popen[str]":
    command = [*COMMAND, "serve", "--data-dir", str(home), "--no-engine", "--port", "0"]
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_of_twenty_starts_one_serves_and_the_others_open_it(tmp_path: Path, browser: dict[str, str]) -> None:
    started = [start(tmp_path / "home", browser) for _ in range(STARTS)]
    until = time.monotonic() + 60
    while sum(process.poll() is None for process in started) > 1 and time.monotonic() < until:
        time.sleep(0.1)
    [server] = [process for process in started if process.poll() is None]
    others = [process for process in started if process is not server]
    assert {process.returncode for process in others} == {0}
    addresses = opened(tmp_path)
    server.send_signal(signal.SIGTERM)
    assert server.wait(30) == 0
    for process in started:
        process.communicate()
    assert len(addresses) == STARTS
    assert len(set(addresses)) == 1
    assert "#setup=" in addresses[0]


def test_a_start_while_another_only_looked_at_the_folder_serves(tmp_path: Path, browser: dict[str, str]) -> None:
    (tmp_path / "home").mkdir()
    lock = FileLock(tmp_path / "home" / "lock")
    lock.acquire()
    process = start(tmp_path / "home", browser)
    time.sleep(1.5)
    lock.release()
    until = time.monotonic() + 20
    while not opened(tmp_path) and time.monotonic() < until:
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert "#setup=" in opened(tmp_path)[0]
    assert process.returncode == 0


def test_who_follows_the_log_sees_each_line_once_over_its_change_of_file(tmp_path: Path) -> None:
    log = tmp_path / "home" / "logs" / "gantry-edge.log"
    log.parent.mkdir(parents=True)
    lines = [f'{{"ts":"{n}","level":"info","logger":"a","event":"line"}}\n' for n in range(4)]
    log.write_text(lines[0])
    command = [*COMMAND, "logs", "-f", "--data-dir", str(tmp_path / "home")]
    environ = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environ, text=True)
    time.sleep(2)
    with log.open("a") as file:
        file.write(lines[1])
    log.rename(log.with_name("gantry-edge.log.1"))
    time.sleep(1)
    log.write_text(lines[2])
    time.sleep(1)
    with log.open("a") as file:
        file.write(lines[3])
    time.sleep(1)
    process.terminate()
    assert process.communicate()[0] == "".join(f"{n} INFO a: line\n" for n in range(4))


def test_once_there_is_an_owner_a_second_start_opens_the_page_itself(tmp_path: Path, browser: dict[str, str]) -> None:
    program = Program(tmp_path / "home").start()
    program.owner()
    second = start(program.home, browser)
    second.communicate(timeout=30)
    program.end()
    assert opened(tmp_path) == [f"{program.url}/"]


def test_the_setup_link_is_in_no_log_and_readable_by_the_owner_of_the_folder_only(tmp_path: Path) -> None:
    program = Program(tmp_path / "home").start()
    token = program.setup_token
    assert token
    mode = (program.home / "running.json").stat().st_mode & 0o777
    program.owner()
    program.end()
    log = (program.home / "logs" / "gantry-edge.log").read_text()
    assert mode == 0o600
    assert program.url in log
    assert token not in log
    assert PASSWORD not in log


def test_stop_ends_the_running_one(program: Program) -> None:
    assert program.process
    result = subprocess.run(
        [*COMMAND, "stop", "--data-dir", str(program.home)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (result.returncode, result.stdout) == (0, "Stopped\n")
    assert program.process.wait(5) == 0
    program.end()


def test_a_start_that_fails_without_a_terminal_says_why_in_the_browser(tmp_path: Path, browser: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [*COMMAND, "serve", "--data-dir", str(tmp_path / "<home>"), "--port", str(taken.getsockname()[1])]
        code = subprocess.run(command, env=browser, stderr=subprocess.PIPE, timeout=60, check=False).returncode
    [url] = opened(tmp_path)
    page = Path(url2pathname(urlparse(url).path)).read_text()
    assert code == 5
    assert "choose another with --port" in page
    assert "&lt;home&gt;" in page
    assert "<home>" not in page


def test_the_file_of_one_that_was_killed_misleads_nobody(program: Program) -> None:
    program.kill()
    result = subprocess.run(
        [*COMMAND, "stop", "--data-dir", str(program.home)], capture_output=True, text=True, timeout=60, check=False
    )
    assert "not running" in result.stdout


def test_the_owner_made_by_command_while_it_serves_is_the_only_one(tmp_path: Path) -> None:
    program = Program(tmp_path / "home").start()
    command = [*COMMAND, "setup", "--data-dir", str(program.home), "--name", "ada", "--password-stdin"]
    made = subprocess.run(command, input=PASSWORD, capture_output=True, text=True, timeout=60, check=False)
    assert made.returncode == 0, made.stderr
    body = {"token": program.setup_token, "name": "eve", "password": PASSWORD}
    claimed = program.client().post("/api/setup", json=body)
    signed_in = program.client().post("/api/auth/login", json={"email": "ada", "password": PASSWORD})
    program.end()
    assert claimed.status_code == 409
    assert signed_in.is_success
