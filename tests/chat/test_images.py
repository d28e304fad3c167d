"""Pictures of questions: clean, their owner's alone, sent to models that take them, gone with their message."""

import base64
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from chat.test_pictures import SECRET, picture
from factory import delete_conversation, exchange, make_user, shelve
from PIL import Image as Drawn
from sqlite_utils import Database as Schema

from gantry_edge.accounts.schema import Login, Role, Visitor
from gantry_edge.accounts.store import delete_user
from gantry_edge.app import create_app
from gantry_edge.chat import store
from gantry_edge.chat.beside import PIXELS
from gantry_edge.chat.branching import branch_off
from gantry_edge.chat.prompt import Ruler, draft
from gantry_edge.chat.schema import Image, Message, NewImage, Part, SendMessage, Text
from gantry_edge.documents.chunks import wanted_files
from gantry_edge.errors import NotFound, QuotaReached
from gantry_edge.models.scripted import ScriptedEndpoint
from gantry_edge.services import Services
from gantry_edge.storage.database import open_connection
from gantry_edge.storage.steps import load

SEEING = {"capabilities": {"vision": True}}


@pytest.fixture
async def ada(services: Services) -> str:
    return await services.database.write(lambda c: make_user(c, "ada"))


@pytest.fixture
async def ben(services: Services) -> str:
    return await services.database.write(lambda c: make_user(c, "ben"))


async def upload(services: Services, user: str, kind: str = "PNG") -> NewImage:
    return NewImage((await services.pictures.add(user, picture(kind, secret=kind != "GIF"))).id, "boat.png")


async def ask(services: Services, user: str, *images: NewImage, model: str = "echo", **rest: Any) -> dict[str, Any]:
    """The answer as it ended."""
    send = SendMessage("What is this?", model=f"scripted/{model}", images=[*images], **rest)
    started = await services.turns.start(user, send)
    async for _ in await services.turns.follow(user, started.answer_id, 0):
        pass
    message = await services.database.read(lambda c: store.get_message(c, user, started.answer_id))
    assert message.answer
    return {"started": started, "answer": message.answer}


def files(services: Services) -> list[str]:
    return [path.name for path in (services.settings.home / "files").glob("??/*")]


async def test_a_model_that_takes_pictures_is_sent_them(
    services: Services, scripted: ScriptedEndpoint, ada: str
) -> None:
    scripted.offers["echo"] = SEEING
    scripted.models = ["echo"]
    image = await upload(services, ada)
    await ask(services, ada, image)
    (asked,) = scripted.log
    (url,) = asked.messages[-1].images
    kind, data = url.split(";base64,")
    assert kind == "data:image/png"
    assert Drawn.open(io.BytesIO(base64.b64decode(data))).size == (40, 30)
    assert SECRET not in base64.b64decode(data)
    assert asked.messages[-1].content == "What is this?\n\nPicture “boat.png”"


async def test_a_model_that_takes_none_says_so_and_nothing_is_lost(
    services: Services, scripted: ScriptedEndpoint, ada: str
) -> None:
    image = await upload(services, ada)
    done = await ask(services, ada, image)
    assert (done["answer"].status, done["answer"].error.code) == ("failed", "no_pictures")
    assert list(scripted.log) == []
    question = await services.database.read(lambda c: store.get_message(c, ada, done["started"].message_id))
    assert question.parts == [Text("What is this?"), Image(image.id, "boat.png", "image/png", 40, 30)]


async def test_a_model_that_takes_none_goes_on_with_the_names_of_earlier_ones(
    services: Services, scripted: ScriptedEndpoint, ada: str
) -> None:
    scripted.offers["echo"] = SEEING
    scripted.models = ["echo", "say"]
    first = (await ask(services, ada, await upload(services, ada)))["started"]
    await ask(services, ada, model="say", conversation_id=first.conversation_id)
    said = scripted.log[-1].messages
    assert [message.images for message in said] == [[], [], []]
    assert "Picture “boat.png”" in said[0].content


