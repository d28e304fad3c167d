"""Where something is taken out to: a new folder, or a new zip. Only what is whole gets its name."""

import errno
import os
import shutil
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Protocol

from gantry_edge.errors import BadRequest, Conflict, DiskFull
from gantry_edge.storage.files import sync_file

PARTIAL = ".partial"
LONGEST = 120  # bytes of one name: file systems take 255, and some paths no more than 260 in all
FORBIDDEN = frozenset('<>:"/\\|?*')
UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}


class Packing(Protocol):
    """Takes one file after the other, by names with `/` between folders."""

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]: ...


class Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        place = self._path / name
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            yield file


class Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        return self._archive.open(name, "w", force_zip64=True)


class Inside:
    """A folder of a packing."""

    def __init__(self, packing: Packing, folder: str) -> None:
        self._packing = packing
        self._folder = folder

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        return self._packing.open(f"{self._folder}/{name}")


@contextmanager
def pack(target: Path) -> Iterator[Packing]:
    """A zip where `target` ends so, else a folder. Neither may be there yet, and a failure leaves nothing."""
    if target.exists():
        raise Conflict(f"{target} exists already; choose another name")
    partial = target.with_name(target.name + PARTIAL)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove(partial)  # of one that was killed
        if target.suffix.lower() == ".zip":
            handle = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                yield Zip(archive)
            sync_file(partial)
        else:
            partial.mkdir(mode=0o700)
            yield Folder(partial)
        partial.replace(target)
    except OSError as error:
        _remove(partial)
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DiskFull(f"There is no room for {target}; nothing of it was kept") from error
        raise BadRequest(f"{target} cannot be written: {error}") from error
    except BaseException:
        _remove(partial)
        raise


def safe_name(text: str, suffix: str = "") -> str:
    """As near to the text as every file system takes it, in any script; `suffix` is kept whole. Not unique."""
    suffix = _letters(suffix)
    kept = " ".join(_letters(text).split()).strip(". ")
    room = LONGEST - len(suffix.encode())
    cut = kept.encode()[:room].decode(errors="ignore").rstrip(". ")
    return f"{cut}{suffix}"


def _letters(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    return "".join(" " if letter in FORBIDDEN or unicodedata.category(letter) in UNSEEN else letter for letter in text)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
