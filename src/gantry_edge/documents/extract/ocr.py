"""Text of scanned pages, by the program `tesseract` where it is installed. Nothing here needs it."""

import math
import shutil
import subprocess
import time
from functools import cache
from typing import Any

PROGRAM = "tesseract"
POINTS = 72
DPI = 300
MOST_PIXELS = 20_000_000  # A3 at 300 dpi
PAGE_TIME = 30.0  # seconds
WHOLE_TIME = 80.0  # seconds; the child as a whole has 120
MOST_LANGUAGES = 4  # each makes it slower


@cache
def available() -> bool:
    return shutil.which(PROGRAM) is not None


class Recognizer:
    """Recognises pages of one document until its time is up."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._until = time.monotonic() + WHOLE_TIME

    def page(self, number: int) -> str:
        return _recognise(_picture(self._document[number])) if time.monotonic() < self._until else ""


def _picture(page: Any) -> bytes:
    """The page as a grey PNM picture, which needs no library to write."""
    width, height = page.get_size()
    scale = min(DPI / POINTS, math.sqrt(MOST_PIXELS / max(1.0, width * height)))
    bitmap = page.render(scale=scale, grayscale=True)
    data, stride = bytes(bitmap.buffer), bitmap.stride
    rows = b"".join(data[row * stride : row * stride + bitmap.width] for row in range(bitmap.height))
    page.close()
    return b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + rows


def _recognise(picture: bytes) -> str:
    turned = ["--psm", "1"] if "osd" in _installed() else []  # finds out which way up a page is
    command = [PROGRAM, "stdin", "stdout", "-l", _languages(), "--dpi", str(DPI), *turned]
    try:
        done = subprocess.run(command, input=picture, capture_output=True, timeout=PAGE_TIME)
    except (subprocess.TimeoutExpired, OSError):
        return ""
    return done.stdout.decode("utf-8", "replace")


@cache
def _installed() -> list[str]:
    try:
        done = subprocess.run([PROGRAM, "--list-langs"], input=b"", capture_output=True, timeout=PAGE_TIME)
    except (subprocess.TimeoutExpired, OSError):
        return []
    return [line.strip() for line in done.stdout.decode("utf-8", "replace").splitlines()[1:] if line.strip()]


def _languages() -> str:
    found = sorted((name for name in _installed() if name not in {"osd", "equ"}), key=lambda name: name != "eng")
    return "+".join(found[:MOST_LANGUAGES]) or "eng"
