"""Secrets at rest: sealed in the database by a key in a file beside it. Neither gives them away without the other.

Each is sealed for one purpose; moved to another place in the database it opens no more.
"""

import os
from base64 import b64decode, b64encode
from pathlib import Path

from gantry_edge.storage.files import write_private

FILE = "secrets.key"
SIZE = 32
NONCE = 12


class Secrets:
    def __init__(self, path: Path) -> None:
        self._path = path

    def seal(self, secret: str, purpose: str) -> str:
        """The key is made with the first one."""
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        key = self._key()
        if key is None:
            key = os.urandom(SIZE)
            write_private(self._path, key)
        nonce = os.urandom(NONCE)
        sealed = ChaCha20Poly1305(key).encrypt(nonce, secret.encode(), purpose.encode())
        return b64encode(nonce + sealed).decode()

    def open(self, sealed: str, purpose: str) -> str | None:
        """None where the key is gone or another one, as after a restore elsewhere."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        key = self._key()
        try:
            data = b64decode(sealed, validate=True)
            if key is None or len(data) < NONCE:
                return None
            return ChaCha20Poly1305(key).decrypt(data[:NONCE], data[NONCE:], purpose.encode()).decode()
        except (InvalidTag, ValueError):
            return None

    def _key(self) -> bytes | None:
        try:
            key = self._path.read_bytes()
        except FileNotFoundError:
            return None
        return key if len(key) == SIZE else None
