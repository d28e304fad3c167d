"""A name on the local network (multicast DNS) and the services under it, held until it is withdrawn."""

import logging
import re
from collections.abc import Collection, Iterator, Mapping

from zeroconf import AddressResolver, DNSQuestionType, Error, NonUniqueNameException, ServiceInfo  # type: ignore[attr-defined]
from zeroconf.asyncio import AsyncZeroconf

from gantry_edge.appliance.addresses import all_addresses

__all__ = ["Announcement", "Error", "announce", "resolve"]

TYPES = {"http": "_http._tcp.local.", "https": "_https._tcp.local."}
ASK = 700  # milliseconds a machine with that name gets to answer
LOOK_UP = 2500  # the same where an answer is expected; one that was just given is held back for a second

logging.getLogger("zeroconf").setLevel(logging.ERROR)  # it warns of each address that is no longer there


class Announcement:
    """`label` is the name that was free: without `.local`."""

    def __init__(self, zeroconf: AsyncZeroconf, label: str) -> None:
        self._zeroconf = zeroconf
        self.label = label

    async def withdraw(self) -> None:
        """Say goodbye, so that nobody goes on looking here."""
        await self._zeroconf.async_close()


async def announce(label: str, addresses: Collection[str], ports: Mapping[str, int]) -> Announcement:
    """Take the label, or the next one that is free. `ports` are by scheme."""
    own = set(all_addresses())  # another responder of this machine may go by the name too
    zeroconf = AsyncZeroconf(interfaces=list(addresses))
    try:
        for candidate in labels(label):
            taken = await _find(zeroconf, f"{candidate}.local", ASK)
            if set(taken) <= own and await _register(zeroconf, candidate, addresses, ports):
                return Announcement(zeroconf, candidate)
    except BaseException:
        await zeroconf.async_close()
        raise
    raise AssertionError


async def resolve(name: str, interfaces: Collection[str]) -> list[str]:
    """The addresses that the network gives for a name, asked as another machine would."""
    async with AsyncZeroconf(interfaces=list(interfaces)) as zeroconf:
        # to all: an answer to one socket of this port might be taken by the other one, the announcer's
        return await _find(zeroconf, name, LOOK_UP, DNSQuestionType.QM)


async def _find(
    zeroconf: AsyncZeroconf, name: str, milliseconds: int, question: DNSQuestionType | None = None
) -> list[str]:
    resolver = AddressResolver(f"{name}.")
    await resolver.async_request(zeroconf.zeroconf, milliseconds, question)
    return resolver.parsed_addresses()


def labels(first: str) -> Iterator[str]:
    """gantry, gantry-2, gantry-3 and so on; from `first` on."""
    stem, number = re.fullmatch(r"(.*?)(?:-(\d+))?", first).groups()  # type: ignore[union-attr]
    count = int(number or 1)
    while True:
        yield stem if count == 1 else f"{stem}-{count}"
        count += 1


async def _register(zeroconf: AsyncZeroconf, label: str, addresses: Collection[str], ports: Mapping[str, int]) -> bool:
    """Whether nobody else had a service of that name."""
    for scheme, port in ports.items():
        info = ServiceInfo(
            TYPES[scheme],
            f"{label}.{TYPES[scheme]}",
            port,
            properties={"path": "/"},
            server=f"{label}.local.",
            parsed_addresses=list(addresses),
        )
        try:
            # who has the first name has the others too
            await zeroconf.async_register_service(info, cooperating_responders=scheme != "http")
        except NonUniqueNameException:
            return False
    return True
