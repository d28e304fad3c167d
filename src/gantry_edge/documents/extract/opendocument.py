"""OpenDocument: texts, spreadsheets and presentations."""

from typing import Any
from zipfile import ZipFile

from gantry_edge.documents.extract.result import PASSWORD, ExtractError
from gantry_edge.documents.extract.sheets import header
from gantry_edge.documents.extract.writer import Writer

URN = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
TEXT, TABLE, DRAW, OFFICE = (URN % name for name in ("text", "table", "drawing", "office"))
NOTES = URN % "presentation" + "notes"
SILENT = {f"{TEXT}tracked-changes", f"{OFFICE}annotation", f"{TEXT}sequence-decls", f"{OFFICE}forms"}
MOST_REPEATED = 64  # a style for the rest of the sheet is written as a million empty cells
ROWS = {f"{TABLE}table-header-rows", f"{TABLE}table-rows", f"{TABLE}table-row-group"}


def read(archive: ZipFile, writer: Writer) -> None:
    from lxml import etree

    if b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise ExtractError(PASSWORD)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(archive.read("content.xml"), parser)
    body = root.find(f"{OFFICE}body")
    if body is not None:
        for part in body:
            _walk(part, writer, sheets=part.tag == f"{OFFICE}spreadsheet")


def _walk(element: Any, writer: Writer, sheets: bool = False, mark: str = "") -> None:
    tag = element.tag
    if tag in SILENT or not isinstance(tag, str):
        return
    if tag == f"{TEXT}h":
        writer.gap()
        writer.heading(int(element.get(f"{TEXT}outline-level") or 1), _words(element))
    elif tag == f"{TEXT}p":
        text = _words(element)
        if mark:
            writer.line(mark + text)
        else:
            writer.paragraph(text)
        _walk_frames(element, writer)
    elif tag == f"{TABLE}table":
        _table(element, writer, sheets)
    else:
        if tag == f"{DRAW}page":
            writer.page()
            writer.mark(1, _title(element))
        for child in element:
            _walk(child, writer, sheets, "- " if tag == f"{TEXT}list-item" else mark)
        if tag in {f"{TEXT}list", f"{DRAW}page"}:
            writer.gap()


def _title(page: Any) -> str:
    frames = page.findall(f"{DRAW}frame")
    titles = [frame for frame in frames if frame.get(URN % "presentation" + "class") == "title"]
    return _words(titles[0]) if titles else ""


def _walk_frames(element: Any, writer: Writer) -> None:
    """Text boxes and footnotes hang in a paragraph, and follow it."""
    for inner in element.iter(f"{DRAW}text-box", f"{TEXT}note-body"):
        for child in inner:
            _walk(child, writer)


def _words(element: Any) -> str:
    parts = [element.text or ""]
    for child in element:
        tag = child.tag
        if tag == f"{TEXT}s":
            parts.append(" " * min(int(child.get(f"{TEXT}c") or 1), 100))
        elif tag == f"{TEXT}tab":
            parts.append("\t")
        elif tag == f"{TEXT}line-break":
            parts.append("\n")
        elif tag == f"{TEXT}note":
            parts.append("".join(f"[{mark.text}]" for mark in child.iter(f"{TEXT}note-citation") if mark.text))
        elif tag not in SILENT and tag != f"{DRAW}text-box" and isinstance(tag, str):
            parts.append(_words(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _table(table: Any, writer: Writer, sheet: bool) -> None:
    rows = [cells for cells in map(_cells, _rows_of(table)) if any(cells)]
    if sheet and rows:
        name = table.get(f"{TABLE}name") or ""
        writer.page()
        writer.mark(1, ": ".join(filter(None, (name, header(rows)))))
        writer.line(name)
    else:
        writer.gap()
    for cells in rows:
        writer.row(cells)
    writer.gap()


def _rows_of(table: Any) -> Any:
    for child in table:
        if child.tag == f"{TABLE}table-row":
            yield child
        elif child.tag in ROWS:
            yield from _rows_of(child)


def _cells(row: Any) -> list[str]:
    cells: list[str] = []
    for cell in row:
        if cell.tag in {f"{TABLE}table-cell", f"{TABLE}covered-table-cell"}:
            text = " ".join(_words(part) for part in cell.iter(f"{TEXT}p", f"{TEXT}h"))
            repeated = min(int(cell.get(f"{TABLE}number-columns-repeated") or 1), MOST_REPEATED)
            cells += [text] * repeated
    return cells
