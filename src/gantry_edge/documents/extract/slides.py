"""PPTX: slides as pages, with tables, charts, pictures' descriptions and the speaker's notes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gantry_edge.documents.extract.writer import Writer

DRAWING_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
DRAWING_PARAGRAPH = "{http://schemas.openxmlformats.org/drawingml/2006/main}p"
DIAGRAM = "diagramData"
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
    for plot in chart.plots:
        series = [(one.name, list(one.values)[:MOST_POINTS]) for one in plot.series]
        writer.row(["", *(name for name, _ in series)])
        for place, category in enumerate(list(plot.categories)[:MOST_POINTS]):
            values = [values[place] if place < len(values) else None for _, values in series]
            writer.row([str(category), *("" if value is None else f"{value:g}" for value in values)])
    writer.gap()


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
