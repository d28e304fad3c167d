"""Whether a folder is, byte for byte, as it was left.

Chroma changes its files when it opens them and when it is written to, and at no other time. So a digest taken while
nothing is written finds any damage done since. A look at what a folder answers cannot: of a file that was cut short,
Chroma reads the rest from memory that nobody filled, which is harmless in one process and ends the next.
"""

import hashlib
from pathlib import Path
from typing import NamedTuple

Stamps = dict[str, tuple[int, int]]  # size and time of change, by name


class Seal(NamedTuple):
    digest: str
    stamps: Stamps


def make_seal(folder: Path) -> Seal:
    stamps = read_stamps(folder)
    whole = hashlib.sha256()
    for name in sorted(stamps):
        with (folder / name).open("rb") as file:
            whole.update(f"{name}\n{hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return Seal(whole.hexdigest(), stamps)


def read_stamps(folder: Path) -> Stamps:
    """Cheap: finds what changed by the clock of the file system."""
    found = ((path, path.stat()) for path in folder.rglob("*") if not path.is_dir())
    return {path.relative_to(folder).as_posix(): (stat.st_size, stat.st_mtime_ns) for path, stat in found}
