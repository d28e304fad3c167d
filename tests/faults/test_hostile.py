"""Files made to hurt, sent to the real program: each fails with a reason, and nobody else notices."""

import threading
import time
import zlib
from pathlib import Path

import pytest
from documents.extract.made import W, docx, epub, opendocument, packed, paragraph, pdf
from program import Program

pytestmark = [pytest.mark.slow, pytest.mark.alone]

WITHIN = 120.0  # seconds for each
ROOM = 100  # MB that the server may grow by
ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "'
    + "&a;" * 1000
    + '"><!ENTITY c "'
    + "&b;" * 1000
    + '">]>'
)


def endless_pdf() -> bytes:
    """A page whose content unpacks to 200 MB of drawing."""
    stream = zlib.compress(b"0 0 m 9 9 l S " * 15_000_000, 9)
    head = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    head += b"2 0 obj\n<< /Type /Pages /Count 1 /Kids [3 0 R] >>\nendobj\n"
    head += b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>\nendobj\n"
    head += b"4 0 obj\n<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(stream)
    return head + stream + b"\nendstream\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def hostile() -> dict[str, bytes]:
    word = docx(paragraph("Text. " * 2000))
    deck = packed({"[Content_Types].xml": "presentationml", "ppt/presentation.xml": "<broken"})
    whole = {
        "a.docx": word,
        "a.epub": epub({"one": "<p>Text</p>" * 500}, ["one"]),
        "a.odt": opendocument("<text:p>Text</text:p>" * 500),
    }
    return {
        "bomb.docx": docx(paragraph("A" * 120_000_000)),
        "entities.docx": docx(paragraph("&c;"), head=ENTITIES),
        "deep.docx": packed(
            {
                "[Content_Types].xml": "wordprocessingml",
                "word/document.xml": f'<w:document xmlns:w="{W}">' + "<w:p>" * 500_000,
            }
        ),
        "endless.pdf": endless_pdf(),
        "broken.pptx": deck,
        **{f"half-{name}": data[: len(data) // 2] for name, data in whole.items()},
        "half.pdf": pdf("A page of text")[:60],
        "picture.pdf": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
        "noise.bin": zlib.compress(bytes(range(256)) * 1000) * 30,
        "locked.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000),
        "empty.txt": b"",
        "endless.txt": b"word " * 3_000_000,
    }


def memory(pid: int) -> float:
    """MB that the server holds."""
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(fields["VmRSS"].split()[0]) / 1024


def test_every_hostile_file_fails_with_a_reason_and_harms_nobody(tmp_path: Path) -> None:
    program = Program(tmp_path / "home").start()
    client, watcher = program.owner(), program.client()
    before = most = memory(program.pid)
    delays: list[float] = []
    over = threading.Event()

    def watch() -> None:
        nonlocal most
        while not over.wait(0.05):
            began = time.monotonic()
            assert watcher.get("/health", timeout=5).is_success
            delays.append(time.monotonic() - began)
            most = max(most, memory(program.pid))

    watching = threading.Thread(target=watch)
    watching.start()
    outcomes: dict[str, tuple[str, str]] = {}
    for name, data in hostile().items():
        response = client.post("/api/documents", files=[("file", (name, data))])
        (document,) = response.raise_for_status().json()["items"]
        until = time.monotonic() + WITHIN
        while document["status"] not in ("ready", "failed"):
            assert time.monotonic() < until, name
            time.sleep(0.05)
            document = client.get(f"/api/documents/{document['id']}").json()
        outcomes[name] = document["status"], (document["error"] or {}).get("detail", "")
    over.set()
    watching.join()
    slowest = sorted(delays)[int(len(delays) * 0.99)] * 1000
    print(f"health p99 {slowest:.0f} ms of {len(delays)}; server {before:.0f} MB, at most {most:.0f} MB")
    for name, outcome in outcomes.items():
        print(f"{name:<18} {outcome}")
    program.end()
    assert [name for name, (status, reason) in outcomes.items() if status != "failed" or not reason] == []
    assert most - before < ROOM
