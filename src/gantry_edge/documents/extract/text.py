"""Plain text, Markdown, source code and tables in text."""

import csv
import re
from collections.abc import Iterator

from gantry_edge.documents.extract.decode import decode
from gantry_edge.documents.extract.sheets import header
from gantry_edge.documents.extract.writer import Writer

DELIMITERS = ",;\t|"
SAMPLE_ROWS = 50
_FENCE = re.compile(r"[ \t]*(```|~~~)")
_HASHES = re.compile(r" {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
LONGEST_TITLE = 500  # characters
_EMBEDDED = re.compile(r"data:[\w/+.-]+;base64,[A-Za-z0-9+/=\s]{200,}")


def read(kind: str, data: bytes, writer: Writer) -> None:
    text = decode(data)
    if kind == "csv":
        write_table(text, writer)
    elif kind == "text":
        write_plain(text, writer)
    elif kind == "markdown":
        for offset, level, title in markdown_headings(writer.whole(_EMBEDDED.sub("", text))):
            writer.mark(level, title, offset)
    else:
        writer.whole(text)


def write_plain(text: str, writer: Writer) -> None:
    """A form feed is the only page that plain text knows."""
    pages = text.split("\f")
    for page in pages:
        if len(pages) > 1:
            writer.page()
        writer.whole(page)


def markdown_headings(text: str) -> Iterator[tuple[int, int, str]]:
    """(offset, level, title), as `# Title` or underlined, but not in code."""
    offset, before, fence = 0, "", ""
    for line in text.splitlines(keepends=True):
        if len(line) > LONGEST_TITLE:
            offset, before = offset + len(line), ""
            continue
        mark = _FENCE.match(line)
        if mark and (not fence or fence == mark[1]):
            fence = "" if fence else mark[1]
        elif not fence and (found := _HASHES.match(line.rstrip("\n"))):
            yield offset, len(found[1]), found[2]
        elif not fence and _is_title(before) and (found := _UNDERLINE.match(line.rstrip("\n"))):
            yield offset - len(before), 1 if found[1][0] == "=" else 2, before.strip()
        before = "" if fence or mark else line
        offset += len(line)


def _is_title(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith(("#", "-", "*", ">", "|", "+")) and line.strip() != "---"


def write_table(text: str, writer: Writer) -> None:
    csv.field_size_limit(2**31 - 1)
    text = text.replace("\0", "")
    delimiter = find_delimiter(text)
    rows = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    first: list[list[str]] = []
    for row in rows:
        if any(cell.strip() for cell in row):
            first.append(row)
        if len(first) == 2:
            break
    if first:
        writer.mark(1, header(first))
    for row in first:
        writer.row(row)
    for row in rows:
        writer.row(row)


def find_delimiter(text: str) -> str:
    """The one that gives most lines the same number of cells; `csv.Sniffer` takes letters for delimiters."""
    lines = text[:100_000].splitlines(keepends=True)[: SAMPLE_ROWS + 1]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        return lines[0][4]
    best, most = ",", 0.0
    for delimiter in DELIMITERS:
        widths = [len(row) for row in csv.reader(lines[:SAMPLE_ROWS], delimiter=delimiter) if row]
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        score = widths.count(usual) / len(widths) * min(usual, 5) if usual > 1 else 0.0
        if score > most:
            best, most = delimiter, score
    return best
