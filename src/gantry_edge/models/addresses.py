"""Where an endpoint may be: what its URL may look like, and which addresses it may have. The one parser of both.

Loopback and private addresses are where models live. Link-local and metadata addresses lead to the machine's cloud
provider, never to a model.
"""

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yarl import URL

METADATA = tuple(
    map(
        ip_network,
        (
            "100.100.100.200",
            "168.63.129.16",
            "192.0.0.192",
            "fd00:ec2::/32",
            "fd20:ce::254",
            "fd00:c1::a9fe:a9fe",
            "fd00:42::42",
        ),
    )
)
# IPv4 in the last four bytes
CARRIERS = tuple(map(IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "::ffff:0:0:0/96", "::/96")))
NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?")
NUMBER = re.compile(r"(.*\.)?([0-9]+|0x[0-9a-f]*)")  # systems take these for addresses, each in its own way


def forbidden(address: str) -> bool:
    """True for link-local, metadata and multicast addresses, also when IPv4 hides inside IPv6."""
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        ip = _carried(ip)
    return ip.is_link_local or ip.is_multicast or any(ip in network for network in METADATA)


def _carried(ip: IPv6Address) -> IPv4Address | IPv6Address:
    if four := ip.ipv4_mapped or ip.sixtofour:
        return four
    plain = IPv6Address(int(ip))  # without the scope
    if any(plain in network for network in CARRIERS) and int(plain) & 0xFFFFFFFF > 1:  # ::1 is the loopback
        return IPv4Address(int(plain) & 0xFFFFFFFF)
    return plain


def parse(text: str) -> "URL":
    """The base of an API, as it is connected to; ValueError says what is wrong with it."""
    from yarl import URL

    if not text.isprintable() or " " in text or "\\" in text:
        raise ValueError("The address has characters that none has")
    try:
        url = URL(text)
        host = url.raw_host or ""
    except ValueError as error:
        raise ValueError("This is no address; it looks like http://box:8000/v1") from error
    if url.scheme not in ("http", "https") or not host or not url.port:
        raise ValueError("The address begins with http:// or https://, and a name follows")
    if set("@?#") & set(text):
        raise ValueError("The address has no @, ? or #: a key has its own field, and nothing follows the path")
    _check_host(host)
    return url.with_path(url.raw_path.rstrip("/"), encoded=True)


def origin(text: str) -> str:
    """Scheme, host and port: whom a key is for."""
    return str(parse(text).origin())


def _check_host(host: str) -> None:
    if ":" in host or NUMBER.fullmatch(host):
        try:
            refused = "%" in host or forbidden(host)
        except ValueError as error:
            raise ValueError("Write the address's numbers in full, such as 192.168.1.20") from error
        if refused:
            raise ValueError("No model may live at this address")
    elif not NAME.fullmatch(host):
        raise ValueError("The name in the address is none; it has letters, digits, dots and hyphens, no dot at its end")
