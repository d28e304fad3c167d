"""What reading a file gives: its text with places in it, or a sentence that says why there is none."""

import msgspec

from gantry_edge.errors import GantryError

TOO_LARGE = "The file is too large to read safely"
TOO_HEAVY = f"{TOO_LARGE}: it needs too much memory."
DAMAGED = "The file could not be read: it is damaged or incomplete."
PASSWORD = "The file is protected by a password. Remove the password and upload it again."
NO_TEXT = "No text was found in the file."
SCAN = "No text was found: this looks like a scan."


class ExtractError(GantryError):
    code, status, title = "document_unreadable", 422, "The document cannot be read"


class Heading(msgspec.Struct, frozen=True):
    offset: int
    level: int
    title: str


class Extracted(msgspec.Struct):
    kind: str
    text: str
    pages: list[int] = []  # where each page, slide, sheet or chapter starts in `text`; empty if there are none
    headings: list[Heading] = []
    warning: str = ""


class Outcome(msgspec.Struct, omit_defaults=True):
    """What the child says to its parent: one of the two."""

    extracted: Extracted | None = None
    error: str = ""
