"""Shapes of the appliance: where it is reached, and what may be trusted."""

from typing import Annotated

from msgspec import Meta, Struct


class Switch(Struct, frozen=True):
    """What the owner chose. `https` says something only while `lan` is on."""

    lan: bool = False
    https: bool = False


class SetNetwork(Struct, forbid_unknown_fields=True):
    lan: bool
    https: bool
    password: Annotated[str, Meta(max_length=256)]


class Reach(Struct, frozen=True):
    """One address that is served."""

    address: str
    interface: str
    url: str
    https_url: str | None


class Authority(Struct, frozen=True):
    """The machine's own certificate authority: SHA-256 of it as `AA:BB:...`, and its end in milliseconds."""

    fingerprint: str
    not_after: int


class Network(Struct, frozen=True):
    """The switch and what is served by it now; `problem` is for people."""

    lan: bool
    https: bool
    name: str | None
    port: int
    https_port: int | None
    problem: str | None
    addresses: list[Reach]
    name_url: str | None
    name_https_url: str | None
    ca: Authority | None


class Reached(Struct, frozen=True):
    url: str
    reachable: bool
    ms: float | None
    problem: str | None


class Checked(Struct, frozen=True):
    results: list[Reached]


class Trust(Struct, frozen=True):
    """What a device needs to know before it trusts this machine's certificates."""

    enabled: bool
    name: str | None
    fingerprint: str | None
    not_after: int | None
    https_url: str | None
