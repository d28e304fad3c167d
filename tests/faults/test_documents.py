"""Documents across kills: what an interrupted library holds is what an undisturbed one would."""

import random
import sqlite3
import subprocess
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from program import COMMAND, Program, model, scripted_endpoint

pytestmark = pytest.mark.slow

FILES = 50
KILLS = 20
PARTS_EACH = 20
MARKER = "Zyxomatic"


def text_of(number: int) -> str:
    many = random.Random(number).randint(5, 300)
    return " ".join(f"Record {number}.{at} says that the bridge was {at * number} feet long." for at in range(many))


def send(client: httpx.Client, numbers: range) -> None:
    for first in range(numbers.start, numbers.stop, PARTS_EACH):
        some = range(first, min(first + PARTS_EACH, numbers.stop))
        parts = [("file", (f"{number}.txt", text_of(number).encode())) for number in some]
        client.post("/api/documents", files=parts).raise_for_status()


def listed(client: httpx.Client) -> list[dict[str, Any]]:
    return client.get("/api/documents", params={"limit": 200}).json()["items"]  # type: ignore[no-any-return]


def wait_until_read(client: httpx.Client, seconds: float = 300) -> None:
    until = time.monotonic() + seconds
    while any(document["status"] not in ("ready", "failed") for document in listed(client)):
        assert time.monotonic() < until
        time.sleep(0.2)


def chunks(home: Path) -> list[tuple[Any, ...]]:
    """What each file has become, ids left out: they follow from the document's."""
    connection = sqlite3.connect(home / "gantry.db")
    rows = connection.execute(
        "SELECT d.name, k.seq, k.begins, k.ends, k.text FROM documents d JOIN chunks k ON k.document_id = d.id"
        " JOIN embeddings e ON e.chunk_id = k.id WHERE d.status = 'ready' ORDER BY d.name, k.seq"
    ).fetchall()
    connection.close()
    return rows


def test_twenty_kills_leave_what_an_undisturbed_run_would(tmp_path: Path) -> None:
    calm = Program(tmp_path / "calm").start()
    client = calm.owner()
    send(client, range(FILES))
    wait_until_read(client)
    calm.end()
    wild = Program(tmp_path / "wild").start()
    send(wild.owner(), range(FILES))
    dice = random.Random(7)
    for _ in range(KILLS):
        time.sleep(dice.uniform(0.05, 1.5))
        wild.kill()
        wild.start()
    client = wild.owner()
    wait_until_read(client)
    assert {document["status"] for document in listed(client)} == {"ready"}
    assert len(listed(client)) == FILES
    wild.end()
    expected, found = chunks(tmp_path / "calm"), chunks(tmp_path / "wild")
    assert found == expected
    assert len(expected) > FILES


def test_nothing_of_a_deleted_document_is_left_in_the_data_folder(tmp_path: Path) -> None:
    """With an answer that rested on it, and with the index's own folder in use."""
    home = tmp_path / "home"
    sentences = " ".join(f"{MARKER} keeps the lamp number {at} of the northern harbour." for at in range(400))
    files = [("file", ("lamps.txt", sentences.encode())), ("file", ("kept.txt", text_of(3).encode()))]
    with scripted_endpoint() as endpoint:
        program = Program(home, endpoint=endpoint).start()
        client = program.owner()
        id = client.post("/api/documents", files=files).raise_for_status().json()["items"][0]["id"]
        wait_until_read(client)
        program.end()
        subprocess.run([*COMMAND, "reindex", "--data-dir", str(home)], check=True, capture_output=True)
        client = program.start().owner()
        question = "Who keeps the lamps of the northern harbour?"
        assert MARKER in client.post("/api/documents/search", json={"query": question}).text
        asked = {"content": question, "scope": {}, "model": model("say?tokens=5")}
        assert MARKER in client.post("/api/chat", json=asked, headers={"Accept": "text/event-stream"}).text
        assert places(home)
        assert list(home.rglob("chroma.sqlite3"))
        client.delete(f"/api/documents/{id}").raise_for_status()
        skip_the_undo(home)
        until = time.monotonic() + 60
        while left := places(home):
            assert time.monotonic() < until, left
            time.sleep(0.5)
        program.kill()
        assert places(home) == []
        assert places(tmp_path) == []  # the log


def skip_the_undo(home: Path) -> None:
    with closing(sqlite3.connect(home / "gantry.db")) as connection, connection:
        connection.execute("UPDATE jobs SET run_at = 0 WHERE kind = 'erase'")


def places(home: Path) -> list[Path]:
    """Files with the marker in them, whichever way it is written."""
    spelled = [MARKER.lower().encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")]
    found: list[Path] = []
    for path in home.rglob("*"):
        with suppress(FileNotFoundError):
            data = path.read_bytes().lower() if path.is_file() else b""
            if any(word in data for word in spelled):
                found.append(path)
    return found
