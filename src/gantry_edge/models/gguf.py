"""Files with models: told from others by their first bytes, and copied with their digest. Blocking: for a thread."""

import hashlib
import os
import re
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

from gantry_edge.errors import BadRequest, DiskFull
from gantry_edge.storage.files import sync_file, sync_folder

SUFFIX = ".gguf"
DIGEST = ".sha256"  # beside the file
PARTIAL = ".partial"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+ -]{0,150}\.gguf")
HEAD = struct.Struct("<4sIQQ")  # magic, version, tensors, values
VERSIONS = (2, 3)
MOST = 1_000_000  # of either
RESERVE = 1_000_000_000  # bytes of the disk that stay free
BLOCK = 1 << 22
NOT_ONE = "There is no GGUF file at this path that can be read; look at the path, and at who may read it"


def is_gguf(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            magic, version, tensors, values = HEAD.unpack(file.read(HEAD.size))
    except (OSError, struct.error):
        return False
    return magic == b"GGUF" and version in VERSIONS and 0 < tensors < MOST and 0 < values < MOST


def find(text: str) -> Path:
    """BadRequest says the same whatever is there instead: it is no way to look around."""
    try:
        path = Path(text).resolve(strict=True)
        if path.is_file() and is_gguf(path):
            return path
    except (OSError, RuntimeError, ValueError):  # a loop of links, a zero in the name
        pass
    raise BadRequest(NOT_ONE)


def check_room(folder: Path, size: int) -> None:
    free = shutil.disk_usage(folder).free
    if size + RESERVE > free:
        wanted, there = (size + RESERVE) // 1_000_000, free // 1_000_000
        raise DiskFull(
            f"It needs {wanted} MB, of which {RESERVE // 1_000_000} stay free, but {there} MB are; make room"
        )


def bring_in(source: Path, target: Path, tell: Callable[[int], None], sha256: str | None) -> str:
    """Copy it whole, and only then give it its name; returns its digest. `tell` is called with what has arrived."""
    partial = target.with_name(target.name + PARTIAL)
    digest, done = hashlib.sha256(), 0
    handle = os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as file, source.open("rb") as origin:
            while block := origin.read(BLOCK):
                file.write(block)
                digest.update(block)
                done += len(block)
                tell(done)
        if sha256 and digest.hexdigest() != sha256.lower():
            raise BadRequest("The file is not the one with this checksum; copy it again from where it came from")
        if not is_gguf(partial):  # it was exchanged after it was found
            raise BadRequest(NOT_ONE)
        sync_file(partial)
        digest_file(target).write_text(digest.hexdigest())
        partial.replace(target)
        sync_folder(target.parent)
    finally:
        partial.unlink(missing_ok=True)
    return digest.hexdigest()


def digest_file(path: Path) -> Path:
    return path.with_name(path.name + DIGEST)
