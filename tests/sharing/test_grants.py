"""Who may be given what, and what ends it."""

from collections.abc import Callable

import pytest
from factory import delete_conversation, exchange, make_user

from gantry_edge.accounts.schema import Role, User
from gantry_edge.belongings.leaving import begin
from gantry_edge.chat.schema import ConversationChange
from gantry_edge.chat.store import change_conversation
from gantry_edge.documents.store import add_collection, delete_collection
from gantry_edge.errors import Conflict, NotFound
from gantry_edge.ids import new_id
from gantry_edge.personas.schema import NewPersona
from gantry_edge.personas.store import add_persona, delete_persona
from gantry_edge.sharing import groups, store
from gantry_edge.sharing.schema import GroupFields
from gantry_edge.storage.audit import By, all_entries
from gantry_edge.storage.database import Connection, Database


class Office:
    """The owner otto; ada, who shares; ben, with whom."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.otto = By(make_user(connection, "otto", "owner"))
        self.ada, self.ben = (By(make_user(connection, name)) for name in ("ada", "ben"))
        self.talk = exchange(connection, self.ada.actor_id).conversation_id

    def shared(self, who: By) -> list[str]:
        return [each.id for each in store.list_shared(self.connection, who.actor_id, None, None, 50).items]

    def grants(self) -> int:
        return int(self.connection.execute("SELECT count(*) FROM grants").fetchone()[0])


@pytest.fixture
async def office(database: Database) -> Office:
    return await database.write(Office)


async def test_what_is_shared_is_listed_with_whose_it_is(office: Office) -> None:
    store.share(office.connection, office.ada, office.talk, office.ben.actor_id)
    [shared] = store.list_shared(office.connection, office.ben.actor_id, None, None, 50).items
    assert (shared.id, shared.kind, shared.owner) == (office.talk, "conversation", "ada")


async def test_a_list_of_one_kind_has_no_other(office: Office) -> None:
    place = add_collection(office.connection, office.ada.actor_id, "Food")
    for id in (office.talk, place.id):
        store.share(office.connection, office.ada, id, office.ben.actor_id)
    listed = store.list_shared(office.connection, office.ben.actor_id, "collection", None, 50)
    assert [each.name for each in listed.items] == ["Food"]


async def test_a_list_goes_on_from_page_to_page(office: Office) -> None:
    for _ in range(3):
        place = add_collection(office.connection, office.ada.actor_id, "Food")
        store.share(office.connection, office.ada, place.id, office.ben.actor_id)
    first = store.list_shared(office.connection, office.ben.actor_id, None, None, 2)
    rest = store.list_shared(office.connection, office.ben.actor_id, None, first.next, 2)
    assert len({each.id for each in first.items + rest.items}) == 3
    assert rest.next is None


async def test_sharing_twice_is_sharing_once(office: Office) -> None:
    for _ in range(2):
        sharing = store.share(office.connection, office.ada, office.talk, office.ben.actor_id)
    assert [reader.name for reader in sharing.readers] == ["ben"]
    assert office.grants() == 1


async def test_both_ends_of_it_are_in_the_audit_trail(office: Office) -> None:
    for _ in range(2):
        store.share(office.connection, office.ada, office.talk, office.ben.actor_id)
    for _ in range(2):
        store.unshare(office.connection, office.ada, office.talk, office.ben.actor_id)
    detail = {"kind": "conversation", "reader": office.ben.actor_id}
    told = [(entry.action, entry.actor_id, entry.subject_id, entry.detail) for entry in all_entries(office.connection)]
    assert told == [
        (action, office.ada.actor_id, office.talk, detail) for action in ("sharing.shared", "sharing.stopped")
    ]


async def test_a_reader_does_not_share_on(office: Office) -> None:
    store.share(office.connection, office.ada, office.talk, office.ben.actor_id)
    with pytest.raises(NotFound):
        store.share(office.connection, office.ben, office.talk, office.otto.actor_id)
    with pytest.raises(NotFound):
        store.get_sharing(office.connection, office.ben.actor_id, office.talk)


@pytest.mark.parametrize("whom", ["themselves", "nobody", "somebody locked out"])
async def test_nothing_is_shared_with(office: Office, whom: str) -> None:
    office.connection.execute("UPDATE users SET disabled_at = 1 WHERE name = 'ben'")
    ids = {"themselves": office.ada.actor_id, "nobody": new_id(), "somebody locked out": office.ben.actor_id}
    with pytest.raises(NotFound):
        store.share(office.connection, office.ada, office.talk, ids[whom])


async def test_who_is_locked_out_reads_nothing_and_is_still_shown_to_the_owner(office: Office) -> None:
    store.share(office.connection, office.ada, office.talk, office.ben.actor_id)
    office.connection.execute("UPDATE users SET disabled_at = 1 WHERE name = 'ben'")
    assert office.shared(office.ben) == []
    assert [reader.name for reader in store.get_sharing(office.connection, office.ada.actor_id, office.talk).readers]


async def test_a_group_reads_and_who_comes_later_too(office: Office) -> None:
    group = groups.add_group(office.connection, office.otto, "Readers")
    store.share(office.connection, office.ada, office.talk, group.id)
    assert office.shared(office.ben) == []
    groups.add_member(office.connection, office.otto, group.id, office.ben.actor_id)
    assert office.shared(office.ben) == [office.talk]


async def test_whom_both_a_grant_and_a_group_name_reads_while_one_is_left(office: Office) -> None:
    group = groups.add_group(office.connection, office.otto, "Readers")
    groups.add_member(office.connection, office.otto, group.id, office.ben.actor_id)
    for reader in (group.id, office.ben.actor_id):
        store.share(office.connection, office.ada, office.talk, reader)
    assert office.shared(office.ben) == [office.talk]
    groups.delete_group(office.connection, office.otto, group.id)
    assert office.shared(office.ben) == [office.talk]
    store.unshare(office.connection, office.ada, office.talk, office.ben.actor_id)
    assert office.shared(office.ben) == []


async def test_ones_own_is_not_among_what_others_share(office: Office) -> None:
    group = groups.add_group(office.connection, office.otto, "Readers")
    groups.add_member(office.connection, office.otto, group.id, office.ada.actor_id)
    store.share(office.connection, office.ada, office.talk, group.id)
    assert office.shared(office.ada) == []


async def test_what_is_thrown_away_is_read_again_once_it_is_back(office: Office) -> None:
    store.share(office.connection, office.ada, office.talk, office.ben.actor_id)
    for place, read in (("trash", []), ("archived", [office.talk])):
        change = ConversationChange(place=place)  # type: ignore[arg-type]
        change_conversation(office.connection, office.ada.actor_id, office.talk, change)
        assert office.shared(office.ben) == read


async def test_a_temporary_conversation_is_not_shared(office: Office) -> None:
    talk = exchange(office.connection, office.ada.actor_id, temporary=True).conversation_id
    with pytest.raises(NotFound):
        store.share(office.connection, office.ada, talk, office.ben.actor_id)


@pytest.mark.parametrize("kind", ["conversation", "collection", "persona"])
async def test_with_a_thing_go_its_grants(office: Office, kind: str) -> None:
    connection, ada = office.connection, User(office.ada.actor_id, "ada", Role.MEMBER, 0)
    place = add_collection(connection, ada.id, "Food")
    persona = add_persona(connection, ada, NewPersona(name="Cook"))
    id = {"conversation": office.talk, "collection": place.id, "persona": persona.id}[kind]
    store.share(connection, office.ada, id, office.ben.actor_id)
    delete: dict[str, Callable[[], object]] = {
        "conversation": lambda: delete_conversation(connection, ada.id, id),
        "collection": lambda: delete_collection(connection, ada.id, id),
        "persona": lambda: delete_persona(connection, ada, id),
    }
    delete[kind]()
    assert office.shared(office.ben) == []
    assert office.grants() == 0


async def test_who_leaves_shares_nothing_from_that_moment(office: Office) -> None:
    store.share(office.connection, office.ada, office.talk, office.ben.actor_id)
    begin(office.connection, office.ada.actor_id)
    assert office.shared(office.ben) == []
    assert office.grants() == 0


async def test_a_persona_goes_with_its_owner_and_is_never_for_everybody(office: Office) -> None:
    ada = User(office.ada.actor_id, "ada", Role.MEMBER, 0)
    persona = add_persona(office.connection, ada, NewPersona(name="Cook"))
    store.share(office.connection, office.ada, persona.id, office.ben.actor_id)
    office.connection.execute("DELETE FROM conversations")
    office.connection.execute("DELETE FROM users WHERE id = ?", (ada.id,))
    assert office.connection.execute("SELECT count(*) FROM personas").fetchone()[0] == 0
    assert office.grants() == 0


async def test_a_group_that_is_deleted_leaves_nothing(office: Office) -> None:
    group = groups.add_group(office.connection, office.otto, "Readers")
    groups.add_member(office.connection, office.otto, group.id, office.ben.actor_id)
    store.share(office.connection, office.ada, office.talk, group.id)
    groups.delete_group(office.connection, office.otto, group.id)
    assert office.grants() == 0
    assert office.connection.execute("SELECT count(*) FROM memberships").fetchone()[0] == 0


async def test_two_groups_have_not_the_same_name(office: Office) -> None:
    group = groups.add_group(office.connection, office.otto, "Readers")
    other = groups.add_group(office.connection, office.otto, "Writers")
    with pytest.raises(Conflict):
        groups.add_group(office.connection, office.otto, "READERS")
    with pytest.raises(Conflict):
        groups.rename_group(office.connection, office.otto, other.id, "readers")
    assert groups.rename_group(office.connection, office.otto, group.id, "READERS").name == "READERS"


@pytest.mark.parametrize("name", ["\uff32eaders", "Read\u200bers"])
async def test_two_groups_do_not_look_the_same(office: Office, name: str) -> None:
    groups.add_group(office.connection, office.otto, "Readers")
    with pytest.raises(Conflict):
        groups.add_group(office.connection, office.otto, name)


@pytest.mark.parametrize("name", ["  ", "\u200b"])
def test_a_group_needs_a_name(name: str) -> None:
    assert GroupFields("  Front   desk ").name == "Front desk"
    with pytest.raises(ValueError, match="name"):
        GroupFields(name)


async def test_readers_are_found_by_their_names(office: Office) -> None:
    groups.add_group(office.connection, office.otto, "Benches")
    office.connection.execute("UPDATE users SET display_name = 'Benjamin' WHERE name = 'ben'")
    found = store.find_readers(office.connection, office.ada.actor_id, "ben", 50)
    assert [(reader.kind, reader.name, reader.account) for reader in found] == [
        ("group", "Benches", ""),
        ("person", "Benjamin", "ben"),
    ]
