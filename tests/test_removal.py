"""What is left of a person who was removed."""

from pathlib import Path

import pytest
from chat.test_pictures import picture
from documents.desk import Desk
from factory import exchange, make_user

from gantry_edge import upkeep
from gantry_edge.accounts.store import list_accounts
from gantry_edge.chat.images import Images
from gantry_edge.chat.schema import NewImage
from gantry_edge.errors import Conflict, NotFound
from gantry_edge.retrieval.embedder import Embedder
from gantry_edge.storage.database import Database
from gantry_edge.storage.files import Files
from gantry_edge.storage.migrations import migrate

CANARY = "zyxomatic"


async def fill(home: Path) -> None:
    """The owner ada; ben, with a conversation and a document, one of both that both have."""
    database = Database(home / "gantry.db")
    await database.write(migrate)
    desk = Desk(home, database, Embedder())
    await desk.start()
    for name, role in (("ada", "owner"), ("ben", "member")):
        user = await database.write(lambda c: make_user(c, name, role))
        await database.write(lambda c: exchange(c, user, "Hello", "Hi"))
        await desk.read(user, ("both.txt", "The lighthouse is white."))
    await database.write(lambda c: exchange(c, user, f"{CANARY}?", f"{CANARY}!"))
    pictures = Images(database, Files(home / "files"), 10**9)
    image = await pictures.add(user, picture("PNG"))
    await database.write(lambda c: exchange(c, user, "Look", images=[NewImage(image.id, CANARY)]))
    await desk.read(user, ("his.txt", f"The word {CANARY} is only here. " * 20))
    await desk.stop()
    database.close()


async def test_nothing_of_theirs_is_left(tmp_path: Path) -> None:
    await fill(tmp_path)
    await upkeep.remove_person(tmp_path, "Ben")
    left = [path for path in tmp_path.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes().lower()]
    assert left == []
    database = Database(tmp_path / "gantry.db")
    counts = {
        table: (await database.read(lambda c: c.execute(f"SELECT count(*) FROM {table}").fetchone()))[0]
        for table in ("users", "conversations", "messages", "answers", "documents", "collections", "jobs", "index_ops")
    }
    embeddings, chunks = await database.read(
        lambda c: c.execute("SELECT (SELECT count(*) FROM embeddings), (SELECT count(*) FROM chunks)").fetchone()
    )
    database.close()
    assert counts == {
        "users": 1,
        "conversations": 1,
        "messages": 2,
        "answers": 1,
        "documents": 1,
        "collections": 1,
        "jobs": 0,
        "index_ops": 0,
    }
    assert embeddings == chunks == 1
    assert len([path for path in (tmp_path / "files").rglob("*") if path.is_file()]) == 1


async def test_the_only_owner_stays_with_everything(tmp_path: Path) -> None:
    database = Database(tmp_path / "gantry.db")
    await database.write(migrate)
    ada = await database.write(lambda c: make_user(c, "ada", "owner"))
    await database.write(lambda c: exchange(c, ada))
    database.close()
    with pytest.raises(Conflict, match="only owner"):
        await upkeep.remove_person(tmp_path, "ada")
    with pytest.raises(NotFound):
        await upkeep.remove_person(tmp_path, "nobody")
    database = Database(tmp_path / "gantry.db")
    assert [account.disabled for account in await database.read(list_accounts)] == [False]
    assert (await database.read(lambda c: c.execute("SELECT count(*) FROM messages").fetchone()))[0] == 2
    database.close()
