"""The program as it was built: which of its files are no longer what they were."""

import hashlib
import json
from pathlib import Path

MANIFEST = "manifest.json"  # beside the frozen program: {"version": ..., "files": {name: SHA-256}}
UNPACKED = "files"  # the list by which the single file knows what it unpacked; see packaging/launcher/list.c


def damaged_files(folder: Path) -> list[str]:
    """Names of files that are missing or changed; reads all of them, half a gigabyte. Empty when all is well."""
    try:
        hashes: dict[str, str] = json.loads((folder / MANIFEST).read_bytes())["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return [MANIFEST]
    return [name for name, digest in sorted(hashes.items()) if _hash_of(folder / name) != digest]


def unpack_anew(folder: Path) -> bool:
    """Lets the single file unpack again at its next start; False where no single file unpacked this one."""
    try:
        (folder.parent / UNPACKED).unlink()
    except OSError:
        return False
    return True


def _hash_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
