"""Where an endpoint may be, and that nothing leads elsewhere."""

import asyncio
import socket
from typing import Any

import pytest

from gantry_edge.errors import ModelError, ModelRefused
from gantry_edge.models.addresses import forbidden, origin, parse
from gantry_edge.models.client import Client
from gantry_edge.models.schema import Endpoint
from gantry_edge.models.scripted import ScriptedEndpoint

INNER = "canary-of-the-inner-service"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("http://box:8000/v1", "http://box:8000/v1"),
        ("HTTP://Box/v1/", "http://box/v1"),
        ("https://models.example.org", "https://models.example.org"),
        ("http://127.0.0.1:11434/v1", "http://127.0.0.1:11434/v1"),
        ("http://192.168.1.20/v1", "http://192.168.1.20/v1"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
        ("http://[fd12::7]/v1", "http://[fd12::7]/v1"),
        ("http://gpu_1.local/v1", "http://gpu_1.local/v1"),
        ("http://bücher.local/v1", "http://xn--bcher-kva.local/v1"),
        ("http://\uff11\uff10.0.0.1/v1", "http://10.0.0.1/v1"),  # what is checked is what is connected to
        ("http://box/one/../v1", "http://box/v1"),
    ],
)
def test_places_where_models_live_are_taken(text: str, meant: str) -> None:
    assert str(parse(text)) == meant


@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254",
        "169.254.1.1",
        "100.100.100.200",
        "168.63.129.16",
        "224.0.0.1",
        "255.255.255.255.",
        "[::ffff:a9fe:a9fe]",
        "[::ffff:169.254.169.254]",
        "[::a9fe:a9fe]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:a9fe:a9fe::1]",
        "[fe80::1]",
        "[fe80::1%25eth0]",
        "[fd00:ec2::254]",
        "[fd00:ec2::23]",
        "[fd20:ce::254]",
        "[fd00:c1::a9fe:a9fe]",
        "[fd00:42::42]",
        "[64:ff9b:1::a9fe:a9fe]",
        "[::ffff:0:a9fe:a9fe]",
        "[ff02::1]",
        "2852039166",
        "0xa9fea9fe",
        "0251.0376.0251.0376",
        "0xa9.0xfe.0xa9.0xfe",
        "169.254.43518",
        "127.1",
        "169.254.169.254.",
        "metadata.google.internal.",
        "①⑥⑨.254.169.254",
        "user@box",
        "user:word@box",
        "@box",
        "box@169.254.169.254",
        "box\\@evil",
        "%31%36%39.254.169.254",
        "169.254.169.254%00.box",
        "a b",
        "a\tb",
        "-box",
        "",
        "[::1",
        "box:99999",
        "box:0",
    ],
)
def test_anything_else_is_refused_before_it_is_looked_up(host: str) -> None:
    with pytest.raises(ValueError, match=r"[a-z]"):
        parse(f"http://{host}/v1")


@pytest.mark.parametrize(
    "text",
    ["", "box", "//box/v1", "ftp://box/v1", "file:///etc/passwd", "http:///v1", "http://box/v1?a=b", "http://box/v1#a"],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"[a-z]"):
        parse(text)


def test_an_origin_is_scheme_name_and_port() -> None:
    assert origin("http://box/v1") == origin("HTTP://BOX:80/other") != origin("https://box/v1")


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "192.168.7.7", "::1", "fd12::1", "::ffff:10.0.0.1"])
def test_loopback_and_private_addresses_are_not_forbidden(address: str) -> None:
    assert not forbidden(address)


def answering(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
    """The system's resolver says these one after the other, the last for ever."""
    left = list(answers)

    async def getaddrinfo(self: Any, host: str, port: int, **options: Any) -> list[Any]:
        found = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)


async def fails(client: Client, url: str) -> ModelError:
    with pytest.raises(ModelError) as caught:
        await client.list_models(Endpoint("e1", "Office", url, "secret-of-the-test"))
    return caught.value


async def test_a_name_is_connected_to_at_its_address(
    client: Client, scripted: ScriptedEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, ["127.0.0.1"])
    assert await client.list_models(Endpoint("e1", "Office", scripted.url.replace("127.0.0.1", "box.test")))


async def test_a_name_of_a_forbidden_address_is_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, ["169.254.169.254"])
    assert isinstance(await fails(client, "http://metadata.google.internal/v1"), ModelRefused)


async def test_a_name_with_two_answers_is_refused_for_the_one(
    client: Client, scripted: ScriptedEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, ["127.0.0.1", "169.254.169.254"])
    assert isinstance(await fails(client, scripted.url.replace("127.0.0.1", "box.test")), ModelRefused)


async def test_a_name_that_answers_differently_the_second_time_is_refused_then(
    scripted: ScriptedEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, ["127.0.0.1"], ["169.254.169.254"])
    url = scripted.url.replace("127.0.0.1", "box.test")
    for client, refused in ((Client(), False), (Client(), True)):  # another one remembers no name
        try:
            if refused:
                assert isinstance(await fails(client, url), ModelRefused)
            else:
                await client.list_models(Endpoint("e1", "Office", url))
        finally:
            await client.close()


class Inner:
    """An HTTP service that is no model server; what it was sent is in `heard`."""

    def __init__(self, head: str, body: str = "") -> None:
        self._answer = f"HTTP/1.1 {head}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
        self.heard = b""

    async def __aenter__(self) -> "Inner":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"
        return self

    async def __aexit__(self, *error: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heard += await reader.readuntil(b"\r\n\r\n")
        writer.write(self._answer)
        writer.close()


async def test_a_redirect_is_not_followed_and_the_key_goes_no_further(client: Client) -> None:
    async with Inner("200 OK", '{"data":[{"id":"m"}]}') as other:
        async with Inner(f"302 Found\r\nLocation: {other.url}/models") as first:
            assert isinstance(await fails(client, first.url), ModelRefused)
        assert (b"secret-of-the-test" in first.heard, other.heard) == (True, b"")


@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request", "404 Not Found", "418 Teapot", "500 Broken"])
async def test_what_another_service_says_is_told_to_nobody(client: Client, status: str) -> None:
    async with Inner(status, f'{{"error":{{"message":"{INNER}"}},"detail":"{INNER}"}}') as inner:
        assert INNER not in str(await fails(client, inner.url))


async def test_proxies_of_the_environment_are_not_asked(
    client: Client, scripted: ScriptedEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert await client.list_models(Endpoint("e1", "Office", scripted.url))
