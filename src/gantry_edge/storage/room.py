"""Is there room on the disk? What can wait is refused below a reserve, so that what cannot wait is still written."""

import shutil
from pathlib import Path

from gantry_edge.errors import DataFolderUnusable, DiskFull

MB = 1_000_000
LEAST = 256 * MB
TO_START = 2 * MB


def reserve(total: int) -> int:
    """2 % and at least 256 MB; of a small disk a tenth."""
    return min(max(LEAST, total // 50), total // 10)


def check_start(folder: Path) -> None:
    """SQLite would only tell of an error of input or output."""
    if shutil.disk_usage(folder).free < TO_START:
        raise DataFolderUnusable(f"The disk with {folder} is full. Nothing was changed; make room, and start again")


class Room:
    """On the disk that `folder` is on. Asked anew each time, so what was freed counts at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def has(self, wanted: int = 0) -> bool:
        """For so many bytes, and the reserve."""
        usage = shutil.disk_usage(self._folder)
        return usage.free >= wanted + reserve(usage.total)

    def check(self, wanted: int = 0) -> None:
        """DiskFull says what is there and what is needed."""
        usage = shutil.disk_usage(self._folder)
        needed = wanted + reserve(usage.total)
        if usage.free < needed:
            raise DiskFull(
                f"The disk of this machine is full: {usage.free // MB} MB are free, and this needs {needed // MB} MB. "
                "Nothing was stored, and everything can be read. It goes on as soon as there is room"
            )
