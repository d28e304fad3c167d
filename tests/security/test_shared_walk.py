"""What a reader may do with what is shared with them, walked over every route of the real app (S4)."""

import pytest
from security.walk import OWNED, ROUTES, Route, Town, missing

READING = {
    "GET /api/documents/{document_id:str}",
    "GET /api/documents/{document_id:str}/content",
    "GET /api/documents/{document_id:str}/text",
    "GET /api/personas/{persona_id:str}",
    "GET /api/shared/conversations/{conversation_id:str}",
    "GET /api/shared/conversations/{conversation_id:str}/messages",
}
COPY = "POST /api/shared/conversations/{conversation_id:str}/copy"
OWNED_ROUTES = [route for route in ROUTES if route.params & OWNED]
SHARED = ("conversation_id", "collection_id", "persona_id")
WAYS = ["person", "group"]


async def share(town: Town, things: dict[str, str], way: str) -> str:
    """All of vera's with mallory; whom by."""
    me = (await town.people["mallory"].get("/api/auth/me")).json()["id"]
    reader = me if way == "person" else await town.group("Readers", me)
    for kind in SHARED:
        answer = await town.people["vera"].put(f"/api/sharing/{things[kind]}/{reader}")
        assert answer.status_code == 200, answer.text
    return reader


async def is_missing(town: Town, route: Route, things: dict[str, str]) -> bool:
    theirs, absent = await town.ask("mallory", route, things), await town.ask("mallory", route, missing())
    return (theirs.status_code, theirs.content) == (404, absent.content)


@pytest.mark.parametrize("way", WAYS)
async def test_a_reader_reads_and_changes_nothing(town: Town, way: str) -> None:
    things = await town.things()
    await share(town, things, way)
    before = await town.rows()
    for route in OWNED_ROUTES:
        if str(route) in READING:
            assert (await town.ask("mallory", route, things)).status_code == 200, route
        elif str(route) != COPY:
            assert await is_missing(town, route, things), route
    assert await town.rows() == before


@pytest.mark.parametrize("way", WAYS)
async def test_what_is_shared_no_more_is_gone_at_once(town: Town, way: str) -> None:
    things = await town.things()
    reader = await share(town, things, way)
    for kind in SHARED:
        await town.people["vera"].delete(f"/api/sharing/{things[kind]}/{reader}")
    for route in OWNED_ROUTES:
        assert await is_missing(town, route, things), route


async def test_who_leaves_the_group_reads_no_more(town: Town) -> None:
    things = await town.things()
    reader = await share(town, things, "group")
    me = (await town.people["mallory"].get("/api/auth/me")).json()["id"]
    await town.people["otto"].delete(f"/api/groups/{reader}/members/{me}")
    for route in OWNED_ROUTES:
        assert await is_missing(town, route, things), route


async def test_a_group_that_is_deleted_reads_no_more(town: Town) -> None:
    things = await town.things()
    reader = await share(town, things, "group")
    await town.people["otto"].delete(f"/api/groups/{reader}")
    for route in OWNED_ROUTES:
        assert await is_missing(town, route, things), route


async def test_a_copy_moves_no_row_of_the_owner(town: Town) -> None:
    things = await town.things()
    await share(town, things, "person")
    before = await town.rows()
    copy = next(route for route in ROUTES if str(route) == COPY)
    assert (await town.ask("mallory", copy, things)).status_code == 201
    kept = {row for row in before if not row.startswith("message_words_")}  # of everybody, packed anew
    assert kept <= set(await town.rows())


async def test_a_shared_collection_takes_no_upload_of_a_reader(town: Town) -> None:
    things = await town.things()
    await share(town, things, "person")
    before = await town.rows()
    answer = await town.people["mallory"].post(
        "/api/documents", data={"collection_id": things["collection_id"]}, files={"file": ("mine.txt", b"mine")}
    )
    assert answer.status_code == 404
    assert await town.rows() == before


async def test_what_is_in_a_shared_conversation_cannot_be_answered_or_quoted(town: Town) -> None:
    things = await town.things()
    await share(town, things, "person")
    before = await town.rows()
    for field, theirs in (("conversation_id", "conversation_id"), ("parent_id", "message_id")):
        answer = await town.people["mallory"].post("/api/chat", json={"content": "hello", field: things[theirs]})
        assert answer.status_code == 404, field
    assert await town.rows() == before


async def test_an_administrator_reads_nothing_by_that(town: Town) -> None:
    things = await town.things()
    await share(town, things, "person")
    for route in OWNED_ROUTES:
        theirs, absent = await town.ask("anna", route, things), await town.ask("anna", route, missing())
        assert (theirs.status_code, theirs.content) == (404, absent.content), route
