"""The real program as a child process, as a user would start it."""

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

# PROGRAM is the path of a frozen one
COMMAND = [os.environ["PROGRAM"]] if "PROGRAM" in os.environ else [sys.executable, "-m", "gantry_edge"]
PASSWORD = "correct horse battery"


class Program:
    """`gantry-edge serve` on a data folder; start it again after a kill to see what is left."""

    def __init__(self, home: Path, *flags: str, endpoint: str | None = None, engine: bool = False) -> None:
        self.home = home
        self.flags = ["--no-browser", "--answers-each", "1000", *([] if engine else ["--no-engine"]), *flags]
        self.environ = dict(os.environ)
        if endpoint:
            self.environ["GANTRY_ENDPOINTS"] = json.dumps([{"name": "scripted", "url": endpoint}])
        self.prefix: list[str] = []  # such as `prlimit`
        self.url = ""
        self.told = ""  # of what it prints, up to the address
        self.setup_token: str | None = None
        self.process: subprocess.Popen[str] | None = None
        self._clients: list[httpx.Client] = []

    def start(self, seconds: float = 30) -> "Program":
        """Until everything is open."""
        self.listen(seconds)
        httpx.get(f"{self.url}/api/auth/me", timeout=seconds)  # waits for it
        return self

    def listen(self, seconds: float = 30) -> None:
        """Until the page is served."""
        command = [*self.prefix, *COMMAND, "serve", "--port", "0", "--data-dir", str(self.home), *self.flags]
        log = (self.home.parent / f"{self.home.name}.log").open("a")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=self.environ, text=True)
        log.close()
        assert self.process.stdout
        self.url, self.told, until = "", "", time.monotonic() + seconds
        while not self.url:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, until - time.monotonic()))
            # not by `readline`: what it reads ahead, `select` does not see
            piece = os.read(self.process.stdout.fileno(), 65536).decode() if ready else ""
            assert piece, f"it did not start: {(self.home.parent / (self.home.name + '.log')).read_text()}"
            self.told += piece
            lines = self.told.rpartition("\n")[0]
            if found := re.search(r"#setup=(\S+)", lines):
                self.setup_token = found[1]
            if found := re.search(r"Address +(http://\S+)/", lines):
                self.url = found[1]

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    def kill(self) -> None:
        """As a power cut would."""
        self.end(signal.SIGKILL)

    def end(self, number: int = signal.SIGTERM, seconds: float = 30) -> int:
        """Send a signal and wait; returns the exit code."""
        assert self.process
        self.process.send_signal(number)
        code = self.process.wait(seconds)
        for client in self._clients:
            client.close()
        self._clients.clear()
        if self.process.stdout:
            self.process.stdout.close()
        return code

    def client(self, cookies: httpx.Cookies | None = None) -> httpx.Client:
        """Closed when the program ends."""
        self._clients.append(httpx.Client(base_url=self.url, cookies=cookies, timeout=30))
        return self._clients[-1]

    def owner(self) -> httpx.Client:
        """A signed-in client; makes the owner at first."""
        client = self.client()
        if self.setup_token:
            body = {"token": self.setup_token, "name": "owner", "password": PASSWORD}
            response = client.post("/api/setup", json=body)
            self.setup_token = None
        else:
            response = client.post("/api/auth/login", json={"email": "owner", "password": PASSWORD})
        assert response.is_success, response.text
        return client

    def cpu_seconds(self) -> float:
        """User and system time of the server so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def events_of(lines: Iterator[str]) -> Iterator[tuple[int, str, Any]]:
    """Id, type and data of each event of a stream."""
    id, type = 0, ""
    for line in lines:
        if line.startswith("id: "):
            id = int(line[4:])
        elif line.startswith("event: "):
            type = line[7:]
        elif line.startswith("data: "):
            yield id, type, json.loads(line[6:])


@contextmanager
def scripted_endpoint() -> Iterator[str]:
    """The scripted model server as a child process; yields its URL."""
    command = [sys.executable, "-m", "gantry_edge.models.scripted", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def model(script: str) -> str:
    """The id of a scripted model, such as `say?tokens=20&rate=50&seed=1`."""
    return f"scripted/{script}"
