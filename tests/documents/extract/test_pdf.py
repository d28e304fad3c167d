"""PDF: text with its pages, broken words, bookmarks, and the files that have no text."""

import io
import os
import stat
from pathlib import Path

import pytest
from documents.extract.made import pdf, put
from pypdf import PdfReader, PdfWriter

from gantry_edge.documents.extract import ExtractError, extract, ocr
from gantry_edge.documents.extract.writer import tidy


@pytest.fixture
def no_tesseract(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    ocr.available.cache_clear()


@pytest.fixture
def tesseract(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A program of that name, which says what size of picture it was given."""
    program = tmp_path / "bin" / "tesseract"
    program.parent.mkdir()
    program.write_text(
        '#!/bin/sh\n[ "$1" = --list-langs ] && { echo List; echo deu; echo eng; echo osd; exit; }\n'
        'read line; echo "words of a scan $line $4 $7 $8"\ncat >/dev/null\n'
    )
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}/bin{os.pathsep}/usr/bin")
    ocr.available.cache_clear()
    ocr._installed.cache_clear()


def test_pages_keep_their_places(tmp_path: Path) -> None:
    found = extract(put(tmp_path, "a.pdf", pdf("First page here.", "Second page here.")), "a.pdf")
    assert found.kind == "pdf"
    assert found.text[found.pages[1] :].startswith("Second page")
    assert found.text[: found.pages[1]].startswith("First page")


def test_words_that_a_line_end_broke_are_whole_again(tmp_path: Path) -> None:
    found = extract(put(tmp_path, "a.pdf", pdf("The word elec-\ntricity is long.")), "a.pdf")
    assert "electricity" in found.text


@pytest.mark.parametrize("mark", ["\ufffe", "\u00ad", "\x02", "\u00ad\r\n", "\ufffe\n"])
def test_marks_of_broken_words_go(mark: str) -> None:
    assert tidy(f"adip{mark}iscing") == "adipiscing"


def test_bookmarks_are_headings_at_their_place(tmp_path: Path) -> None:
    data = pdf("Some words first.\nChapter One\nText.", "Chapter Two\nMore.", outline=("Chapter One", "Chapter Two"))
    found = extract(put(tmp_path, "a.pdf", data), "a.pdf")
    assert [heading.title for heading in found.headings] == ["Chapter One", "Chapter Two"]
    for heading in found.headings:
        assert found.text[heading.offset :].startswith(heading.title)


def test_a_password_is_named(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("Secret."))))
    writer.encrypt("open", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    with pytest.raises(ExtractError, match="password"):
        extract(put(tmp_path, "a.pdf", buffer.getvalue()), "a.pdf")


def test_a_file_that_only_its_owner_may_change_can_be_read(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("Open words."))))
    writer.encrypt("", "owner", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    assert "Open words" in extract(put(tmp_path, "a.pdf", buffer.getvalue()), "a.pdf").text


@pytest.mark.usefixtures("no_tesseract")
def test_a_scan_is_told(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match="looks like a scan"):
        extract(put(tmp_path, "a.pdf", pdf("", "", image=True)), "a.pdf")


@pytest.mark.usefixtures("no_tesseract")
def test_scanned_pages_among_others_are_told(tmp_path: Path) -> None:
    found = extract(put(tmp_path, "a.pdf", pdf("Text.", "", image=True)), "a.pdf")
    assert "1 of 2 pages" in found.warning
    assert found.warning.endswith(": 2.")


@pytest.mark.usefixtures("no_tesseract")
def test_blank_pages_are_no_scan(tmp_path: Path) -> None:
    assert extract(put(tmp_path, "a.pdf", pdf("Text.", "")), "a.pdf").warning == ""
    with pytest.raises(ExtractError, match=r"No text was found in the file\."):
        extract(put(tmp_path, "b.pdf", pdf("")), "b.pdf")


@pytest.mark.usefixtures("tesseract")
def test_a_scan_is_read_where_tesseract_is_installed(tmp_path: Path) -> None:
    found = extract(put(tmp_path, "a.pdf", pdf("", "", image=True)), "a.pdf")
    assert found.text.count("words of a scan P5 2550 3301 255 eng+deu --psm 1") == 2
    assert len(found.pages) == 2
    assert "recognised" in found.warning


@pytest.mark.usefixtures("tesseract")
def test_a_scanned_page_among_others_is_read_in_its_place(tmp_path: Path) -> None:
    found = extract(put(tmp_path, "a.pdf", pdf("First.", "", "Last.", image=True)), "a.pdf")
    assert found.text.index("First.") < found.text.index("words of a scan") < found.text.index("Last.")
    assert found.text[found.pages[1] :].startswith("words of a scan")


@pytest.mark.parametrize("cut", [20, 200, 300])
def test_half_a_file_is_told(tmp_path: Path, cut: int) -> None:
    with pytest.raises(ExtractError, match="damaged"):
        extract(put(tmp_path, "a.pdf", pdf("Some words.")[:cut]), "a.pdf")


def test_a_lost_table_of_places_is_found_again(tmp_path: Path) -> None:
    data = pdf("Words that stay.").replace(b"startxref", b"startxxxx").replace(b"xref", b"yyyy")
    assert "Words that stay." in extract(put(tmp_path, "a.pdf", data), "a.pdf").text
