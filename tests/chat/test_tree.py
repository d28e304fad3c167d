"""Whatever people do to a conversation in whatever order, its tree stays whole and no word of it is lost."""

import random

import pytest
from factory import delete_conversation, make_user

from gantry_edge.chat import answers, store
from gantry_edge.chat.branching import branch_off
from gantry_edge.chat.finding import find_messages
from gantry_edge.chat.schema import (
    Answer,
    AnswerError,
    Attachment,
    ConversationChange,
    NewAttachment,
    SendMessage,
    Started,
    Status,
    Text,
)
from gantry_edge.errors import Conflict
from gantry_edge.ids import now
from gantry_edge.storage.database import Connection, Database

SEQUENCES = 1000
STEPS = 12
ENDS: tuple[Status, ...] = ("done", "done", "stopped", "failed", "interrupted")
WORDS = ("harbour", "cliff", "keeper", "lamp", "storm", "boat")


class Talk:
    """One conversation and all that was ever said in it."""

    def __init__(self, connection: Connection, user: str, seed: int) -> None:
        self.connection, self.user, self.dice = connection, user, random.Random(seed)
        self.said: dict[str, str] = {}
        self.attached: dict[str, list[Attachment]] = {}
        self.answers: list[Started] = []
        self.place = "current"
        self.ask(parent=None)

    @property
    def id(self) -> str:
        return self.answers[0].conversation_id

    def words(self) -> str:
        return " ".join(self.dice.choices(WORDS, k=3))

    def ask(self, parent: Started | None) -> None:
        send = SendMessage(self.words())
        if self.answers:
            send = SendMessage(send.content, conversation_id=self.id, parent_id=parent.answer_id if parent else None)
        if self.dice.random() < 0.3:
            send.attachments = [NewAttachment("notes.txt", self.words())]
        started, _ = store.add_exchange(self.connection, self.user, send)
        self.said[started.message_id] = send.content
        self.attached[started.message_id] = [Attachment(one.name, one.text) for one in send.attachments]
        self.end(started)

    def end(self, started: Started) -> None:
        text, status = self.words(), self.dice.choice(ENDS)
        if status == "interrupted":
            answers.interrupt_answer(self.connection, started.answer_id, AnswerError("x", "x"), [Text(text)])
        else:
            answer = Answer(id=started.answer_id, status=status, model="m", created_at=now(), finished_at=now())
            answers.finish_answer(self.connection, answer, [Text(text)])
        self.said[started.answer_id] = text
        self.answers.append(started)

    def step(self) -> None:
        one = self.dice.choice(self.answers)
        act = self.dice.choice(
            [self.go_on, self.edit, self.regenerate, self.compare, self.resume, self.show, self.move, self.branch]
        )
        try:
            act(one)
        except Conflict:
            assert self.place == "trash"

    def go_on(self, one: Started) -> None:
        self.ask(one)
        self.place = "current"

    def edit(self, one: Started) -> None:
        """The question in other words."""
        parent = store.get_message(self.connection, self.user, one.message_id).parent_id
        self.ask(next((each for each in self.answers if each.answer_id == parent), None))
        self.place = "current"

    def regenerate(self, one: Started) -> None:
        self.end(store.add_version(self.connection, self.user, one.answer_id, ""))
        self.place = "current"

    def compare(self, one: Started) -> None:
        """Two models are asked at once; the second may be the first to end, and either is kept."""
        two = [store.add_version(self.connection, self.user, one.message_id, "") for _ in range(2)]
        self.dice.shuffle(two)
        for started in two:
            self.end(started)
        self.place = "current"
        self.show(self.dice.choice(two))

    def resume(self, one: Started) -> None:
        message = store.get_message(self.connection, self.user, one.answer_id)
        if message.answer and message.answer.status != "done":
            answers.restart_answer(self.connection, self.user, one.answer_id)
            self.answers.remove(one)
            self.end(one)
            self.place = "current"

    def show(self, one: Started) -> None:
        self.change(leaf_id=self.dice.choice([one.message_id, one.answer_id]))

    def move(self, one: Started) -> None:
        self.place = self.dice.choice(["current", "archived", "trash"])
        self.change(place=self.place)

    def branch(self, one: Started) -> None:
        """And the branch is thrown away: nothing of this conversation goes with it."""
        branch = branch_off(self.connection, self.user, one.answer_id)
        delete_conversation(self.connection, self.user, branch.id)

    def change(self, **what: object) -> None:
        change = ConversationChange(**what)  # type: ignore[arg-type]
        store.change_conversation(self.connection, self.user, self.id, change)

    def check(self) -> None:
        rows = self.connection.execute("SELECT * FROM messages WHERE conversation_id = ?", (self.id,)).fetchall()
        messages = {row["id"]: row for row in rows}
        assert messages.keys() == self.said.keys()
        versions: dict[str | None, list[int]] = {}
        for row in rows:
            assert store.parts_from(row["parts"]) == [Text(self.said[row["id"]]), *self.attached.get(row["id"], [])]
            above = messages[row["parent_id"]]["role"] if row["parent_id"] else "assistant"
            assert {row["role"], above} == {"user", "assistant"}
            versions.setdefault(row["parent_id"], []).append(row["version"])
        for each in versions.values():
            assert sorted(each) == list(range(len(each)))
        self.check_screen(messages.keys())

    def check_screen(self, known: object) -> None:
        """What is on screen is a whole branch, from the first question to an end of it, and is found again."""
        shown = store.list_messages(self.connection, self.user, self.id, None, 100).items
        assert [message.parent_id for message in shown] == [None, *(message.id for message in shown[:-1])]
        assert all(message.id in message.siblings for message in shown)
        assert store.newest_below(self.connection, shown[-1].id) == shown[-1].id
        if self.place != "trash":
            found = find_messages(self.connection, self.user, self.said[shown[-1].id], None, 200).items
            assert shown[-1].id in {hit.message_id for hit in found}


@pytest.mark.slow
async def test_no_sequence_of_operations_breaks_a_tree_or_loses_a_word(database: Database) -> None:
    def work(connection: Connection) -> None:
        for seed in range(SEQUENCES):
            talk = Talk(connection, make_user(connection, f"user {seed}"), seed)
            for _ in range(STEPS):
                talk.step()
            talk.check()

    await database.write(work)
