"""The local network, seen from a second host: what is open, what is found, and what closes again."""

import asyncio
import json
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from program import COMMAND, PASSWORD, Program, events_of, model, scripted_endpoint
from wire import BOX, GUEST, MOVED, Wire, inside
from zeroconf import AddressResolver, ServiceInfo, ServiceListener, Zeroconf  # type: ignore[attr-defined]
from zeroconf.asyncio import AsyncServiceBrowser, AsyncZeroconf

from gantry_edge.appliance.mdns import TYPES

pytestmark = [pytest.mark.slow, pytest.mark.alone]

T = TypeVar("T")

SWITCHED = 3.0  # seconds a switch may take
FOLLOWED = 10.0  # seconds a change of address may take
LONG = model("say?tokens=300&rate=30&seed=5")


@pytest.fixture
def wire() -> Iterator[Wire]:
    wire = Wire("gantry")
    wire.lay()
    yield wire
    wire.cut()


@pytest.fixture
def box(wire: Wire, tmp_path: Path) -> Iterator[Program]:
    """The program on the first host, with a model server beside it."""
    with inside(wire.box), scripted_endpoint() as endpoint:
        program = Program(tmp_path / "home", endpoint=endpoint).start()
        yield program
        if program.process and program.process.poll() is None:
            program.end()


def port_of(box: Program) -> int:
    return int(box.url.rpartition(":")[2])


def switch(owner: httpx.Client, *, lan: bool, https: bool = False) -> Any:
    response = owner.post("/api/network", json={"lan": lan, "https": https, "password": PASSWORD})
    return response.raise_for_status().json()


def within(seconds: float, holds: Callable[[], object]) -> object:
    """What it says, as soon as that is true; it is asked once more at the end."""
    until = time.monotonic() + seconds
    while not (found := holds()) and time.monotonic() < until:
        time.sleep(0.1)
    return found


def sockets(wire: Wire, box: Program, *addresses: str, https: int | None = None) -> Callable[[], bool]:
    """Does exactly this listen, beside the model server?"""
    ports = {port_of(box)} | ({https} if https else set())
    wanted = {f"127.0.0.1:{port_of(box)}"} | {f"{address}:{port}" for address in addresses for port in ports}
    endpoint = json.loads(box.environ["GANTRY_ENDPOINTS"])[0]["url"].split("/")[2]
    return lambda: wire.listening() - {endpoint} == wanted


def refused(wire: Wire, box: Program) -> bool:
    with inside(wire.guest):
        try:
            httpx.get(f"http://{BOX}:{port_of(box)}/")
        except httpx.ConnectError as error:
            return "refused" in str(error)
    return False


