"""Word, PowerPoint, Excel, OpenDocument and EPUB."""

import datetime
from pathlib import Path

import openpyxl
import pptx
import pytest
from documents.extract.made import W, docx, epub, opendocument, packed, paragraph, put
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from gantry_edge.documents.extract import Extracted, ExtractError, extract


def read_docx(folder: Path, body: str, **more: str) -> Extracted:
    return extract(put(folder, "a.docx", docx(body, **more)), "a.docx")


def table(*rows: tuple[str, ...]) -> str:
    cells = "".join(f"<w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in row)}</w:tr>" for row in rows)
    return f"<w:tbl>{cells}</w:tbl>"


def test_headings_and_paragraphs_of_word(tmp_path: Path) -> None:
    found = read_docx(tmp_path, paragraph("Intro", "Heading1") + paragraph("One.") + paragraph("Deep", "Heading2"))
    assert [(heading.level, heading.title) for heading in found.headings] == [(1, "Intro"), (2, "Deep")]
    assert found.text[found.headings[1].offset :].startswith("Deep")
    assert "Intro\n\nOne." in found.text


def test_rows_of_a_table_are_lines(tmp_path: Path) -> None:
    found = read_docx(tmp_path, table((paragraph("a"), paragraph("b")), (paragraph("1"), paragraph("2"))))
    assert found.text.split("\n") == ["a | b", "1 | 2"]


def test_a_table_in_a_table_keeps_its_rows(tmp_path: Path) -> None:
    inner = table((paragraph("a"), paragraph("b")), (paragraph("1"), paragraph("2")))
    found = read_docx(tmp_path, table((paragraph("outer"), inner + paragraph("after"))))
    assert [line for line in found.text.split("\n") if line] == ["outer", "a | b", "1 | 2", "after"]


def test_footnotes_are_read(tmp_path: Path) -> None:
    body = f"<w:p><w:r><w:t>Text</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r></w:p>{paragraph('End.')}"
    notes = (
        f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="2">{paragraph("What it says below.")}</w:footnote></w:footnotes>'
    )
    assert "What it says below." in read_docx(tmp_path, body, footnotes=notes).text


def test_headers_are_said_once_and_last(tmp_path: Path) -> None:
    header = f'<w:hdr xmlns:w="{W}">{paragraph("Company secret 42")}</w:hdr>'
    found = read_docx(tmp_path, paragraph("Text."), header1=header, header2=header)
    assert found.text == "Text.\n\nCompany secret 42"


@pytest.mark.parametrize("wrap", ["<m:oMath>{}</m:oMath>", "<m:oMathPara><m:oMath>{}</m:oMath></m:oMathPara>"])
def test_formulas_keep_their_characters(tmp_path: Path, wrap: str) -> None:
    formula = wrap.format("<m:r><m:t>E=m</m:t></m:r><m:sSup><m:e><m:r><m:t>c²</m:t></m:r></m:e></m:sSup>")
    found = read_docx(tmp_path, f"<w:p><w:r><w:t>So </w:t></w:r>{formula}<w:r><w:t> holds.</w:t></w:r></w:p>")
    assert found.text == "So E=mc² holds."


def test_a_word_file_without_words_is_told(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match="No text"):
        read_docx(tmp_path, paragraph(""))


@pytest.mark.parametrize("size", [4, 100, 400])
def test_a_broken_archive_is_told(tmp_path: Path, size: int) -> None:
    with pytest.raises(ExtractError):
        extract(put(tmp_path, "a.docx", docx(paragraph("Text."))[:size]), "a.docx")


def test_a_slide_gives_title_text_table_chart_and_notes(tmp_path: Path) -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    assert slide.shapes.title is not None
    slide.shapes.title.text = "Results"
    rows = slide.shapes.add_table(1, 3, Inches(1), Inches(1), Inches(4), Inches(1)).table.rows
    for cell, text in zip(rows[0].cells, ("Tangerine", "Pink", "Aqua"), strict=True):
        cell.text = text
    chart = CategoryChartData()  # type: ignore[no-untyped-call]
    chart.categories = ["East", "West"]
    chart.add_series("Sales", (3.5, 4))  # type: ignore[no-untyped-call]
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(3), Inches(4), Inches(2), chart)
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, 9, 9).text_frame.text = "Within a group"
    slide.notes_slide.notes_text_frame.text = "Say it slowly."
    deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = "Second"
    deck.save(str(tmp_path / "a.pptx"))
    found = extract(tmp_path / "a.pptx", "a.pptx")
    lines = found.text.split("\n")
    for line in ("Tangerine | Pink | Aqua", "East | 3.5", "West | 4", "Within a group", "Notes: Say it slowly."):
        assert line in lines
    assert [heading.title for heading in found.headings] == ["Results", "Second"]
    assert found.text[found.pages[1] :] == "Second"


