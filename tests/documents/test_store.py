"""Collections and documents as rows: whose they are, what may follow what."""

import pytest
from factory import make_user

from gantry_edge.documents import reading, store
from gantry_edge.documents.chunks import Taken, begin_erasing
from gantry_edge.documents.schema import Document
from gantry_edge.documents.store import Received
from gantry_edge.errors import Conflict, NotFound, QuotaReached
from gantry_edge.ids import new_id
from gantry_edge.storage.database import Connection, Database
from gantry_edge.storage.jobs import claim_job

QUOTA = 1000


def add(
    connection: Connection, user_id: str, name: str = "a.txt", size: int = 1, collection_id: str | None = None
) -> Document:
    return store.add_documents(connection, user_id, collection_id, [Received(name, name * 3, size)], QUOTA)[0]


def set_status(connection: Connection, id: str, status: str) -> None:
    connection.execute("UPDATE documents SET status = ? WHERE id = ?", (status, id))


@pytest.fixture
async def ada(database: Database) -> str:
    return await database.write(make_user)


@pytest.fixture
async def bob(database: Database) -> str:
    return await database.write(lambda c: make_user(c, "bob"))


async def test_the_first_document_makes_the_default_collection(database: Database, ada: str) -> None:
    first = await database.write(lambda c: add(c, ada))
    second = await database.write(lambda c: add(c, ada, "b.txt"))
    assert first.collection_id == second.collection_id
    page = await database.read(lambda c: store.list_collections(c, ada, None, 10))
    assert [(each.name, each.documents) for each in page.items] == [(store.DEFAULT_NAME, 2)]


async def test_a_new_document_waits_for_its_turn(database: Database, ada: str) -> None:
    document = await database.write(lambda c: add(c, ada))
    assert (document.status, document.error, document.chunks) == ("queued", None, None)


async def test_the_same_file_under_the_same_name_is_there_once(database: Database, ada: str) -> None:
    first = await database.write(lambda c: add(c, ada))
    assert await database.write(lambda c: add(c, ada)) == first
    other = await database.write(lambda c: store.add_collection(c, ada, "Other"))
    elsewhere = await database.write(lambda c: add(c, ada, collection_id=other.id))
    assert elsewhere.id != first.id


async def test_the_quota_is_the_sum_of_what_one_has(database: Database, ada: str, bob: str) -> None:
    first = await database.write(lambda c: add(c, ada, size=QUOTA))
    with pytest.raises(QuotaReached):
        await database.write(lambda c: add(c, ada, "b.txt"))
    await database.write(lambda c: add(c, bob, "b.txt"))
    await database.write(lambda c: store.delete_document(c, ada, first.id))
    await database.write(lambda c: add(c, ada, "b.txt"))


async def test_lists_come_in_pages_the_newest_first(database: Database, ada: str) -> None:
    ids = [(await database.write(lambda c: add(c, ada, f"{at}.txt"))).id for at in range(5)]
    seen: list[str] = []
    before = None
    while True:
        page = await database.read(lambda c: reading.list_documents(c, ada, None, before, 2))
        seen += [document.id for document in page.items]
        if (before := page.next) is None:
            break
    assert seen == ids[::-1]


async def test_what_is_someone_elses_looks_like_nothing(database: Database, ada: str, bob: str) -> None:
    theirs = await database.write(lambda c: add(c, ada))
    for id in (theirs.id, new_id()):
        for ask in (
            store.get_document,
            reading.read_original,
            reading.read_text,
            store.pause_document,
            store.resume_document,
            store.retry_document,
            store.delete_document,
            store.restore_document,
        ):
            with pytest.raises(NotFound, match="no such document"):
                await database.write(lambda c: ask(c, bob, id))
    for id in (theirs.collection_id, new_id()):
        with pytest.raises(NotFound, match="no such collection"):
            await database.write(lambda c: add(c, bob, collection_id=id))
        with pytest.raises(NotFound, match="no such collection"):
            await database.read(lambda c: reading.list_documents(c, bob, id, None, 10))
        with pytest.raises(NotFound, match="no such collection"):
            await database.write(lambda c: store.delete_collection(c, bob, id))


async def test_a_text_is_there_once_it_was_read(database: Database, ada: str) -> None:
    document = await database.write(lambda c: add(c, ada))
    with pytest.raises(Conflict, match="not been read"):
        await database.read(lambda c: reading.read_text(c, ada, document.id))


