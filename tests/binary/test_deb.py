"""The Debian package on a booted machine: installed, used as a service and from the menu, upgraded, removed, purged."""

import hashlib
import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from binary.machine import ROOT, Machine, booted_machine
from program import PASSWORD

from gantry_edge import __version__

pytestmark = pytest.mark.slow

DATA = "/var/lib/gantry-edge"
SETTINGS = "/etc/gantry-edge/gantry.toml"
EXPOSURE = 2.0  # of 10; what systemd calls OK ends at 5


def made() -> Path:
    """The package that `make deb` made."""
    [package] = (ROOT / "dist").glob(f"gantry-edge_{__version__}_*.deb")
    return package


def build(folder: Path, program: Path, version: str, **environ: str) -> Path:
    environ = {**os.environ, "OUT": str(folder), "PROGRAM_FOLDER": str(program), "VERSION": version, **environ}
    result = subprocess.run(
        [ROOT / "packaging" / "debian" / "build"], env=environ, stdout=subprocess.PIPE, text=True, check=True
    )
    return Path(result.stdout.strip())


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with booted_machine(tmp_path_factory.mktemp("machine")) as machine:
        machine.run("useradd --create-home ada")
        yield machine


@pytest.fixture(scope="module")
def before(machine: Machine) -> set[str]:
    return machine.changed()


@pytest.fixture(scope="module")
def said(machine: Machine, before: set[str]) -> str:
    """The package is installed; what it said."""
    return install(machine, made())


def install(machine: Machine, package: Path) -> str:
    target = machine.root / "opt" / package.name
    target.write_bytes(package.read_bytes())
    said = machine.run(f"dpkg --install /opt/{package.name}")
    target.unlink()
    return said


