"""Seven invented people, their conversations of many months, and questions with the words that answer them."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "chats"
UNSEEN = ("researcher", "vet")  # nothing was chosen by looking at these
LONG = ("caterer", "vet")  # people who write of many things at once
KINDS = ("fact", "time", "hops", "never")


class Exchange(NamedTuple):
    """A question and its answer; the id says which of which session."""

    id: str
    at: datetime
    user: str
    assistant: str


class Evidence(NamedTuple):
    exchange: str
    words: str


class Question(NamedTuple):
    kind: str
    text: str
    evidence: list[Evidence]


class Chat(NamedTuple):
    name: str
    person: str
    sessions: list[list[Exchange]]
    questions: list[Question]

    @property
    def exchanges(self) -> list[Exchange]:
        return [exchange for session in self.sessions for exchange in session]


@cache
def load_chats() -> list[Chat]:
    return [load_chat(path) for path in sorted(FOLDER.glob("*.json"))]


def load_chat(path: Path) -> Chat:
    told = json.loads(path.read_text())
    sessions = [
        [
            Exchange(one["id"], datetime.fromisoformat(each["date"]), one["user"], one["assistant"])
            for one in each["exchanges"]
        ]
        for each in told["sessions"]
    ]
    questions = [
        Question(each["kind"], each["question"], [Evidence(**one) for one in each["evidence"]])
        for each in told["questions"]
    ]
    return Chat(path.stem, told["person"], sessions, questions)
