"""`kill -9` while what was said is read: it is remembered afterwards, and once."""

import random
import sqlite3
import time
from pathlib import Path

import httpx
import pytest
from program import Program, model

pytestmark = pytest.mark.slow

ROUNDS = 5
ASKED = 6  # questions between two kills


def ask(client: httpx.Client, about: int) -> None:
    body = {"content": f"What did I plant in bed number {about}?", "model": model("say?tokens=40&rate=0&seed=1")}
    with client.stream("POST", "/api/chat", json=body, headers={"Accept": "text/event-stream"}) as response:
        response.read()


def settled(client: httpx.Client) -> dict[str, int]:
    until = time.monotonic() + 60
    while (state := client.get("/api/memory").json())["waiting"]:
        assert time.monotonic() < until, state
        time.sleep(0.2)
    return dict(state)


def test_after_kills_each_answer_that_was_finished_is_remembered_once(tmp_path: Path, endpoint: str) -> None:
    dice = random.Random(7)
    program = Program(tmp_path / "home", endpoint=endpoint).start()
    cookies = program.owner().cookies
    for round in range(ROUNDS):
        client = program.client(cookies)
        for about in range(ASKED):
            ask(client, round * ASKED + about)
        time.sleep(dice.uniform(0, 0.7))  # some are read, one is being read, the others wait
        program.kill()
        program.start()
    assert settled(program.client(cookies))["exchanges"] == ROUNDS * ASKED
    program.end()
    with sqlite3.connect(tmp_path / "home" / "gantry.db") as connection:
        remembered = {row[0] for row in connection.execute("SELECT id FROM exchanges")}
        finished = {row[0] for row in connection.execute("SELECT id FROM answers WHERE status = 'done'")}
        read = {row[0] for row in connection.execute("SELECT id FROM exchange_sentences")}
        embedded = [row[0] for row in connection.execute("SELECT chunk_id FROM embeddings WHERE vault LIKE 'memory-%'")]
    connection.close()
    assert remembered == finished == read == {id.partition(":")[0] for id in embedded}
    assert len(embedded) == 2 * ROUNDS * ASKED
