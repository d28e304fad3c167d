"""Random steps of three people and two groups: a thing is read by its owner or with a live grant, come what may (S8).

What may be read is kept twice: by the stores, and here as plain sets. After each step both have to agree.
"""

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from factory import delete_conversation, exchange, make_user

from gantry_edge.accounts.schema import Role, User
from gantry_edge.accounts.store import set_disabled
from gantry_edge.chat import answers, shared
from gantry_edge.chat.schema import Answer, Part, Source, Sources, Text
from gantry_edge.chat.store import get_conversation
from gantry_edge.documents import chunks, reading
from gantry_edge.documents import store as documents
from gantry_edge.documents.schema import Scope
from gantry_edge.documents.search import read_reach
from gantry_edge.errors import NotFound
from gantry_edge.ids import new_id, now
from gantry_edge.personas import store as personas
from gantry_edge.personas.schema import NewPersona
from gantry_edge.services import DATABASE
from gantry_edge.sharing import groups, store
from gantry_edge.storage.audit import By
from gantry_edge.storage.database import Connection, open_connection

MOST = 6  # of each kind at a time, so that they meet


@dataclass
class Thing:
    id: str
    owner: str
    parts: list[str] = field(default_factory=list)  # documents of a collection, collections of a persona, one's source


@dataclass
class World:
    connection: Connection
    dice: random.Random
    collections: dict[str, Thing] = field(default_factory=dict)
    conversations: dict[str, Thing] = field(default_factory=dict)
    personas: dict[str, Thing] = field(default_factory=dict)
    documents: dict[str, Thing] = field(default_factory=dict)  # its collection is its part
    grants: set[tuple[str, str]] = field(default_factory=set)  # thing, reader
    members: set[tuple[str, str]] = field(default_factory=set)  # group, person
    out: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.admin = By(make_user(self.connection, "otto", "owner"))
        self.people = [make_user(self.connection, name) for name in ("ada", "ben", "cleo")]
        self.groups = [groups.add_group(self.connection, self.admin, name).id for name in ("One", "Two")]

    @property
    def shareable(self) -> dict[str, Thing]:
        return self.collections | self.conversations | self.personas

    def may_read(self, person: str, thing: Thing) -> bool:
        if person == thing.owner:
            return True
        readers = {person} | {group for group, member in self.members if member == person}
        return person not in self.out and any((thing.id, reader) in self.grants for reader in readers)

    def may_read_document(self, person: str, id: str) -> bool:
        return id in self.documents and self.may_read(person, self.collections[self.documents[id].parts[0]])

    # steps

    def add_collection(self, person: str) -> None:
        id = documents.add_collection(self.connection, person, "Place").id
        self.collections[id] = Thing(id, person)

    def upload(self, person: str) -> None:
        """Into any collection: somebody else's takes none."""
        place = self.dice.choice(list(self.collections.values()))
        received = [documents.Received("a.txt", new_id(), 6)]
        try:
            (document,) = documents.add_documents(self.connection, person, place.id, received, 10**9)
        except NotFound:
            assert person != place.owner
            return
        assert person == place.owner
        id = document.id
        self.connection.execute("UPDATE documents SET status = 'ready' WHERE id = ?", (id,))
        self.connection.execute("INSERT INTO document_texts VALUES (?, ?, '[]')", (id, f"canary {id}"))
        self.connection.execute(
            "INSERT INTO chunks (id, document_id, seq, begins, ends, heading, gap, text)"
            " VALUES (?, ?, 0, 0, 6, '', '', ?)",
            (f"{id}-0", id, f"canary {id}"),
        )
        self.documents[id] = Thing(id, person, [place.id])

    def begin(self, person: str) -> None:
        """A conversation whose answer names any document as its source, even one that is not theirs."""
        source = self.dice.choice([*self.documents, new_id()])
        started = exchange(self.connection, person)
        answer = Answer(id=started.answer_id, status="done", model="m", created_at=now())
        told: list[Part] = [Sources([Source(1, f"{source}-0", source, "a.txt", None, "", 0, 99, "", 1.0)]), Text("So.")]
        answers.finish_answer(self.connection, answer, told)
        self.conversations[started.conversation_id] = Thing(started.conversation_id, person, [source])

    def attach(self, person: str) -> None:
        """A persona with any collection."""
        place = self.dice.choice(list(self.collections.values()))
        new = NewPersona(name="Persona", collection_ids=[place.id])
        try:
            made = personas.add_persona(self.connection, user_of(person), new)
        except NotFound:
            assert not self.may_read(person, place)
            return
        assert self.may_read(person, place)
        self.personas[made.id] = Thing(made.id, person, [place.id])

    def share(self, person: str) -> None:
        thing, reader = self.dice.choice(list(self.shareable.values())), self.dice.choice(self.people + self.groups)
        try:
            store.share(self.connection, By(person), thing.id, reader)
        except NotFound:
            assert person != thing.owner or reader == person or reader in self.out
            return
        assert person == thing.owner
        self.grants.add((thing.id, reader))

    def unshare(self, person: str) -> None:
        if not self.grants:
            return
        id, reader = self.dice.choice(sorted(self.grants))
        try:
            store.unshare(self.connection, By(person), id, reader)
        except NotFound:
            assert person != self.shareable[id].owner
            return
        self.grants.discard((id, reader))

    def join(self, person: str) -> None:
        group = self.dice.choice(self.groups)
        groups.add_member(self.connection, self.admin, group, person)
        self.members.add((group, person))

    def leave(self, person: str) -> None:
        group = self.dice.choice(self.groups)
        groups.remove_member(self.connection, self.admin, group, person)
        self.members.discard((group, person))

    def dissolve(self, person: str) -> None:
        """A group; another takes its place."""
        group = self.groups.pop(self.dice.randrange(2))
        groups.delete_group(self.connection, self.admin, group)
        self.grants = {(thing, reader) for thing, reader in self.grants if reader != group}
        self.members = {(one, member) for one, member in self.members if one != group}
        self.groups.append(groups.add_group(self.connection, self.admin, f"Group {new_id()}").id)

    def lock(self, person: str) -> None:
        """Out, or in again."""
        out = person not in self.out
        set_disabled(self.connection, person, 1 if out else None)
        self.out ^= {person}

    def delete(self, person: str) -> None:
        thing = self.dice.choice(list((self.shareable | self.documents).values()))
        deletes: dict[str, Callable[[], object]] = {
            **dict.fromkeys(self.collections, lambda: documents.delete_collection(self.connection, person, thing.id)),
            **dict.fromkeys(self.conversations, lambda: delete_conversation(self.connection, person, thing.id)),
            **dict.fromkeys(self.personas, lambda: personas.delete_persona(self.connection, user_of(person), thing.id)),
            **dict.fromkeys(self.documents, lambda: documents.delete_document(self.connection, person, thing.id)),
        }
        try:
            deletes[thing.id]()
        except NotFound:
            assert person != thing.owner
            return
        assert person == thing.owner
        self.grants = {(id, reader) for id, reader in self.grants if id != thing.id}
        for things in (self.collections, self.conversations, self.personas, self.documents):
            things.pop(thing.id, None)
        self.documents = {id: each for id, each in self.documents.items() if each.parts[0] in self.collections}

    def restore(self, person: str) -> None:
        """A deleted document, with its collection and whom that is shared with."""
        rows = self.connection.execute("SELECT id, collection_id, user_id FROM documents WHERE deleted_at IS NOT NULL")
        gone = rows.fetchall()
        if not gone or len(self.collections) > MOST:
            return
        id, place, owner = self.dice.choice(gone)
        try:
            documents.restore_document(self.connection, person, id)
        except NotFound:
            assert person != owner
            return
        self.collections.setdefault(place, Thing(place, owner))
        self.documents[id] = Thing(id, owner, [place])
        grants = self.connection.execute("SELECT coalesce(user_id, group_id) FROM grants WHERE object_id = ?", (place,))
        self.grants |= {(place, row[0]) for row in grants}

    def step(self) -> None:
        person = self.dice.choice(self.people)
        steps: list[Callable[[str], None]] = [
            *[self.share] * 3,
            self.unshare,
            self.join,
            self.leave,
            self.lock,
            self.delete,
            self.restore,
        ]
        if self.dice.random() < 0.03:
            steps = [self.dissolve]
        if len(self.collections) < MOST:
            steps.append(self.add_collection)
        if self.collections:
            steps += [
                step for step, of in ((self.upload, self.documents), (self.attach, self.personas)) if len(of) < MOST
            ]
        if len(self.conversations) < MOST:
            steps.append(self.begin)
        if not self.collections:
            steps = [self.add_collection]
        self.dice.choice(steps)(person)

    # what the stores say

    def check(self) -> None:
        """What one of them reads, by a few things of each kind."""
        person = self.dice.choice(self.people)
        self.check_lists(person)
        for thing in self.some(self.shareable, 3):
            assert self.reads(person, self.shareable[thing]) == self.may_read(person, self.shareable[thing])
        for id in [*self.some(self.documents, 2), new_id()]:
            assert self.reads_document(person, id) == {self.may_read_document(person, id)}

    def some(self, things: dict[str, Thing], most: int) -> list[str]:
        return self.dice.sample(sorted(things), k=min(most, len(things)))

    def check_lists(self, person: str) -> None:
        listed = {each.id for each in store.list_shared(self.connection, person, None, None, 50).items}
        assert listed == {
            id for id, thing in self.shareable.items() if thing.owner != person and self.may_read(person, thing)
        }
        shown = {each.id for each in personas.list_personas(self.connection, user_of(person), None, 200).items}
        assert shown == {id for id, thing in self.personas.items() if self.may_read(person, thing)}

    def reads(self, person: str, thing: Thing) -> bool:
        assert found(lambda: store.get_sharing(self.connection, person, thing.id)) == (person == thing.owner)
        if thing.id in self.collections:
            held = read_reach(self.connection, person, Scope([thing.id])).collections == [thing.id]
            assert held == found(lambda: reading.list_documents(self.connection, person, thing.id, None, 50))
            return held
        if thing.id in self.personas:
            return self.reads_persona(person, thing)
        return self.reads_conversation(person, thing)

    def reads_persona(self, person: str, thing: Thing) -> bool:
        if not found(lambda: personas.get_persona(self.connection, user_of(person), thing.id)):
            return False
        seen = personas.get_persona(self.connection, user_of(person), thing.id).collection_ids
        held = [id for id in thing.parts if id in self.collections and self.may_read(person, self.collections[id])]
        assert seen == held
        return True

    def reads_conversation(self, person: str, thing: Thing) -> bool:
        owner = found(lambda: get_conversation(self.connection, person, thing.id))
        assert owner == (person == thing.owner)
        if not found(lambda: shared.read_conversation(self.connection, person, thing.id)):
            return False
        messages = shared.list_messages(self.connection, person, thing.id, None, 50).items
        (source,) = next(part for part in messages[-1].parts if isinstance(part, Sources)).items
        assert bool(source.text) == self.may_read_document(person, thing.parts[0])
        return True

    def reads_document(self, person: str, id: str) -> set[bool]:
        """By every way there is."""
        connection = self.connection
        return {
            found(lambda: reading.read_document(connection, person, id)),
            found(lambda: reading.read_original(connection, person, id)),
            found(lambda: reading.read_text(connection, person, id)),
            bool(chunks.find_chunks(connection, person, [f"{id}-0"])),
            bool(chunks.read_whole(connection, person, [id], 10**6)),
            bool(chunks.read_text(connection, person, id)),
            bool(read_reach(connection, person, Scope(document_ids=[id])).documents),
        }


def found(look: Callable[[], object]) -> bool:
    try:
        look()
    except NotFound:
        return False
    return True


def user_of(id: str) -> User:
    return User(id, "somebody", Role.MEMBER, 0)


@pytest.fixture
def connection(tmp_path: Path, empty: Path) -> Iterator[Connection]:
    connection = open_connection(Path(shutil.copyfile(empty, tmp_path / DATABASE)))
    connection.execute("BEGIN")
    yield connection
    connection.close()


@pytest.mark.parametrize(
    "steps",
    [pytest.param(300, id="some"), pytest.param(20_000, id="many", marks=[pytest.mark.slow, pytest.mark.timeout(900)])],
)
def test_a_thing_is_read_by_its_owner_or_with_a_live_grant(connection: Connection, steps: int) -> None:
    world = World(connection, random.Random(steps))
    for _ in range(steps):
        world.step()
        world.check()
    assert world.grants
