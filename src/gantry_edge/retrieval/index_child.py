"""The child that holds the index's folder: does what its parent asks for, one thing after the other."""

import os
import sys
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, Any, NoReturn

from gantry_edge.retrieval.outbox import Step
from gantry_edge.retrieval.remote import receive, send

if TYPE_CHECKING:
    from gantry_edge.retrieval.chroma import Projection


def main(folder: Path) -> NoReturn:
    _leave_no_core()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    questions: SimpleQueue[Any] = SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, questions), daemon=True).start()
    projection: Projection | None = None
    while True:
        name, *values = questions.get()
        try:
            projection = projection or _open(folder)
            reply = _do(projection, name, values), ""
        except BaseException as error:  # a panic of the native library is no Exception
            reply = None, " ".join(f"{type(error).__name__}: {error}".split())
        send(answers, reply)
        if name == "close":
            os._exit(0)


def _open(folder: Path) -> "Projection":
    from gantry_edge.retrieval.chroma import Projection

    return Projection(folder)


def _do(projection: "Projection", name: str, values: list[Any]) -> Any:
    match name:
        case "search":
            vault, queries, limit = values
            return projection.search(vault, queries, limit)
        case "apply":
            return projection.apply([Step(*step) for step in values[0]])
        case "put" | "vectors" | "ids" | "vaults" | "close":
            return getattr(projection, name)(*values)
    raise ValueError(name)


def _listen(file: IO[bytes], questions: "SimpleQueue[Any]") -> None:
    while (message := receive(file)) is not None:
        questions.put(message)
    os._exit(0)  # the parent is gone, and two processes in one folder would ruin it


def _leave_no_core() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
