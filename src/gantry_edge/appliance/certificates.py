"""This machine's own certificate authority, and the certificate it serves. Pure: PEM in, PEM out, key and certificate
in one text, so that a file of them is never half new.

The authority can only vouch for private addresses, `.local` and the names this machine had when it was made: who
trusts it trusts it with nothing else.
"""

import ipaddress
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from gantry_edge.appliance.addresses import LAN, is_address

AUTHORITY_LIFE = timedelta(days=3650)
LEAF_LIFE = timedelta(days=397)  # the longest that every system takes
RENEW_BEFORE = timedelta(days=30)
SKEW = timedelta(days=1)  # a device whose clock is behind
NAME = "Gantry Edge"


def make_authority(host: str, names: Collection[str], at: datetime) -> bytes:
    """`names` beyond private addresses and `.local`: the machine's own, and public addresses it was told to serve."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, NAME),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{NAME} {host}"[:64]),
        ]
    )
    hosts = ["local", *(name for name in names if not is_address(name) and not name.endswith(".local"))]
    addresses = [ipaddress.ip_address(name) for name in names if is_address(name)]
    public = [ipaddress.ip_network(each) for each in addresses if not any(each in network for network in LAN)]
    networks = [*LAN, *public]
    allowed = [*map(x509.DNSName, hosts), *map(x509.IPAddress, networks)]
    builder = (
        _builder(subject, subject, key.public_key(), at, AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.NameConstraints(allowed, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return _pem(builder.sign(key, SHA256()), key)


def make_leaf(authority: bytes, names: Iterable[str], at: datetime) -> bytes:
    """For those of the names and addresses that the authority may vouch for."""
    issuer = x509.load_pem_x509_certificate(authority)
    issuer_key = load_pem_private_key(authority, None)
    assert isinstance(issuer_key, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, NAME)])
    issuer_id = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    alternatives = [_general(name) for name in names if may_vouch(authority, name)]
    builder = (
        _builder(subject, issuer.subject, key.public_key(), at, LEAF_LIFE - SKEW)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_id), critical=False)
    )
    return _pem(builder.sign(issuer_key, SHA256()), key)


def may_vouch(authority: bytes, name: str) -> bool:
    """Is it within the authority's name constraints? A certificate with one name beyond them is worth nothing."""
    certificate = x509.load_pem_x509_certificate(authority)
    allowed = certificate.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    if is_address(name):
        address, networks = (
            ipaddress.ip_address(name),
            [str(each.value) for each in allowed if type(each) is x509.IPAddress],
        )
        return any(address in ipaddress.ip_network(network) for network in networks)
    hosts = [each.value for each in allowed if isinstance(each, x509.DNSName)]
    return any(name == host or name.endswith(f".{host}") for host in hosts)


def names_of(certificate: bytes) -> set[str]:
    """The names and addresses it is for."""
    loaded = x509.load_pem_x509_certificate(certificate)
    alternatives = loaded.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {str(each.value) for each in alternatives}


def is_current(certificate: bytes, at: datetime, margin: timedelta = RENEW_BEFORE) -> bool:
    """Valid now and for a while; a box without a battery may have made it at a time that never was."""
    loaded = x509.load_pem_x509_certificate(certificate)
    return loaded.not_valid_before_utc <= at <= loaded.not_valid_after_utc - margin


def ends_at(certificate: bytes) -> int:
    """Milliseconds since 1970."""
    return int(x509.load_pem_x509_certificate(certificate).not_valid_after_utc.timestamp() * 1000)


def encode(certificate: bytes, *, der: bool) -> bytes:
    """The certificate alone, without the key."""
    return x509.load_pem_x509_certificate(certificate).public_bytes(Encoding.DER if der else Encoding.PEM)


def is_issued_by(leaf: bytes, authority: bytes) -> bool:
    try:
        issuer = x509.load_pem_x509_certificate(authority)
        x509.load_pem_x509_certificate(leaf).verify_directly_issued_by(issuer)
    except (ValueError, InvalidSignature):
        return False
    return True


def fingerprint(certificate: bytes) -> str:
    """SHA-256 as systems show it."""
    return x509.load_pem_x509_certificate(certificate).fingerprint(SHA256()).hex(":").upper()


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, at: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - SKEW)
        .not_valid_after(at + life)
    )


def _usage(**used: bool) -> x509.KeyUsage:
    nothing = dict.fromkeys(
        (
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    return x509.KeyUsage(**(nothing | used))


def _general(name: str) -> x509.GeneralName:
    return x509.IPAddress(ipaddress.ip_address(name)) if is_address(name) else x509.DNSName(name)


def _pem(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(Encoding.PEM)
