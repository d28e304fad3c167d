"""RTF with striprtf."""

import re

from gantry_edge.documents.extract.decode import MEANT
from gantry_edge.documents.extract.writer import Writer

_HIGH = re.compile(rb"[\x80-\xff]")
_BYTES = re.compile(rb"\\bin(\d{0,9})(?![a-z]) ?")
_NOTE = re.compile(rb"\\footnote(?![a-z]) ?")  # striprtf leaves notes out
_CODE_PAGE = re.compile(rb"\\ansicpg(\d+)")


def read(data: bytes, writer: Writer) -> None:
    from striprtf.striprtf import rtf_to_text

    page = _CODE_PAGE.search(data)
    encoding = f"cp{page[1].decode()}" if page and page[1] not in {b"0", b"65001"} else "cp1252"
    data = _NOTE.sub(b" ", _without_bytes(data))
    # Some programs write bytes where the format wants escapes.
    escaped = _HIGH.sub(lambda byte: b"\\'%02x" % byte[0][0], data).decode("ascii")
    text = rtf_to_text(escaped, encoding=MEANT.get(encoding, encoding), errors="replace")  # type: ignore[no-untyped-call]
    for line in text.replace("\n|", "|").split("\n"):  # the paragraph that ends a cell
        if line.rstrip().endswith("|"):
            writer.row(line.split("|"))
        elif line.strip():
            writer.line(line)
        else:
            writer.gap()


def _without_bytes(data: bytes) -> bytes:
    """Pictures may be stored as they are, with braces and all."""
    parts: list[bytes] = []
    at = 0
    while found := _BYTES.search(data, at):
        parts.append(data[at : found.start()])
        at = found.end() + int(found[1] or 0)
    return b"".join((*parts, data[at:]))
