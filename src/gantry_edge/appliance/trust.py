"""The folder `tls`: the authority of this machine, and the certificate it serves. In no backup: the keys stay here."""

import os
import plistlib
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from gantry_edge.appliance import certificates
from gantry_edge.appliance.schema import Authority
from gantry_edge.storage.files import sync_folder

FOLDER = "tls"
AUTHORITY = "authority-key.pem"
LEAF = "server-key.pem"
APPLE = "com.apple.security.root"


def certify(folder: Path, host: str, names: Iterable[str], at: datetime | None = None) -> Path:
    """The file to serve `names` by: the one that is there as long as it will do. `host` names a new authority."""
    at, names = at or datetime.now(UTC), set(names)
    authority, leaf = _read(folder / AUTHORITY), _read(folder / LEAF)
    if not authority or not certificates.is_current(authority, at, certificates.SKEW):
        authority = certificates.make_authority(host, names, at)
        _write(folder / AUTHORITY, authority)
    names = {name for name in names if certificates.may_vouch(authority, name)}
    if (
        not leaf
        or not certificates.is_current(leaf, at)
        or not certificates.is_issued_by(leaf, authority)
        or not names <= certificates.names_of(leaf)
    ):
        _write(folder / LEAF, certificates.make_leaf(authority, names, at))
    return folder / LEAF


def describe(folder: Path) -> Authority | None:
    authority = _read(folder / AUTHORITY)
    return Authority(certificates.fingerprint(authority), certificates.ends_at(authority)) if authority else None


def ca_file(folder: Path, form: str) -> bytes | None:
    """What a device takes up to trust this machine: `crt` (DER), `pem`, or `mobileconfig` for Apple's."""
    authority = _read(folder / AUTHORITY)
    if not authority:
        return None
    if form == "mobileconfig":
        return _apple_profile(certificates.encode(authority, der=True), certificates.fingerprint(authority))
    return certificates.encode(authority, der=form == "crt")


def _apple_profile(der: bytes, fingerprint: str) -> bytes:
    """Not signed: there is nobody whose signature a phone would know."""

    def described(name: str, kind: str) -> dict[str, object]:
        part = uuid.uuid5(uuid.NAMESPACE_URL, f"{kind} {fingerprint}")
        return {
            "PayloadDisplayName": name,
            "PayloadIdentifier": f"edge.gantry.{part}",
            "PayloadType": kind,
            "PayloadUUID": str(part).upper(),
            "PayloadVersion": 1,
        }

    content = described("Gantry Edge certificate authority", APPLE) | {"PayloadContent": der}
    return plistlib.dumps(described("Gantry Edge", "Configuration") | {"PayloadContent": [content]})


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _write(path: Path, content: bytes) -> None:
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
