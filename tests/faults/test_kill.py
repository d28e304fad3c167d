"""`kill -9` in the middle of an answer, again and again."""

import random
import threading
import time
from pathlib import Path

import httpx
import pytest
from program import Program, events_of, model

from gantry_edge.models.script import script_text

pytestmark = [pytest.mark.slow, pytest.mark.alone]

KILLS = 50
PROMISED = 0.25  # seconds after which text is on disk


class Watcher(threading.Thread):
    """Asks and reads the answer until the connection breaks; notes when each text came."""

    def __init__(self, client: httpx.Client, seed: int) -> None:
        super().__init__()
        self.client = client
        self.body = {"content": f"Question {seed}", "model": model(f"say?tokens=1000&rate=100&seed={seed}")}
        self.started: dict[str, str] = {}
        self.heard: list[tuple[float, str]] = []
        self.began = threading.Event()

    def run(self) -> None:
        headers = {"Accept": "text/event-stream"}
        try:
            with self.client.stream("POST", "/api/chat", json=self.body, headers=headers) as response:
                for _, type, data in events_of(response.iter_lines()):
                    if type == "start":
                        self.started = data
                        self.began.set()
                    elif type == "delta":
                        self.heard.append((time.monotonic(), data["text"]))
        except httpx.TransportError:
            pass

    def heard_before(self, at: float) -> str:
        return "".join(text for when, text in self.heard if when < at)


def test_a_killed_server_keeps_what_was_acknowledged_or_older_than_promised(tmp_path: Path, endpoint: str) -> None:
    dice = random.Random(7)
    program = Program(tmp_path / "home", endpoint=endpoint).start()
    cookies = program.owner().cookies
    for seed in range(KILLS):
        watcher = Watcher(program.client(cookies), seed)
        watcher.start()
        assert watcher.began.wait(10)
        time.sleep(dice.uniform(0.0, 1.2))
        killed = time.monotonic()
        program.kill()
        watcher.join()
        program.start()
        client = program.client(cookies)
        conversation = watcher.started["conversation_id"]
        question, answer = client.get(f"/api/conversations/{conversation}/messages").raise_for_status().json()["items"]
        kept = "".join(part["text"] for part in answer["parts"])
        assert question["parts"] == [{"type": "text", "text": watcher.body["content"]}]
        assert answer["answer"]["status"] == "interrupted"
        assert kept.startswith(watcher.heard_before(killed - PROMISED))
        assert script_text(seed, 1000).startswith(kept)
    items = httpx.get(f"{program.url}/api/conversations?limit=200", cookies=cookies).json()["items"]
    assert len(items) == KILLS
    program.end()


def test_an_interrupted_answer_can_be_continued(program: Program) -> None:
    client = program.owner()
    watcher = Watcher(client, 1)
    watcher.start()
    assert watcher.began.wait(10)
    while not watcher.heard:
        time.sleep(0.05)
    time.sleep(0.5)
    program.kill()
    watcher.join()
    program.start()
    client = program.owner()
    headers = {"Accept": "application/json"}
    id = watcher.started["answer_id"]
    assert client.post(f"/api/answers/{id}/continue", headers=headers).status_code == 202
    time.sleep(0.3)
    client.post(f"/api/answers/{id}/stop").raise_for_status()
    url = f"/api/conversations/{watcher.started['conversation_id']}/messages"
    [_, answer] = client.get(url).json()["items"]
    assert answer["answer"]["status"] == "stopped"
    assert len(answer["parts"]) == 1
