"""Looks at a ZIP archive (Office, OpenDocument, EPUB) before anything in it is unpacked."""

import re
import zipfile
from pathlib import Path

from gantry_edge.documents.extract.result import DAMAGED, PASSWORD, TOO_LARGE, ExtractError

MOST_BYTES = 100_000_000  # declared sizes together
MOST_ENTRIES = 2000
MOST_RATIO = 200  # unpacked to packed
SMALL = 1_000_000  # bytes below which the ratio says nothing: a sheet of zeros packs well
HEAD = 65_536
ENCRYPTED = 0x1
UNSAFE = "The file was refused: it declares XML entities, which documents do not need and attacks do."
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENTITY = re.compile(rb"<!\s*ENTITY", re.IGNORECASE)
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']""")
# The others could hide a declaration from a search for its bytes.
PLAIN_ENCODINGS = (b"utf-8", b"utf8", b"us-ascii", b"ascii", b"iso-8859-", b"windows-125", b"utf-16")


def open_checked(path: Path) -> zipfile.ZipFile:
    """The archive, of a size that can be unpacked. `zipfile` gives no more of an entry than its declared size."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise ExtractError(DAMAGED) from error
    entries = archive.infolist()
    size = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES:
        raise ExtractError(f"{TOO_LARGE}: it is an archive of {len(entries):,} parts.")
    if size > MOST_BYTES:
        raise ExtractError(f"{TOO_LARGE}: it would unpack to {size // 1_000_000:,} MB.")
    if any(e.file_size > max(SMALL, MOST_RATIO * e.compress_size) for e in entries) or size > max(
        SMALL, MOST_RATIO * path.stat().st_size
    ):
        raise ExtractError(f"{TOO_LARGE}: it is packed so tightly that it looks like a decompression bomb.")
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise ExtractError(PASSWORD)
    return archive


def refuse_doctypes(archive: zipfile.ZipFile) -> None:
    """No part of an Office or OpenDocument file needs a document type, and entities are declared nowhere else."""
    for entry in archive.infolist():
        if entry.filename.lower().endswith((".xml", ".rels", ".vml", ".xhtml", ".opf")):
            _refuse(archive, entry, _DOCTYPE)


def refuse_entities(archive: zipfile.ZipFile) -> None:
    """The chapters of an EPUB may have a document type, but no entities of their own."""
    for entry in archive.infolist():
        if entry.filename.lower().endswith((".xml", ".opf", ".ncx", ".xhtml", ".html", ".htm")):
            _refuse(archive, entry, _ENTITY)


def _refuse(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, forbidden: re.Pattern[bytes]) -> None:
    with archive.open(entry) as part:
        head = part.read(HEAD).replace(b"\0", b"")  # so that UTF-16 hides nothing
    declared = _ENCODING.search(head.lstrip(b"\xef\xbb\xbf\xff\xfe"))
    if declared and not declared[1].lower().startswith(PLAIN_ENCODINGS):
        raise ExtractError(UNSAFE)
    if forbidden.search(head):
        raise ExtractError(UNSAFE)
