"""HTML to text: paragraphs, headings, lists, and tables as rows; nothing of scripts, styles and menus."""

import re
from typing import Any

from gantry_edge.documents.extract.decode import decode_markup
from gantry_edge.documents.extract.writer import Writer

_SILENT = """
    script style noscript template svg iframe object embed applet canvas audio video map nav button select datalist
    dialog head
"""
_BLOCKS = """
    address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form header hr
    html legend li main menu ol p pre section summary table caption tbody td tfoot th thead tr ul
"""
_VOID = "area base br col embed hr img input link meta param source track wbr"
VOID = frozenset(_VOID.split())
SILENT = frozenset(_SILENT.split())
BLOCKS = frozenset(_BLOCKS.split())
HEADINGS = {f"h{level}": level for level in range(1, 7)}
LONGEST_CELL = 2000  # characters; a longer one is no cell but a layout
LONGEST_SAID_AGAIN = 100  # characters of a cell over several rows, in the rows below the first
MOST_SPAN = 100  # rows or columns
_CLOSED = re.compile(r"<([A-Za-z][\w:-]*)((?:\s[^<>]*?)?)/>")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")


def read(data: bytes, writer: Writer) -> None:
    write(decode_markup(data), writer)


def _opened(found: re.Match[str]) -> str:
    return found[0] if found[1].lower() in VOID else f"<{found[1]}{found[2]}></{found[1]}>"


def write(html: str, writer: Writer) -> None:
    from lxml import etree

    # libxml2 follows no address while it parses HTML, expands no entity but HTML's own, and stops at 256 levels.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    if "<?xml" in html[:200] or "xhtml" in html[:500].lower():  # where <title/> is whole; in HTML it would never end
        html = _CLOSED.sub(_opened, html)
    root = etree.fromstring(html.encode("utf-8", "replace"), parser)
    if root is None:
        return
    title = root.findtext(".//head/title")
    flow = Flow(writer)
    if title and title.strip() and not _said(root, title):
        flow.heading(1, title)
    flow.walk(root)
    flow.end()


def _said(root: Any, title: str) -> bool:
    """The page's first heading says what its title says."""
    first = root.find(".//h1")
    said = _SPACE.sub(" ", "".join(first.itertext())).strip() if first is not None else ""
    return bool(said) and said.lower() in _SPACE.sub(" ", title).lower()


class Flow:
    """Walks a tree and writes what a reader would see, a block at a time."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self._line: list[str] = []
        self._mark = ""  # of the list item that comes next
        self._table: Any = None
        self._below: dict[int, tuple[int, str]] = {}  # by column: rows left, and what a cell above says in them

    def walk(self, element: Any, pre: bool = False) -> None:
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in SILENT or _is_hidden(element):
            return
        if tag in HEADINGS:
            self.end()
            self.heading(HEADINGS[tag], "".join(element.itertext()))
        elif tag == "tr":
            self._row(element)
        elif tag == "br":
            self._line.append("\n")
        elif tag == "img":
            self.text(f" {element.get('alt') or ''} ", pre)
        elif tag in BLOCKS:
            self.end(tag != "li")
            if tag == "li":
                self._mark = _list_mark(element)
            self._inside(element, pre or tag == "pre")
            self.end(tag != "li")
        else:
            self._inside(element, pre or tag in {"pre", "textarea"})

    def _inside(self, element: Any, pre: bool) -> None:
        self.text(element.text, pre)
        for child in element:
            self.walk(child, pre)
            self.text(child.tail, pre)

    def text(self, text: str | None, pre: bool = False) -> None:
        if text:
            self._line.append(text if pre else _SPACE.sub(" ", text))

    def heading(self, level: int, title: str) -> None:
        self.writer.gap()
        self.writer.heading(level, title)

    def end(self, paragraph: bool = True) -> None:
        """The block ends: a paragraph, or a line of a list."""
        text = "\n".join(line.rstrip() for line in "".join(self._line).split("\n")).strip("\n")
        self._line.clear()
        if not text.strip():
            return
        text = self._mark + (re.sub(r"(?<=\S) {2,}", " ", text).strip(" ") if "\n" not in text else text)
        self._mark = ""
        if paragraph:
            self.writer.paragraph(text)
        else:
            self.writer.line(text)

    def _row(self, row: Any) -> None:
        self.end()
        cells = [cell for cell in row if cell.tag in {"td", "th"}]
        texts = ["".join(_visible(cell)) for cell in cells]
        if any(len(text) > LONGEST_CELL for text in texts) or row.find(".//tr") is not None:
            for cell in cells:  # a layout: its cells are passages of their own
                self._inside(cell, False)
                self.end()
        else:
            self.writer.row(self._placed(row, cells, texts))

    def _placed(self, row: Any, cells: list[Any], texts: list[str]) -> list[str]:
        """Each cell in its column: those over several rows are said again, those over several columns leave room."""
        table = next(row.iterancestors("table"), None)
        if table is not self._table:
            self._table, self._below = table, {}
        placed: list[str] = []
        for cell, text in zip(cells, texts, strict=True):
            self._say_again(placed)
            shared = [text, *[""] * (_span(cell, "colspan") - 1)]
            if rows := _span(cell, "rowspan") - 1:
                again = [text if len(text) <= LONGEST_SAID_AGAIN else "", *shared[1:]]
                self._below.update({len(placed) + at: (rows, said) for at, said in enumerate(again)})
            placed += shared
        self._say_again(placed)
        return placed

    def _say_again(self, placed: list[str]) -> None:
        while above := self._below.pop(len(placed), None):
            rows, text = above
            if rows > 1:
                self._below[len(placed)] = rows - 1, text
            placed.append(text)


def _span(cell: Any, name: str) -> int:
    found = (cell.get(name) or "").strip()
    return min(max(int(found), 1), MOST_SPAN) if found.isdecimal() and len(found) < 9 else 1


def _is_hidden(element: Any) -> bool:
    if element.get("role") == "navigation" or element.get("hidden") is not None:
        return True
    return bool(_HIDDEN.search(element.get("style") or ""))


def _visible(element: Any) -> Any:
    if element.tag in SILENT or _is_hidden(element):
        return
    if element.tag in BLOCKS or element.tag == "br":
        yield " "
    yield element.text or ""
    for child in element:
        yield from _visible(child)
        yield child.tail or ""
    if element.tag in BLOCKS:
        yield " "


def _list_mark(item: Any) -> str:
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return "- "
    return f"{1 + sum(1 for other in item.itersiblings('li', preceding=True))}. "
