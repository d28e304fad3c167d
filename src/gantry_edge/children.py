"""What every child process has in common, seen from its parent and from within."""

import ctypes
import os
import signal
import sys
import threading
from contextlib import suppress
from typing import Protocol

PR_SET_PDEATHSIG = 1
# Ctrl-C reaches the whole group of a terminal, but answers still drain and need their children. And the frozen program
# runs as two processes, which end together.
OWN_GROUP = {"creationflags": 0x200} if sys.platform == "win32" else {"start_new_session": True}


class Child(Protocol):
    @property
    def pid(self) -> int: ...

    def kill(self) -> None: ...


def environment() -> dict[str, str]:
    """This program's without its settings: some are secret."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GANTRY_")}


def kill_group(child: Child) -> None:
    """With whatever it has started."""
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            child.kill()
        else:
            os.killpg(child.pid, signal.SIGKILL)


def die_with_parent() -> None:
    """Called in the child: the end of stdin is the parent's. Linux adds a signal for one too busy to notice."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    os.read(sys.stdin.fileno(), 1)
    os._exit(0)  # nothing here needs an orderly end, and an engine's threads would take their time
