"""Is it reached by the addresses that are shown? Asked from this machine, so a firewall elsewhere is not seen."""

import asyncio
import ssl
import time
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from gantry_edge.appliance.addresses import is_address
from gantry_edge.appliance.schema import Reached

SECONDS = 4.0  # for each address
REQUEST = "GET /health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"


async def check(urls: Collection[str], interfaces: Collection[str], ca: str | None) -> list[Reached]:
    """Ask each address for its health; names are looked up on the network first. `ca` is PEM."""
    hosts = {urlsplit(url).hostname or "" for url in urls}
    found = {host: host if is_address(host) else await _find(host, interfaces) for host in hosts}
    return list(await asyncio.gather(*(_reach(url, found, ca) for url in urls)))


async def _reach(url: str, found: Mapping[str, str | None], ca: str | None) -> Reached:
    host = urlsplit(url).hostname or ""
    address, began = found[host], time.monotonic()
    if address is None:
        return _no(url, f"Nobody on the network answers to {host}; a firewall may block UDP port 5353")
    try:
        async with asyncio.timeout(SECONDS):
            status = await _ask(url, address, ca)
    except TimeoutError:
        return _no(url, "It did not answer in time; a firewall of this machine may block the port")
    except ssl.SSLError as error:
        return _no(url, f"The certificate does not fit: {error.reason or error}")
    except OSError as error:
        return _no(url, f"It cannot be reached: {error.strerror or error}")
    if not status.startswith("HTTP/1.1 200"):
        return _no(url, "Another program answers there; stop it, or choose another port")
    return Reached(url, True, round((time.monotonic() - began) * 1000, 1), None)


async def _find(name: str, interfaces: Collection[str]) -> str | None:
    from gantry_edge.appliance import mdns

    try:
        found = await mdns.resolve(name, interfaces)
    except OSError:
        return None
    return found[0] if found else None


async def _ask(url: str, address: str, ca: str | None) -> str:
    """The status line."""
    parts = urlsplit(url)
    context = ssl.create_default_context(cadata=ca) if parts.scheme == "https" else None
    port = parts.port or (443 if context else 80)
    name = parts.hostname if context else None
    reader, writer = await asyncio.open_connection(address, port, ssl=context, server_hostname=name)
    try:
        writer.write(REQUEST.format(host=parts.netloc).encode())
        return (await reader.readline()).decode("latin-1")
    finally:
        writer.close()


def _no(url: str, problem: str) -> Reached:
    return Reached(url, False, None, problem)
