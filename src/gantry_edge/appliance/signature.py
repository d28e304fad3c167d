"""Signatures as minisign writes them: Ed25519 over BLAKE2b-512, and over the comment that is shown."""

import hashlib
from base64 import b64decode
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gantry_edge.errors import BadUpdate

FOLDER = Path(__file__).parent / "keys"  # the public keys this build trusts
KEY, SIGNATURE = b"Ed", b"ED"  # the older form, "Ed" over the whole file, is not taken
ID = 8  # bytes
COMMENT = "trusted comment: "


@dataclass(frozen=True)
class Key:
    id: bytes
    public: bytes

    @property
    def name(self) -> str:
        """As minisign prints it."""
        return self.id[::-1].hex().upper()


def read_keys(folder: Path = FOLDER) -> list[Key]:
    """Several may be there, so that a new one is trusted before the old one is given up."""
    return [parse_key(path.read_text()) for path in sorted(folder.glob("*.pub"))]


def parse_key(text: str) -> Key:
    _, line, *_ = [*text.splitlines(), "", ""]
    raw = _decode(line, KEY, 32)
    return Key(raw[:ID], raw[ID:])


def verify(content: bytes, signature: str, keys: Iterable[Key]) -> tuple[Key, str]:
    """Who signed it, and the comment they signed; BadUpdate where it was none of these keys."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    _, first, comment, second, *_ = [*signature.splitlines(), *[""] * 4]
    raw = _decode(first, SIGNATURE, 64)
    key = next((key for key in keys if key.id == raw[:ID]), None)
    if key is None:
        raise BadUpdate("It is signed by a key that this program does not know")
    public, comment = Ed25519PublicKey.from_public_bytes(key.public), comment.removeprefix(COMMENT)
    try:
        public.verify(raw[ID:], hashlib.blake2b(content).digest())
        public.verify(_plain(second, 64), raw[ID:] + comment.encode())
    except InvalidSignature as error:
        raise BadUpdate("Its signature is not right: it was changed after it was signed") from error
    return key, comment


def _decode(line: str, kind: bytes, size: int) -> bytes:
    """The id of the key and what follows."""
    raw = _plain(line, len(kind) + ID + size)
    if not raw.startswith(kind):
        raise BadUpdate("Its signature, or a key, has a form that is not taken")
    return raw[len(kind) :]


def _plain(line: str, size: int) -> bytes:
    try:
        raw = b64decode(line, validate=True)
    except ValueError:
        raw = b""
    if len(raw) != size:
        raise BadUpdate("Its signature, or a key, cannot be read")
    return raw
