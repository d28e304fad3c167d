"""Reads a document: `extract` decides by content what a file is and gives its text.

Meant to run in a child process under limits (`documents.sandbox`): every parser here meets hostile files.
"""

import struct
import zipfile
import zlib
from pathlib import Path

from gantry_edge.documents.extract.result import DAMAGED, TOO_HEAVY, TOO_LARGE, Extracted, ExtractError, Heading
from gantry_edge.documents.extract.writer import Writer

__all__ = ["ExtractError", "Extracted", "Heading", "extract"]

XML_NO_MEMORY = 2  # libxml2 has no other way to say it
# What parsers raise on files that are not as they should be; among them XML errors, which are SyntaxErrors.
FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


def extract(path: Path, name: str) -> Extracted:
    """The text of the file at `path`; `name` is what its owner calls it, and only breaks ties."""
    from gantry_edge.documents.extract import sniff

    with path.open("rb") as file:
        head = file.read(sniff.HEAD)
    kind = sniff.sniff(head, name)
    writer = Writer()
    try:
        if kind == "ole":
            sniff.refuse_ole(path.read_bytes())
        kind = _read_archive(path, writer) if kind == "zip" else _read_file(kind, path, name, writer)
    except RecursionError as error:
        raise ExtractError(f"{TOO_LARGE}: its parts are nested too deeply.") from error
    except FAULTS as error:
        out_of_memory = isinstance(error, SyntaxError) and getattr(error, "code", None) == XML_NO_MEMORY
        raise ExtractError(TOO_HEAVY if out_of_memory else DAMAGED) from error
    return writer.finish(kind)


def _read_archive(path: Path, writer: Writer) -> str:
    from gantry_edge.documents.extract import archive, sniff

    with archive.open_checked(path) as parts:
        kind = sniff.sniff_archive(parts)
        if kind == "epub":
            from gantry_edge.documents.extract import epub

            archive.refuse_entities(parts)
            epub.read(parts, writer)
            return kind
        archive.refuse_doctypes(parts)
        if kind in {"odt", "ods", "odp"}:
            from gantry_edge.documents.extract import opendocument

            opendocument.read(parts, writer)
        elif kind == "docx":
            from gantry_edge.documents.extract import word

            word.read(path, writer)
        elif kind == "pptx":
            from gantry_edge.documents.extract import slides

            slides.read(path, writer)
        else:
            from gantry_edge.documents.extract import sheets

            sheets.read(path, writer)
    return kind


def _read_file(kind: str, path: Path, name: str, writer: Writer) -> str:
    if kind == "pdf":
        from gantry_edge.documents.extract import pdf

        pdf.read(path, writer)
    elif kind == "html":
        from gantry_edge.documents.extract import markup

        markup.read(path.read_bytes(), writer)
    elif kind == "email":
        from gantry_edge.documents.extract import mail

        mail.read(path.read_bytes(), writer)
    elif kind == "rtf":
        from gantry_edge.documents.extract import rtf

        rtf.read(path.read_bytes(), writer)
    else:
        from gantry_edge.documents.extract import text

        text.read(kind, path.read_bytes(), writer)
    return kind
