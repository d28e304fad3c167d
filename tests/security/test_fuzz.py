"""Whatever is sent: no 5xx, and the same process afterwards. Driven by the OpenAPI document."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from program import PASSWORD, Program, scripted_endpoint
from security.walk import ENDLESS

from gantry_edge.accounts.schema import Role
from gantry_edge.accounts.signin import Accounts
from gantry_edge.storage.database import Database
from gantry_edge.storage.migrations import migrate
from gantry_edge.storage.settings import instance_id

pytestmark = pytest.mark.slow

CASES = 2000
SIGNING_OUT = ("/api/auth/logout", "/api/auth/sessions/{session_id}")  # would make the rest anonymous
# streams that end with the session only would be read for ten seconds each time
PATIENCE = "".join(f'[[operations]]\ninclude-path = "{path}"\nrequest-timeout = 1\n' for path in sorted(ENDLESS))
ROLES = ("anonymous", "member", "admin", "owner")


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    home = tmp_path / "home"
    home.mkdir()
    asyncio.run(add_people(home))
    with scripted_endpoint() as url:
        program = Program(home, endpoint=url).start()
        yield program
        program.end()


async def add_people(home: Path) -> None:
    database = Database(home / "gantry.db")
    await database.write(migrate)
    accounts = Accounts(database, await database.write(instance_id), lambda token: None)
    for role in Role:
        await accounts.create_user(role.value, PASSWORD, role)
    accounts.close()
    database.close()


@pytest.mark.parametrize("role", ROLES)
def test_no_request_breaks_the_server(program: Program, role: str, tmp_path: Path) -> None:
    client = program.client()
    if role != "anonymous":
        client.post("/api/auth/login", json={"email": role, "password": PASSWORD}).raise_for_status()
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    (tmp_path / "schemathesis.toml").write_text(PATIENCE)
    command = [str(Path(sys.executable).parent / "schemathesis"), "run", f"{program.url}/api/openapi.json"]
    command += ["--checks", "not_a_server_error", "--phases", "examples,coverage,fuzzing", "--mode", "all"]
    command += ["--max-examples", "80", "--seed", "7", "--generation-database", "none", "--request-timeout", "10"]
    if cookie:
        command += ["--header", f"Cookie: {cookie}"]
        for path in SIGNING_OUT:
            command += ["--exclude-path", path]
    result = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False, cwd=tmp_path)
    assert result.returncode == 0, result.stdout[-5000:]
    generated = re.search(r"([\d,]+) generated", result.stdout)
    assert generated, result.stdout[-2000:]
    assert int(generated[1].replace(",", "")) >= CASES
    assert program.process
    assert program.process.poll() is None
    assert client.get("/health").json() == {"status": "pass"}
    assert client.get("/api/auth/me").status_code == (401 if role == "anonymous" else 200)
