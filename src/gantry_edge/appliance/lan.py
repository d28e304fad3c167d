"""The local network: off until the owner switches it on; then listeners at each address, a name and a certificate.

What is served follows the stored switch and the addresses of the machine, looked at every second.
"""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from gantry_edge.appliance import store
from gantry_edge.appliance.addresses import Address, find_addresses, own_names, url_of
from gantry_edge.appliance.announcer import Announcer, Served
from gantry_edge.appliance.schema import Authority, Network, Reach, Reached, Switch, Trust
from gantry_edge.appliance.server import PORTS_TRIED, Listener, is_free
from gantry_edge.errors import GantryError, NotFound, PortInUse
from gantry_edge.storage.audit import By, append
from gantry_edge.storage.database import Database, DatabaseError

log = logging.getLogger(__name__)

LOOK = 1.0  # seconds between looks at the switch and the addresses
GRACE = 1.0  # seconds a request gets to end when its listener closes
ANNOUNCED = 3.0  # seconds to wait for the name before the switch answers
NOWHERE = "This machine has no address on a local network; connect it to one"


class Place(NamedTuple):
    """What a listener is for; `stamp` tells a certificate from the next one."""

    address: str
    port: int
    stamp: int | None = None


class Lan:
    """As long as setup is needed, nobody but this machine itself is served, whatever the switch says."""

    def __init__(
        self, database: Database, tls: Path, named: Iterable[str], setup_needed: Callable[[], Awaitable[bool]]
    ) -> None:
        self._database = database
        self._tls = tls
        self._named = tuple(name.lower() for name in named)
        self._setup_needed = setup_needed
        self._app: Any = None
        self._port = 0
        self._leaf = tls
        self._https_port: int | None = None
        self._switch = Switch()
        self._label = store.LABEL
        self._addresses: list[Address] = []
        self._listeners: dict[Place, Listener] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._announcer = Announcer()
        self._problem: str | None = None
        self._started = asyncio.Event()
        self._lock = asyncio.Lock()
        self.hosts: frozenset[str] = frozenset()  # let in by the guard, beside the local ones

    def start(self, app: Any, port: int) -> None:
        """Serve `app` wherever the switch says, beside the listener of this machine itself."""
        self._app, self._port = app, port
        self._started.set()

    async def follow_forever(self) -> None:
        """Until cancelled; then nothing outside is served."""
        await self._started.wait()
        try:
            while True:
                await self._keep_up()
                await asyncio.sleep(LOOK)
        finally:
            await self.close()

    async def close(self) -> None:
        """Say goodbye and end every connection from outside."""
        async with self._lock:
            self._app = None
            for listener in self._listeners.values():
                self._end(listener)
            self._listeners.clear()
        await asyncio.gather(self._announcer.close(), *self._closing)

    async def switch(self, switch: Switch, by: By) -> Network:
        """Store it and act on it; a request that came from outside still gets its answer."""
        opened = switch.lan and not self._switch.lan
        await self._database.write(lambda c: store.put_switch(c, switch, by))
        await self._apply()
        if opened:
            await self._announcer.settle(ANNOUNCED)
            await self._apply()
        return self.describe()

    def is_in_trouble(self) -> bool:
        return bool(self._problem or self._announcer.problem)

    def describe(self) -> Network:
        name = self._name
        return Network(
            lan=self._switch.lan,
            https=self._switch.https,
            name=name,
            port=self._port,
            https_port=self._https_port,
            problem=self._problem or self._announcer.problem,
            addresses=[
                Reach(each.address, each.interface, self._url(each.address), self._https_url(each.address))
                for each in self._addresses
            ],
            name_url=self._url(name) if name else None,
            name_https_url=self._https_url(name) if name else None,
            ca=self._authority(),
        )

    def trust(self) -> Trust:
        """What anybody may know."""
        authority, urls = self._authority(), [url for url in self._urls() if url.startswith("https:")]
        return Trust(
            enabled=bool(urls),
            name=self._name,
            fingerprint=authority.fingerprint if authority else None,
            not_after=authority.not_after if authority else None,
            https_url=urls[0] if urls else None,
        )

    def ca_file(self, form: str) -> bytes:
        """The authority's certificate as `crt`, `pem` or `mobileconfig`."""
        content = None
        if self._tls.exists():
            from gantry_edge.appliance import trust

            content = trust.ca_file(self._tls, form)
        if content is None:
            raise NotFound("There is no certificate authority yet; the owner switches https on")
        return content

    def draw(self, url: str) -> bytes:
        """One of our own addresses as a picture."""
        from gantry_edge.appliance import qr

        if url not in self._urls():
            raise NotFound("This is no address of this machine; look at the list again")
        return qr.draw(url)

    async def check(self, by: By) -> list[Reached]:
        """Ask every address for an answer."""
        from gantry_edge.appliance import reach

        await self._database.write(lambda c: append(c, by, "network.checked"))
        ca = self.ca_file("pem").decode() if self._https_port else None
        return await reach.check(self._urls(), [each.address for each in self._addresses], ca)

    @property
    def _name(self) -> str | None:
        return f"{self._announcer.label}.local" if self._addresses and self._announcer.label else None

    def _url(self, host: str) -> str:
        return url_of("http", host, self._port)

    def _https_url(self, host: str) -> str | None:
        return url_of("https", host, self._https_port) if self._https_port else None

    def _urls(self) -> list[str]:
        """The name first."""
        hosts = [self._name] if self._name else []
        hosts += [each.address for each in self._addresses]
        urls = [url for host in hosts for url in (self._url(host), self._https_url(host))]
        return [url for url in urls if url]

    def _authority(self) -> Authority | None:
        if not self._tls.exists():
            return None
        from gantry_edge.appliance import trust

        return trust.describe(self._tls)

    async def _keep_up(self) -> None:
        """A disk that is full for a while must not end it for good."""
        try:
            await self._apply()
        except (OSError, GantryError, DatabaseError) as error:
            if self._problem != str(error):
                log.warning("the local network cannot be followed: %s", error)
            self._problem = str(error)

    async def _apply(self) -> None:
        """Bring what is served to where the switch and the addresses are."""
        async with self._lock:
            self._switch, self._label = await self._database.read(lambda c: (store.read_switch(c), store.read_label(c)))
            if not self._app:
                return
            on = self._switch.lan and not await self._setup_needed()
            self._addresses = find_addresses(self._named) if on else []
            self._problem = NOWHERE if on and not self._addresses else None
            label = self._announcer.label or self._label
            names = [f"{label}.local", *own_names(), *self._named, *(each.address for each in self._addresses)]
            self.hosts = frozenset(names) if self._addresses else frozenset()
            self._https_port = self._choose_https_port() if self._switch.https and self._addresses else None
            stamp = await self._certify(names) if self._https_port else None
            await self._listen(self._wanted(stamp))
            self._announcer.follow(self._announced())
            if self._announcer.label and self._announcer.label != self._label:
                await self._database.write(lambda c: store.put_label(c, label))

    def _wanted(self, stamp: int | None) -> set[Place]:
        plain = {Place(each.address, self._port) for each in self._addresses}
        if self._https_port is None:
            return plain
        return plain | {Place(each.address, self._https_port, stamp) for each in self._addresses}

    def _announced(self) -> Served | None:
        addresses = tuple(each.address for each in self._addresses)
        ports = (("http", self._port), *((("https", self._https_port),) if self._https_port else ()))
        return Served(self._label, addresses, ports) if addresses else None

    def _choose_https_port(self) -> int | None:
        """The one it has, 443 beside 80, else the next free one."""
        if self._https_port:
            return self._https_port
        for port in (443,) if self._port == 80 else range(self._port + 1, min(self._port + PORTS_TRIED, 65536)):
            if all(is_free(each.address, port) for each in self._addresses):
                return port
        self._problem = "No port is free for https; stop the program that has it"
        return None

    async def _certify(self, names: list[str]) -> int:
        """Have a certificate for these names; returns its stamp."""
        from gantry_edge.appliance import trust

        self._leaf = await asyncio.to_thread(trust.certify, self._tls, socket.gethostname(), names)
        return self._leaf.stat().st_mtime_ns

    async def _listen(self, wanted: set[Place]) -> None:
        for place in self._listeners.keys() - wanted:
            self._end(self._listeners.pop(place))
        for place in sorted(wanted - self._listeners.keys(), key=str):
            listener = Listener(self._app, place.address, place.port, self._leaf if place.stamp else None)
            try:
                await listener.open()
            except PortInUse as error:
                self._problem = f"{error.detail}; stop it, or choose another with --port"
            else:
                self._listeners[place] = listener
                log.info("the local network is served at %s, port %d", place.address, place.port)

    def _end(self, listener: Listener) -> None:
        log.info("%s, port %d, is no longer served", listener.address, listener.port)
        closing = asyncio.create_task(listener.close(GRACE))
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)
