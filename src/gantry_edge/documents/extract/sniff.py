"""What a file is: by its content, and by its name only where the content leaves it open."""

import re
from pathlib import PurePath
from zipfile import ZipFile

from gantry_edge.documents.extract.decode import decode_markup, is_binary
from gantry_edge.documents.extract.result import PASSWORD, ExtractError

HEAD = 65_536
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
ARCHIVES = (b"\x1f\x8b", b"BZh", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd")
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")
MARKDOWN = {"md", "markdown", "mdown", "mkd", "qmd", "rmd"}
TABLES = {"csv", "tsv", "tab"}
HTML = {"html", "htm", "xhtml"}
MAIL = {"eml", "mht", "mhtml"}
_CODE = """
    py pyi js mjs cjs ts tsx jsx java kt kts c h cc cpp hpp cs go rs rb php pl pm lua sh bash zsh fish ps1 bat sql r jl
    scala swift dart m mm hs ml ex exs erl clj lisp el vim css scss less json jsonl yaml yml toml ini cfg conf xml xsd
    xsl svg proto graphql tf gradle cmake mk dockerfile makefile vue svelte asm s f90 vb pas groovy tex bib
"""
CODE = frozenset(_CODE.split())
DOCUMENT_PARTS = {
    "wordprocessingml": "docx",
    "ms-word": "docx",
    "presentationml": "pptx",
    "ms-powerpoint": "pptx",
    "spreadsheetml": "xlsx",
    "ms-excel": "xlsx",
}
MIMETYPES = {
    "application/epub+zip": "epub",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}
_HTML_START = re.compile(
    r"(?:\s|<!--.*?-->|<\?xml[^>]*>)*(?:<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<title>)",
    re.IGNORECASE | re.DOTALL,
)
_HTML_TAG = re.compile(r"</?(?:p|div|h[1-6]|table|tr|td|ul|li|span|br|a|b|font)\b[^>]*>", re.IGNORECASE)
_MAIL_HEADER = re.compile(
    r"(?im)^(from|to|subject|date|received|message-id|mime-version|return-path|delivered-to):[ \t]?\S"
)
_HEADER_LINE = re.compile(r"[!-9;-~]+:|[ \t]|From ")


def suffix(name: str) -> str:
    """Of report.PDF it is pdf, of Makefile makefile."""
    path = PurePath(name.lower())
    return path.suffix[1:] or path.name


def sniff(head: bytes, name: str) -> str:
    """The kind of a file by its first bytes; `zip` is for `sniff_archive` to tell."""
    if not head.strip(b"\0 \t\r\n\x1a\xef\xbb\xbf"):
        raise ExtractError("The file is empty.")
    if b"%PDF-" in head[:1024] and not _HTML_START.match(head[:1024].decode("latin-1")):
        return "pdf"
    if head.startswith(ZIP):
        return "zip"
    if head.startswith(OLE):
        return "ole"
    if head.lstrip()[:5].lower() == b"{\\rtf":
        return "rtf"
    _refuse_foreign(head)
    return _sniff_text(decode_markup(head), suffix(name))


def _refuse_foreign(head: bytes) -> None:
    if head.startswith(ARCHIVES):
        raise ExtractError("The file is a packed archive. Unpack it and upload the documents in it.")
    if head.startswith(PICTURES[:-1]) or (head.startswith(PICTURES[-1]) and is_binary(head)):
        raise ExtractError("The file is a picture, not a text document.")
    if is_binary(head):
        raise ExtractError("The file is not a document that can be read.")


def _sniff_text(head: str, ending: str) -> str:
    head = head.lstrip("\ufeff")
    if _HTML_START.match(head) and ending not in CODE | MARKDOWN:
        return "html"
    if _looks_like_mail(head) and ending not in CODE | MARKDOWN | TABLES:
        return "email"
    if ending in HTML:
        return "html"
    if ending in MAIL:
        return "email"
    if ending in MARKDOWN:
        return "markdown"
    if ending in TABLES:
        return "csv"
    if ending in CODE:
        return "code"
    return "html" if head.lstrip().startswith("<") and len(_HTML_TAG.findall(head[:8192])) >= 4 else "text"


def _looks_like_mail(head: str) -> bool:
    """A block of headers before the first empty line, two of them such as mails have."""
    block = re.split(r"\r?\n\r?\n", head.lstrip("\r\n"), maxsplit=1)[0]
    lines = block.splitlines()
    if not lines or not all(_HEADER_LINE.match(line) for line in lines):
        return False
    return len({found.lower() for found in _MAIL_HEADER.findall(block)}) >= 2


def sniff_archive(archive: ZipFile) -> str:
    names = set(archive.namelist())
    if "mimetype" in names:
        kind = archive.read("mimetype")[:200].decode("ascii", "replace").strip()
        for known, found in MIMETYPES.items():
            if kind.startswith(known):
                return found
    if "META-INF/container.xml" in names:
        return "epub"
    if "[Content_Types].xml" in names:
        types = archive.read("[Content_Types].xml")
        for part, found in DOCUMENT_PARTS.items():
            if re.search(rb"application/vnd\.[^\"']*" + part.encode() + rb"[^\"']*main\+xml", types):
                return found
        for folder, found in (("word/document", "docx"), ("ppt/presentation", "pptx"), ("xl/workbook.xml", "xlsx")):
            if any(name.startswith(folder) for name in names):
                return found
    raise ExtractError("The file is a packed archive. Unpack it and upload the documents in it.")


def refuse_ole(data: bytes) -> None:
    """The old container: an Office file with a password, or one from before 2007."""
    if any(mark.encode("utf-16-le") in data for mark in ("EncryptedPackage", "EncryptionInfo")):
        raise ExtractError(PASSWORD)
    for mark, kind, new in (
        ("WordDocument", "Word", ".docx"),
        ("PowerPoint Document", "PowerPoint", ".pptx"),
        ("Workbook", "Excel", ".xlsx"),
        ("Book", "Excel", ".xlsx"),
        ("__substg1.0_", "Outlook", ".eml"),
    ):
        if mark.encode("utf-16-le") in data:
            raise ExtractError(f"This is an old {kind} format, which cannot be read. Save it as {new} and upload that.")
    raise ExtractError("The file is not a document that can be read.")
