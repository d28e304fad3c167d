"""What people write, and what lets them in, is in no line of the log, in no metric and in nothing sent to who helps."""

import asyncio
import zipfile
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from gantry_edge import logs
from gantry_edge.accounts.setup import SetupToken
from gantry_edge.app import create_app
from gantry_edge.cli import cli
from gantry_edge.config import ConfiguredEndpoint, Settings
from gantry_edge.errors import SelfCheckFailed
from gantry_edge.models.scripted import ScriptedEndpoint
from gantry_edge.services import open_services

PROMPT, ANSWER, TEXT, NAME = "canary-prompt", "canary-answer", "canary-text", "canary-name"
PASSWORD, WRONG, KEY, TOKEN, QUERY = "canary-password", "canary-wrong", "canary-key", "canary-token", "canary-query"
SPOKEN = (PROMPT, ANSWER, TEXT, NAME, PASSWORD, WRONG, KEY, TOKEN, QUERY)
ANSWERED = ("done", "failed")


@pytest.fixture
def settings(tmp_path: Path, scripted: ScriptedEndpoint) -> Settings:
    """At the level that a server has by itself."""
    endpoint = ConfiguredEndpoint("box", scripted.url, KEY)
    return Settings(
        data_dir=tmp_path / "home", engine=False, endpoints=(endpoint,), metrics_token=TOKEN, backup_every=0
    )


async def ask(client: httpx.AsyncClient, content: str, model: str) -> None:
    asked = {"content": content, "model": f"box/{model}"}
    started = (await client.post("/api/chat", json=asked, headers={"Accept": "application/json"})).json()
    async with asyncio.timeout(20):
        while True:
            page = await client.get(f"/api/conversations/{started['conversation_id']}/messages?before=")
            if page.status_code != 200 or page.json()["items"][-1]["answer"]["status"] in ANSWERED:
                return
            await asyncio.sleep(0.05)


async def live(client: httpx.AsyncClient, setup: str) -> str:
    """A day of it, with what goes wrong; what Prometheus reads at its end."""
    owner = {"token": setup, "name": NAME, "password": PASSWORD}
    assert (await client.post("/api/setup", json=owner)).status_code == 201
    await client.post("/api/auth/login", json={"email": NAME, "password": WRONG})
    await client.get(f"/api/conversations?before={QUERY}")
    await client.get(f"/{QUERY}/{QUERY}?key={KEY}")
    await client.post("/api/chat", content=f'{{"content": "{PROMPT}"', headers={"Content-Type": "application/json"})
    for model in ("echo?rate=0", "fault?kind=http-401", "fault?kind=http-400", "fault?kind=no-such-fault"):
        await ask(client, f"{PROMPT} {ANSWER}", model)
    files = {"file": (f"{NAME}.txt", f"{TEXT} ".encode() * 50)}
    assert (await client.post("/api/documents", files=files)).status_code == 202
    await client.post("/api/documents", files={"file": (f"{NAME}.pdf", f"%PDF {TEXT}".encode())})
    async with asyncio.timeout(60):
        while {d["status"] for d in (await client.get("/api/documents")).json()["items"]} - {"ready", "failed"}:
            await asyncio.sleep(0.1)
    await client.post("/api/documents/search", json={"query": TEXT})
    return (await client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})).text


async def test_no_canary_leaves_by_the_log_the_metrics_or_the_bundle(
    settings: Settings, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    said: list[str] = []
    token = SetupToken(said.append)
    settings.home.mkdir()
    with logs.kept(settings.home / logs.FOLDER, settings.log_level):
        async with open_services(settings, said.append, token) as services:
            transport = httpx.ASGITransport(create_app(services), client=("192.0.2.1", 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                token.issue()
                metrics = await live(client, said[-1])
                session = next(iter(client.cookies.values()))
    secret = [*SPOKEN, session, *said]

    kept = (settings.home / logs.FOLDER / logs.FILE).read_text()
    assert "POST" in kept and "failed" in kept  # noqa: PT018
    assert 'gantry_answers_total{status="failed"}' in metrics
    bundled = await asyncio.to_thread(bundle, settings, tmp_path / "help.zip")
    for told in (kept, "".join(capfd.readouterr()), metrics, bundled):
        assert [each for each in secret if each in told] == []


def bundle(settings: Settings, target: Path) -> str:
    """With the settings that have the key and the token."""
    (settings.home / "gantry.toml").write_text(
        f'metrics_token = "{TOKEN}"\n[[endpoints]]\nname = "box"\nurl = "{settings.endpoints[0].url}"\nkey = "{KEY}"\n'
    )
    with suppress(SelfCheckFailed):  # of whoever runs the tests
        cli.main(["doctor", "--data-dir", str(settings.home), "--bundle", str(target)], standalone_mode=False)
    with zipfile.ZipFile(target) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())
