"""A Debian machine: systemd booted in a container, over a clean root that is kept between runs. Needs root."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
CLEAN = ROOT / "build" / "clean-root"
PACKAGES = "systemd-sysv,libglib2.0-bin,xdg-utils"  # an init, and what launches a menu entry
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# dpkg's own books, and what any start of a machine writes
BOOKS = ("run", "tmp", "dev", "var/lib/dpkg", "var/lib/systemd", "var/log", "var/cache", "var/tmp", "etc/.pwd.lock")


class Machine:
    def __init__(self, folder: Path) -> None:
        self.root, self._written, self._leader = folder / "root", folder / "written", 0
        for name in ("root", "written", "work"):
            (folder / name).mkdir()
        layers = f"lowerdir={CLEAN},upperdir={self._written},workdir={folder / 'work'}"
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o", layers, self.root], check=True)

    def boot(self) -> None:
        name = f"gantry-test-{os.getpid()}"
        command = ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--boot", "--console=pipe"]
        self._container = subprocess.Popen(
            [*command, f"--machine={name}", f"--directory={self.root}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + 60
        while not self._leader or self.run("systemctl is-system-running", check=False) not in ("running", "degraded"):
            assert time.monotonic() < until, "the machine does not boot: are you root, with systemd-nspawn installed?"
            time.sleep(0.2)
            self._leader = self._leader or init_below(self._container.pid)

    def run(self, line: str, *, user: str = "root", check: bool = True, **environ: str) -> str:
        """What a shell on the machine prints, standard error included."""
        shell = ["runuser", "-u", user, "--", "sh", "-c", line] if user != "root" else ["sh", "-c", line]
        enter = ["nsenter", "-t", str(self._leader), "-m", "-u", "-i", "-n", "-p", "--", *shell]
        environ = {"PATH": PATH, "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive", **environ}
        result = subprocess.run(
            enter, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=180, check=False,
        )  # fmt: skip
        assert not check or result.returncode == 0, result.stdout
        return result.stdout.strip()

    def changed(self) -> set[str]:
        """Every file that is other than in the clean root, but for the books that are kept of it."""
        paths = (path.relative_to(self._written) for path in self._written.rglob("*") if not path.is_dir())
        return {str(path) for path in paths if not any(path.is_relative_to(book) for book in BOOKS)}

    def end(self) -> None:
        if self._leader:
            self._container.terminate()
            self._container.wait(60)
        subprocess.run(["umount", "--lazy", self.root], check=True)


@contextmanager
def booted_machine(folder: Path) -> Iterator[Machine]:
    make_clean_root()
    machine = Machine(folder)
    try:
        machine.boot()
        yield machine
    finally:
        machine.end()


def make_clean_root() -> None:
    if not CLEAN.exists():
        partial = CLEAN.with_name("clean-root.partial")
        command = ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={PACKAGES}", "bookworm", str(partial)]
        subprocess.run(command, check=True)
        partial.rename(CLEAN)


def init_below(process: int) -> int:
    """The first process of the container that this one runs; 0 while there is none."""
    below = Path(f"/proc/{process}/task/{process}/children").read_text()
    for child in below.split():
        try:
            status = Path(f"/proc/{child}/status").read_text()
        except FileNotFoundError:
            continue
        numbers = next(line for line in status.splitlines() if line.startswith("NSpid")).split()[1:]
        if len(numbers) > 1 and numbers[-1] == "1":
            return int(child)
    return 0
