"""`make measure`: how large the program is, how soon it is there, and what it holds in memory."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))
SINGLE = Path((ROOT / "build" / "single").read_text())
FOLDER = ROOT / "dist" / "gantry-edge" / "gantry-edge"
os.environ["PROGRAM"] = str(SINGLE)  # before the import of `program`

import program  # noqa: E402

RUNS = 5
LIMITS = {  # of what the program promises: megabytes, seconds
    "single file": 250,
    "single file, no model": 120,
    "folder, first start: first page": 0.5,
    "folder, first start: ready": 1.5,
    "folder, later start: first page": 0.5,
    "folder, later start: ready": 1.5,
    "single file, later start: first page": 1.0,
    "single file, later start: ready": 1.0,
    "single file: --version": 0.5,
    "memory, idle": 150,
    "memory, after use": 320,
}


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        work = Path(place)
        os.environ["XDG_CACHE_HOME"] = str(work / "cache")
        tell("single file", SINGLE.stat().st_size / 1e6, "MB")
        tell("single file, no model", SINGLE.with_name(f"{SINGLE.name}-no-model").stat().st_size / 1e6, "MB")
        tell(
            "folder", sum(path.stat().st_size for path in FOLDER.parent.rglob("*") if not path.is_symlink()) / 1e6, "MB"
        )
        tell_starts("single file, first start", SINGLE, [work / "single"])  # unpacks
        tell_starts("single file, later start", SINGLE, [work / "single"] * RUNS)
        tell_starts("folder, first start", FOLDER, [work / f"folder-{run}" for run in range(RUNS)])
        tell_starts("folder, later start", FOLDER, [work / "folder-0"] * RUNS)
        tell("single file: --version", min(timed(version) for _ in range(RUNS)), "s")
        tell_memory(work)


def tell(what: str, value: float, unit: str) -> None:
    limit = LIMITS.get(what)
    print(f"{what:<40} {value:8.2f} {unit:<3} {'' if limit is None else f'of {limit}'}", flush=True)


def tell_starts(what: str, command: Path, homes: list[Path]) -> None:
    """The best of the starts on these data folders: seconds to the first page and to being ready, the engine apart."""
    found = [first_page_and_ready(command, home) for home in homes]
    tell(f"{what}: first page", min(page for page, _ in found), "s")
    tell(f"{what}: ready", min(ready for _, ready in found), "s")


def first_page_and_ready(command: Path, home: Path) -> tuple[float, float]:
    program.COMMAND[:] = [str(command)]
    began = time.monotonic()
    server = program.Program(home, engine=True)
    server.listen(60)
    client = server.client()
    client.get("/").raise_for_status()
    page = time.monotonic() - began
    while not client.get("/ready").is_success:
        time.sleep(0.01)
    ready = time.monotonic() - began
    server.end()
    return page, ready


def timed(act: Callable[[], None]) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began


def version() -> None:
    subprocess.run([SINGLE, "--version"], check=True, stdout=subprocess.DEVNULL)


def tell_memory(work: Path) -> None:
    program.COMMAND[:] = [str(SINGLE)]
    server = program.Program(work / "memory").start(60)
    time.sleep(5)
    tell("memory, idle", memory(server.pid), "MB")
    client = server.owner()
    use(client)
    time.sleep(5)
    tell("memory, after use", memory(server.pid), "MB")
    for pid in children(server.pid):
        tell(f"  a child of it: {name_of(pid)}", memory(pid), "MB")
    server.end()


def use(client: httpx.Client) -> None:
    text = b"The keeper of the lighthouse is called Marguerite. " * 400
    client.post("/api/documents", files={"file": ("notes.txt", text)}).raise_for_status()
    while {each["status"] for each in client.get("/api/documents").json()["items"]} != {"ready"}:
        time.sleep(0.2)
    client.post("/api/documents/search", json={"query": "Who keeps the lighthouse?"}).raise_for_status()


def memory(pid: int) -> float:
    """Resident, in MB (10^6 bytes)."""
    [line] = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) * 1024 / 1e6


def children(pid: int) -> list[int]:
    found = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return found + [below for child in found for below in children(child)]


def name_of(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    return words[1] if len(words) > 1 else words[0]


if __name__ == "__main__":
    main()
