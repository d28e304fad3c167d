"""The folder `tls`: the authority of this machine, and the certificate it serves. In no backup: the keys stay here."""

import plistlib
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from gantry_edge.appliance import certificates
from gantry_edge.appliance.schema import Authority
from gantry_edge.storage.files import write_private

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
        write_private(folder / AUTHORITY, authority)
    names = {name for name in names if certificates.may_vouch(authority, name)}
    if (
        not leaf
        or not certificates.is_current(leaf, at)
        or not certificates.is_issued_by(leaf, authority)
        or not names <= certificates.names_of(leaf)
    ):
        write_private(folder / LEAF, certificates.make_leaf(authority, names, at))
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
