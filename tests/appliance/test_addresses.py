"""Which addresses and names are this machine's on the local network."""

import pytest

from gantry_edge.appliance.addresses import Address, choose, own_names, url_of

FOUND = [
    Address("127.0.0.1", "lo"),
    Address("::1", "lo"),
    Address("fe80::1", "eth0"),
    Address("fd00::5", "eth0"),
    Address("192.168.1.20", "eth0"),
    Address("10.0.0.4", "wlan0"),
    Address("169.254.7.7", "eth1"),
    Address("172.17.0.1", "docker0"),
    Address("10.88.0.1", "veth0c1"),
    Address("100.64.3.2", "wwan0"),
    Address("203.0.113.9", "eth2"),
    Address("2001:4860::1", "eth0"),
]


def chosen(*named: str) -> list[str]:
    return [each.address for each in choose(FOUND, named)]


def test_private_addresses_are_served_and_ipv4_comes_first() -> None:
    assert chosen() == ["192.168.1.20", "10.0.0.4", "169.254.7.7", "fd00::5"]


@pytest.mark.parametrize("address", ["203.0.113.9", "2001:4860:0::1", "100.64.3.2", "172.17.0.1"])
def test_any_other_only_where_the_owner_names_it(address: str) -> None:
    assert len(chosen(address, "office.example")) == len(chosen()) + 1


def test_a_named_address_of_another_machine_is_not_ours() -> None:
    assert chosen("192.168.1.99") == chosen()


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("Box", ["box", "box.local"]),
        ("box.office.example.", ["box.office.example", "box", "box.local"]),
        ("box.local", ["box.local", "box"]),
        ("localhost", []),
        ("my_box", []),
        ("10.0.0.1", []),
    ],
)
def test_the_machine_goes_by_what_the_system_calls_it(host: str, names: list[str]) -> None:
    assert own_names(host) == names


@pytest.mark.parametrize(
    ("scheme", "host", "port", "url"),
    [
        ("http", "gantry.local", 8484, "http://gantry.local:8484/"),
        ("http", "10.0.0.1", 80, "http://10.0.0.1/"),
        ("https", "fd00::5", 443, "https://[fd00::5]/"),
        ("https", "fd00::5", 80, "https://[fd00::5]:80/"),
    ],
)
def test_an_address_shows_its_port_where_it_is_needed(scheme: str, host: str, port: int, url: str) -> None:
    assert url_of(scheme, host, port) == url
