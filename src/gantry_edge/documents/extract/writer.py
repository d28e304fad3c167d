"""Gathers the text of one document, clean, and remembers where pages and headings begin."""

import re
import sys
import unicodedata

from gantry_edge.documents.extract.result import NO_TEXT, TOO_LARGE, Extracted, ExtractError, Heading

MOST_TEXT = 10_000_000  # characters; 20 of the longest novels
MOST_HEADINGS = 20_000
LONGEST_TITLE = 200

_NEWLINES = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# PDFium writes U+FFFE, older versions U+0002, where a hyphen ended the line.
_BROKEN_WORD = re.compile("[\u00ad\ufffe\x02](?:[ \t]*\n[ \t]*(?=\\S))?")
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u2060\ufeff\uffff\ud800-\udfff]")
_LOOKALIKES = str.maketrans("\u00a0\u2007\u202f\uf0b7\uf0a7", "   ••") | str.maketrans(
    dict(zip("\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))
)
_GAP = re.compile(r"\n{4,}")


def tidy(text: str) -> str:
    """Words joined that a line end broke, one kind of line end and of space, nothing that cannot be seen."""
    if text.isascii() and text.isprintable():
        return text.rstrip(" ")
    text = _BROKEN_WORD.sub("", _NEWLINES.sub("\n", text))
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text).translate(_LOOKALIKES))
    return _GAP.sub("\n\n\n", "\n".join(line.rstrip(" \t") for line in text.split("\n")))


def one_line(text: str) -> str:
    return " ".join(text.split())


class Writer:
    def __init__(self) -> None:
        self._parts: list[str] = []
        self.length = 0
        self.pages: list[int] = []
        self.headings: list[Heading] = []
        self.warning = ""

    def page(self) -> None:
        """A page starts here."""
        self.pages.append(self.length)

    def heading(self, level: int, title: str) -> None:
        """A heading that is a paragraph of the text."""
        title = one_line(tidy(title))
        self.mark(level, title)
        self.paragraph(title)

    def mark(self, level: int, title: str, offset: int | None = None) -> None:
        """A heading that is known here, or at `offset`, and not written."""
        title = one_line(tidy(title))[:LONGEST_TITLE].rstrip()
        if title and len(self.headings) < MOST_HEADINGS:
            self.headings.append(Heading(self.length if offset is None else offset, level, sys.intern(title)))

    def paragraph(self, text: str) -> None:
        self._write(tidy(text).strip("\n "), "\n\n")

    def line(self, text: str) -> None:
        self._write(tidy(text).strip("\n "), "\n")

    def row(self, cells: list[str]) -> None:
        """One line of a table. Empty cells keep their place, but an empty row is none, nor are its empty last cells."""
        cells = [one_line(tidy(cell)) for cell in cells]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > 64:
            cells = [cell for cell in cells if cell]
        self._write(" | ".join(cells), "\n")

    def whole(self, text: str) -> str:
        """A text that keeps its form, with its indents; returns it as it was written."""
        text = tidy(text).strip("\n")
        self._write(text, "\n")
        return text

    def so_far(self) -> str:
        self._parts = ["".join(self._parts)]
        return self._parts[0]

    def gap(self) -> None:
        """An empty line after what is there, unless there is one."""
        if self._parts and self._parts[-1] != "\n" and not self._parts[-1].endswith("\n\n"):
            self._add("\n")

    def _write(self, text: str, end: str) -> None:
        if text:
            self._add(text + end)

    def _add(self, text: str) -> None:
        self.length += len(text)
        if self.length > MOST_TEXT:
            raise ExtractError(f"{TOO_LARGE}: it holds more than {MOST_TEXT // 1_000_000} million characters.")
        self._parts.append(text)

    def finish(self, kind: str) -> Extracted:
        text = "".join(self._parts).rstrip()
        if not text:
            raise ExtractError(NO_TEXT)
        headings = [heading for heading in self.headings if heading.offset < len(text)]
        headings.sort(key=lambda heading: heading.offset)
        return Extracted(kind, text, [min(page, len(text)) for page in self.pages], headings, self.warning)
