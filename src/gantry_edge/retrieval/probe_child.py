"""The child that opens a folder of the index first. Its parent writes one line of what to expect, and holds it."""

import os
import sys
import threading
from pathlib import Path
from typing import NoReturn

import msgspec

from gantry_edge.retrieval.probe import RIGHT, Expectation, verify

WRONG = 3  # exit code


def main(folder: Path) -> NoReturn:
    """Ends the process: with 0 and RIGHT when the folder is right, else with what is wrong."""
    _leave_no_core()
    expected = msgspec.json.decode(sys.stdin.buffer.readline(), type=Expectation)
    threading.Thread(target=_wait_for_parent, daemon=True).start()
    wrong = _inspect(folder, expected)
    print(wrong or RIGHT, flush=True)
    sys.exit(WRONG if wrong else 0)


def _inspect(folder: Path, expected: Expectation) -> str:
    from gantry_edge.retrieval.chroma import Projection

    try:
        projection = Projection(folder)
        wrong = verify(projection, expected)
        projection.close()
    except BaseException as error:  # a panic of the native library is no Exception
        wrong = " ".join(f"{type(error).__name__}: {error}".split())
    return wrong


def _wait_for_parent() -> None:
    os.read(sys.stdin.fileno(), 1)
    os._exit(WRONG)  # two processes in one folder would ruin it


def _leave_no_core() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
