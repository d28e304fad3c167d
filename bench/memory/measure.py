"""Asks the product what it remembers: the chats go in as conversations, and every question comes from a new one."""

import argparse
import asyncio
import json
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from factory import ask, exchange, make_user

from bench.memory.baseline import Baseline
from bench.memory.chats import KINDS, LONG, UNSEEN, Chat, Question, load_chats
from bench.memory.scoring import by_kind, evidence_found
from gantry_edge.documents.search import BYTES_PER_TOKEN
from gantry_edge.ids import now
from gantry_edge.memory.recall import Recall
from gantry_edge.memory.remember import Remembering
from gantry_edge.retrieval.embedder import Embedder
from gantry_edge.retrieval.index import Index
from gantry_edge.storage.database import Connection, Database
from gantry_edge.storage.migrations import migrate

REQUESTS = Path(__file__).parent / "requests.txt"  # that have nothing to do with what anybody said
BUDGETS = (600, 3000)  # characters
Figures = dict[str, dict[str, float]]


async def measure(folder: Path, chats: list[Chat]) -> Figures:
    """Label: kind: share of the evidence found; of what was never said, share of questions answered by nothing."""
    embedder = Embedder(threads=1)
    database = Database(folder / "bench.db")
    await database.write(migrate)
    index = Index(database, folder / "index", embedder.model, [])
    recall = Recall(database, embedder, index)
    users = {chat.name: await database.write(partial(add_chat, chat=chat)) for chat in chats}
    await Remembering(database, embedder, index).remember_all()
    baselines = {chat.name: Baseline(embedder, chat) for chat in chats}
    here = {name: (await database.write(partial(ask, user_id=user))).conversation_id for name, user in users.items()}
    figures: Figures = {}
    for budget in BUDGETS:
        asked: list[tuple[Chat, Question, str, str]] = []
        for chat in chats:
            for question in chat.questions:
                place = users[chat.name], here[chat.name]
                found = await recall.gather(*place, question.text, budget=budget // BYTES_PER_TOKEN)
                told = "\n".join(memory.text for memory in found)[:budget]
                base = baselines[chat.name].hand_over(question, budget, None if budget > BUDGETS[0] else 3)
                asked.append((chat, question, told, base))
        for label, names in groups(chats).items():
            these = [each for each in asked if each[0].name in names]
            figures[f"{label}, {budget} characters"] = scored([(question, told) for _, question, told, _ in these])
            figures[f"{label}, {budget} characters, baseline"] = scored(
                [(question, base) for _, question, _, base in these]
            )
    silent = [
        not await recall.gather(users[chat.name], here[chat.name], text, budget=BUDGETS[1] // BYTES_PER_TOKEN)
        for chat in chats
        for text in REQUESTS.read_text().splitlines()
    ]
    figures["requests about nothing that was said"] = {"never": sum(silent) / len(silent)}
    database.close()
    return figures


def groups(chats: list[Chat]) -> dict[str, set[str]]:
    """By who may be looked at when something is chosen, and by how people write."""
    names, unseen, long = {chat.name for chat in chats}, set(UNSEEN), set(LONG)
    return {
        "seen": names - unseen - long,
        "unseen": unseen - long,
        "seen, long": long - unseen,
        "unseen, long": unseen & long,
        "all seen": names - unseen,
        "all unseen": unseen,
    }


def scored(asked: list[tuple[Question, str]]) -> dict[str, float]:
    said = [(question, text) for question, text in asked if question.evidence]
    never = [text for question, text in asked if not question.evidence]
    figures = dict(by_kind((question.kind, evidence_found(question, text)) for question, text in said))
    return {**figures, "never": sum(not text for text in never) / len(never)} if never else figures


def add_chat(connection: Connection, chat: Chat) -> str:
    """Its person, with every session as a conversation of its own."""
    user = make_user(connection, chat.person.lower())
    today = now() - _milliseconds(chat.exchanges[-1].at)  # they are asked on the day they were last told something
    for session in chat.sessions:
        place: dict[str, str] = {}
        for said in session:
            started = exchange(connection, user, said.user, said.assistant, **place)
            place = {"conversation_id": started.conversation_id, "parent_id": started.answer_id}
            at = _milliseconds(said.at) + today
            connection.execute(
                "UPDATE messages SET created_at = ? WHERE id IN (?, ?)", (at, started.message_id, started.answer_id)
            )
    return user


def _milliseconds(at: datetime) -> int:
    return int(at.replace(tzinfo=UTC).timestamp() * 1000)


def run() -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(measure(Path(folder), load_chats()))


def show(figures: Figures, print: Callable[[str], None] = print) -> None:
    print(f"{'':<44}" + "".join(f"{kind:>8}" for kind in ("all", *KINDS)))
    for label, each in figures.items():
        print(
            f"{label:<44}" + "".join(f"{each[kind]:>8.3f}" if kind in each else f"{'':>8}" for kind in ("all", *KINDS))
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.memory.measure", description=__doc__)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    chosen = parser.parse_args()
    figures = run()
    show(figures)
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
