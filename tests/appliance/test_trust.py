"""The certificate authority and what it vouches for, judged by openssl and by cryptography's verifier."""

import datetime as dt
import plistlib
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from gantry_edge.appliance import certificates, trust
from gantry_edge.appliance.addresses import is_address

NAMES = ["gantry.local", "box", "box.local", "192.168.1.20", "fd00::5"]
AT = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    trust.certify(tmp_path / "tls", "box", NAMES, AT)
    return tmp_path / "tls"


def authority_of(folder: Path) -> bytes:
    return (folder / trust.AUTHORITY).read_bytes()


def forge(folder: Path, name: str) -> bytes:
    """What someone who stole the key could make."""
    issuer = x509.load_pem_x509_certificate(authority_of(folder))
    key = load_pem_private_key(authority_of(folder), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    extensions: list[x509.ExtensionType] = [
        x509.SubjectAlternativeName([certificates._general(name)]),
        x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()),
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]),
    ]
    subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Mallory")])
    builder = certificates._builder(
        subject, issuer.subject, ec.generate_private_key(ec.SECP256R1()).public_key(), AT, DAY
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM)


def openssl(folder: Path, leaf: bytes, name: str) -> str:
    (folder / "ca.pem").write_bytes(trust.ca_file(folder, "pem") or b"")
    (folder / "asked.pem").write_bytes(leaf)
    kind = "-verify_ip" if is_address(name) else "-verify_hostname"
    command = [
        "openssl",
        "verify",
        "-x509_strict",
        "-purpose",
        "sslserver",
        "-attime",
        str(int(AT.timestamp())),
        kind,
        name,
    ]
    command += ["-CAfile", str(folder / "ca.pem"), str(folder / "asked.pem")]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return result.stdout + result.stderr


def verifies(folder: Path, leaf: bytes, name: str) -> bool:
    subject = certificates._general(name)
    assert isinstance(subject, x509.DNSName | x509.IPAddress)
    roots = Store([x509.load_pem_x509_certificate(authority_of(folder))])
    verifier = PolicyBuilder().store(roots).time(AT).build_server_verifier(subject)
    try:
        verifier.verify(x509.load_pem_x509_certificate(leaf), [])
    except VerificationError:
        return False
    return True


@pytest.mark.parametrize("name", NAMES)
def test_who_trusts_the_authority_trusts_each_name_and_address(folder: Path, name: str) -> None:
    leaf = (folder / trust.LEAF).read_bytes()
    assert openssl(folder, leaf, name).endswith("OK\n")
    assert verifies(folder, leaf, name)


@pytest.mark.parametrize("name", ["example.com", "evil.test", "8.8.8.8", "2001:4860::1", "local.example.com"])
def test_and_nothing_else_even_with_its_key(folder: Path, name: str) -> None:
    forged = forge(folder, name)
    assert "permitted subtree violation" in openssl(folder, forged, name)
    assert not verifies(folder, forged, name)


def test_the_forgery_fails_for_its_name_alone(folder: Path) -> None:
    assert openssl(folder, forge(folder, "other.local"), "other.local").endswith("OK\n")


def test_keys_are_readable_by_their_owner_only(folder: Path) -> None:
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    for form in ("crt", "pem", "mobileconfig"):
        assert b"PRIVATE" not in (trust.ca_file(folder, form) or b"")


def test_a_certificate_lives_no_longer_than_every_system_takes(folder: Path) -> None:
    leaf = x509.load_pem_x509_certificate((folder / trust.LEAF).read_bytes())
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= dt.timedelta(days=397)


@pytest.mark.parametrize(
    ("names", "at", "kept"),
    [
        (NAMES, AT + 300 * DAY, True),
        (NAMES[:2], AT, True),
        ([*NAMES, "192.168.1.21"], AT, False),
        ([*NAMES, "gantry-2.local"], AT, False),
        (NAMES, AT + 370 * DAY, False),
        (NAMES, AT - 30 * DAY, False),
    ],
    ids=["as it was", "fewer names", "a new address", "a new name", "near its end", "made in the future"],
)
def test_a_certificate_is_kept_as_long_as_it_will_do(
    folder: Path, names: list[str], at: dt.datetime, kept: bool
) -> None:
    before = (folder / trust.LEAF).read_bytes()
    trust.certify(folder, "box", names, at)
    after = (folder / trust.LEAF).read_bytes()
    assert (before == after) is kept
    assert set(names) <= certificates.names_of(after)


def test_the_authority_stays_while_it_is_valid(folder: Path) -> None:
    before = authority_of(folder)
    trust.certify(folder, "renamed", [*NAMES, "renamed"], AT + 3000 * DAY)
    assert authority_of(folder) == before
    trust.certify(folder, "box", NAMES, AT + 4000 * DAY)
    assert authority_of(folder) != before


def test_a_name_beyond_the_authority_does_not_spoil_the_certificate(folder: Path) -> None:
    trust.certify(folder, "box", [*NAMES, "ai.office.example"], AT)
    assert certificates.names_of((folder / trust.LEAF).read_bytes()) == set(NAMES)


def test_a_new_authority_makes_a_new_certificate(folder: Path) -> None:
    (folder / trust.AUTHORITY).unlink()
    trust.certify(folder, "box", NAMES, AT)
    assert openssl(folder, (folder / trust.LEAF).read_bytes(), "gantry.local").endswith("OK\n")


def test_a_public_address_the_owner_named_may_be_vouched_for(tmp_path: Path) -> None:
    trust.certify(tmp_path / "tls", "box", [*NAMES, "203.0.113.9", "ai.office.example"], AT)
    leaf = (tmp_path / "tls" / trust.LEAF).read_bytes()
    assert openssl(tmp_path / "tls", leaf, "203.0.113.9").endswith("OK\n")
    assert openssl(tmp_path / "tls", leaf, "ai.office.example").endswith("OK\n")
    assert "violation" in openssl(tmp_path / "tls", forge(tmp_path / "tls", "203.0.113.10"), "203.0.113.10")


def test_the_apple_profile_carries_the_authority(folder: Path) -> None:
    profile = plistlib.loads(trust.ca_file(folder, "mobileconfig") or b"")
    [content] = profile["PayloadContent"]
    assert content["PayloadType"] == "com.apple.security.root"
    assert content["PayloadContent"] == trust.ca_file(folder, "crt")
    assert profile["PayloadUUID"] != content["PayloadUUID"]


def test_the_fingerprint_is_that_of_the_file(folder: Path) -> None:
    described = trust.describe(folder)
    certificate = x509.load_der_x509_certificate(trust.ca_file(folder, "crt") or b"")
    assert described
    assert described.fingerprint.replace(":", "") == certificate.fingerprint(SHA256()).hex().upper()
