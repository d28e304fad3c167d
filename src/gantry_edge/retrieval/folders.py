"""The folder that holds the index's folders: one in use, and what was put aside until a new one is whole."""

import shutil
from contextlib import suppress
from pathlib import Path

from gantry_edge.ids import new_id

QUARANTINE = "quarantine-"


def make_room(folder: Path) -> None:
    """Whatever lies in its place is put aside."""
    if folder.exists() and not folder.is_dir():
        folder.rename(folder.with_name(f"{folder.name}-{QUARANTINE}{new_id()}"))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def put_aside(folder: Path) -> None:
    with suppress(FileNotFoundError):
        folder.rename(folder.with_name(f"{QUARANTINE}{new_id()}"))


def keep_only(folder: Path, name: str) -> None:
    """Once the one in use is whole, nobody needs the others."""
    for entry in folder.iterdir():
        if entry.name != name:
            shutil.rmtree(entry, ignore_errors=True) if entry.is_dir() else entry.unlink(missing_ok=True)
