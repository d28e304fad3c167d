"""The HTTP side of `client`, and the only file that knows aiohttp. Importing it takes a fifth of a second, so
`client` does so in a thread at first use.

Redirects, cookies, proxies of the environment and compression are off; every request has its own connection. A
kept connection may be closed by the server in the moment a POST goes out on it, and that request could not be
repeated safely; on a LAN a new one costs less than a millisecond.
"""

import asyncio
import math
import socket

import aiohttp
from aiohttp.abc import ResolveResult

from gantry_edge.errors import ModelBroken, ModelError, ModelRefused, ModelTimeout, ModelUnreachable
from gantry_edge.models.addresses import forbidden, parse
from gantry_edge.models.schema import Endpoint, Timeouts

AFTER_FINISH = 5.0  # seconds to wait for the usage once a finish reason came


class _ForbiddenAddress(OSError):
    pass


class _Resolver(aiohttp.ThreadedResolver):
    """A name that leads to several places may be used when all of them may be: which is taken is a matter of luck."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await super().resolve(host, port, family)
        if any(forbidden(each["host"]) for each in found):
            raise _ForbiddenAddress("a forbidden address among others")
        return found


def _socket(address: tuple[int, int, int, str, tuple[str | int, ...]]) -> socket.socket:
    # The address connected to is checked, not one looked up before: a name cannot change in between.
    family, kind, protocol, _, target = address
    if forbidden(str(target[0])):
        raise _ForbiddenAddress("a forbidden address")
    return socket.socket(family, kind, protocol)


class Wire:
    """One HTTP session for all endpoints. Create it inside the running loop."""

    def __init__(self, timeouts: Timeouts) -> None:
        self._timeouts = timeouts
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0, force_close=True, ttl_dns_cache=10, resolver=_Resolver(), socket_factory=_socket
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, connect=timeouts.connect),
            headers={"Accept-Encoding": "identity", "User-Agent": "gantry-edge"},
            auto_decompress=False,
            trust_env=False,
        )

    async def close(self) -> None:
        await self._session.close()

    async def open(self, endpoint: Endpoint, path: str, body: bytes | None = None) -> "Incoming":
        """POST the body, or GET without one, and wait for the head of the answer."""
        started = asyncio.get_running_loop().time()
        headers = {"Accept": "text/event-stream, application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if endpoint.key:
            headers["Authorization"] = f"Bearer {endpoint.key}"
        try:
            async with asyncio.timeout(self._timeouts.first_token):
                response = await self._session.request(
                    "GET" if body is None else "POST",
                    parse(endpoint.url) / path.removeprefix("/"),
                    data=body,
                    headers=headers,
                    allow_redirects=False,
                )
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise _connect_error(endpoint, self._timeouts, error) from error
        return Incoming(endpoint, response, self._timeouts, started)


class Incoming:
    """The body of an answer while it arrives. `close` ends the connection at once."""

    def __init__(
        self, endpoint: Endpoint, response: aiohttp.ClientResponse, timeouts: Timeouts, started: float
    ) -> None:
        self.status = response.status
        self.retry_after = response.headers.get("Retry-After", "")
        self.compressed = response.headers.get("Content-Encoding", "identity").lower() != "identity"
        self._endpoint = endpoint
        self._response = response
        self._loop = asyncio.get_running_loop()
        self._waiting_since = math.inf
        self._idle = timeouts.idle
        self._first_token = timeouts.first_token
        self._first_due: float | None = started + timeouts.first_token
        self._timer = self._loop.call_at(self._first_due, self._check)

    async def read(self) -> bytes:
        """What has arrived; nothing at the end."""
        self._waiting_since = self._loop.time()
        try:
            return await self._response.content.readany()
        except aiohttp.ClientError as error:
            raise ModelBroken(
                f"The connection to {self._endpoint.name} was lost in the middle of the answer. Try again."
            ) from error
        finally:
            self._waiting_since = math.inf

    async def read_all(self, limit: int) -> bytes:
        """The whole body, cut at `limit` bytes."""
        body = bytearray()
        while len(body) < limit and (data := await self.read()):
            body += data
        return bytes(body[:limit])

    def token_seen(self) -> None:
        """From now on silence counts, not the time since the request."""
        if self._first_due is not None:
            self._first_due = None
            self._rearm(self._loop.time() + self._idle)

    def finish_seen(self) -> None:
        self._idle = min(self._idle, AFTER_FINISH)
        self._rearm(self._loop.time() + self._idle)

    def close(self) -> None:
        self._timer.cancel()
        self._response.close()

    def _rearm(self, when: float) -> None:
        self._timer.cancel()
        self._timer = self._loop.call_at(when, self._check)

    def _check(self) -> None:
        # One timer that looks now and then costs nothing per token, other than a timeout around every read. While
        # nobody reads, it is the reader who is slow, not the server.
        now = self._loop.time()
        due = self._first_due if self._first_due is not None else self._waiting_since + self._idle
        if now >= due:
            self._response.content.set_exception(self._too_slow())
        else:
            self._rearm(min(due, now + self._idle))

    def _too_slow(self) -> ModelTimeout:
        name = self._endpoint.name
        if self._first_due is not None:
            return ModelTimeout(f"{name} did not begin to answer within {self._first_token:g} s. Try again.")
        return ModelTimeout(f"{name} went silent in the middle of the answer for {self._idle:g} s. Try again.")


def _connect_error(endpoint: Endpoint, timeouts: Timeouts, error: Exception) -> ModelError:
    name = endpoint.name
    match error:
        case aiohttp.ConnectionTimeoutError():
            return ModelTimeout(f"{name} could not be connected within {timeouts.connect:g} s. Is it running?")
        case TimeoutError():
            return ModelTimeout(f"{name} did not begin to answer within {timeouts.first_token:g} s. Try again.")
        case aiohttp.ClientConnectorError() if isinstance(error.os_error, _ForbiddenAddress):
            return ModelRefused(f"{name}'s URL leads to an address where no model may live. Change the URL.")
        case aiohttp.ClientConnectorDNSError():
            return ModelUnreachable(f"The name in {name}'s URL cannot be found. Check the URL.")
        case aiohttp.ClientSSLError():
            return ModelUnreachable(f"No secure connection to {name}. Check http or https, and its certificate.")
        case aiohttp.ClientConnectorError():
            return ModelUnreachable(f"{name} refuses the connection. Is it running, and is the port right?")
        case aiohttp.ClientResponseError():
            return ModelBroken(f"{name} does not speak HTTP. Check http or https, and the port.")
        case aiohttp.ClientConnectionError():
            return ModelUnreachable(f"{name} closed the connection without an answer. Try again.")
        case _:
            return ModelUnreachable(f"{name}'s URL is not one to connect to. Check the URL.")
