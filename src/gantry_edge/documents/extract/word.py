"""DOCX: mammoth makes it HTML with its footnotes, text boxes and tables, and `markup` makes that text."""

import io
import zipfile
from pathlib import Path
from typing import Any

from gantry_edge.documents.extract import markup
from gantry_edge.documents.extract.writer import Writer

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"


def read(path: Path, writer: Writer) -> None:
    import mammoth

    with io.BytesIO() as copy:
        _with_readable_formulas(path, copy)
        html = mammoth.convert_to_html(
            copy, convert_image=_description, style_map="comment-reference => sup", external_file_access=False
        ).value
    markup.write(html, writer)
    _write_margins(path, writer)


def _description(image: Any) -> list[Any]:
    """What a picture says in words. It is never opened: it may lie outside of the file."""
    from mammoth import html

    return [html.text(f" {image.alt_text} ")] if image.alt_text else []


def _with_readable_formulas(path: Path, copy: io.BytesIO) -> None:
    """Mammoth leaves formulas out; here each becomes a run of its characters. What is no text is left behind."""
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(copy, "w") as target:
        for entry in archive.infolist():
            name = entry.filename
            if not name.lower().endswith((".xml", ".rels")):
                continue
            data = archive.read(entry)
            if b"oMath" in data:
                data = _spell_out(data)
            target.writestr(name, data)


def _write_margins(path: Path, writer: Writer) -> None:
    """Headers and footers, each said once, behind the text they would interrupt."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    said: dict[str, None] = {}
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            if name.startswith(("word/header", "word/footer")) and name.endswith(".xml"):
                for paragraph in etree.fromstring(archive.read(name), parser).iter("{*}p"):
                    said["".join(text.text or "" for text in paragraph.iter("{*}t"))] = None
    writer.gap()
    for line in said:
        writer.line(line)


def _spell_out(data: bytes) -> bytes:
    from lxml import etree

    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    for formula in list(root.iter(f"{M}oMath")):
        run = etree.Element(f"{W}r")
        etree.SubElement(run, f"{W}t").text = "".join(part.text or "" for part in formula.iter(f"{M}t"))
        run.tail = formula.tail
        parent = formula.getparent()
        if parent is None:
            continue
        if parent.tag == f"{M}oMathPara":
            parent.tag = f"{W}r"
            parent.replace(formula, run[0])
        else:
            parent.replace(formula, run)
    return bytes(etree.tostring(root))
