import asyncio

import pytest
from factory import ask, exchange, make_user

from gantry_edge.chat import folders, listing, store
from gantry_edge.chat.answers import restart_answer
from gantry_edge.chat.clearing import clear, clear_forever, clear_some, empty_trash
from gantry_edge.chat.finding import find_messages
from gantry_edge.chat.schema import Conversation, ConversationChange, Move, Started, Which
from gantry_edge.errors import Conflict, NotFound
from gantry_edge.ids import new_id
from gantry_edge.storage.database import Connection, Database

FAR = 2**60


@pytest.fixture
async def user(database: Database) -> str:
    return await database.write(make_user)


@pytest.fixture
async def talk(database: Database, user: str) -> str:
    return await database.write(lambda c: exchange(c, user, "Where is the lighthouse?").conversation_id)


async def change(database: Database, user: str, id: str, **what: object) -> Conversation:
    return await database.write(lambda c: store.change_conversation(c, user, id, ConversationChange(**what)))  # type: ignore[arg-type]


async def listed(database: Database, user: str, **which: object) -> list[str]:
    page = await database.read(lambda c: listing.list_conversations(c, user, None, 50, Which(**which)))  # type: ignore[arg-type]
    return [conversation.id for conversation in page.items]


@pytest.mark.parametrize("place", ["archived", "trash"])
async def test_what_is_put_away_is_listed_there_and_not_at_hand(
    database: Database, user: str, talk: str, place: str
) -> None:
    await change(database, user, talk, place=place)
    assert await listed(database, user) == []
    assert await listed(database, user, place=place) == [talk]


async def test_what_was_thrown_away_comes_back_whole(database: Database, user: str, talk: str) -> None:
    await change(database, user, talk, place="trash")
    await change(database, user, talk, place="current")
    assert await listed(database, user) == [talk]
    messages = await database.read(lambda c: store.list_messages(c, user, talk, None, 50).items)
    assert len(messages) == 2


async def test_what_lies_in_the_trash_is_not_found(database: Database, user: str, talk: str) -> None:
    await change(database, user, talk, place="trash")
    assert (await database.read(lambda c: find_messages(c, user, "lighthouse", None, 50))).items == []


async def test_what_lies_in_the_trash_hides_nothing_older(database: Database, user: str, talk: str) -> None:
    for _ in range(5):
        away = await database.write(lambda c: exchange(c, user, "lighthouse").conversation_id)
        await change(database, user, away, place="trash")
    page = await database.read(lambda c: find_messages(c, user, "lighthouse", None, 2))
    assert [message.conversation_id for message in page.items] == [talk]
    assert page.next is None


async def test_what_is_archived_is_found(database: Database, user: str, talk: str) -> None:
    await change(database, user, talk, place="archived")
    assert len((await database.read(lambda c: find_messages(c, user, "lighthouse", None, 50))).items) == 1


async def test_going_on_with_an_archived_one_brings_it_back(database: Database, user: str, talk: str) -> None:
    await change(database, user, talk, place="archived")
    await database.write(lambda c: ask(c, user, "And at night?", conversation_id=talk))
    assert await listed(database, user) == [talk]


async def test_nothing_is_asked_in_the_trash(database: Database, user: str, talk: str) -> None:
    await change(database, user, talk, place="trash")
    with pytest.raises(Conflict, match="restore"):
        await database.write(lambda c: ask(c, user, "And at night?", conversation_id=talk))


@pytest.mark.parametrize("place", ["archived", "trash"])
async def test_an_answer_is_asked_for_again_as_anything_else_is(
    database: Database, user: str, talk: str, place: str
) -> None:
    def again(connection: Connection) -> None:
        answer = store.get_conversation(connection, user, talk).leaf_id
        assert answer
        store.add_version(connection, user, answer, "")

    await change(database, user, talk, place=place)
    if place == "trash":
        with pytest.raises(Conflict, match="restore"):
            await database.write(again)
    else:
        await database.write(again)
        assert await listed(database, user) == [talk]


async def test_nothing_is_gone_on_with_in_the_trash(database: Database, user: str, talk: str) -> None:
    def go_on(connection: Connection) -> None:
        answer = store.get_conversation(connection, user, talk).leaf_id
        assert answer
        connection.execute("UPDATE answers SET status = 'stopped' WHERE id = ?", (answer,))
        restart_answer(connection, user, answer)

    await change(database, user, talk, place="trash")
    with pytest.raises(Conflict, match="restore"):
        await database.write(go_on)


