"""Addresses no endpoint may have: they lead to the machine's cloud provider, never to a model."""

from ipaddress import IPv6Address, ip_address

METADATA = frozenset(map(ip_address, ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254")))


def forbidden(address: str) -> bool:
    """True for link-local and metadata addresses, also when IPv4 hides inside IPv6."""
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        ip = ip.ipv4_mapped or ip.sixtofour or IPv6Address(int(ip))  # the last drops the scope
    return ip.is_link_local or ip in METADATA