class Listener(ServiceListener):
    """What the guest hears of one service."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def add_service(self, zeroconf: Zeroconf, type: str, name: str) -> None:
        self.heard.append(f"{name} came")

    def update_service(self, zeroconf: Zeroconf, type: str, name: str) -> None:
        pass

    def remove_service(self, zeroconf: Zeroconf, type: str, name: str) -> None:
        self.heard.append(f"{name} went")


async def make(build: Callable[[], T]) -> T:
    return build()


@contextmanager
def elsewhere(wire: Wire) -> Iterator[Callable[[Coroutine[Any, Any, Any]], Any]]:
    """A loop of its own in the guest, which runs on while the test goes on."""

    def run() -> None:
        with inside(wire.guest):
            loop.run_forever()

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield lambda work: asyncio.run_coroutine_threadsafe(work, loop).result(20)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def addresses_of(zeroconf: AsyncZeroconf, name: str) -> list[str]:
    resolver = AddressResolver(f"{name}.")
    await resolver.async_request(zeroconf.zeroconf, 2000)
    return resolver.parsed_addresses()


def find(wire: Wire, name: str) -> list[str]:
    """Ask the network for a name, from the guest."""

    async def ask() -> list[str]:
        async with AsyncZeroconf(interfaces=[GUEST]) as zeroconf:
            return await addresses_of(zeroconf, name)

    with inside(wire.guest):
        return asyncio.run(ask())


class Stream(threading.Thread):
    """Reads an answer to its end, or to where it is cut."""

    def __init__(self, namespace: str, url: str, cookies: httpx.Cookies, answer_id: str) -> None:
        super().__init__()
        self._namespace = namespace
        self._url = url
        self._headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        self._path = f"/api/answers/{answer_id}/events"
        self.text = ""
        self.ended_by = ""
        self.ended_at = 0.0

    def run(self) -> None:
        with inside(self._namespace), httpx.Client(base_url=self._url, headers=self._headers) as client:
            try:
                with client.stream("GET", self._path) as response:
                    for _, type, data in events_of(response.iter_lines()):
                        self.text += data["text"] if type == "delta" else ""
                        self.ended_by = type
            except httpx.HTTPError as error:
                self.ended_by = f"cut off: {error}"
        self.ended_at = time.monotonic()


def test_before_there_is_an_owner_nobody_outside_can_connect_whatever_is_stored(wire: Wire, box: Program) -> None:
    subprocess.run([*COMMAND, "lan", "on", "--data-dir", str(box.home)], check=True, capture_output=True)
    time.sleep(SWITCHED)
    assert sockets(wire, box)()
    assert refused(wire, box)
    box.owner()
    assert within(SWITCHED, sockets(wire, box, BOX, "[fd77::1]"))


def test_a_second_host_finds_the_box_loads_the_page_and_chats(wire: Wire, box: Program) -> None:
    owner = box.owner()
    assert sockets(wire, box)()
    assert refused(wire, box)
    network = switch(owner, lan=True, https=True)
    assert (network["name"], network["problem"]) == ("gantry.local", None)
    assert within(0, sockets(wire, box, BOX, "[fd77::1]", https=network["https_port"]))
    assert set(find(wire, "gantry.local")) == {BOX, "fd77::1"}
    ca = owner.get("/api/trust/ca.pem").text
    for url in (network["name_url"], network["name_https_url"]):
        answer = converse(wire, url, ca)
        assert answer["status"] == "done"
    checked = owner.post("/api/network/check").json()["results"]
    assert {entry["url"] for entry in checked if entry["reachable"]} == {
        f"{scheme}://{host}:{port}/"
        for scheme, port in (("http", port_of(box)), ("https", network["https_port"]))
        for host in ("gantry.local", BOX, "[fd77::1]")
    }
    assert owner.get("/api/network/qr", params={"url": network["name_url"]}).headers["content-type"] == "image/svg+xml"


def converse(wire: Wire, url: str, ca: str) -> Any:
    """From the guest, by name: the page, the sign-in, one question. The last answer."""
    asked = httpx.URL(url)
    headers = {"Host": asked.netloc.decode()}
    verify = ssl.create_default_context(cadata=ca)
    with inside(wire.guest), httpx.Client(base_url=asked.copy_with(host=BOX), headers=headers, verify=verify) as client:
        by_name = {"sni_hostname": asked.host}
        assert "<html" in client.get("/", extensions=by_name).text
        login = {"email": "owner", "password": PASSWORD}
        signed_in = client.post("/api/auth/login", json=login, extensions=by_name).raise_for_status()
        cookie = signed_in.headers["set-cookie"]
        secure = asked.scheme == "https"
        assert (cookie.startswith("__Host-"), "Secure" in cookie) == (secure, secure)
        client.headers["Cookie"] = cookie.partition(";")[0]
        body = {"content": "Go", "model": model("say?tokens=20&rate=100&seed=1")}
        stream = client.post("/api/chat", json=body, headers={"Accept": "text/event-stream"}, extensions=by_name)
        [started] = [data for _, type, data in events_of(iter(stream.text.splitlines())) if type == "start"]
        messages = client.get(f"/api/conversations/{started['conversation_id']}/messages", extensions=by_name).json()
        return messages["items"][-1]["answer"]


def test_a_name_that_is_taken_gets_a_number_which_stays(wire: Wire, box: Program) -> None:
    async def squat() -> AsyncZeroconf:
        zeroconf = AsyncZeroconf(interfaces=[GUEST])
        name, server = f"gantry.{TYPES['http']}", "gantry.local."
        await (
            await zeroconf.async_register_service(
                ServiceInfo(TYPES["http"], name, 80, server=server, parsed_addresses=[GUEST])
            )
        )
        return zeroconf

    with elsewhere(wire) as do:
        squatter = do(squat())
        owner = box.owner()
        assert switch(owner, lan=True)["name"] == "gantry-2.local"
        assert BOX in find(wire, "gantry-2.local")
        do(squatter.async_close())
    box.end()
    owner = box.start().owner()
    assert within(SWITCHED + 2, lambda: owner.get("/api/network").json()["name"]) == "gantry-2.local"


def test_switching_off_and_stopping_say_goodbye(wire: Wire, box: Program) -> None:
    owner = box.owner()
    listener = Listener()
    came, went = (f"gantry.{TYPES['http']} {what}" for what in ("came", "went"))
    with elsewhere(wire) as do:
        zeroconf = do(make(lambda: AsyncZeroconf(interfaces=[GUEST])))
        browser = do(make(lambda: AsyncServiceBrowser(zeroconf.zeroconf, TYPES["http"], listener)))
        switch(owner, lan=True)
        assert within(5, lambda: listener.heard == [came])
        switch(owner, lan=False)
        assert within(5, lambda: listener.heard == [came, went])
        switch(owner, lan=True)
        assert within(5, lambda: listener.heard == [came, went, came])
        box.end()
        assert within(5, lambda: listener.heard == [came, went, came, went])
        do(browser.async_cancel())
        do(zeroconf.async_close())


def test_switching_off_cuts_the_network_and_nothing_else(wire: Wire, box: Program) -> None:
    owner = box.owner()
    before = Stream(wire.box, box.url, owner.cookies, start(owner))
    before.start()
    network = switch(owner, lan=True)
    answer_id = start(owner)
    outside = Stream(wire.guest, network["addresses"][0]["url"], owner.cookies, answer_id)
    here = Stream(wire.box, box.url, owner.cookies, answer_id)
    outside.start()
    here.start()
    assert within(5, lambda: len(outside.text) > 20)
    began = time.monotonic()
    switch(owner, lan=False)
    outside.join(SWITCHED)
    assert not outside.is_alive()
    assert outside.ended_at - began <= SWITCHED
    assert sockets(wire, box)()
    assert refused(wire, box)
    here.join()
    before.join()
    assert outside.ended_by != "done"
    assert (here.ended_by, before.ended_by) == ("done", "done")
    assert here.text.startswith(outside.text)


def start(owner: httpx.Client) -> str:
    body = {"content": "Go", "model": LONG}
    started = owner.post("/api/chat", json=body, headers={"Accept": "application/json"}).raise_for_status().json()
    return str(started["answer_id"])


def test_the_owner_can_switch_it_off_from_outside(wire: Wire, box: Program) -> None:
    url = switch(box.owner(), lan=True)["addresses"][0]["url"]
    with inside(wire.guest), httpx.Client(base_url=url) as client:
        client.post("/api/auth/login", json={"email": "owner", "password": PASSWORD}).raise_for_status()
        assert switch(client, lan=False)["lan"] is False
    assert within(SWITCHED, lambda: refused(wire, box))


def test_the_switch_outlives_a_restart(wire: Wire, box: Program) -> None:
    switch(box.owner(), lan=True)
    box.end()
    box.start()
    assert within(SWITCHED, sockets(wire, box, BOX, "[fd77::1]"))


def test_a_change_of_address_is_followed(wire: Wire, box: Program) -> None:
    owner = box.owner()
    network = switch(owner, lan=True, https=True)
    ca = ssl.create_default_context(cadata=owner.get("/api/trust/ca.pem").text)
    wire.move(BOX, MOVED)
    moved = time.monotonic()
    assert within(FOLLOWED, sockets(wire, box, MOVED, "[fd77::1]", https=network["https_port"]))
    assert within(FOLLOWED, lambda: set(find(wire, "gantry.local")) == {MOVED, "fd77::1"})
    assert time.monotonic() - moved <= FOLLOWED
    network = owner.get("/api/network").json()
    assert [entry["address"] for entry in network["addresses"]] == [MOVED, "fd77::1"]
    with inside(wire.guest):
        for url in (network["addresses"][0]["url"], network["addresses"][0]["https_url"]):
            assert httpx.get(f"{url}health", verify=ca).json() == {"status": "pass"}
    assert owner.get("/health", headers={"Host": BOX}).status_code == 421


def test_a_foreign_program_on_the_port_is_told_and_left_alone(wire: Wire, box: Program) -> None:
    command = ["ip", "netns", "exec", wire.box, "python3", "-m", "http.server", "--bind", BOX, str(port_of(box))]
    other = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert within(5, lambda: f"{BOX}:{port_of(box)}" in wire.listening())
        owner = box.owner()
        assert "in use" in switch(owner, lan=True)["problem"]
        results = {each["url"]: each for each in owner.post("/api/network/check").json()["results"]}
        assert "Another program" in results[f"http://{BOX}:{port_of(box)}/"]["problem"]
    finally:
        other.terminate()
        other.wait()
    assert within(SWITCHED, sockets(wire, box, BOX, "[fd77::1]"))
    assert owner.get("/api/network").json()["problem"] is None