def test_the_tokens_of_pictures_are_counted() -> None:
    parts: list[Part] = [Text("What is this?"), Image("i", "large.png", "image/png", 900, 1000)]
    asked = Message(id="q", conversation_id="c", parent_id=None, role="user", parts=parts, created_at=0, siblings=[])
    ruler = Ruler(len, lambda messages: 0)
    blind = msgspec.structs.replace(draft([asked]), sees=False)
    assert ruler.total(draft([asked])) - ruler.total(blind) == 900 * 1000 // PIXELS


async def test_nobody_else_can_see_or_send_it(services: Services, ada: str, ben: str) -> None:
    image = await upload(services, ada)
    with pytest.raises(NotFound):
        await services.pictures.find(ben, image.id)
    with pytest.raises(NotFound):
        await services.turns.start(ben, SendMessage("x", images=[image]))


async def test_its_file_goes_with_the_last_message_that_has_it(services: Services, ada: str, ben: str) -> None:
    image, other = await upload(services, ada), await upload(services, ben)
    talk = await services.database.write(lambda c: exchange(c, ada, "x", images=[image]))
    branch = await services.database.write(lambda c: branch_off(c, ada, talk.answer_id))
    await services.database.write(lambda c: exchange(c, ben, "x", images=[other]))
    assert len(files(services)) == 1
    for id in (talk.conversation_id, branch.id):
        await services.pictures.erase_lost()
        await services.pictures.find(ada, image.id)
        await services.database.write(lambda c: delete_conversation(c, ada, id))
    with pytest.raises(NotFound):
        await services.pictures.find(ada, image.id)
    await services.pictures.erase_lost()
    assert len(files(services)) == 1  # ben has the same
    await services.database.write(lambda c: delete_user(c, ben))
    await services.pictures.erase_lost()
    assert files(services) == []


async def test_a_file_that_is_lost_while_another_is_erased_is_erased_next(
    services: Services, ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures, erase = services.pictures, services.pictures._files.delete
    image = await upload(services, ada)
    talk = await services.database.write(lambda c: exchange(c, ada, "x", images=[image]))
    await services.database.write(lambda c: delete_conversation(c, ada, talk.conversation_id))
    late = pictures._keep(b"another picture")

    def meanwhile(digest: str) -> None:
        connection = open_connection(services.database.path)
        connection.execute("INSERT INTO lost_files (sha256) VALUES (?) ON CONFLICT DO NOTHING", (late,))
        connection.close()
        erase(digest)

    monkeypatch.setattr(pictures._files, "delete", meanwhile)
    await pictures.erase_lost()
    monkeypatch.undo()
    assert len(files(services)) == 1
    await pictures.erase_lost()
    assert files(services) == []


async def test_a_backup_has_it(services: Services, ada: str) -> None:
    await upload(services, ada)
    assert await services.database.read(wanted_files) == set(files(services))


def test_a_backup_of_older_data_has_its_files(tmp_path: Path) -> None:
    connection = open_connection(tmp_path / "gantry.db")
    load().apply(Schema(connection))
    shelve(connection, make_user(connection), "text", "0" * 64)
    connection.execute("DROP VIEW files_in_use")  # came with the pictures
    assert wanted_files(connection) == {"0" * 64}
    connection.close()


async def test_it_counts_against_the_quota(services: Services, ada: str) -> None:
    services.pictures._quota = 100
    with pytest.raises(QuotaReached):
        await upload(services, ada)
    assert await services.database.read(lambda c: c.execute("SELECT count(*) FROM images").fetchone()[0]) == 0


@pytest.fixture
async def client(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(services), client=("192.0.2.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def test_what_is_uploaded_is_never_a_page(services: Services, client: httpx.AsyncClient) -> None:
    await services.accounts.create_user("ada", "correct horse battery", Role.MEMBER)
    signed_in = await services.accounts.login(Login("ada", "correct horse battery"), Visitor("192.0.2.1"))
    client.cookies.set(services.accounts.cookie_name("http"), signed_in.token)
    refused = await client.post("/api/images", json={"data": base64.b64encode(b"<svg onload='alert(1)'/>").decode()})
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_request")
    made = await client.post("/api/images", json={"data": base64.b64encode(picture("JPEG") + b"<script>").decode()})
    shown = await client.get(f"/api/images/{made.json()['id']}")
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["content-disposition"].startswith("attachment")
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in shown.headers["content-security-policy"]
    assert b"<script>" not in shown.content
    await client.aclose()
