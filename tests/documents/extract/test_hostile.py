"""Files made to hurt: bombs, entities, links that lead out."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from documents.extract.made import OFFICE, W, docx, epub, opendocument, packed, paragraph, put

from gantry_edge.documents.extract import ExtractError, archive, extract

CANARY = "canary 7391"


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    return put(tmp_path, "canary.txt", CANARY)


@pytest.fixture
def listener() -> Iterator[tuple[str, list[object]]]:
    """An address, and who came to it."""
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                came.append(connection)
                connection.close()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/x", came
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = docx(paragraph("A" * 101_000_000))
    assert len(bomb) < 500_000
    with pytest.raises(ExtractError, match="too large to read safely"):
        extract(put(tmp_path, "a.docx", bomb), "a.docx")


def test_a_small_bomb_is_known_by_its_ratio(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match="bomb"):
        extract(put(tmp_path, "a.docx", docx(paragraph("A" * 20_000_000))), "a.docx")


def test_an_archive_of_many_parts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match="too large to read safely"):
        extract(
            put(tmp_path, "a.docx", packed({f"word/{n}.xml": "" for n in range(archive.MOST_ENTRIES + 1)})), "a.docx"
        )


def test_a_part_gives_no_more_than_it_declared(tmp_path: Path) -> None:
    data = docx(paragraph("A" * 500_000))
    real = archive.open_checked(put(tmp_path, "x", data)).getinfo("word/document.xml").file_size
    lying = data.replace(real.to_bytes(4, "little"), (600).to_bytes(4, "little"))
    with pytest.raises(ExtractError):
        extract(put(tmp_path, "a.docx", lying), "a.docx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(tmp_path: Path, encoding: str, canary: Path) -> None:
    head = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY x SYSTEM "file://{canary}">]>'
    body = f'{head}<w:document xmlns:w="{W}"><w:body>{paragraph("&x;")}</w:body></w:document>'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "wordprocessingml",
        "word/document.xml": body.encode(encoding),
    }
    with pytest.raises(ExtractError, match="entities"):
        extract(put(tmp_path, "a.docx", packed(parts)), "a.docx")


def test_an_encoding_that_could_hide_a_declaration_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match="entities"):
        extract(put(tmp_path, "a.docx", docx(paragraph("x"), head='<?xml version="1.0" encoding="utf-7"?>')), "a.docx")


def test_entities_in_a_book_are_refused(tmp_path: Path, canary: Path) -> None:
    book = epub({"a": f'<!ENTITY x SYSTEM "file://{canary}"><p>&x;</p>'}, ["a"])
    with pytest.raises(ExtractError, match="entities"):
        extract(put(tmp_path, "a.epub", book), "a.epub")


def test_entities_in_opendocument_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match="entities"):
        extract(put(tmp_path, "a.odt", opendocument("<!DOCTYPE a><text:p>x</text:p>")), "a.odt")


def test_no_relationship_is_followed(tmp_path: Path, canary: Path, listener: tuple[str, list[object]]) -> None:
    url, came = listener
    links = "".join(
        f'<Relationship Id="x{n}" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'
        for n, (kind, target) in enumerate([("image", url), ("image", f"file://{canary}"), ("attachedTemplate", url)])
    )
    drawing = (
        '<w:p><w:r><w:drawing xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><wp:inline><wp:docPr descr="A pond"/>'
        '<a:graphic><a:graphicData><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill>'
        '<a:blip r:link="{}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
    )
    body = paragraph("Text.") + drawing.format("x0") + drawing.format("x1")
    found = extract(put(tmp_path, "a.docx", docx(body, links)), "a.docx")
    assert "Text." in found.text
    assert "A pond" in found.text
    assert CANARY not in found.text
    assert not came


def test_a_page_loads_nothing(tmp_path: Path, canary: Path, listener: tuple[str, list[object]]) -> None:
    url, came = listener
    page = (
        f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "file://{canary}">]><html><head><link href="{url}"/>'
        f'<base href="{url}"/></head><body><p>Text. &x;</p><img src="{url}"/>'
        f'<iframe src="{url}"></iframe></body></html>'
    )
    found = extract(put(tmp_path, "a.html", page), "a.html")
    assert "Text." in found.text
    assert CANARY not in found.text
    assert not came


def test_a_page_of_endless_depth_ends(tmp_path: Path) -> None:
    page = "<html><p>near</p>" + "<div>" * 100_000 + "deep"
    assert extract(put(tmp_path, "a.html", page), "a.html").text.startswith("near")


def test_more_text_than_anybody_reads(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match="10 million characters"):
        extract(put(tmp_path, "a.txt", "word " * 2_100_000), "a.txt")
