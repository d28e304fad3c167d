"""A shared conversation: what of it a reader sees, and how they go on with it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import pytest
from belongings.house import House, Person
from factory import ask, exchange, shelve

from gantry_edge.chat import answers
from gantry_edge.chat.schema import (
    Answer,
    Memories,
    NewAttachment,
    Part,
    Reasoning,
    Source,
    Sources,
    Text,
)
from gantry_edge.ids import now
from gantry_edge.memory.schema import Memory
from gantry_edge.sharing.export import GRANTS
from gantry_edge.storage.database import Connection

T = TypeVar("T")
NOTES = "The wages are kept in a cave."


class Talk:
    """Ada's conversation, which ben may read."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def begin(self) -> None:
        self.ada, self.ben = await self.house.person("ada"), await self.house.person("ben")
        attached = [NewAttachment("contract.txt", "Secret paragraph")]
        self.started = await self.write(lambda c: exchange(c, self.ada.user.id, "Why?", attachments=attached))
        self.id = self.started.conversation_id
        self.document = await self.write(lambda c: shelve(c, self.ada.user.id, NOTES, "0" * 64))
        await self.write(self.answer)
        await self.ada.client.put(f"/api/sharing/{self.id}/{self.ben.user.id}")

    def answer(self, connection: Connection) -> None:
        """With all that an answer can be made from."""
        source = Source(1, "p", self.document.id, "notes.txt", None, "", 0, len(NOTES), "", 1.0)
        memory = Memory(self.started.answer_id, "exchange", self.id, self.started.answer_id, "", now(), "", 1.0, [])
        parts: list[Part] = [Sources([source]), Memories([memory]), Reasoning("Hm"), Text("Because.")]
        ended = Answer(id=self.started.answer_id, status="done", model="m", created_at=now(), finished_at=now())
        answers.finish_answer(connection, ended, parts)

    async def write(self, change: Callable[[Connection], T]) -> T:
        return await self.house.services.database.write(change)

    async def parts(self, who: Person) -> list[dict[str, Any]]:
        page = await who.client.get(f"/api/shared/conversations/{self.id}/messages")
        return [part for message in page.json()["items"] for part in message["parts"]]


@pytest.fixture
async def talk(house: House) -> Talk:
    talk = Talk(house)
    await talk.begin()
    return talk


def types(parts: Sequence[dict[str, Any]]) -> list[object]:
    return [part["type"] for part in parts]


async def test_a_reader_sees_what_was_said_and_not_what_it_was_made_from(talk: Talk) -> None:
    head = (await talk.ben.client.get(f"/api/shared/conversations/{talk.id}")).json()
    assert (head["title"], head["owner"]) == ("Why?", "ada")
    parts = await talk.parts(talk.ben)
    assert types(parts) == ["text", "attachment", "sources", "text"]
    assert parts[1] == {"type": "attachment", "name": "contract.txt", "text": ""}


async def test_a_source_is_a_name_until_its_collection_is_shared_too(talk: Talk) -> None:
    def told(parts: Sequence[dict[str, Any]]) -> tuple[str, str]:
        (source,) = parts[2]["items"]
        return source["document_name"], source["text"]

    assert told(await talk.parts(talk.ben)) == ("notes.txt", "")
    await talk.ada.client.put(f"/api/sharing/{talk.document.collection_id}/{talk.ben.user.id}")
    assert told(await talk.parts(talk.ben)) == ("notes.txt", NOTES)
    await talk.ada.client.delete(f"/api/sharing/{talk.document.collection_id}/{talk.ben.user.id}")
    assert told(await talk.parts(talk.ben)) == ("notes.txt", "")


async def test_it_is_read_as_it_is_now(talk: Talk) -> None:
    await talk.write(lambda c: exchange(c, talk.ada.user.id, "And then?", conversation_id=talk.id))
    assert [part.get("text") for part in (await talk.parts(talk.ben))[-2:]] == ["And then?", "Because."]


