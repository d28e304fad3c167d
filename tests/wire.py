"""Two hosts on one wire: network namespaces, so that the second one is as far away as another machine."""

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BOX = "10.77.0.1"
GUEST = "10.77.0.2"
MOVED = "10.77.0.9"  # where the box goes when its address changes
CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)


def run(*command: str) -> str:
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, f"{' '.join(command)}: {result.stderr} (namespaces need root)"
    return result.stdout


class Wire:
    """The box has the address BOX, its guest GUEST; both also have one by IPv6."""

    def __init__(self, name: str) -> None:
        self.box = f"{name}-box"
        self.guest = f"{name}-guest"
        self._ends = (f"{name}b", f"{name}g")

    def lay(self) -> None:
        self.cut()
        box, guest = self._ends
        for namespace in (self.box, self.guest):
            run("ip", "netns", "add", namespace)
        run("ip", "link", "add", box, "netns", self.box, "type", "veth", "peer", "name", guest, "netns", self.guest)
        ends = ((self.box, box, BOX), (self.guest, guest, GUEST))
        for namespace, end, address in ends:
            run("ip", "-n", namespace, "link", "set", end, "name", "lan0")
            run("ip", "-n", namespace, "addr", "add", f"{address}/24", "dev", "lan0")
            number = address.rpartition(".")[2]
            run("ip", "-n", namespace, "addr", "add", f"fd77::{number}/64", "dev", "lan0", "nodad")
            for each in ("lo", "lan0"):
                run("ip", "-n", namespace, "link", "set", each, "up")

    def cut(self) -> None:
        for namespace in (self.box, self.guest):
            subprocess.run(["ip", "netns", "del", namespace], capture_output=True, check=False)

    def move(self, old: str, new: str) -> None:
        """Another address for the box."""
        run("ip", "-n", self.box, "addr", "del", f"{old}/24", "dev", "lan0")
        run("ip", "-n", self.box, "addr", "add", f"{new}/24", "dev", "lan0")

    def listening(self) -> set[str]:
        """`address:port` of each TCP socket of the box that listens."""
        lines = run("ip", "netns", "exec", self.box, "ss", "-ltnH").splitlines()
        return {line.split()[3] for line in lines}


@contextmanager
def inside(namespace: str) -> Iterator[None]:
    """What this thread opens meanwhile is opened there."""
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    there = os.open(Path("/run/netns") / namespace, os.O_RDONLY)
    try:
        assert LIBC.setns(there, CLONE_NEWNET) == 0, os.strerror(ctypes.get_errno())
        yield
    finally:
        assert LIBC.setns(home, CLONE_NEWNET) == 0
        os.close(there)
        os.close(home)
