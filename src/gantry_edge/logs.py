"""The log: JSON lines in files of limited size, sentences on the terminal, and the newest in memory.

What people write, names of files, cookies, passwords and keys are never in it: an event is a sentence of ours with ids
and numbers, and of an error only its kind and its place are told, as what it says may quote what it was given.
"""

import asyncio
import logging
import traceback
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from copy import copy
from datetime import UTC, datetime
from itertools import islice
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from pathlib import Path
from queue import SimpleQueue

import msgspec

FOLDER = "logs"  # in the data folder
FILE = "gantry-edge.log"
FILE_BYTES = 10_000_000
OLDER_FILES = 5
EVENT_LENGTH = 4_000  # characters
FRAMES = 40
KEPT = 2_000  # lines in memory
OURS = "gantry_edge"
REQUESTS = f"{OURS}.requests"
LEVELS = ("debug", "info", "warning", "error", "critical")

request_id: ContextVar[str] = ContextVar("request_id", default="")


class Line(msgspec.Struct, omit_defaults=True):
    """`trace` is where an error happened; what follows it is of a request."""

    ts: str
    level: str
    logger: str
    event: str
    request_id: str = ""
    trace: list[str] = []
    user_id: str = ""
    method: str = ""
    route: str = ""
    status: int = 0
    duration_s: float = 0.0

    def __str__(self) -> str:
        head = f"{self.ts} {self.level.upper()} {self.logger}: {self.event}"
        about = f" [{self.request_id}]" if self.request_id else ""
        if self.status:
            about = f" {self.method} {self.route} {self.status} in {self.duration_s * 1000:.0f} ms{about}"
        return "\n    ".join([head + about, *self.trace])


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Line)


def read(text: str) -> Line | None:
    """A line of a file; None for one of an earlier version."""
    try:
        return _decoder.decode(text)
    except msgspec.DecodeError:
        return None


@contextmanager
def kept(folder: Path, level: str) -> Iterator[None]:
    """Write the log meanwhile. A thread of its own does, so that no request waits for the disk."""
    folder.mkdir(mode=0o700, exist_ok=True)
    file = _Files(folder / FILE, maxBytes=FILE_BYTES, backupCount=OLDER_FILES, encoding="utf-8", delay=True)
    file.setFormatter(_Json())
    terminal = logging.StreamHandler()
    terminal.setFormatter(_ForPeople())
    terminal.addFilter(lambda record: record.name != REQUESTS or record.levelno > logging.INFO)
    waiting: SimpleQueue[logging.LogRecord] = SimpleQueue()
    listener, inlet = QueueListener(waiting, terminal, file, recent), _Inlet(waiting)
    root, ours = logging.getLogger(), logging.getLogger(OURS)
    before = root.level, ours.level
    root.setLevel(logging.WARNING)  # what libraries tell may be of addresses and bodies
    ours.setLevel(level.upper())
    root.addHandler(inlet)
    listener.start()
    try:
        yield
    finally:
        root.removeHandler(inlet)
        for logger, known in zip((root, ours), before, strict=True):
            logger.setLevel(known)
        listener.stop()
        file.close()


class Recent(logging.Handler):
    """The newest lines, and those who follow them."""

    def __init__(self, size: int = KEPT) -> None:
        super().__init__()
        self._lines: deque[Line] = deque(maxlen=size)
        self._count = 0
        self._wakes: set[Callable[[], None]] = set()

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(line_of(record))  # the lock is held
        self._count += 1
        for wake in self._wakes:
            wake()

    async def follow(self, pause: float) -> AsyncGenerator[list[Line], None]:
        """What is kept, and then what comes; nothing after each `pause` without any. Who is too slow misses some."""
        loop, news, seen = asyncio.get_running_loop(), asyncio.Event(), 0

        def wake() -> None:
            with suppress(RuntimeError):  # the loop is closed: nobody waits
                loop.call_soon_threadsafe(news.set)

        with self._locked():
            self._wakes.add(wake)
        try:
            while True:
                news.clear()
                with self._locked():
                    lines = list(islice(self._lines, max(0, len(self._lines) - (self._count - seen)), None))
                    seen = self._count
                yield lines
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await news.wait()
        finally:
            with self._locked():
                self._wakes.discard(wake)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.acquire()
        try:
            yield
        finally:
            self.release()


recent = Recent()


def line_of(record: logging.LogRecord) -> Line:
    """Made once, for all who write it."""
    line: Line | None = record.__dict__.get("line")
    if line is None:
        line = record.__dict__["line"] = _made(record)
    return line


def _made(record: logging.LogRecord) -> Line:
    line = Line(
        datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        record.levelname.lower(),
        record.name.removeprefix(f"{OURS}."),
        record.getMessage()[:EVENT_LENGTH].encode(errors="backslashreplace").decode(),  # a path may be no text
        getattr(record, "request_id", ""),
    )
    for name, value in getattr(record, "about", {}).items():
        setattr(line, name, value)
    if record.exc_info and record.exc_info[1]:
        line.trace = list(_trace(record.exc_info[1]))
    return line


def _trace(error: BaseException) -> Iterator[str]:
    """The kind of the error and the places it came through, the innermost last; then what it came from."""
    yield f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    for frame in traceback.extract_tb(error.__traceback__)[-FRAMES:]:
        yield place(frame)
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _trace(one)
    if cause := error.__cause__ or (None if error.__suppress_context__ else error.__context__):
        yield "from"
        yield from _trace(cause)


def place(frame: traceback.FrameSummary) -> str:
    """Two folders say which package a file is of."""
    return f"{'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno} {frame.name}"


class _Inlet(QueueHandler):
    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        """With the request it belongs to, and said: one that cannot be said must not end the thread that writes."""
        record = copy(record)
        record.msg, record.args = record.getMessage(), None
        if id := request_id.get():
            record.request_id = id
        return record


class _Files(RotatingFileHandler):
    def doRollover(self) -> None:
        """Where that cannot be, as while somebody reads one on Windows, the newest grows: no line is lost."""
        with suppress(OSError):
            super().doRollover()


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return _encoder.encode(line_of(record)).decode()


class _ForPeople(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return str(line_of(record))
