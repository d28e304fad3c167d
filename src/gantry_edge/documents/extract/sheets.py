"""XLSX: sheets as pages, rows as lines, values as they are shown rather than as they are stored."""

import datetime
import warnings
from pathlib import Path
from typing import Any

from gantry_edge.documents.extract.writer import Writer

MOST_ROWS = 200_000  # of a sheet
LONGEST_HEADER = 120  # characters


def read(path: Path, writer: Writer) -> None:
    if not _read_values(path, writer, values=True):  # written by a program that computed nothing: show the formulas
        writer.pages.clear()
        writer.headings.clear()
        _read_values(path, writer, values=False)


def _read_values(path: Path, writer: Writer, values: bool) -> bool:
    """Whether any cell had a value."""
    import openpyxl

    found = False
    # opened here: given a path, openpyxl refuses what is not called .xlsx, and stored files have no ending
    with path.open("rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about extensions that are no text
        book = openpyxl.load_workbook(file, read_only=True, data_only=values, keep_links=False)
        for sheet in book.worksheets:
            rows = _rows(sheet)
            if len(rows) == MOST_ROWS:
                writer.warning = f"Only the first {MOST_ROWS:,} rows of each sheet were read."
            if not rows:
                continue
            found = True
            writer.page()
            writer.mark(1, ": ".join(filter(None, (sheet.title, header(rows)))))
            writer.line(sheet.title)
            for row in rows:
                writer.row(row)
            writer.gap()
        book.close()
    return found


def _rows(sheet: Any) -> list[list[str]]:
    sheet.reset_dimensions()  # what a file claims here may be wrong, or a million columns
    rows: list[list[str]] = []
    for cells in sheet.iter_rows():
        row = [shown(cell) for cell in cells]
        if any(row):
            rows.append(row)
        if len(rows) >= MOST_ROWS:
            break
    return rows


def header(rows: list[list[str]]) -> str:
    """The names of the columns, where the first row looks like names: they are the context of every other row."""
    first = [" ".join(cell.split()) for cell in rows[0] if cell.strip()]
    if len(rows) < 2 or len(first) < 2 or any(len(name) > 40 or not any(map(str.isalpha, name)) for name in first):
        return ""
    return ", ".join(first)[:LONGEST_HEADER]


def shown(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        day = value.date().isoformat()
        return day if value.time() == datetime.time() else f"{day} {value.time().isoformat('minutes')}"
    if isinstance(value, float | int):
        percent = isinstance(cell.number_format, str) and "%" in cell.number_format
        return f"{value * 100:.10g}%" if percent else f"{value:.15g}" if isinstance(value, float) else str(value)
    return str(value)
