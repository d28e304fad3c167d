"""The library over HTTP, with the whole program behind it."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from program import PASSWORD

from gantry_edge.accounts import guards
from gantry_edge.accounts.schema import Login, Role, Visitor
from gantry_edge.app import create_app
from gantry_edge.documents import progress
from gantry_edge.services import Services

CHEESE = "The Gruyère of our cooperative ripens for fourteen months in a cave near Fribourg."
EVIL_NAMES = [
    "../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/cron.d/x",
    "C:\\boot.ini",
    "CON",
    "a\tb\r\nSet-Cookie: x=y",
    'quo"te.txt',
    "<img src=x onerror=alert(1)>.html",
    "\u202etxt.exe",
    "ünïcödé 文書.txt",
    "a" * 300,
    ".",
    "..",
    " ",
]

BOUNDARY = "multipart/form-data; boundary=x"
NO_UPLOADS = [
    (b"{}", "application/json", 415, "not_multipart"),
    (b"", "", 415, "not_multipart"),
    (b"--x\r\n", BOUNDARY, 400, "bad_request"),
    (b"--x--\r\n", BOUNDARY, 400, "bad_request"),
    (b"nonsense", BOUNDARY, 400, "bad_request"),
    (b"nonsense", "multipart/form-data", 415, "not_multipart"),
    (b"--x\r\n" + b"A: b\r\n" * 1000 + b"\r\n--x--", BOUNDARY, 400, "bad_request"),
    (b"--x\r\nContent-Disposition: form-data\r\n\r\n\r\n--x--", BOUNDARY, 400, "bad_request"),
]


@pytest.fixture
async def ada(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with await sign_in(services, "ada") as client:
        yield client


async def sign_in(services: Services, name: str) -> httpx.AsyncClient:
    await services.accounts.create_user(name, PASSWORD, Role.MEMBER)
    signed_in = await services.accounts.login(Login(name, PASSWORD), Visitor("192.0.2.1"))
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    cookies = {services.accounts.cookie_name("http"): signed_in.token}
    return httpx.AsyncClient(transport=transport, base_url="http://localhost", cookies=cookies)


async def upload(client: httpx.AsyncClient, *files: tuple[str, str], **fields: str) -> list[dict[str, Any]]:
    parts = [("file", (name, content.encode())) for name, content in files]
    response = await client.post("/api/documents", files=parts, data=fields)
    assert response.status_code == 202, response.text
    return response.json()["items"]  # type: ignore[no-any-return]


async def ready(client: httpx.AsyncClient, id: str) -> dict[str, Any]:
    async with asyncio.timeout(60):
        while (document := (await client.get(f"/api/documents/{id}")).json())["status"] not in ("ready", "failed"):
            await asyncio.sleep(0.05)
    return document  # type: ignore[no-any-return]


def test_events_are_lines_whatever_the_name_holds() -> None:
    assert progress.encode("x", None) == b'event: deleted\ndata: {"id":"x"}\n\n'


async def test_from_an_upload_to_a_passage(ada: httpx.AsyncClient) -> None:
    (document,) = await upload(ada, ("cheese.txt", CHEESE))
    assert (document["status"], document["name"], document["bytes"]) == ("queued", "cheese.txt", len(CHEESE.encode()))
    assert (await ready(ada, document["id"]))["status"] == "ready"
    found = await ada.post("/api/documents/search", json={"query": "How long does the cheese ripen?"})
    (passage,) = found.json()["items"]
    text = (await ada.get(f"/api/documents/{document['id']}/text")).json()
    assert text["text"][passage["start"] : passage["end"]] == passage["text"]
    assert text["name"] == "cheese.txt"
    nothing = await ada.post("/api/documents/search", json={"query": "chess championship 1972"})
    assert nothing.json() == {"items": [], "next": None}


async def test_several_files_go_into_a_collection(ada: httpx.AsyncClient) -> None:
    collection = (await ada.post("/api/collections", json={"name": "Food"})).json()
    files = [("a.txt", "First of all."), ("b.txt", "Second of all.")]
    documents = await upload(ada, *files, collection_id=collection["id"])
    assert [document["collection_id"] for document in documents] == [collection["id"]] * 2
    listed = (await ada.get("/api/documents", params={"collection_id": collection["id"]})).json()["items"]
    assert [document["name"] for document in listed] == ["b.txt", "a.txt"]
    assert (await ada.get("/api/collections")).json()["items"][0]["documents"] == 2
    renamed = await ada.patch(f"/api/collections/{collection['id']}", json={"name": "Drinks"})
    assert renamed.json()["name"] == "Drinks"
    assert (await ada.delete(f"/api/collections/{collection['id']}")).status_code == 204
    assert (await ada.get("/api/documents")).json()["items"] == []


async def test_a_file_of_a_person_is_never_a_page(ada: httpx.AsyncClient) -> None:
    (document,) = await upload(ada, ("evil.html", "<script>alert(1)</script><p>Some words to read.</p>"))
    await ready(ada, document["id"])
    response = await ada.get(f"/api/documents/{document['id']}/content")
    assert response.content == b"<script>alert(1)</script><p>Some words to read.</p>"
    assert response.headers["content-type"].startswith("application/octet-stream")
    assert response.headers["content-disposition"].startswith("attachment")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-security-policy"] == "sandbox; default-src 'none'"


async def test_a_name_is_text_and_nothing_else(services: Services, ada: httpx.AsyncClient) -> None:
    before = {path for path in services.settings.home.parent.rglob("*") if "files" not in path.parts}
    for name in EVIL_NAMES:
        (document,) = await upload(ada, (name, "text"))
        assert document["name"], name
        assert len(document["name"]) <= 255, name
        assert "\n" not in document["name"], name
        if name.isprintable() and name.strip() and len(name) < 255 and "\\" not in name:  # clients quote a backslash
            assert document["name"] == name
        response = await ada.get(f"/api/documents/{document['id']}/content")
        assert response.content == b"text", name
        assert "set-cookie" not in response.headers, name
    after = {path for path in services.settings.home.parent.rglob("*") if "files" not in path.parts}
    assert {path for path in after - before if "gantry.db" not in path.name and "embedder" not in str(path)} == set()


async def test_an_upload_may_be_larger_than_other_requests(ada: httpx.AsyncClient) -> None:
    (document,) = await upload(ada, ("large.bin", "x" * 20_000_000))
    assert document["bytes"] == 20_000_000
    await ada.delete(f"/api/documents/{document['id']}")


async def test_what_is_no_upload_is_refused(ada: httpx.AsyncClient) -> None:
    for body, kind, status, code in NO_UPLOADS:
        response = await ada.post("/api/documents", content=body, headers={"Content-Type": kind} if kind else {})
        assert (response.status_code, response.json()["code"]) == (status, code), (body, kind)


async def test_more_than_twenty_parts_are_refused(ada: httpx.AsyncClient) -> None:
    parts = [("file", (f"{at}.txt", b"text")) for at in range(21)]
    assert (await ada.post("/api/documents", files=parts)).status_code == 400
    assert (await ada.get("/api/documents")).json()["items"] == []


async def test_a_file_beyond_the_limit_is_refused_before_it_is_whole(
    services: Services, ada: httpx.AsyncClient
) -> None:
    services.library._upload_bytes = 1_000_000
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        while sent < 50_000_000:
            sent += 65_536
            yield b"y" * 65_536

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    response = await ada.post("/api/documents", content=endless(), headers=headers)
    assert (response.status_code, response.json()["code"]) == (413, "too_large")
    assert [path for path in (services.settings.home / "files").rglob("*") if path.is_file()] == []


async def test_the_quota_is_told_with_its_figure(services: Services, ada: httpx.AsyncClient) -> None:
    services.library._quota = 3_000_000
    response = await ada.post("/api/documents", files={"file": ("a.txt", b"x" * 3_500_000)})
    assert (response.status_code, response.json()["code"]) == (507, "quota_reached")
    assert "3 MB" in response.json()["detail"]


async def test_a_collection_that_is_not_ones_own_takes_nothing(services: Services, ada: httpx.AsyncClient) -> None:
    async with await sign_in(services, "bob") as bob:
        theirs = (await bob.post("/api/collections", json={"name": "Mine"})).json()["id"]
    missing = "0190a5b1-0000-7000-8000-0000cafe0001"
    answers = [
        await ada.post("/api/documents", files={"file": ("a.txt", b"x")}, data={"collection_id": id})
        for id in (theirs, missing)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


async def test_a_failed_document_says_why_and_can_be_tried_again(ada: httpx.AsyncClient) -> None:
    (document,) = await upload(ada, ("broken.pdf", "%PDF-1.7 nothing"))
    failed = await ready(ada, document["id"])
    assert failed["status"] == "failed"
    assert failed["error"]["code"] == "document_unreadable"
    assert failed["error"]["detail"]
    again = await ada.post(f"/api/documents/{document['id']}/retry")
    assert again.json()["status"] == "queued"
    assert (await ready(ada, document["id"]))["status"] == "failed"


async def test_one_document_can_be_followed_to_its_end(ada: httpx.AsyncClient) -> None:
    (document,) = await upload(ada, ("cheese.txt", CHEESE))
    response = await ada.get(f"/api/documents/{document['id']}/events")
    told = [json.loads(line[6:]) for line in response.text.splitlines() if line.startswith("data: ")]
    assert response.headers["content-type"].startswith("text/event-stream")
    assert told[-1]["status"] == "ready"
    assert {each["id"] for each in told} == {document["id"]}


async def test_a_stream_of_documents_ends_with_the_session(
    services: Services, ada: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guards, "LOOK_EVERY", 0.1)
    monkeypatch.setattr(progress, "HEARTBEAT_EVERY", 0.1)
    following = asyncio.create_task(ada.get("/api/documents/events"))
    await asyncio.sleep(0.2)
    (document,) = await upload(ada, ("cheese.txt", CHEESE))
    await ready(ada, document["id"])
    await ada.delete(f"/api/documents/{document['id']}")
    await asyncio.sleep(0.1)
    assert (await ada.post("/api/auth/logout")).status_code == 204
    text = (await asyncio.wait_for(following, 5)).text
    assert '"status":"ready"' in text
    assert f'event: deleted\ndata: {{"id":"{document["id"]}"}}' in text
    assert ": ping" in text


async def test_the_api_document_tells_how_to_upload(ada: httpx.AsyncClient) -> None:
    paths = (await ada.get("/api/openapi.json")).json()["paths"]
    form = paths["/api/documents"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert set(form["properties"]) == {"file", "collection_id"}
