"""What a thread writes while the event loop reads it: some pieces in between, never the whole."""

import asyncio
from collections.abc import AsyncGenerator
from queue import Empty, Full, Queue

PIECE = 1 << 18  # bytes
WAITING = 8  # pieces written and not yet read
LOOK = 0.25  # seconds between two looks whether the other end is there
STALLED = 60.0  # seconds in which nobody read


class BrokenPipe(Exception):
    """The other end is gone before the end."""


class Pipe:
    """A file to write, as far as an archive needs one; nothing is read back."""

    def __init__(self, *, stalled: float = STALLED) -> None:
        self._pieces: Queue[bytes | None] = Queue(WAITING)
        self._pending = bytearray()
        self._stalled = stalled
        self._open = True

    def write(self, data: bytes) -> int:
        """BrokenPipe when nobody reads any more."""
        self._pending += data
        if len(self._pending) >= PIECE:
            self._put(bytes(self._pending))
            self._pending.clear()
        return len(data)

    def flush(self) -> None:
        """Pieces have a size of their own."""

    def finish(self) -> None:
        """All is written."""
        self._put(bytes(self._pending))
        self._put(None)

    def close(self) -> None:
        """From either end: nothing more is written, or read."""
        self._open = False

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """BrokenPipe when the writer gave up."""
        try:
            while (piece := await asyncio.to_thread(self._take)) is not None:
                yield piece
        finally:
            self.close()

    def _put(self, piece: bytes | None) -> None:
        waited = 0.0
        while self._open and waited < self._stalled:
            try:
                return self._pieces.put(piece, timeout=LOOK)
            except Full:
                waited += LOOK
        self.close()
        raise BrokenPipe

    def _take(self) -> bytes | None:
        while True:
            try:
                return self._pieces.get(timeout=LOOK)
            except Empty:
                if not self._open:
                    raise BrokenPipe from None
