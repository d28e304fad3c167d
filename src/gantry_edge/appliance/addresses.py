"""The addresses and names by which others on the local network reach this machine."""

import ipaddress
import re
import socket
from collections.abc import Iterable
from typing import NamedTuple

LAN = tuple(
    ipaddress.ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10")
)
LINK_LOCAL = ipaddress.IPv6Network("fe80::/10")  # only reached with a zone, which no browser takes
# bridges to containers and virtual machines of this machine: nobody else is there
BRIDGES = ("docker", "br-", "veth", "virbr", "cni", "flannel", "lxcbr", "lxdbr", "vmnet", "vboxnet", "vethernet")
NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*")


class Address(NamedTuple):
    address: str
    interface: str


def all_addresses() -> dict[str, str]:
    """Every address of this machine, and the name of its interface."""
    import ifaddr

    found = [(ip.ip, adapter.nice_name) for adapter in ifaddr.get_adapters() for ip in adapter.ips]
    return {str(ipaddress.ip_address(ip if isinstance(ip, str) else ip[0])): name for ip, name in found}


def find_addresses(named: Iterable[str]) -> list[Address]:
    """The private ones as they are now. A public one counts only where the owner named it in the setting `hosts`."""
    return choose([Address(*each) for each in all_addresses().items()], named)


def choose(found: Iterable[Address], named: Iterable[str]) -> list[Address]:
    """Those to serve, IPv4 first."""
    wanted = {str(ipaddress.ip_address(name)) for name in named if is_address(name)}
    return sorted(
        (each for each in found if each.address in wanted or is_lan(each)), key=lambda each: ":" in each.address
    )


def is_lan(each: Address) -> bool:
    address = ipaddress.ip_address(each.address)
    if address in LINK_LOCAL or each.interface.lower().startswith(BRIDGES):
        return False
    return any(address in network for network in LAN)


def is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def own_names(host: str | None = None) -> list[str]:
    """What the system calls this machine: whole, its first label, and that under .local."""
    name = (host or socket.gethostname()).lower().removesuffix(".")
    label = name.partition(".")[0]
    if not is_name(name) or label == "localhost":
        return []
    return list(dict.fromkeys((name, label, f"{label}.local")))


def is_name(text: str) -> bool:
    return bool(NAME.fullmatch(text)) and not is_address(text)


def url_of(scheme: str, host: str, port: int) -> str:
    """With the port only where a browser needs it."""
    shown = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}[scheme]
    return f"{scheme}://{shown}/" if port == usual else f"{scheme}://{shown}:{port}/"