@pytest.fixture(scope="module")
def port(machine: Machine, said: str) -> int:
    """The service runs, on a port that an operator wrote into the settings."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    machine.run(f"echo 'port = {number}' >> {SETTINGS} && systemctl enable --now gantry-edge")
    return number


@pytest.fixture
def client(machine: Machine, port: int) -> Iterator[httpx.Client]:
    """Signed in as the owner, who is made by command at first. The service runs, whatever a test before did."""
    machine.run("systemctl start gantry-edge")
    machine.run(f"echo '{PASSWORD}' | gantry-edge setup --name ada --password-stdin", check=False)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        client.post("/api/auth/login", json={"email": "ada", "password": PASSWORD}).raise_for_status()
        yield client


def pid(machine: Machine) -> int:
    return int(machine.run("systemctl show --property MainPID --value gantry-edge"))


def test_lintian_has_nothing_to_say() -> None:
    command = ["lintian", "--fail-on", "error,warning", "--allow-root", str(made())]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (0, "")


def test_the_same_program_makes_the_same_package(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.mkdir()
    (program / "gantry-edge").write_text("#!/bin/sh\n")
    (program / "gantry-edge").chmod(0o755)
    digests = set()
    for name, zone in (("one", "UTC"), ("two", "Asia/Tokyo")):
        (tmp_path / name).mkdir()
        package = build(tmp_path / name, program, "1", TZ=zone)
        digests.add(hashlib.sha256(package.read_bytes()).hexdigest())
        time.sleep(1.1)
    assert len(digests) == 1


def test_installing_starts_nothing_and_says_what_comes_next(machine: Machine, said: str) -> None:
    assert "sudo systemctl enable --now gantry-edge" in said
    assert machine.run("systemctl is-enabled gantry-edge", check=False) == "disabled"
    assert machine.run("systemctl is-active gantry-edge", check=False) == "inactive"
    assert "127.0.0.1" not in machine.run("cat /proc/net/tcp")


def test_the_menu_entry_and_what_shops_tell_of_it_are_valid(machine: Machine, said: str) -> None:
    share = machine.root / "usr" / "share"
    entry = ["desktop-file-validate", str(share / "applications" / "gantry-edge.desktop")]
    shop = ["appstreamcli", "validate", "--no-net", str(share / "metainfo" / "gantry-edge.metainfo.xml")]
    results = [subprocess.run(command, capture_output=True, text=True, check=False) for command in (entry, shop)]
    assert [(result.returncode, result.stdout) for result in results if result.returncode] == []
    assert (share / "icons/hicolor/512x512/apps/gantry-edge.png").read_bytes().startswith(b"\x89PNG")


def test_the_unit_is_sound_and_little_exposed(machine: Machine, said: str) -> None:
    assert machine.run("systemd-analyze verify --man=no gantry-edge.service") == ""
    told = machine.run("systemd-analyze security --no-pager gantry-edge.service")
    exposure = re.search(r"Overall exposure level for gantry-edge.service: (\d+\.\d+)", told)
    assert exposure
    print(exposure[0])
    assert float(exposure[1]) <= EXPOSURE


def test_root_is_led_to_the_service_of_the_package(machine: Machine, said: str) -> None:
    assert "systemctl enable --now gantry-edge" in machine.run("gantry-edge service install", check=False)


def test_the_settings_of_the_service_are_read_by_it_alone(machine: Machine, said: str) -> None:
    assert machine.run(f"stat --format '%U:%G %a' {SETTINGS}") == "root:gantry-edge 640"


def test_the_service_tells_its_address_and_keeps_the_setup_link_to_itself(machine: Machine, port: int) -> None:
    assert machine.run("cat /run/gantry-edge/address", user="ada") == f"http://127.0.0.1:{port}/"
    assert "#setup=" in machine.run(f"cat {DATA}/data/running.json")
    machine.run("journalctl --sync")
    journal = machine.run("journalctl --unit gantry-edge")
    assert "Started gantry-edge.service" in journal
    assert "setup=" not in journal
    assert "Permission denied" in machine.run(f"ls {DATA}", user="ada", check=False)


def test_the_service_runs_as_its_own_user_without_powers(machine: Machine, port: int) -> None:
    assert machine.run(f"stat --format %U /proc/{pid(machine)}") == "gantry-edge"
    status = machine.run(f"cat /proc/{pid(machine)}/status")
    told = dict(line.split(":\t") for line in status.splitlines() if ":\t" in line)
    assert (told["CapBnd"], told["CapEff"], told["NoNewPrivs"], told["Seccomp"]) == ("0" * 16, "0" * 16, "1", "2")


def test_under_its_hardening_it_reads_documents_and_answers_from_them(client: httpx.Client) -> None:
    words = "The keeper of the northern lighthouse is called Marguerite. " * 20
    id = client.post("/api/documents", files={"file": ("keeper.txt", words.encode())}).json()["items"][0]["id"]
    until = time.monotonic() + 90
    while (status := client.get(f"/api/documents/{id}").json()["status"]) != "ready":
        assert status != "failed"
        assert time.monotonic() < until
        time.sleep(0.2)
    asked = {"content": "Who keeps the lighthouse?", "scope": {}}
    answer = client.post("/api/chat", json=asked, headers={"Accept": "text/event-stream"}).text
    assert "event: done" in answer
    assert "Marguerite" in answer


def test_what_root_does_by_command_belongs_to_the_service(machine: Machine, client: httpx.Client) -> None:
    machine.run("gantry-edge backup")
    assert machine.run(f"find {DATA} ! -user gantry-edge") == ""
    assert machine.run(f"find {DATA} -perm /077") == ""


def test_a_backup_is_restored_by_command(machine: Machine, client: httpx.Client) -> None:
    machine.run(f"gantry-edge backup --to {DATA}/monday.zip && systemctl stop gantry-edge")
    machine.run(f"gantry-edge restore {DATA}/monday.zip && systemctl start gantry-edge")
    assert client.get("/api/auth/me").json()["name"] == "ada"


def test_the_menu_entry_leads_to_the_service_that_runs(machine: Machine, port: int) -> None:
    assert launch(machine) == f"http://127.0.0.1:{port}/"


def test_the_menu_entry_starts_ones_own_where_no_service_runs_and_opens_it_again(machine: Machine, port: int) -> None:
    machine.run("systemctl stop gantry-edge")
    first = launch(machine)
    assert "#setup=" in first
    assert launch(machine) == first
    until = time.monotonic() + 10
    while processes(machine).count("/usr/lib/gantry-edge/gantry-edge") != 1:  # the second has opened it, and ends
        assert time.monotonic() < until
        time.sleep(0.1)
    assert machine.run("gantry-edge stop", user="ada", HOME="/home/ada") == "Stopped"


def processes(machine: Machine) -> list[str]:
    """The command line of each process of the program."""
    told = machine.run("for each in /proc/[0-9]*/cmdline; do tr '\\0' ' ' < $each; echo; done 2>/dev/null")
    return [line.strip() for line in told.splitlines() if line.startswith("/usr/lib/gantry-edge/")]


def launch(machine: Machine) -> str:
    """Click on the menu entry; the address that a browser was sent to within ten seconds."""
    noted = "/home/ada/opened"
    (machine.root / "usr/local/bin/browser").write_text(f'#!/bin/sh\necho "$1" >> {noted}\n')
    (machine.root / "usr/local/bin/browser").chmod(0o755)
    machine.run(f"rm -f {noted}")
    line = "gio launch /usr/share/applications/gantry-edge.desktop >/dev/null 2>&1"
    machine.run(line, user="ada", HOME="/home/ada", DISPLAY=":0", BROWSER="browser")
    until = time.monotonic() + 10
    while not (opened := machine.run(f"cat {noted} 2>/dev/null", check=False)):
        assert time.monotonic() < until
        time.sleep(0.1)
    return opened


def test_an_upgrade_keeps_the_data_and_the_settings(machine: Machine, client: httpx.Client, tmp_path: Path) -> None:
    settings = machine.run(f"cat {SETTINGS}")
    old = pid(machine)
    newer = build(tmp_path, ROOT / "dist" / "gantry-edge", f"{__version__}+next", DEB_COMPRESSION="-Znone")
    install(machine, newer)
    assert f"{__version__}+next" in machine.run("dpkg --status gantry-edge")
    assert machine.run(f"cat {SETTINGS}") == settings
    assert pid(machine) not in (0, old)
    assert client.get("/api/auth/me").json()["name"] == "ada"
    assert client.get("/api/documents").json()["items"][0]["name"] == "keeper.txt"


def test_removed_it_leaves_the_data_and_purged_nothing(
    machine: Machine, client: httpx.Client, before: set[str]
) -> None:
    machine.run("dpkg --remove gantry-edge")
    assert processes(machine) == []
    assert machine.run(f"test -s {DATA}/data/gantry.db && test -s {SETTINGS}") == ""
    machine.run("dpkg --purge gantry-edge")
    left = {path for path in machine.changed() - before if not path.startswith("home/")}
    # the account, which stays
    assert left <= {f"etc/{name}{end}" for name in ("passwd", "group", "shadow", "gshadow") for end in ("", "-")} | {
        "usr/local/bin/browser"
    }
