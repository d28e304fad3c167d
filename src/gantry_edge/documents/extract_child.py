"""Main of the child that reads one document: `extract PATH NAME`, its limits on stdin, the outcome as JSON on stdout.

It gives up what it does not need before it opens the file: memory, time, other files' size, the network.
"""

import ctypes
import os
import sys
from contextlib import suppress
from pathlib import Path

import msgspec

from gantry_edge.children import die_with_parent
from gantry_edge.documents.extract.result import TOO_HEAVY, ExtractError, Outcome

PR_SET_NO_NEW_PRIVS = 38
CLONE_NEWNET = 0x40000000
CLONE_NEWUSER = 0x10000000


class ChildLimits(msgspec.Struct):
    memory: int = 1_000_000_000  # bytes of address space
    cpu: int = 60  # seconds


def main(path: str, name: str) -> None:
    limits = msgspec.json.decode(sys.stdin.buffer.readline() or b"{}", type=ChildLimits)
    _leave_the_network()
    _limit(limits)
    die_with_parent()
    sys.setrecursionlimit(5000)  # a chapter may be 256 elements deep, and each takes a few calls
    outcome = _outcome(Path(path), name)
    sys.stdout.buffer.write(msgspec.json.encode(outcome))
    sys.stdout.buffer.flush()
    os._exit(0)  # the parsers' own clean-up of a large tree takes longer than the kernel's


def _outcome(path: Path, name: str) -> Outcome:
    from gantry_edge.documents.extract import extract

    try:
        return Outcome(extracted=extract(path, name))
    except ExtractError as error:
        return Outcome(error=error.detail)
    except MemoryError:
        return Outcome(error=TOO_HEAVY)


def _leave_the_network() -> None:
    """Into an empty network of its own, where the kernel lets a plain user do so. Before any thread is started."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            libc = ctypes.CDLL(None, use_errno=True)
            libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
            if libc.unshare(CLONE_NEWNET) != 0:
                libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)


def _limit(limits: ChildLimits) -> None:
    if sys.platform == "win32":
        return
    import resource

    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CPU, limits.cpu),
        (resource.RLIMIT_AS, limits.memory),
    ):
        with suppress(ValueError, OSError):  # macOS refuses some
            hard = resource.getrlimit(what)[1]
            most = most if hard == resource.RLIM_INFINITY else min(most, hard)
            grace = 5 if what == resource.RLIMIT_CPU and hard == resource.RLIM_INFINITY else 0
            resource.setrlimit(what, (most, most + grace))  # so that the signal of the soft limit says which it was
    with suppress(OSError):
        os.nice(10)  # an answer that someone waits for goes first


if __name__ == "__main__":
    main(*sys.argv[2:4])
