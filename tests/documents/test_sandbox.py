"""The child that reads documents: its limits, its end, and what the server is told."""

import asyncio
import os
import resource
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from documents.extract.made import docx, paragraph, put

from gantry_edge.documents.extract.result import ExtractError
from gantry_edge.documents.sandbox import Limits, extract_in_child, kind_of_name

CHILD = [sys.executable, "-m", "gantry_edge.documents.extract_child"]
CODE = """
import msgspec, os, sys
from pathlib import Path
from gantry_edge.documents import extract, extract_child
from gantry_edge.documents.extract.result import Extracted

def hurt(path, name):
    {}
    return Extracted("text", "came through")

extract.extract = hurt
extract_child.main(sys.argv[2], sys.argv[3])
"""


def child_that(does: str) -> list[str]:
    return [sys.executable, "-c", CODE.format(does)]


async def read(does: str, path: Path, limits: Limits = Limits()) -> str:  # noqa: B008
    return (await extract_in_child(path, "a.txt", child_that(does), limits)).text


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state.rsplit(")", 1)[1].split()[0] != "Z"


async def test_a_document_comes_back_whole(tmp_path: Path) -> None:
    text = 'Grüße 🦆 "quoted" 名前 ' * 1000
    found = await extract_in_child(put(tmp_path, "stored", docx(paragraph(text.strip()))), "a.docx", CHILD)
    assert found.text == text.strip()
    assert found.kind == "docx"


async def test_a_reason_comes_back(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match=r"^The file is empty\.$"):
        await extract_in_child(put(tmp_path, "stored", b""), "a.pdf", CHILD)


@pytest.mark.parametrize(
    ("does", "limits", "said"),
    [
        ("x = bytearray(2_000_000_000)", Limits(), "too much memory"),
        ("while True: pass", Limits(cpu=1), "too long"),
        ("import time; time.sleep(60)", Limits(wall=0.5), "too long"),
        ("os.write(1, b'x' * 1_000_000); import time; time.sleep(60)", Limits(output=100_000), "too much text"),
        ("os.kill(os.getpid(), 11)", Limits(), "too large to read safely"),
        ("os.kill(os.getpid(), 9)", Limits(), "too large to read safely"),
        ("raise ZeroDivisionError", Limits(), "damaged"),
        ("os._exit(0)", Limits(), "damaged"),
        ("print('{}'); os._exit(0)", Limits(), "damaged"),
    ],
)
async def test_a_child_that_goes_wrong_is_a_sentence(tmp_path: Path, does: str, limits: Limits, said: str) -> None:
    with pytest.raises(ExtractError, match=said):
        await read(does, tmp_path, limits)


@pytest.mark.parametrize(
    "does",
    [
        "(Path(path) / 'new').write_bytes(b'x')",
        "import socket; socket.create_connection(('127.0.0.1', int(Path(path, 'port').read_text())), 2)",
        "os.environ['GANTRY_SECRET']",
        "[open('/dev/null') for _ in range(100)]",
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="these limits are Linux's")
async def test_what_a_reader_does_not_need_it_cannot_do(
    tmp_path: Path, does: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANTRY_SECRET", "x")
    if "socket" in does and not await _may_leave_the_network():
        pytest.skip("this kernel gives no network namespaces to plain users")
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    put(tmp_path, "port", str(server.sockets[0].getsockname()[1]))
    async with server:
        with pytest.raises(ExtractError, match="damaged"):
            await read(does, tmp_path)


async def _may_leave_the_network() -> bool:
    code = "import ctypes, sys; c = ctypes.CDLL(None); sys.exit(c.unshare(0x40000000) and c.unshare(0x50000000) and 1)"
    return await (await asyncio.create_subprocess_exec(sys.executable, "-c", code)).wait() == 0


async def test_open_files_of_the_server_are_closed_in_the_child(tmp_path: Path) -> None:
    with (tmp_path / "secret").open("w") as secret:
        os.set_inheritable(secret.fileno(), True)
        with pytest.raises(ExtractError, match="damaged"):
            await read(f"os.fstat({secret.fileno()})", tmp_path)


async def test_cancelling_ends_the_child_and_what_it_started(tmp_path: Path) -> None:
    task = asyncio.create_task(read("import subprocess; subprocess.run(['sleep', '60'])", tmp_path))
    child = await _child_of(os.getpid())
    grandchild = await _child_of(child)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await _gone(child)
    assert await _gone(grandchild)


async def _gone(pid: int) -> bool:
    for _ in range(500):
        if not alive(pid):
            return True
        await asyncio.sleep(0.02)
    return False


async def _child_of(parent: int) -> int:
    while True:
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(FileNotFoundError, ProcessLookupError):
                state, its_parent = stat.read_text().rsplit(")", 1)[1].split()[:2]
                if int(its_parent) == parent and state != "Z":
                    return int(stat.parent.name)
        await asyncio.sleep(0.02)


async def test_a_dead_parent_takes_its_child_along(tmp_path: Path) -> None:
    parent = (
        "import asyncio, pathlib, sys\n"
        "from gantry_edge.documents.sandbox import extract_in_child\n"
        "asyncio.run(extract_in_child(pathlib.Path(sys.argv[1]), 'a.txt', [sys.executable, '-c', sys.argv[2]]))"
    )
    marker = tmp_path / "pid"
    code = f"import os\nopen({str(marker)!r}, 'w').write(str(os.getpid()))\n" + CODE.format(
        "import time; time.sleep(60)"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", parent, str(tmp_path), code)
    while not marker.exists() or not marker.read_text():
        await asyncio.sleep(0.02)
    child = int(marker.read_text())
    assert alive(child)
    process.kill()
    await process.wait()
    assert await _gone(child)


async def test_a_program_that_does_not_start_is_told(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match="could not be started"):
        await extract_in_child(tmp_path, "a.txt", ["/nowhere/at/all"])


async def test_the_server_does_not_grow_with_what_a_child_eats(tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ExtractError, match="too large"):
        await read("x = bytearray(300_000_000); os.write(1, x)", tmp_path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # KB


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("report 2024.PDF", "document.PDF"),
        ("../../etc/passwd", "passwd"),
        ("Makefile", "Makefile"),
        ("--help", "document"),
        ("a.pdf\0.txt", "document.txt"),
        ("x.\n", "document"),
        ("名前.md", "document.md"),
        ("", "document"),
    ],
)
def test_the_child_is_told_only_the_ending_of_a_name(name: str, given: str) -> None:
    assert kind_of_name(name) == given
