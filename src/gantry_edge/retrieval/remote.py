"""The index's folder in a child process, which alone opens it.

A damaged file of it can end the process that reads it; that is the child, and the server goes on. And Chroma holds
the interpreter's lock while it writes, for hundreds of milliseconds: in the server every stream would stand still.
"""

import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import msgspec

from gantry_edge.children import environment, kill_group

if TYPE_CHECKING:
    from gantry_edge.retrieval.matrix import Hit, Vector
    from gantry_edge.retrieval.outbox import Step

END_TIME = 5.0  # seconds for a killed child to be gone
LENGTH = 4  # bytes before each message


class ChildEnded(Exception):
    """It died, or was killed because it hung."""


class Remote:
    """What `chroma.Projection` does, asked for over a pipe. Blocks; for one thread, but `kill` is for any."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        """`command` runs this program again."""
        self._child = subprocess.Popen(
            [*command, "hold-index", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            start_new_session=True,  # a group of its own, to be ended whole
        )

    def close(self) -> None:
        self._ask("close")

    def kill(self) -> None:
        """The frozen program runs as two processes; both must be gone before the folder is touched."""
        if self._child.poll() is None:
            kill_group(self._child)
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(END_TIME)
        for pipe in (self._child.stdin, self._child.stdout):
            assert pipe is not None
            with suppress(OSError):  # what was never sent
                pipe.close()

    def vaults(self) -> list[str]:
        return list(self._ask("vaults"))

    def ids(self, vault: str) -> list[str]:
        return list(self._ask("ids", vault))

    def vectors(self, vault: str, ids: Sequence[str]) -> dict[str, bytes]:
        return dict(self._ask("vectors", vault, ids))

    def search(self, vault: str, queries: "Vector", limit: int) -> "list[list[Hit]]":
        """(chunk id, cosine) for each query, best first."""
        said = self._ask("search", vault, [query.tobytes() for query in queries], limit)
        return [[(id, cosine) for id, cosine in hits] for hits in said]

    def put(self, vault: str, ids: Sequence[str], vectors: Sequence[bytes]) -> None:
        self._ask("put", vault, ids, vectors)

    def apply(self, steps: "Sequence[Step]") -> None:
        self._ask("apply", steps)

    def _ask(self, *message: Any) -> Any:
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        try:
            send(self._child.stdin, message)
            reply = receive(self._child.stdout)
        except (OSError, ValueError, msgspec.DecodeError):  # gone, closed, or not our child at all
            reply = None
        if reply is None:
            raise ChildEnded("the process that holds it ended")
        value, trouble = reply
        if trouble:
            raise ChildEnded(trouble)
        return value


def send(file: IO[bytes], message: Any) -> None:
    data = msgspec.msgpack.encode(message)
    file.write(len(data).to_bytes(LENGTH, "big") + data)
    file.flush()


def receive(file: IO[bytes]) -> Any:
    """None at the end of the pipe."""
    head = file.read(LENGTH)
    data = file.read(int.from_bytes(head, "big"))
    return msgspec.msgpack.decode(data) if data else None
