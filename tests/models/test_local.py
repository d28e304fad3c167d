"""Models of the built-in engine: exchanged, brought in, deleted. Its child is a short script here, not llama.cpp."""

import asyncio
import hashlib
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from models.test_client import asking
from models.test_endpoints import Memory

from gantry_edge.errors import BadRequest, Conflict, DiskFull, NoModel, NotFound
from gantry_edge.models import gguf
from gantry_edge.models.client import Client
from gantry_edge.models.endpoints import Endpoints
from gantry_edge.models.engine import Engine
from gantry_edge.models.local import LocalModels
from gantry_edge.models.schema import Delta, ImportModel
from gantry_edge.models.scripted import ScriptedEndpoint
from gantry_edge.storage.audit import By, all_entries
from gantry_edge.storage.database import Database
from gantry_edge.storage.settings import chosen_in

BY = By("anna", "192.0.2.1")
HEAD = gguf.HEAD.pack(b"GGUF", 3, 1, 1)
CHILD = """
import sys
if "broken" in " ".join(sys.argv):
    sys.exit(1)
print("engine listening on", sys.argv[1], flush=True)
sys.stdin.read()
"""


def model(folder: Path, name: str, content: bytes = b"weights") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(HEAD + content)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
async def engine(tmp_path: Path, scripted: ScriptedEndpoint) -> AsyncIterator[Engine]:
    command = [sys.executable, "-c", CHILD, scripted.url.removesuffix("/v1")]
    engine = Engine(model(tmp_path / "inside", "first.gguf"), command, 1)
    await engine.start()
    await engine.wait_ready(20)
    yield engine
    await engine.stop()


@pytest.fixture
async def local(
    engine: Engine, client: Client, database: Database, folder: Path, tmp_path: Path
) -> AsyncIterator[LocalModels]:
    model(folder, "second.gguf")
    model(folder, "broken.gguf")
    local = LocalModels(engine, client.lines, database, folder, [tmp_path / "inside" / "first.gguf"])
    yield local
    await local.close()


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


async def settled(local: LocalModels) -> None:
    await until(lambda: local._next is None)


async def chosen(database: Database) -> str | None:
    return (await database.read(chosen_in)).get("model")


async def test_another_model_is_loaded_and_stays_chosen(
    local: LocalModels, engine: Engine, database: Database, folder: Path
) -> None:
    await local.load("second.gguf", BY)
    await settled(local)
    assert (engine.model, engine.state.name) == ("second", "ready")
    assert await chosen(database) == str(folder / "second.gguf")
    assert [each.name for each in (await local.look()).files if each.loaded] == ["second.gguf"]


async def test_never_under_an_answer(
    local: LocalModels, engine: Engine, client: Client, scripted: ScriptedEndpoint
) -> None:
    stream = client.stream(await engine.wait_ready(1), asking("say?tokens=9&rate=20"), "ada")
    told: list[Delta] = [await anext(stream)]
    await local.load("second.gguf", BY)
    assert (await local.look()).next == "second.gguf"
    told += [delta async for delta in stream]
    assert told[-1].usage is not None
    await settled(local)
    assert engine.model == "second"


async def test_who_asks_meanwhile_waits_for_the_new_model(local: LocalModels, engine: Engine, client: Client) -> None:
    stream = client.stream(await engine.wait_ready(1), asking("say?tokens=100000&rate=20"), "ada")
    await anext(stream)
    await local.load("second.gguf", BY)
    with pytest.raises(NoModel, match="exchanged"):
        await engine.wait_ready(0.05)
    asking_now = asyncio.create_task(engine.wait_ready(20))
    await stream.aclose()
    await asking_now
    assert engine.model == "second"


async def test_work_in_the_background_does_not_hold_it_up(local: LocalModels, engine: Engine, client: Client) -> None:
    work = client.say(await engine.wait_ready(1), asking("say?tokens=100000&rate=20"))
    working = asyncio.create_task(work)
    await until(lambda: client.lines.look(Engine.name)[0])
    await local.load("second.gguf", BY)
    await settled(local)
    assert engine.model == "second"
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)


async def test_a_question_made_for_the_model_before_is_not_put_to_the_next(
    local: LocalModels, engine: Engine, client: Client
) -> None:
    Endpoints(client, [], engine, Memory())
    before = await engine.wait_ready(1)
    await local.load("second.gguf", BY)
    await settled(local)
    with pytest.raises(NoModel, match="exchanged for another one meanwhile"):
        await client.say(before, asking("first"))


async def test_a_question_finds_the_engine_where_it_is_when_its_turn_has_come(
    engine: Engine, client: Client, scripted: ScriptedEndpoint, tmp_path: Path
) -> None:
    Endpoints(client, [], engine, Memory())
    await engine.load(model(tmp_path, "say.gguf"))  # a name that the scripted endpoint knows
    before = await engine.wait_ready(1)
    await engine.stop()
    await engine.start()
    await client.say(before, asking("say"))
    assert engine.endpoint
    assert scripted.log[-1].key == engine.endpoint.key != before.key


async def test_a_model_that_does_not_come_up_gives_way_to_the_one_before(
    local: LocalModels, engine: Engine, database: Database
) -> None:
    await local.load("broken.gguf", BY)
    await settled(local)
    assert (engine.model, (await local.look()).failure) == ("first", "broken.gguf")
    assert await chosen(database) is None
    assert await engine.wait_ready(20)


async def test_two_exchanges_at_once_are_one_too_many(local: LocalModels) -> None:
    results = await asyncio.gather(*(local.load("second.gguf", BY) for _ in range(2)), return_exceptions=True)
    assert [type(result) for result in results if result] == [Conflict]
    await settled(local)


