"""A newer version, carried here as a file: signed, looked through, tried out, and only then renamed into its place.

A bundle is a plain tar of exactly three files in this order: `manifest.json`, its signature, and the single file. No
name, link or size in it is obeyed: each header has to be, byte for byte, the one that is expected. What is written is
what was hashed, so a bundle that changes while it is read changes nothing.
"""

import errno
import hashlib
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec

from gantry_edge.appliance import signature
from gantry_edge.appliance.signature import Key
from gantry_edge.errors import BadRequest, BadUpdate, Conflict, DiskFull
from gantry_edge.storage.files import sync_file, sync_folder

FORMAT = 1
MANIFEST, SIGNATURE, PROGRAM = "manifest.json", "manifest.json.minisig", "gantry-edge"
PAPER_BYTES = 65_536  # manifest and signature each have less
BLOCK = tarfile.BLOCKSIZE
PORTION = 1 << 20
END = bytes(2 * BLOCK)
DIGEST = 32  # bytes at the end of a single file: the hash of what it unpacks, and the name of the folder it does so to
RESERVE = 50_000_000  # bytes of room left beside the new program
PATIENCE = 300  # seconds a new program has to unpack itself and say its version
PREVIOUS = ".previous"
VERSION = re.compile(r"(\d{1,6})\.(\d{1,6})\.(\d{1,6})")
NO_KEY = (
    "This program was built without an update key, so it has no way to tell a true update from a forged one. "
    "Put the file of the new version in its place by hand"
)


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`edition` is "" or "no-model"; `bytes` and `sha256` are those of the program."""

    format: int
    version: str
    platform: str
    edition: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Bundle:
    manifest: Manifest
    key: Key
    file: IO[bytes]  # at the first byte of the program


@contextmanager
def open_bundle(path: Path, keys: Sequence[Key]) -> Iterator[Bundle]:
    """One whose manifest is signed by one of the keys; nothing else was read of it."""
    if not keys:
        raise BadUpdate(NO_KEY)
    try:
        file = path.open("rb")
    except OSError as error:
        raise BadRequest(f"{path} cannot be read: {error.strerror}") from error
    with file:
        paper = _read_paper(file, MANIFEST)
        key, _ = signature.verify(paper, _read_paper(file, SIGNATURE).decode(errors="replace"), keys)
        try:
            manifest = msgspec.json.decode(paper, type=Manifest)
        except msgspec.DecodeError as error:
            raise BadUpdate(f"Its manifest is of a form this version cannot read ({error})") from error
        size = os.fstat(file.fileno()).st_size
        expected = file.tell() + BLOCK + padded(manifest.bytes) + len(END)
        if manifest.format != FORMAT or manifest.bytes <= 0:
            raise BadUpdate("Its manifest is of a form this version cannot read")
        if size != expected:
            raise BadUpdate(f"It has {size} bytes instead of {expected}: it was not copied to the end. Copy it again")
        if file.read(BLOCK) != header(PROGRAM, manifest.bytes):
            raise BadUpdate("It does not have the form of an update")
        yield Bundle(manifest, key, file)


def judge(manifest: Manifest, version: str, platform: str, edition: str) -> None:
    """BadUpdate, unless it is newer than this version and made for this machine."""
    if numbers(manifest.version) <= numbers(version):
        raise BadUpdate(
            f"It is version {manifest.version}, and this is {version}: only a newer one is taken. "
            "`gantry-edge update --rollback` goes back to the version before"
        )
    if manifest.platform != platform:
        raise BadUpdate(f"It is for {manifest.platform}, and this machine is {platform}")
    if manifest.edition != edition:
        names = {"": "with the small model", "no-model": "without the small model"}
        mine, its = (names.get(each, each) for each in (edition, manifest.edition))
        raise BadUpdate(f"It is the edition {its}, and this is the one {mine}; take that one")


def look_through(bundle: Bundle) -> None:
    """Read all of it; BadUpdate where it is not what was signed."""
    _copy_program(bundle, None)


@contextmanager
def staged(bundle: Bundle, program: Path, home: Path) -> Iterator[Path]:
    """The new program in a folder beside the old one, once it has started and said its version."""
    folder, size = staging(program), bundle.manifest.bytes
    try:
        shutil.rmtree(folder, ignore_errors=True)  # of one that was cut short
        if (free := shutil.disk_usage(program.parent).free) < size + RESERVE:
            wanted, has = (size + RESERVE) // 1_000_000, free // 1_000_000
            raise DiskFull(f"It needs {wanted} MB in {program.parent}, which has {has}. Nothing was changed")
        folder.mkdir(mode=0o700)
        new = folder / program.name
        with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
            _copy_program(bundle, out)
        new.chmod(program.stat().st_mode & 0o777)
        sync_file(new)
        sync_folder(folder)
        if (found := version_of(new, home)) != bundle.manifest.version:
            raise BadUpdate(f"The program in it says {found!r} instead of version {bundle.manifest.version}")
        yield new
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DiskFull(f"There is no room for it in {program.parent}. Nothing was changed") from error
        raise BadRequest(f"{error}. Run this as who may write to {program.parent}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def swap(program: Path, new: Path) -> None:
    """Keep the old program beside, and give the new one its name in one step; killed anywhere, one of them has it."""
    kept = new.with_name(PREVIOUS)
    try:
        os.link(program, kept)
    except OSError:  # a file system where a file has one name only
        shutil.copy2(program, kept)
        sync_file(kept)
    kept.replace(previous(program))
    new.replace(program)
    sync_folder(program.parent)


def find_previous(program: Path) -> Path:
    """The version before; a Conflict where an update has not left one."""
    kept = previous(program)
    if not kept.is_file() or kept.samefile(program):  # the same: an update was cut short between its two renames
        raise Conflict(f"There is no version to go back to beside {program}")
    return kept


def roll_back(program: Path) -> None:
    """The version before takes its place again; the newer one is gone."""
    find_previous(program).replace(program)
    sync_folder(program.parent)


def version_of(program: Path, home: Path) -> str:
    """As it says itself, when it is started; BadUpdate where it does not start here."""
    done = run(program, home, "--version")
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"])[-1]
        raise BadUpdate(f"The program in it does not start here: {said}")
    return done.stdout.strip().rpartition(" ")[2]


def run(program: Path, home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Another version of this program, on the same data folder."""
    command = ["env", f"GANTRY_DATA_DIR={home}", str(program), *words]
    try:
        return subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise BadUpdate(f"{program.name} did not answer within {PATIENCE} s") from error


