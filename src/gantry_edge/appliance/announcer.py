"""Keeps the name on the network in step with what is served."""

import asyncio
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from gantry_edge.appliance.mdns import Announcement

log = logging.getLogger(__name__)

RETRY = 10.0  # seconds after a failure


class Served(NamedTuple):
    """What is announced: the wanted label, where, and the port of each scheme."""

    label: str
    addresses: tuple[str, ...]
    ports: tuple[tuple[str, int], ...]


class Announcer:
    """One task at a time: it withdraws what was announced, and announces what is served now."""

    def __init__(self) -> None:
        self._served: Served | None = None
        self._task: asyncio.Task[None] | None = None
        self._announcement: Announcement | None = None
        self.problem: str | None = None

    @property
    def label(self) -> str | None:
        """The one that was free, once that is known."""
        return self._announcement.label if self._announcement else None

    def follow(self, served: Served | None) -> None:
        """Start to say so, where it is new."""
        if served != self._served:
            self._served, self.problem = served, None
            self._task = asyncio.create_task(self._change(served, self._task))

    async def settle(self, seconds: float) -> None:
        """Wait for what is under way."""
        if self._task:
            await asyncio.wait({self._task}, timeout=seconds)

    async def close(self) -> None:
        self.follow(None)
        if self._task:
            await self._task

    async def _change(self, served: Served | None, before: asyncio.Task[None] | None) -> None:
        if before:
            await before
        if self._announcement:
            announcement, self._announcement = self._announcement, None
            await announcement.withdraw()
        if served and served == self._served:
            await self._announce(served)

    async def _announce(self, served: Served) -> None:
        from gantry_edge.appliance import mdns

        ports: Mapping[str, int] = dict(served.ports)
        try:
            self._announcement = await mdns.announce(served.label, served.addresses, ports)
        except (OSError, mdns.Error) as error:
            log.warning("the name %s.local cannot be announced: %s", served.label, error)
            self.problem = f"The name {served.label}.local cannot be announced ({error}); use an address instead"
            asyncio.get_running_loop().call_later(RETRY, self._forget, served)
        else:
            log.info("the local network finds this machine as %s.local", self.label)

    def _forget(self, served: Served) -> None:
        """So that it is tried again."""
        if self._served == served and not self._announcement:
            self._served = None
