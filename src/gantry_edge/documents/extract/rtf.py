"""RTF with striprtf."""

import re

from gantry_edge.documents.extract.decode import MEANT
from gantry_edge.documents.extract.writer import Writer

_HIGH = re.compile(rb"[\x80-\xff]")
_CODE_PAGE = re.compile(rb"\\ansicpg(\d+)")


def read(data: bytes, writer: Writer) -> None:
    from striprtf.striprtf import rtf_to_text

    page = _CODE_PAGE.search(data)
    encoding = f"cp{page[1].decode()}" if page and page[1] not in {b"0", b"65001"} else "cp1252"
    # Some programs write bytes where the format wants escapes.
    escaped = _HIGH.sub(lambda byte: b"\\'%02x" % byte[0][0], data).decode("ascii")
    text = rtf_to_text(escaped, encoding=MEANT.get(encoding, encoding), errors="replace")  # type: ignore[no-untyped-call]
    for line in text.split("\n"):
        if line.rstrip().endswith("|"):
            writer.row(line.split("|"))
        elif line.strip():
            writer.line(line)
        else:
            writer.gap()