@pytest.mark.parametrize(
    ("status", "allowed"),
    [
        ("queued", {"pause", "resume", "retry"}),
        ("extracting", {"pause"}),
        ("embedding", {"pause"}),
        ("paused", {"pause", "resume"}),
        ("failed", {"retry"}),
        ("ready", set()),
    ],
)
async def test_what_may_follow_a_state(database: Database, ada: str, status: str, allowed: set[str]) -> None:
    asks = {"pause": store.pause_document, "resume": store.resume_document, "retry": store.retry_document}
    found = set()
    for name, ask in asks.items():
        document = await database.write(lambda c: add(c, ada, f"{name}.txt"))
        await database.write(lambda c: set_status(c, document.id, status))
        try:
            after = await database.write(lambda c: ask(c, ada, document.id))
        except Conflict:
            continue
        found.add(name)
        assert after.status == ("paused" if name == "pause" else "queued")
    assert found == allowed | ({"resume", "retry"} if status == "queued" else set())


async def test_a_deleted_document_is_gone_until_it_is_restored(database: Database, ada: str) -> None:
    document = await database.write(lambda c: add(c, ada))
    await database.write(lambda c: store.delete_document(c, ada, document.id))
    with pytest.raises(NotFound):
        await database.read(lambda c: store.get_document(c, ada, document.id))
    assert (await database.read(lambda c: reading.list_documents(c, ada, None, None, 10))).items == []
    restored = await database.write(lambda c: store.restore_document(c, ada, document.id))
    assert (restored.id, restored.status) == (document.id, "queued")
    assert await database.write(lambda c: store.restore_document(c, ada, document.id)) == restored


async def test_what_is_being_erased_cannot_be_restored(database: Database, ada: str) -> None:
    document = await database.write(lambda c: add(c, ada))
    await database.write(lambda c: store.delete_document(c, ada, document.id))
    await database.write(lambda c: c.execute("UPDATE documents SET erasing = 1"))
    with pytest.raises(NotFound):
        await database.write(lambda c: store.restore_document(c, ada, document.id))


async def test_a_collection_goes_and_comes_back_with_its_documents(database: Database, ada: str) -> None:
    document = await database.write(lambda c: add(c, ada))
    collection_id = document.collection_id
    assert await database.write(lambda c: store.delete_collection(c, ada, collection_id)) == [document.id]
    with pytest.raises(NotFound):
        await database.read(lambda c: store.get_collection(c, ada, collection_id))
    another = await database.write(lambda c: add(c, ada))
    assert another.collection_id != collection_id
    await database.write(lambda c: store.restore_document(c, ada, document.id))
    assert (await database.read(lambda c: store.get_collection(c, ada, collection_id))).documents == 1


async def test_an_empty_collection_is_deleted_at_once(database: Database, ada: str) -> None:
    made = await database.write(lambda c: store.add_collection(c, ada, "Empty"))
    await database.write(lambda c: store.delete_collection(c, ada, made.id))
    assert await database.read(lambda c: c.execute("SELECT count(*) FROM collections").fetchone()[0]) == 0


async def test_every_document_with_something_left_to_do_has_its_job(database: Database, ada: str) -> None:
    first = await database.write(lambda c: add(c, ada))
    second = await database.write(lambda c: add(c, ada, "b.txt"))
    await database.write(lambda c: store.delete_document(c, ada, second.id))
    await database.write(lambda c: c.execute("DELETE FROM jobs"))
    await database.write(store.mend_queue)
    rows = await database.read(lambda c: {row["id"]: row["kind"] for row in c.execute("SELECT id, kind FROM jobs")})
    assert rows == {first.id: "ingest", second.id: "erase"}


async def test_a_document_that_was_brought_back_is_not_erased_by_who_was_about_to(database: Database, ada: str) -> None:
    document = await database.write(lambda c: add(c, ada))
    await database.write(lambda c: store.delete_document(c, ada, document.id))
    await database.write(lambda c: c.execute("UPDATE jobs SET run_at = 0"))
    assert await database.write(lambda c: claim_job(c, (store.ERASE,)))
    await database.write(lambda c: store.restore_document(c, ada, document.id))
    with pytest.raises(Taken):
        await database.write(lambda c: begin_erasing(c, document.id))
