"""PPTX: slides as pages, with tables, charts, pictures' descriptions and the speaker's notes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gantry_edge.documents.extract.writer import Writer

DRAWING_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
DRAWING_PARAGRAPH = "{http://schemas.openxmlformats.org/drawingml/2006/main}p"
DIAGRAM = "diagramData"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
MOST_POINTS = 500  # of a chart


def read(path: Path, writer: Writer) -> None:
    from pptx.package import Package

    # `Presentation(path)` refuses slide shows and templates, which are the same inside.
    deck = Package.open(str(path)).main_document_part.presentation
    for slide in deck.slides:
        writer.page()
        title = slide.shapes.title
        if title is not None and title.text_frame.text.strip():
            writer.heading(1, title.text_frame.text)
        for shape in _in_order(slide.shapes):
            if title is None or shape.shape_id != title.shape_id:
                _write_shape(shape, writer)
        _write_diagrams(slide.part, writer)
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            notes = slide.notes_slide.notes_text_frame.text
            writer.paragraph(f"Notes: {notes}" if notes.strip() else "")
        writer.gap()


def _in_order(shapes: Any) -> Iterator[Any]:
    """The shapes as in the file, which is the order of reading on slides with places for text; groups opened."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _in_order(shape.shapes)
        else:
            yield shape


def _write_shape(shape: Any, writer: Writer) -> None:
    if getattr(shape, "has_table", False):
        for row in shape.table.rows:
            writer.row([cell.text for cell in row.cells])
        writer.gap()
    elif getattr(shape, "has_chart", False):
        _write_chart(shape.chart, writer)
    elif shape.has_text_frame:
        writer.paragraph(shape.text_frame.text.replace("\v", "\n"))
    elif description := shape._element.xpath(".//*[local-name()='cNvPr']/@descr"):
        writer.paragraph(str(description[0]))


def _write_chart(chart: Any, writer: Writer) -> None:
    if chart.has_title and chart.chart_title.has_text_frame:
        writer.line(chart.chart_title.text_frame.text)
    series = list(
        chart._chartSpace.iter(f"{CHART}ser")
    )  # `chart.plots` knows some kinds only, none in three dimensions
    names = [" ".join(_points(one, "tx").values()) for one in series]
    categories = next(filter(None, (_points(one, "cat", "xVal") for one in series)), {})
    columns = [_points(one, "val", "yVal") for one in series]
    writer.row(["", *names])
    for place in sorted({place for column in (categories, *columns) for place in column})[:MOST_POINTS]:
        writer.row([categories.get(place, ""), *(column.get(place, "") for column in columns)])
    writer.gap()


def _points(series: Any, *kinds: str) -> dict[int, str]:
    """What a series says of one kind, by place."""
    found: dict[int, str] = {}
    for part in series.iterchildren(*(f"{CHART}{kind}" for kind in kinds)):
        for point in part.iter(f"{CHART}pt"):
            found.setdefault(int(point.get("idx")), _shown(point.findtext(f"{CHART}v") or ""))
        if (text := part.findtext(f"{CHART}v")) is not None:  # a name without a cell
            found.setdefault(0, text)
    return found


def _shown(value: str) -> str:
    """A number as it was typed: the file says 3.2999999999999998."""
    try:
        return f"{float(value):.15g}"
    except ValueError:
        return value


def _write_diagrams(part: Any, writer: Writer) -> None:
    """SmartArt keeps its words in a part of its own."""
    from lxml import etree

    for link in part.rels.values():
        if link.is_external or not link.reltype.endswith(DIAGRAM):
            continue
        root = etree.fromstring(link.target_part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
        for paragraph in root.iter(DRAWING_PARAGRAPH):
            writer.line("".join(text.text or "" for text in paragraph.iter(DRAWING_TEXT)))
        writer.gap()
