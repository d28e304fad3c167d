"""Two hundred documents are read while other people ask: what that costs them, and how much memory it takes."""

import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

import httpx
from program import Program, model, scripted_endpoint

from bench.retrieval import some_words
from gantry_edge.retrieval.embedder import Embedder

DOCUMENTS = 200
WORDS = 2000  # of each
AT_ONCE = 20  # files of one upload
QUIET = 5.0  # seconds of asking beforehand
PAUSE = 0.02  # seconds


class Repeat:
    """Does something again and again in a thread of its own, and keeps what it says."""

    def __init__(self, act: Callable[[], float]) -> None:
        self._act = act
        self._said: list[float] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while not self._over.wait(PAUSE):
            self._said.append(self._act())

    def end(self) -> list[float]:
        self._over.set()
        self._thread.join()
        return self._said


def run() -> dict[str, float]:
    texts = some_texts()
    with tempfile.TemporaryDirectory() as folder, scripted_endpoint() as endpoint:
        program = Program(Path(folder) / "home", endpoint=endpoint).start()
        owner, asker, watcher = program.owner(), program.owner(), program.client()
        quiet = Repeat(lambda: health(watcher)), Repeat(lambda: first_token(asker))
        time.sleep(QUIET)
        loop, token = (each.end() for each in quiet)
        began = time.monotonic()
        busy = Repeat(lambda: health(watcher)), Repeat(lambda: first_token(asker)), Repeat(lambda: memory(program.pid))
        upload(owner, texts)
        while waits(owner):
            time.sleep(0.5)
        took = time.monotonic() - began
        busy_loop, busy_token, held = (each.end() for each in busy)
        program.end()
    return {
        "documents": len(texts),
        "characters of them": sum(map(len, texts)),
        "characters per second": sum(map(len, texts)) / took,
        "health p50, ms": median(busy_loop),
        "health p99, ms": quantiles(busy_loop, n=100)[-1],
        "health p99 before, ms": quantiles(loop, n=100)[-1],
        "first token p50, ms": median(busy_token),
        "first token p99, ms": quantiles(busy_token, n=100)[-1],
        "first token p50 before, ms": median(token),
        "first token p99 before, ms": quantiles(token, n=100)[-1],
        "memory of all processes, most, MB": max(held),
    }


def some_texts() -> list[str]:
    words = some_words(Embedder())
    return ["\n\n".join(f"{words(20)}." for _ in range(WORDS // 20)) for _ in range(DOCUMENTS)]


def upload(client: httpx.Client, texts: list[str]) -> None:
    for at in range(0, len(texts), AT_ONCE):
        files = [("file", (f"{at + n}.txt", text.encode())) for n, text in enumerate(texts[at : at + AT_ONCE])]
        client.post("/api/documents", files=files).raise_for_status()


def waits(client: httpx.Client) -> bool:
    """Whether any is not read yet; the newest come first, and are read last."""
    items = client.get("/api/documents", params={"limit": DOCUMENTS}).raise_for_status().json()["items"]
    assert not [item for item in items if item["status"] == "failed"]
    return any(item["status"] != "ready" for item in items)


def health(client: httpx.Client) -> float:
    """Milliseconds of a request that touches nothing but the event loop."""
    began = time.perf_counter()
    client.get("/health").raise_for_status()
    return (time.perf_counter() - began) * 1000


def first_token(client: httpx.Client) -> float:
    """Milliseconds until somebody else's answer begins; it is read to its end."""
    began, first = time.perf_counter(), 0.0
    body = {"content": "Go", "model": model("say?tokens=3")}
    with client.stream("POST", "/api/chat", json=body, headers={"Accept": "text/event-stream"}) as reply:
        for line in reply.iter_lines():
            if line.startswith("event: delta") and not first:
                first = time.perf_counter()
    return (first - began) * 1000


def memory(pid: int) -> float:
    """Resident in the server and its children, in MB (10^6 bytes); a page they share counts once."""
    try:
        status = Path(f"/proc/{pid}/smaps_rollup").read_text()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # it has ended
        return 0.0
    resident = [int(line.split()[1]) for line in status.splitlines() if line.startswith("Pss:")]
    return sum(resident) * 1024 / 1e6 + sum(memory(int(child)) for child in children)
