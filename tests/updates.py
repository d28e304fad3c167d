"""Update bundles for tests, signed by a key made on the spot."""

import hashlib
import os
from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sign import manifest_of, paper_of, write

from gantry_edge.appliance.signature import Key, parse_key
from gantry_edge.appliance.update import Manifest

SYSTEM = "linux-x86_64"
COMMENT = "gantry-edge for tests"


@dataclass
class Signer:
    """Writes keys and signatures as minisign does."""

    secret: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    id: bytes = field(default_factory=lambda: os.urandom(8))

    @property
    def public(self) -> str:
        raw = self.secret.public_key().public_bytes_raw()
        return f"untrusted comment: minisign public key\n{b64encode(b'Ed' + self.id + raw).decode()}\n"

    @property
    def key(self) -> Key:
        return parse_key(self.public)

    def sign(self, content: bytes, comment: str = COMMENT) -> bytes:
        first = self.secret.sign(hashlib.blake2b(content).digest())
        second = self.secret.sign(first + comment.encode())
        lines = [
            "untrusted comment: signature",
            b64encode(b"ED" + self.id + first).decode(),
            f"trusted comment: {comment}",
            b64encode(second).decode(),
        ]
        return "\n".join([*lines, ""]).encode()

    def bundle(self, target: Path, program: Path, version: str, system: str = SYSTEM, edition: str = "") -> Path:
        return self.bundle_of(target, manifest_of(program, version, system, edition), program)

    def bundle_of(self, target: Path, manifest: Manifest, program: Path) -> Path:
        paper = paper_of(manifest)
        write(target, paper, self.sign(paper), program)
        return target


def tiny(path: Path, version: str) -> Path:
    """A program that says its version and nothing else."""
    path.write_text(f"#!/bin/sh\necho gantry-edge, version {version}\n# {'x' * 40}\n")
    path.chmod(0o755)
    return path
