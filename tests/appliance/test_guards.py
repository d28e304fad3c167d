"""The guards before the app, over a bare ASGI app that says yes to everything."""

from typing import Any

import pytest

from gantry_edge.appliance.guards import CrossSiteGuard, HostGuard

Headers = list[tuple[str, str]]
NAMES = {"localhost", "127.0.0.1", "::1", "Gantry.local.", "192.0.2.7"}


async def yes(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def ask(app: Any, headers: Headers, method: str = "GET", target: str = "/health") -> tuple[int, Any]:
    """Status and headers of the answer."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": target,
        "raw_path": target.encode(),
        "scheme": "http",
        "query_string": b"",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
    }
    await app(scope, None, send)
    return sent[0]["status"], dict(sent[0]["headers"])


async def status_for(*hosts: str, rest: Headers | None = None, target: str = "/health") -> int:
    headers = [("host", host) for host in hosts]
    status, _ = await ask(HostGuard(yes, lambda: NAMES), headers + (rest or []), target=target)
    return status


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8080",
        "LOCALHOST:8080",
        "localhost.",
        "localhost.:8080",
        "127.0.0.1:8080",
        "[::1]",
        "[::1]:8080",
        "[0:0:0:0:0:0:0:1]",
        "gantry.LOCAL",
        "192.0.2.7",
    ],
)
async def test_our_own_names_are_served(host: str) -> None:
    assert await status_for(host) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.test",
        "evil.test:8080",
        "localhost.evil.test",
        "evillocalhost",
        "localhost@evil.test",
        "evil.test@localhost",
        "user:password@localhost",
        "",
        ":8080",
        ".",
        "localhost..",
        "localhost:",
        "localhost:80:80",
        "localhost:99999",
        "localhost:port",
        "localhost, evil.test",
        "localhost evil.test",
        " localhost",
        "localhost\t",
        "localhost\n",
        "localhost/",
        "localhost#",
        "localhost%00",
        "::1",
        "[::1",
        "[::1]evil",
        "[::ffff:127.0.0.1]",
        "[::1%25eth0]",
        "[localhost]",
        "127.1",
        "127.0.0.2",
        "2130706433",
        "0x7f.0.0.1",
        "0.0.0.0",
        "löcalhost",
    ],
)
async def test_other_names_are_not(host: str) -> None:
    assert await status_for(host) == 421


async def test_a_missing_host_is_not_served() -> None:
    assert await status_for() == 421


@pytest.mark.parametrize("hosts", [("localhost", "evil.test"), ("evil.test", "localhost"), ("localhost",) * 2])
async def test_two_hosts_are_not_served(hosts: tuple[str, str]) -> None:
    assert await status_for(*hosts) == 421


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Host", "X-Original-Host", "Forwarded", "X-Forwarded-Server"])
async def test_forwarded_hosts_are_not_looked_at(name: str) -> None:
    forwarded = [(name.lower(), "host=localhost" if name == "Forwarded" else "localhost")]
    assert await status_for("evil.test", rest=forwarded) == 421


@pytest.mark.parametrize(
    "target",
    ["http://evil.test/", "http://localhost@evil.test/", "http://localhost:81/", "evil.test:80", "x", "http://["],
)
async def test_a_target_that_disagrees_with_the_host_is_not_served(target: str) -> None:
    assert await status_for("localhost", target=target) == 421


@pytest.mark.parametrize("target", ["http://localhost/", "HTTP://LOCALHOST./health", "/http://evil.test/", "*"])
async def test_a_target_that_agrees_is_served(target: str) -> None:
    assert await status_for("localhost", target=target) == 200


async def test_the_refusal_is_a_problem() -> None:
    _, headers = await ask(HostGuard(yes, lambda: NAMES), [("host", "evil.test")])
    assert headers[b"content-type"] == b"application/problem+json"


async def test_names_may_change_while_it_runs() -> None:
    names: set[str] = set()
    guard = HostGuard(yes, lambda: names)
    names.add("box.test")
    assert (await ask(guard, [("host", "box.test")]))[0] == 200


JSON = ("content-type", "application/json")
BODY = ("content-length", "2")
CHUNKED = ("transfer-encoding", "chunked")
HOST = ("host", "gantry.local:8080")


async def change(*headers: tuple[str, str], method: str = "POST") -> int:
    status, answer = await ask(CrossSiteGuard(yes), [HOST, *headers], method)
    assert not [name for name in answer if name.startswith(b"access-control")]
    return status


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "post"])
@pytest.mark.parametrize(
    "headers",
    [
        [("sec-fetch-site", "cross-site")],
        [("sec-fetch-site", "same-site")],  # another port of the same host
        [("sec-fetch-site", "SAME-ORIGIN")],
        [("sec-fetch-site", "")],
        [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
        [("sec-fetch-site", "cross-site"), ("origin", "http://gantry.local:8080")],
        [("origin", "null")],
        [("origin", "")],
        [("origin", "http://evil.test")],
        [("origin", "http://gantry.local")],
        [("origin", "http://gantry.local:8081")],
        [("origin", "http://gantry.local:8080.evil.test")],
        [("origin", "http://gantry.local:8080@evil.test")],
        [("origin", "gantry.local:8080")],
        [("origin", "http://gantry.local:8080"), ("origin", "http://evil.test")],
    ],
)
async def test_another_site_changes_nothing(method: str, headers: Headers) -> None:
    assert await change(*headers, JSON, method=method) == 403


@pytest.mark.parametrize(
    "headers",
    [
        [("sec-fetch-site", "same-origin")],
        [("sec-fetch-site", "none")],
        [("sec-fetch-site", "same-origin"), ("origin", "null")],
        [("origin", "http://gantry.local:8080")],
        [("origin", "https://GANTRY.local:8080")],
        [],  # no browser
    ],
)
async def test_our_page_and_programs_pass(headers: Headers) -> None:
    assert await change(*headers, JSON, BODY) == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
async def test_reading_is_not_the_concern_of_this_guard(method: str) -> None:
    assert await change(("sec-fetch-site", "cross-site"), method=method) == 200


async def test_an_origin_without_a_usable_host_changes_nothing() -> None:
    assert (await ask(CrossSiteGuard(yes), [("host", "a b"), ("origin", "null")], "POST"))[0] == 403


@pytest.mark.parametrize("length", [BODY, CHUNKED])
@pytest.mark.parametrize(
    "type",
    [
        "",
        "text/plain",
        "text/plain; a=application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/json, text/plain",
    ],
)
async def test_a_body_that_is_not_json_is_refused(type: str, length: tuple[str, str]) -> None:
    assert await change(("content-type", type), length) == 415


@pytest.mark.parametrize("type", ["application/json", "Application/JSON; charset=utf-8"])
async def test_a_json_body_passes(type: str) -> None:
    assert await change(("content-type", type), BODY) == 200


@pytest.mark.parametrize("headers", [[], [("content-length", "0")]])
async def test_a_request_without_a_body_needs_no_type(headers: Headers) -> None:
    assert await change(*headers) == 200


async def test_a_body_without_a_type_is_refused() -> None:
    assert await change(BODY) == 415
