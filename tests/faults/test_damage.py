"""A database that is damaged: never begun anew without a word. A page tells it, and brings a backup back."""

import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from program import COMMAND, Program, model

from gantry_edge.appliance.instance import find_running

pytestmark = pytest.mark.slow
PAGE = 4096
HTML = {"Accept": "text/html"}


def zero_header(database: Path) -> None:
    with database.open("r+b") as file:
        file.write(bytes(100))


def fill_with_noise(database: Path) -> None:
    with database.open("r+b") as file:
        for page in range(1, database.stat().st_size // PAGE, 3):
            file.seek(page * PAGE)
            file.write(bytes((page * 31 + at * 17) % 251 for at in range(PAGE)))


def truncate(database: Path) -> None:
    with database.open("r+b") as file:
        file.truncate(database.stat().st_size // 2)


def empty(database: Path) -> None:
    database.write_bytes(b"")


DAMAGES = [zero_header, fill_with_noise, truncate, empty]


def backed_up(program: Program) -> str:
    """Somebody has written, and there is a backup; which conversation it is. The program has ended."""
    body = {"content": "Remember the lighthouse", "model": model("say?tokens=5")}
    asked = program.owner().post("/api/chat", json=body, headers={"Accept": "application/json"}).json()
    command = [*COMMAND, "backup", "--data-dir", str(program.home)]
    subprocess.run(command, capture_output=True, timeout=120, check=True)
    program.end()
    return str(asked["conversation_id"])


def recovery_page(program: Program) -> tuple[str, str]:
    """Where it is, and what it says; a second start points there too."""
    program.listen()
    again = subprocess.run(
        [*COMMAND, "serve", "--data-dir", str(program.home), "--no-browser"],
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert again.returncode == 0
    link = re.search(r"Recovery +(\S+)", program.told)
    assert link
    return link[1], httpx.get(link[1], headers=HTML).text


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_database_is_told_and_a_backup_brings_everything_back(
    damage: Callable[[Path], None], program: Program
) -> None:
    conversation = backed_up(program)
    damage(program.home / "gantry.db")
    found = (program.home / "gantry.db").read_bytes()
    link, page = recovery_page(program)
    assert "The database is damaged" in page
    [action] = re.findall(r'action="([^"]+/restore/[^"]+)"', page)
    answer = httpx.post(httpx.URL(link).join(action), timeout=60)
    assert "The backup is brought back" in answer.text
    owner = signed_in_again(program)
    messages = owner.get(f"/api/conversations/{conversation}/messages").json()
    assert "Remember the lighthouse" in str(messages)
    [kept] = program.home.parent.glob("home.before-restore-*")
    assert (kept / "gantry.db").read_bytes() == found
    assert program.end() == 0


def test_a_database_that_is_gone_is_not_begun_anew(program: Program) -> None:
    backed_up(program)
    (program.home / "gantry.db").unlink()
    assert "it is gone" in recovery_page(program)[1]
    assert program.end() == 4
    assert not (program.home / "gantry.db").exists()


def test_without_a_backup_the_page_says_what_to_do_and_changes_nothing(program: Program) -> None:
    program.owner()
    program.end()
    truncate(program.home / "gantry.db")
    found = (program.home / "gantry.db").read_bytes()
    link, page = recovery_page(program)
    assert "There is no backup" in page
    assert ".recover" in page
    assert httpx.post(f"{link}stop").is_server_error
    assert program.process
    assert program.process.wait(20) == 4
    program.end()
    assert (program.home / "gantry.db").read_bytes() == found
    [copy] = program.home.glob("gantry.db.damaged-*")
    assert copy.read_bytes() == found


def test_only_who_has_the_link_may_choose(program: Program) -> None:
    backed_up(program)
    zero_header(program.home / "gantry.db")
    link, page = recovery_page(program)
    [action] = re.findall(r'action="([^"]+/restore/[^"]+)"', page)
    guessed = re.sub(r"/recovery/[^/]+/", "/recovery/guessed/", action)
    assert httpx.post(httpx.URL(link).join(guessed)).json()["code"] == "database_damaged"
    assert "action=" not in httpx.get(program.url, headers=HTML).text
    assert httpx.get(f"{program.url}/ready").status_code == 503
    assert program.end() == 4


def test_a_backup_that_is_damaged_too_is_named_and_the_one_before_it_taken(program: Program) -> None:
    backed_up(program)
    [older] = (program.home / "backups").glob("gantry-edge-*.zip")
    newer = older.with_name("gantry-edge-2999-01-01-000000.zip")
    newer.write_bytes(older.read_bytes()[:-2000])
    zero_header(program.home / "gantry.db")
    link, page = recovery_page(program)
    first, second = re.findall(r'action="([^"]+/restore/[^"]+)"', page)
    assert "cannot be brought back" in httpx.post(httpx.URL(link).join(first), timeout=60).text
    assert "The backup is brought back" in httpx.post(httpx.URL(link).join(second), timeout=60).text
    signed_in_again(program)
    program.end()


def test_the_same_damage_is_kept_once(program: Program) -> None:
    program.end()
    zero_header(program.home / "gantry.db")
    for _ in range(2):
        recovery_page(program)
        program.end()
    assert len(list(program.home.glob("gantry.db.damaged-*"))) == 1


def signed_in_again(program: Program) -> httpx.Client:
    """Once it has started with what was brought back."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        running = find_running(program.home)
        if running and not running.recovery:
            program.url = running.url.rstrip("/")
            if httpx.get(f"{program.url}/ready").status_code == 200:
                return program.owner()
        time.sleep(0.1)
    raise AssertionError("it did not start again")
