"""A file behind a passphrase: an age stream to a key made for this file, and that key behind the passphrase.

age's own passphrase form needs the whole file in memory. Both parts here are plain age: take them apart after the
first line and the length, and the `age` program opens them.
"""

import os
from pathlib import Path

import pyrage

from gantry_edge.errors import BadBackup
from gantry_edge.storage.files import sync_file

MAGIC = b"GANTRY-SEALED-1\n"
LENGTH = 4
LONGEST_KEY = 10_000


def is_sealed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def seal(source: Path, target: Path, passphrase: str) -> None:
    key = pyrage.x25519.Identity.generate()
    locked = pyrage.passphrase.encrypt(str(key).encode(), passphrase)
    handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as file, source.open("rb") as plain:
        file.write(MAGIC + len(locked).to_bytes(LENGTH, "big") + locked)
        pyrage.encrypt_io(plain, file, [key.to_public()])
    sync_file(target)


def unseal(source: Path, target: Path, passphrase: str) -> None:
    """BadBackup for a wrong passphrase, and for a file that was changed."""
    handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with source.open("rb") as file, os.fdopen(handle, "wb") as plain:
        file.seek(len(MAGIC))
        locked = file.read(min(int.from_bytes(file.read(LENGTH), "big"), LONGEST_KEY))
        try:
            key = pyrage.x25519.Identity.from_str(pyrage.passphrase.decrypt(locked, passphrase).decode())
        except (pyrage.DecryptError, pyrage.IdentityError, UnicodeDecodeError) as error:
            raise BadBackup("The passphrase is wrong, or the file is damaged") from error
        try:
            pyrage.decrypt_io(file, plain, [key])
        except (pyrage.DecryptError, OSError) as error:
            raise BadBackup(f"{source.name} is damaged") from error