@contextmanager
def alone(program: Path, digest: str) -> Iterator[None]:
    """A Conflict where another update is at work on the same file, or it no longer ends with the digest it had."""
    import fcntl  # the single file is for Linux

    with program.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Conflict("Another update is at work; wait until it has ended") from error
        file.seek(-DIGEST, os.SEEK_END)
        if file.read().hex() != digest or not os.path.samestat(os.fstat(file.fileno()), program.stat()):
            raise Conflict("Another update has just ended; look at `gantry-edge version`")
        yield


def staging(program: Path) -> Path:
    return program.with_name(f".{program.name}.update")


def previous(program: Path) -> Path:
    return program.with_name(program.name + PREVIOUS)


def numbers(version: str) -> tuple[int, ...]:
    """For comparing; of what is no version of ours, none."""
    found = VERSION.fullmatch(version)
    return tuple(map(int, found.groups())) if found else ()


def header(name: str, size: int) -> bytes:
    """Of a file in the tar; up to 8 GiB."""
    info = tarfile.TarInfo(name)
    info.size = size
    return info.tobuf(tarfile.USTAR_FORMAT)


def padded(size: int) -> int:
    return -(-size // BLOCK) * BLOCK


def _read_paper(file: IO[bytes], name: str) -> bytes:
    head = file.read(BLOCK)
    try:
        size = tarfile.TarInfo.frombuf(head, "ascii", "replace").size
    except tarfile.HeaderError:
        size = -1
    if not 0 < size < PAPER_BYTES or head != header(name, size):
        raise BadUpdate("It does not have the form of an update")
    content = file.read(padded(size))
    if len(content) != padded(size) or content[size:].strip(b"\0"):
        raise BadUpdate("It does not have the form of an update")
    return content[:size]


def _copy_program(bundle: Bundle, out: IO[bytes] | None) -> None:
    digest, left = hashlib.sha256(), bundle.manifest.bytes
    while left and (portion := bundle.file.read(min(left, PORTION))):
        digest.update(portion)
        left -= len(portion)
        if out:
            out.write(portion)
    rest = bundle.file.read(BLOCK + len(END))
    if digest.hexdigest() != bundle.manifest.sha256 or rest.strip(b"\0"):
        raise BadUpdate("What it holds is not what was signed: it is damaged, or was changed. Copy it again")