async def test_an_unloaded_model_answers_nobody(local: LocalModels, engine: Engine) -> None:
    await local.unload(BY)
    await settled(local)
    with pytest.raises(NoModel, match="an administrator loads one"):
        await engine.wait_ready(1)
    assert (await local.look()).state == "stopped"


async def test_without_an_engine_the_setting_is_named(client: Client, database: Database, folder: Path) -> None:
    local = LocalModels(None, client.lines, database, folder, [])
    with pytest.raises(Conflict, match="setting `engine`"):
        await local.unload(BY)
    assert (await local.look()).state == "off"


@pytest.mark.parametrize("name", ["third.gguf", "../inside/first.gguf", "/etc/passwd", ""])
async def test_a_file_that_is_not_listed_is_not_loaded(local: LocalModels, name: str) -> None:
    with pytest.raises(NotFound):
        await local.load(name, BY)


async def test_a_file_is_brought_in_with_its_digest(local: LocalModels, folder: Path, tmp_path: Path) -> None:
    source = model(tmp_path / "stick", "third.gguf", b"w" * 10_000_000)
    await local.bring_in(ImportModel(str(source)), BY)
    await until(lambda: local._arrival and local._arrival.sha256)
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    [third] = [each for each in (await local.look()).files if each.name == "third.gguf"]
    assert (third.sha256, third.own, third.bytes) == (digest, True, 10_000_000 + len(HEAD))
    assert (folder / "third.gguf").read_bytes() == source.read_bytes()


async def test_a_file_with_another_checksum_is_not_kept(local: LocalModels, folder: Path, tmp_path: Path) -> None:
    source = model(tmp_path / "stick", "third.gguf")
    await local.bring_in(ImportModel(str(source), "0" * 64), BY)
    await until(lambda: local._arrival and local._arrival.error)
    assert sorted(path.name for path in folder.iterdir()) == ["broken.gguf", "second.gguf"]


@pytest.mark.parametrize(
    "content", [b"", b"GGUF", b"PK" + HEAD[2:], gguf.HEAD.pack(b"GGUF", 99, 1, 1), gguf.HEAD.pack(b"GGUF", 3, 0, 1)]
)
async def test_what_is_no_model_looks_like_a_missing_file(local: LocalModels, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "third.gguf").write_bytes(content)
    for path in (tmp_path / "third.gguf", tmp_path / "absent.gguf", tmp_path, Path("/etc/shadow"), Path("/dev/zero")):
        with pytest.raises(BadRequest, match="no GGUF file at this path"):
            await local.bring_in(ImportModel(str(path)), BY)


def test_a_file_that_was_exchanged_on_the_way_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / "other.gguf").write_bytes(b"something else by now")
    with pytest.raises(BadRequest, match="no GGUF file"):
        gguf.bring_in(tmp_path / "other.gguf", tmp_path / "model.gguf", lambda done: None, None)
    assert [path.name for path in tmp_path.iterdir()] == ["other.gguf"]


async def test_a_file_leaves_room_on_the_disk(
    local: LocalModels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gguf, "RESERVE", 1 << 60)
    with pytest.raises(DiskFull, match="make room"):
        await local.bring_in(ImportModel(str(model(tmp_path / "stick", "third.gguf"))), BY)


async def test_a_name_that_is_there_already_is_refused(local: LocalModels, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="already a model file"):
        await local.bring_in(ImportModel(str(model(tmp_path / "stick", "second.gguf"))), BY)


async def test_what_a_crash_left_of_a_copy_is_gone(client: Client, database: Database, folder: Path) -> None:
    (left := folder / "third.gguf.partial").parent.mkdir()
    left.write_bytes(b"x")
    LocalModels(None, client.lines, database, folder, [])
    assert not left.exists()


async def test_a_file_is_deleted_but_not_the_one_that_is_loaded(local: LocalModels, folder: Path) -> None:
    await local.load("second.gguf", BY)
    await settled(local)
    with pytest.raises(Conflict, match="is loaded"):
        await local.remove("second.gguf", BY)
    with pytest.raises(Conflict, match="does not lie in the data folder"):
        await local.remove("first.gguf", BY)
    await local.remove("broken.gguf", BY)
    assert [path.name for path in folder.iterdir()] == ["second.gguf"]


async def test_no_file_is_deleted_while_another_is_being_loaded(
    local: LocalModels, engine: Engine, client: Client, folder: Path
) -> None:
    stream = client.stream(await engine.wait_ready(1), asking("say?tokens=100000&rate=20"), "ada")
    await anext(stream)
    await local.load("second.gguf", BY)
    with pytest.raises(Conflict, match="is being loaded"):
        await local.remove("second.gguf", BY)
    await stream.aclose()
    await settled(local)
    assert engine.model == "second"
    assert (folder / "second.gguf").exists()


async def test_a_deleted_file_is_not_chosen_at_the_next_start(local: LocalModels, database: Database) -> None:
    await local.load("second.gguf", BY)
    await settled(local)
    await local.unload(BY)
    await settled(local)
    await local.remove("second.gguf", BY)
    assert await chosen(database) is None


async def test_every_change_is_in_the_trail(local: LocalModels, database: Database) -> None:
    await local.load("second.gguf", BY)
    await settled(local)
    await local.unload(BY)
    await settled(local)
    await local.remove("second.gguf", BY)
    entries = await database.read(all_entries)
    assert [entry.action for entry in entries] == ["models.loaded", "models.unloaded", "models.file_removed"]
