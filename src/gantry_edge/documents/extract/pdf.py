"""PDF with PDFium; pypdf tries again where PDFium gives up, and knows the fields of forms."""

import re
from pathlib import Path
from typing import Any

from gantry_edge.documents.extract import ocr
from gantry_edge.documents.extract.result import DAMAGED, NO_TEXT, PASSWORD, SCAN, ExtractError
from gantry_edge.documents.extract.writer import Writer, one_line, tidy

NO_OCR = "Scans can be read where the program tesseract is installed on the server."
# Across a line end, between small letters: a hyphen that PDFium did not recognise as one of the line's end.
_HYPHEN = re.compile(r"(?<=[^\W\d_])-\n(?=[^\W\d_A-Z])")
_SPACES = re.compile(r"[ \t]{2,}")


def read(path: Path, writer: Writer) -> None:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise ExtractError(PASSWORD) from error
        _read_again(path, writer)
        return
    if len(document) == 0:
        _read_again(path, writer)
        return
    _read_pages(document, writer)
    _mark_outline(document, writer)
    if document.get_formtype():
        _write_fields(path, writer)


def _read_pages(document: Any, writer: Writer) -> None:
    """Pages that show something and hold no text are recognised in their place where that is possible, else told."""
    recognise = ocr.Recognizer(document) if ocr.available() else None
    missing: list[int] = []
    recognised = 0
    for number in range(len(document)):
        writer.page()
        before = writer.length
        _write_page(document, number, writer)
        if writer.length > before or not _shows_something(document, number):
            continue
        text = recognise.page(number) if recognise else ""
        writer.paragraph(text)
        if writer.length > before:
            recognised += 1
        else:
            missing.append(number)
    if missing and not writer.length:
        raise ExtractError(f"{SCAN} {'Nothing in it could be recognised.' if recognise else NO_OCR}")
    if not writer.length:
        raise ExtractError(NO_TEXT)
    if recognised:
        writer.warning = "Text was recognised from scanned pages and may hold mistakes. "
    if missing:
        those = ", ".join(str(number + 1) for number in missing[:10]) + (" and others" if len(missing) > 10 else "")
        writer.warning += (
            f"No text was found on {len(missing)} of {len(document)} pages, which look like scans: {those}."
        )
    writer.warning = writer.warning.strip()


def _write_page(document: Any, number: int, writer: Writer) -> None:
    import pypdfium2

    try:
        page = document[number]
        text_page = page.get_textpage()
    except pypdfium2.PdfiumError:
        return
    text = tidy(text_page.get_text_range())
    text_page.close()
    page.close()
    writer.paragraph(_SPACES.sub(" ", _HYPHEN.sub("", text)))


def _shows_something(document: Any, number: int) -> bool:
    import pypdfium2

    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return False
    found = next(iter(page.get_objects(max_depth=2)), None) is not None
    page.close()
    return found


def _mark_outline(document: Any, writer: Writer) -> None:
    """The bookmarks are the headings; each is looked for on its page, else it stands at the page's start."""
    import pypdfium2

    text = writer.so_far()
    at = 0
    try:
        for bookmark in document.get_toc(max_depth=6):
            target = bookmark.get_dest()
            page = target.get_index() if target else None
            title = one_line(tidy(bookmark.get_title()))
            if page is None or not title or page >= len(writer.pages):
                continue
            start = writer.pages[page]
            end = writer.pages[page + 1] if page + 1 < len(writer.pages) else len(text)
            at = start if not start <= at < end else at
            found = re.compile(r"\s+".join(map(re.escape, title.split())), re.IGNORECASE).search(text, at, end)
            at = found.start() if found else at
            writer.mark(bookmark.level + 1, title, at)
    except (pypdfium2.PdfiumError, ValueError):
        return


def _write_fields(path: Path, writer: Writer) -> None:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        fields = PdfReader(path, strict=False).get_form_text_fields(full_qualified_name=False)
    except (PyPdfError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError):
        return
    writer.gap()
    for name, value in fields.items():
        if value and value not in writer.so_far():
            writer.line(f"{name}: {value}")


def _read_again(path: Path, writer: Writer) -> None:
    import logging

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(path, strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise ExtractError(PASSWORD)
        for page in reader.pages:
            writer.page()
            writer.paragraph(_HYPHEN.sub("", tidy(page.extract_text())))
    except (PyPdfError, NotImplementedError) as error:
        if not writer.length:
            raise ExtractError(DAMAGED) from error
    if not writer.length:
        raise ExtractError(DAMAGED)
    writer.warning = "The file is damaged; some of its text may be missing."