async def test_pinned_ones_can_be_listed_alone(database: Database, user: str, talk: str) -> None:
    await database.write(lambda c: exchange(c, user))
    await change(database, user, talk, pinned=True)
    assert await listed(database, user, pinned=True) == [talk]


async def test_what_is_put_away_is_pinned_no_longer(database: Database, user: str, talk: str) -> None:
    await change(database, user, talk, pinned=True)
    assert not (await change(database, user, talk, place="archived")).pinned


@pytest.mark.parametrize(("words", "found"), [("LIGHT", True), ("%", False), ("night", False)])
async def test_titles_are_searched(database: Database, user: str, talk: str, words: str, found: bool) -> None:
    assert await listed(database, user, words=words) == [talk] * found


async def test_a_folder_lists_what_was_put_into_it(database: Database, user: str, talk: str) -> None:
    await database.write(lambda c: exchange(c, user))
    folder = await database.write(lambda c: folders.add_folder(c, user, "Work"))
    await change(database, user, talk, folder_id=folder.id)
    assert await listed(database, user, folder_id=folder.id) == [talk]


async def test_a_deleted_folder_leaves_its_conversations(database: Database, user: str, talk: str) -> None:
    folder = await database.write(lambda c: folders.add_folder(c, user, "Work"))
    await change(database, user, talk, folder_id=folder.id)
    await database.write(lambda c: folders.delete_folder(c, user, folder.id))
    assert await listed(database, user) == [talk]


async def test_nothing_goes_into_the_folder_of_another(database: Database, user: str, talk: str) -> None:
    def work(connection: Connection) -> str:
        return folders.add_folder(connection, make_user(connection, "eve"), "Hers").id

    theirs = await database.write(work)
    with pytest.raises(NotFound):
        await change(database, user, talk, folder_id=theirs)


async def test_the_trash_is_emptied_of_what_lies_there_for_long(database: Database, user: str, talk: str) -> None:
    other = await database.write(lambda c: exchange(c, user).conversation_id)
    await change(database, user, talk, place="trash")
    assert await clear(database, trash=FAR, left=0) == 1
    assert await listed(database, user) == [other]
    assert await listed(database, user, place="trash") == []


async def test_emptying_the_trash_takes_all_of_ones_own(database: Database, user: str, talk: str) -> None:
    def theirs(connection: Connection) -> tuple[str, str]:
        eve = make_user(connection, "eve")
        return eve, exchange(connection, eve).conversation_id

    eve, hers = await database.write(theirs)
    mine = await database.write(lambda c: exchange(c, user).conversation_id)
    for person, one in ((user, talk), (user, mine), (eve, hers)):
        await change(database, person, one, place="trash")
    kept = await database.write(lambda c: exchange(c, user).conversation_id)
    await empty_trash(database, user)
    assert await listed(database, user, place="trash") == []
    assert await listed(database, user) == [kept]
    assert await listed(database, eve, place="trash") == [hers]


async def test_what_has_begun_to_go_cannot_be_kept(database: Database, user: str, talk: str) -> None:
    for _ in range(9):
        await database.write(lambda c: exchange(c, user, conversation_id=talk))
    await change(database, user, talk, place="trash")
    assert await database.write(lambda c: clear_some(c, trash=FAR, left=0))
    with pytest.raises(NotFound):
        await change(database, user, talk, place="current")


async def test_the_trash_keeps_what_was_thrown_away_lately(database: Database, user: str, talk: str) -> None:
    await change(database, user, talk, place="trash")
    assert await clear(database, trash=1, left=FAR) == 0


async def test_renaming_in_the_trash_does_not_keep_it_longer(database: Database, user: str, talk: str) -> None:
    def moved(connection: Connection) -> int:
        return int(connection.execute("SELECT moved_at FROM conversations").fetchone()[0])

    await change(database, user, talk, place="trash")
    before = await database.read(moved)
    await change(database, user, talk, title="Other")
    assert await database.read(moved) == before


async def test_that_nothing_can_be_deleted_for_good_is_said(
    database: Database, user: str, caplog: pytest.LogCaptureFixture
) -> None:
    await database.write(lambda c: c.execute("ALTER TABLE conversations RENAME TO lost"))
    clearing = asyncio.create_task(clear_forever(database, lambda: None))
    async with asyncio.timeout(10):
        while "is there still: no such table" not in caplog.text:
            await asyncio.sleep(0.01)
    clearing.cancel()