def test_a_chart_of_any_kind_is_read(tmp_path: Path) -> None:
    deck = pptx.Presentation()
    chart = CategoryChartData()  # type: ignore[no-untyped-call]
    chart.categories = ["East", "West"]
    chart.add_series("Sales", (3.5, None))  # type: ignore[no-untyped-call]
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    frame = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, Inches(4), Inches(2), chart)
    frame.chart._chartSpace.xpath(".//c:barChart")[
        0
    ].tag = "{http://schemas.openxmlformats.org/drawingml/2006/chart}bar3DChart"
    deck.save(str(tmp_path / "a.pptx"))
    assert extract(tmp_path / "a.pptx", "a.pptx").text.split("\n")[-3:] == [" | Sales", "East | 3.5", "West"]


def test_sheets_are_pages_and_values_look_as_on_the_screen(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "Staff"
    for row in (["Name", "Since", "Share"], ["Ann", datetime.datetime(2024, 5, 1), 0.15], ["Bob", None, 3.0]):
        first.append(row)
    first["C2"].number_format = "0%"
    book.create_sheet("Empty")
    book.create_sheet("More").append(["key", 12.5, True])
    book.save(tmp_path / "stored")  # as stored files are: without an ending
    found = extract(tmp_path / "stored", "a.xlsx")
    assert found.text.split("\n") == [
        "Staff", "Name | Since | Share", "Ann | 2024-05-01 | 15%", "Bob |  | 3", "", "More", "key | 12.5 | TRUE",
    ]  # fmt: skip
    assert [heading.title for heading in found.headings] == ["Staff: Name, Since, Share", "More"]
    assert len(found.pages) == 2


def test_a_book_of_formulas_that_nobody_computed_shows_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["=1+1"])
    book.save(tmp_path / "stored")
    assert "=1+1" in extract(tmp_path / "stored", "a.xlsx").text


def test_a_sheet_that_lies_about_its_size(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "near"
    book.active["XFD1048576"] = "far"
    book.save(tmp_path / "stored")
    assert extract(tmp_path / "stored", "a.xlsx").text == "Sheet\nnear\nfar"


def test_a_book_is_read_in_the_order_of_its_spine(tmp_path: Path) -> None:
    chapters = {
        "b": "<h1>Two</h1><p>Later&nbsp;on.</p>",
        "a": '<h1>One</h1><p><a id="x"/>First.</p>',
        "c": "<p>Lost.</p>",
    }
    found = extract(put(tmp_path, "a.epub", epub(chapters, ["a", "b"])), "a.epub")
    assert found.text == "One\n\nFirst.\n\nTwo\n\nLater on."
    assert [found.text[page:][:3] for page in found.pages] == ["One", "Two"]


def test_a_protected_book_is_told(tmp_path: Path) -> None:
    lock = '<encryption><EncryptedData><EncryptionMethod Algorithm="aes"/></EncryptedData></encryption>'
    with pytest.raises(ExtractError, match="protected"):
        extract(put(tmp_path, "a.epub", epub({"a": "<p>x</p>"}, ["a"], encryption=lock)), "a.epub")


def test_opendocument_text_lists_tables_and_notes(tmp_path: Path) -> None:
    body = (
        '<text:h text:outline-level="2">Title</text:h><text:p>One<text:s text:c="2"/>two<text:note>'
        "<text:note-citation>1</text:note-citation><text:note-body><text:p>Below.</text:p></text:note-body></text:note>.</text:p>"
        "<text:list><text:list-item><text:p>first</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>"
        "<table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>"
    )
    found = extract(put(tmp_path, "a.odt", opendocument(body)), "a.odt")
    assert found.kind == "odt"
    assert found.text == "Title\n\nOne  two[1].\n\nBelow.\n\n- first\n\na | b"
    assert found.headings[0].level == 2


def test_opendocument_sheets(tmp_path: Path) -> None:
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    empty = '<table:table-cell table:number-columns-repeated="16000"/>'
    rows = "".join(
        f"<table:table-row>{cell.format(a)}{cell.format(b)}{empty}</table:table-row>" for a, b in ("xy", "12")
    )
    body = f'<table:table table:name="S">{rows}</table:table>'
    found = extract(put(tmp_path, "a.ods", opendocument(body, "spreadsheet")), "a.ods")
    assert (found.kind, found.text) == ("ods", "S\nx | y\n1 | 2")


def test_an_encrypted_opendocument_is_told(tmp_path: Path) -> None:
    data = opendocument("", manifest="<manifest:encryption-data xmlns:manifest='m'/>")
    with pytest.raises(ExtractError, match="password"):
        extract(put(tmp_path, "a.odt", data), "a.odt")


@pytest.mark.parametrize(
    ("mark", "said"), [("EncryptedPackage", "password"), ("WordDocument", "docx"), ("None", "not a document")]
)
def test_old_and_locked_office_files_are_told(tmp_path: Path, mark: str, said: str) -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + mark.encode("utf-16-le") + bytes(600)
    with pytest.raises(ExtractError, match=said):
        extract(put(tmp_path, "a.xlsx", data), "a.xlsx")


def test_any_other_archive_is_told(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match="Unpack it"):
        extract(put(tmp_path, "a.docx", packed({"a.txt": "x"})), "a.docx")