async def test_an_answer_shows_once_it_is_written(talk: Talk) -> None:
    await talk.write(lambda c: ask(c, talk.ada.user.id, "And then?", conversation_id=talk.id))
    page = (await talk.ben.client.get(f"/api/shared/conversations/{talk.id}/messages")).json()["items"]
    assert (page[-1]["answer"]["status"], page[-1]["parts"]) == ("running", [])


async def test_a_reader_sees_no_other_branch(talk: Talk) -> None:
    other = await talk.write(
        lambda c: exchange(c, talk.ada.user.id, "Secret?", conversation_id=talk.id, parent_id=talk.started.answer_id)
    )
    await talk.ada.client.patch(f"/api/conversations/{talk.id}", json={"leaf_id": other.answer_id})
    again = await talk.write(
        lambda c: exchange(c, talk.ada.user.id, "Open?", conversation_id=talk.id, parent_id=talk.started.answer_id)
    )
    address = f"/api/shared/conversations/{talk.id}/messages"
    shown = (await talk.ben.client.get(address)).json()["items"]
    assert [message["id"] for message in shown][-2:] == [again.message_id, again.answer_id]
    assert all(message["siblings"] == [message["id"]] for message in shown)
    behind = await talk.ben.client.get(address, params={"before": other.answer_id})
    assert behind.status_code == 404


async def test_a_long_one_is_read_page_by_page(talk: Talk) -> None:
    for turn in range(3):
        asked = partial(exchange, user_id=talk.ada.user.id, content=f"{turn}?", conversation_id=talk.id)
        await talk.write(asked)
    address, before = f"/api/shared/conversations/{talk.id}/messages", None
    shown: list[dict[str, Any]] = []
    while True:
        page = (await talk.ben.client.get(address, params={"limit": 3} | ({"before": before} if before else {}))).json()
        shown = page["items"] + shown
        before = page["next"]
        if before is None:
            break
    assert len({message["id"] for message in shown}) == len(shown) == 8


async def test_a_reader_goes_on_in_a_copy_of_their_own(talk: Talk) -> None:
    copy = (await talk.ben.client.post(f"/api/shared/conversations/{talk.id}/copy")).json()
    assert copy["memory"] is False
    read = (await talk.ben.client.get(f"/api/conversations/{copy['id']}/messages")).json()["items"]
    assert [types(message["parts"]) for message in read] == [["text", "attachment"], ["sources", "text"]]
    await talk.ada.client.delete(f"/api/conversations/{talk.id}")
    below = {"conversation_id": copy["id"], "parent_id": read[-1]["id"]}
    more = {"content": "Go on", "model": "scripted/echo", **below}
    sent = await talk.ben.client.post("/api/chat", json=more, headers={"Accept": "application/json"})
    assert sent.status_code == 202


async def test_a_copy_has_nothing_that_its_reader_was_not_shown(talk: Talk) -> None:
    copy = (await talk.ben.client.post(f"/api/shared/conversations/{talk.id}/copy")).json()["id"]
    stored = "SELECT group_concat(parts) FROM messages WHERE conversation_id = ?"
    (parts,) = await talk.house.services.database.read(lambda c: c.execute(stored, (copy,)).fetchone())
    for hidden in ("Secret paragraph", "Hm", "memories", NOTES):
        assert hidden not in parts
    context = await talk.ben.client.get(f"/api/answers/{talk.started.answer_id}/context")
    assert context.status_code == 404


async def test_a_copy_is_made_once_all_is_written(talk: Talk) -> None:
    await talk.write(lambda c: ask(c, talk.ada.user.id, "And then?", conversation_id=talk.id))
    answer = await talk.ben.client.post(f"/api/shared/conversations/{talk.id}/copy")
    assert answer.json()["code"] == "answer_running"


async def test_an_export_says_what_one_shares(talk: Talk) -> None:
    rows = await talk.house.services.database.read(lambda c: c.execute(GRANTS, (talk.ada.user.id,)).fetchall())
    assert [(row["kind"], row["object_id"], row["reader"]) for row in rows] == [("conversation", talk.id, "ben")]