class TestTemporary:
    @pytest.fixture
    async def started(self, database: Database, user: str) -> Started:
        return await database.write(lambda c: exchange(c, user, "I live in Xylophonia", temporary=True))

    async def test_it_is_in_no_list(self, database: Database, user: str, started: Started) -> None:
        assert await listed(database, user) == []

    async def test_it_is_not_found(self, database: Database, user: str, started: Started) -> None:
        assert (await database.read(lambda c: find_messages(c, user, "Xylophonia", None, 50))).items == []

    async def test_nothing_of_it_waits_to_be_remembered_or_learned(
        self, database: Database, user: str, started: Started
    ) -> None:
        def waiting(connection: Connection) -> int:
            return int(
                connection.execute(
                    "SELECT (SELECT count(*) FROM exchange_queue) + (SELECT count(*) FROM facts_queue)"
                ).fetchone()[0]
            )

        assert await database.read(waiting) == 0

    async def test_once_left_it_leaves_no_row_and_no_word(
        self, database: Database, user: str, started: Started
    ) -> None:
        assert await clear(database, trash=0, left=FAR) == 1
        await database.empty_log()
        assert b"ylophonia" not in database.path.read_bytes()

    async def test_it_stays_while_its_answer_is_written(self, database: Database, user: str, started: Started) -> None:
        await database.write(lambda c: ask(c, user, "More", conversation_id=started.conversation_id))
        assert await clear(database, trash=0, left=FAR) == 0

    async def test_it_can_be_kept(self, database: Database, user: str, started: Started) -> None:
        await change(database, user, started.conversation_id, place="current")
        assert await listed(database, user) == [started.conversation_id]


class TestFolders:
    @pytest.fixture
    async def folder(self, database: Database, user: str) -> str:
        return await database.write(lambda c: folders.add_folder(c, user, "Work").id)

    async def test_what_lies_in_one_is_not_loose(self, database: Database, user: str, talk: str, folder: str) -> None:
        loose = await database.write(lambda c: exchange(c, user).conversation_id)
        await change(database, user, talk, folder_id=folder)
        assert await listed(database, user, loose=True) == [loose]
        assert await listed(database, user, loose=True, folder_id=folder) == [talk]

    async def test_it_counts_what_stands_in_it(self, database: Database, user: str, talk: str, folder: str) -> None:
        for place in ("current", "archived"):
            id = await database.write(lambda c: exchange(c, user).conversation_id)
            await change(database, user, id, folder_id=folder, place=place)
        await change(database, user, talk, folder_id=folder, pinned=True)
        assert [f.conversations for f in await database.read(lambda c: folders.list_folders(c, user))] == [1]

    async def test_a_restored_one_has_again_what_lay_in_it(
        self, database: Database, user: str, talk: str, folder: str
    ) -> None:
        await change(database, user, talk, folder_id=folder)
        await database.write(lambda c: folders.delete_folder(c, user, folder))
        assert await listed(database, user, loose=True) == [talk]
        restored = await database.write(lambda c: folders.restore_folder(c, user, folder))
        assert (restored.name, restored.conversations) == ("Work", 1)
        assert await listed(database, user, folder_id=folder) == [talk]

    async def test_what_was_put_elsewhere_since_stays_there(
        self, database: Database, user: str, talk: str, folder: str
    ) -> None:
        other = await database.write(lambda c: folders.add_folder(c, user, "Home").id)
        await change(database, user, talk, folder_id=folder)
        await database.write(lambda c: folders.delete_folder(c, user, folder))
        await change(database, user, talk, folder_id=other)
        await database.write(lambda c: folders.restore_folder(c, user, folder))
        assert await listed(database, user, folder_id=other) == [talk]

    async def test_a_deleted_one_takes_nothing(self, database: Database, user: str, talk: str, folder: str) -> None:
        await database.write(lambda c: folders.delete_folder(c, user, folder))
        with pytest.raises(NotFound):
            await change(database, user, talk, folder_id=folder)

    async def test_nobody_restores_that_of_another(self, database: Database, user: str, folder: str) -> None:
        await database.write(lambda c: folders.delete_folder(c, user, folder))
        eve = await database.write(lambda c: make_user(c, "eve"))
        with pytest.raises(NotFound):
            await database.write(lambda c: folders.restore_folder(c, eve, folder))

    async def test_a_deleted_one_is_forgotten_in_time(self, database: Database, user: str, folder: str) -> None:
        await database.write(lambda c: folders.delete_folder(c, user, folder))
        assert await database.write(lambda c: folders.forget_folders(c, FAR)) == 1


