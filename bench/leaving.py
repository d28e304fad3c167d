"""How long others wait while a person with much to delete leaves, and while one takes out what they have."""

import asyncio
import random
import tempfile
import time
import tracemalloc
from itertools import accumulate
from pathlib import Path
from typing import Any

from factory import exchange, make_user

from gantry_edge.accounts.schema import Role, User
from gantry_edge.belongings.exporting import Exports
from gantry_edge.belongings.leaving import begin, finish, remove_rows
from gantry_edge.ids import now
from gantry_edge.storage.database import Connection, Database
from gantry_edge.storage.files import Files
from gantry_edge.storage.migrations import migrate

MESSAGES = 20_000
EACH = 200  # messages of a conversation
WORDS = [f"word{number}" for number in range(20_000)]  # used as those of a language are, the first ones most
WEIGHTS = list(accumulate(1 / number for number in range(1, len(WORDS) + 1)))
SAID = 100  # words of a message


def run() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(measure(Path(folder)))


async def measure(home: Path) -> dict[str, Any]:
    database = Database(home / "gantry.db")
    await database.write(migrate)
    await database.write(lambda c: make_user(c, "otto", "owner"))
    vera = await database.write(lambda c: make_user(c, "vera"))
    for _ in range(MESSAGES // EACH):
        await database.write(lambda c: talk(c, vera))
    figures: dict[str, Any] = {"messages": MESSAGES}
    async with asyncio.TaskGroup() as group:
        waits: list[float] = []
        other = group.create_task(write_forever(database, waits))
        tracemalloc.start()
        began = time.monotonic()
        figures["bytes of the export"] = await take_out(database, User(vera, "vera", Role.MEMBER, 0), home)
        figures["export, seconds (memory being traced)"] = time.monotonic() - began
        figures["export, peak of memory, MB"] = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        figures |= told("write of others beside an export", waits)
        waits.clear()
        began = time.monotonic()
        await database.write(lambda c: begin(c, vera))
        await remove_rows(database, vera)
        await database.write(lambda c: finish(c, vera))
        await database.empty_log()
        figures["leaving, seconds"] = time.monotonic() - began
        figures |= told("write of others beside leaving", waits)
        other.cancel()
    database.close()
    return figures


def talk(connection: Connection, user_id: str) -> None:
    said = exchange(connection, user_id, sentence(), sentence())
    for _ in range(EACH // 2 - 1):
        said = exchange(connection, user_id, sentence(), sentence(), conversation_id=said.conversation_id)


def sentence() -> str:
    return " ".join(random.choices(WORDS, cum_weights=WEIGHTS, k=SAID))


async def take_out(database: Database, user: User, home: Path) -> int:
    exports = Exports(database, Files(home / "files"))
    begun = await exports.begin(user)
    return sum([len(piece) async for piece in exports.read(user.id, begun.id)])


async def write_forever(database: Database, waits: list[float]) -> None:
    while True:
        began = time.monotonic()
        await database.write(lambda c: c.execute("UPDATE users SET updated_at = ? WHERE name = 'otto'", (now(),)))
        waits.append(time.monotonic() - began)
        await asyncio.sleep(0.002)


def told(name: str, waits: list[float]) -> dict[str, float]:
    ordered = sorted(waits)
    return {
        f"{name}, ms median": 1000 * ordered[len(ordered) // 2],
        f"{name}, ms longest": 1000 * ordered[-1],
    }
