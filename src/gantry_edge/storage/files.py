"""Files by their content: `ab/<sha256>` under one folder. Knows no room.

A file is hashed while it is written beside its later place, then renamed: what stands under a digest is whole.
Who refers to a digest is the business of the rows; `lock` keeps counting and deleting apart from adding.
"""

import asyncio
import hashlib
import os
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from gantry_edge.errors import TooLarge
from gantry_edge.ids import new_id
from gantry_edge.storage.room import Room

PART = ".part"


class Files:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.room = Room(folder)
        self.lock = asyncio.Lock()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        for left in folder.glob(f"*{PART}"):  # of uploads that a crash cut off
            left.unlink(missing_ok=True)

    def receive(self, most: int) -> "Incoming":
        """Begin a file of at most so many bytes."""
        return Incoming(self, self._folder / f"{new_id()}{PART}", most)

    def path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest

    def delete(self, digest: str) -> None:
        self.path(digest).unlink(missing_ok=True)
        with suppress(OSError):  # others share the folder
            self.path(digest).parent.rmdir()

    def sweep(self, wanted: Collection[str]) -> int:
        """Delete what no row refers to: files that a crash left between the file and its row."""
        lost = self._names() - set(wanted)
        for digest in lost:
            self.delete(digest)
        return len(lost)

    def missing(self, wanted: Collection[str]) -> int:
        """How many of those that rows refer to are not there."""
        return len(set(wanted) - self._names())

    def _names(self) -> set[str]:
        return {path.name for path in self._folder.glob("??/*")}


class Incoming:
    """A file that is being received. `keep` it or `discard` it; both are for a worker thread."""

    def __init__(self, files: Files, path: Path, most: int) -> None:
        self.size = 0
        self._files = files
        self._path = path
        self._most = most
        self._hash = hashlib.sha256()
        self._file: BinaryIO = os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def write(self, data: bytes) -> None:
        self.size += len(data)
        if self.size > self._most:
            raise TooLarge(f"A file may have up to {self._most // 1_000_000} MB")
        self._hash.update(data)
        self._file.write(data)

    def keep(self) -> str:
        """Put it on disk under its digest, which is returned; the same content is the same file."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        place = self._files.path(self.digest)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        os.replace(self._path, place)
        for folder in (place.parent, place.parent.parent):
            sync_folder(folder)
        return self.digest

    def discard(self) -> None:
        """As if it had never come; nothing happens to one that was kept."""
        with suppress(OSError):  # closing flushes, and the disk may be full
            self._file.close()
        self._path.unlink(missing_ok=True)


def write_private(path: Path, content: bytes) -> None:
    """Readable by its owner only, and never half there."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    partial = path.with_name(f"{path.name}.partial")
    partial.unlink(missing_ok=True)
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    sync_folder(path.parent)


def sync_file(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make a rename in it durable, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
