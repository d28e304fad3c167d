"""The form of a backup: a zip that anyone can open, with a manifest of every entry. Nothing in one is believed.

Names are taken from a short list of forms, so nothing can be written outside the folder it is unpacked to; sizes and
digests have to be those of the manifest, so nothing can be larger, other, or more than was packed.
"""

import hashlib
import os
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, NamedTuple

import msgspec

from gantry_edge.errors import BadBackup, DiskFull
from gantry_edge.storage.files import sync_file, sync_folder

FORMAT = 1
DATABASE = "gantry.db"
SETTINGS = "gantry.toml"
SECRETS = "secrets.key"  # only behind a passphrase
MANIFEST = "manifest.json"
STORED_FILE = re.compile(r"files/([0-9a-f]{2})/(\1[0-9a-f]{62})")
MANIFEST_BYTES = 200_000_000
BLOCK = 1 << 20
MB = 1_000_000
LEVEL = 1  # of compression: originals are mostly compressed already


class Entry(msgspec.Struct, frozen=True):
    bytes: int
    sha256: str


class Manifest(msgspec.Struct):
    """`steps` of the schema, `tables` with their numbers of rows, `created` in ms."""

    format: int
    version: str
    created: int
    steps: list[str]
    tables: dict[str, int]
    entries: dict[str, Entry]


class Unpacked(NamedTuple):
    manifest: Manifest
    folder: Path


def pack(target: Path, sources: Iterable[tuple[str, Path]], manifest: Manifest) -> None:
    """Write and sync; the digests of the sources are put into the manifest, which comes last."""
    handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with (
        os.fdopen(handle, "wb") as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive,
    ):
        for name, path in sources:
            with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as entry:
                manifest.entries[name] = _copy(source, entry)
        archive.writestr(MANIFEST, msgspec.json.encode(manifest))
    sync_file(target)


def unpack(source: Path, folder: Path) -> Manifest:
    """Write everything to an empty folder, and check it on the way; BadBackup names what is wrong."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _manifest_of(archive)
            _check_room(folder, sum(entry.bytes for entry in manifest.entries.values()))
            for name, entry in manifest.entries.items():
                place = folder / name
                place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                _unpack_one(archive, name, entry, place)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadBackup(f"{source.name} is not a whole backup: {error}") from error
    except zlib.error as error:
        raise BadBackup(f"{source.name} is damaged: {error}") from error
    for place in {(folder / name).parent for name in manifest.entries}:
        sync_folder(place)
    return manifest


def _check_room(folder: Path, wanted: int) -> None:
    free = shutil.disk_usage(folder).free
    if wanted > free:
        raise DiskFull(
            f"What is in it takes {wanted // MB + 1} MB, but where {folder} is, {free // MB} MB are free; make room"
        )


def _manifest_of(archive: zipfile.ZipFile) -> Manifest:
    infos = {info.filename: info for info in archive.infolist()}
    if len(infos) != len(archive.infolist()):
        raise BadBackup("It holds two entries of the same name")
    if MANIFEST not in infos or infos[MANIFEST].file_size > MANIFEST_BYTES:
        raise BadBackup("It has no manifest, so it is no backup of Gantry Edge")
    try:
        manifest = msgspec.json.decode(archive.read(MANIFEST), type=Manifest)
    except msgspec.DecodeError as error:
        raise BadBackup(f"Its manifest cannot be read: {error}") from error
    if manifest.format != FORMAT:
        raise BadBackup(f"It has form {manifest.format}, made by version {manifest.version}; use that version or later")
    _compare(infos, manifest.entries)
    return manifest


def _compare(infos: Mapping[str, zipfile.ZipInfo], entries: Mapping[str, Entry]) -> None:
    if DATABASE not in entries or set(infos) != {*entries, MANIFEST}:
        raise BadBackup("What it holds is not what its manifest lists")
    for name, entry in entries.items():
        stored = STORED_FILE.fullmatch(name)
        if name not in {DATABASE, SETTINGS, SECRETS} and not stored:
            raise BadBackup(f"It holds an entry that no backup has: {name[:80]!r}")
        if infos[name].file_size != entry.bytes or (stored and stored[2] != entry.sha256):
            raise BadBackup(f"{name} is not what the manifest says")


def _unpack_one(archive: zipfile.ZipFile, name: str, entry: Entry, place: Path) -> None:
    handle = os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as file, archive.open(name) as source:
        found = _copy(source, file, entry.bytes)
    if found != entry:
        raise BadBackup(f"{name} is damaged")
    sync_file(place)


def _copy(source: IO[bytes], target: IO[bytes], most: int | None = None) -> Entry:
    digest, size = hashlib.sha256(), 0
    while block := source.read(BLOCK):
        size += len(block)
        if most is not None and size > most:
            raise BadBackup("An entry is larger than its manifest says")
        digest.update(block)
        target.write(block)
    return Entry(size, digest.hexdigest())