class TestManyAtOnce:
    @pytest.fixture
    async def talks(self, database: Database, user: str) -> list[str]:
        return await database.write(lambda c: [exchange(c, user, f"{n}").conversation_id for n in range(3)])

    async def move(self, database: Database, user: str, ids: list[str], **order: object) -> list[Conversation]:
        moves = [Move(id, **order) for id in ids]  # type: ignore[arg-type]
        return await database.write(lambda c: store.move_conversations(c, user, moves))

    async def test_they_all_move(self, database: Database, user: str, talks: list[str]) -> None:
        await self.move(database, user, talks[:2], place="trash")
        assert await listed(database, user) == talks[2:]

    async def test_what_is_gone_does_not_keep_the_rest(self, database: Database, user: str, talks: list[str]) -> None:
        moved = await self.move(database, user, [new_id(), talks[0]], place="trash")
        assert [one.id for one in moved] == [talks[0]]

    async def test_nobody_moves_those_of_another(self, database: Database, user: str, talks: list[str]) -> None:
        eve = await database.write(lambda c: make_user(c, "eve"))
        assert await self.move(database, eve, talks, place="trash") == []
        assert len(await listed(database, user)) == 3

    async def test_where_one_is_refused_none_moves(self, database: Database, user: str, talks: list[str]) -> None:
        moves = [Move(talks[0], place="trash"), Move(talks[1], folder_id=new_id())]
        with pytest.raises(NotFound, match="folder"):
            await database.write(lambda c: store.move_conversations(c, user, moves))
        assert len(await listed(database, user)) == 3


class TestPins:
    @pytest.fixture
    async def pins(self, database: Database, user: str) -> list[str]:
        """As they stand, the first on top."""
        ids = await database.write(lambda c: [exchange(c, user, f"{n}").conversation_id for n in range(4)])
        for id in ids:
            await change(database, user, id, pinned=True)
        return ids[::-1]

    async def test_the_one_pinned_last_stands_on_top(self, database: Database, user: str, pins: list[str]) -> None:
        assert await listed(database, user, pinned=True) == pins

    async def test_going_on_with_one_does_not_move_it(self, database: Database, user: str, pins: list[str]) -> None:
        await database.write(lambda c: ask(c, user, "More", conversation_id=pins[3]))
        assert await listed(database, user, pinned=True) == pins

    async def test_pinning_it_again_does_not_move_it(self, database: Database, user: str, pins: list[str]) -> None:
        await change(database, user, pins[2], pinned=True)
        assert await listed(database, user, pinned=True) == pins

    async def test_one_is_put_above_another(self, database: Database, user: str, pins: list[str]) -> None:
        a, b, c, d = pins
        await change(database, user, d, pinned_above=b)
        assert await listed(database, user, pinned=True) == [a, d, b, c]

    async def test_one_is_put_below_all(self, database: Database, user: str, pins: list[str]) -> None:
        a, b, c, d = pins
        await change(database, user, a, pinned_above=None)
        assert await listed(database, user, pinned=True) == [b, c, d, a]

    async def test_an_unpinned_one_is_pinned_in_its_place(self, database: Database, user: str, pins: list[str]) -> None:
        a, b, c, d = pins
        await change(database, user, b, pinned=False)
        await change(database, user, b, pinned_above=d)
        assert await listed(database, user, pinned=True) == [a, c, b, d]

    async def test_pages_of_them_meet(self, database: Database, user: str, pins: list[str]) -> None:
        which = Which(pinned=True)
        first = await database.read(lambda c: listing.list_conversations(c, user, None, 3, which))
        rest = await database.read(lambda c: listing.list_conversations(c, user, first.next, 3, which))
        assert [one.id for one in [*first.items, *rest.items]] == pins

    async def test_all_are_counted(self, database: Database, user: str, pins: list[str]) -> None:
        assert (await database.read(lambda c: listing.outline(c, user, []))).pinned == 4


async def test_a_list_is_read_from_any_row_on(database: Database, user: str) -> None:
    ids = await database.write(lambda c: [exchange(c, user, f"{n}").conversation_id for n in range(6)])
    page = await database.read(lambda c: listing.list_conversations(c, user, None, 2, Which(loose=True), skip=3))
    assert [one.id for one in page.items] == ids[::-1][3:5]


async def test_the_outline_says_how_many_were_used_since(database: Database, user: str) -> None:
    def work(connection: Connection) -> list[int]:
        for at in (100, 200, 300):
            id = exchange(connection, user).conversation_id
            connection.execute("UPDATE conversations SET updated_at = ? WHERE id = ?", (at, id))
        found = listing.outline(connection, user, [300, 150])
        return [found.loose, *found.since]

    assert await database.write(work) == [3, 1, 2]
