"""EPUB: the chapters in the order of the book's spine."""

import posixpath
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

from gantry_edge.documents.extract import markup
from gantry_edge.documents.extract.decode import decode_markup
from gantry_edge.documents.extract.result import DAMAGED, ExtractError
from gantry_edge.documents.extract.writer import Writer

CHAPTERS = {"application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document"}
FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")  # garbled fonts lock nothing


def read(archive: ZipFile, writer: Writer) -> None:
    _refuse_locked(archive)
    for chapter in _chapters(archive):
        before = writer.length
        writer.page()
        markup.write(decode_markup(archive.read(chapter)), writer)
        if writer.length == before:
            writer.pages.pop()
        writer.gap()


def _refuse_locked(archive: ZipFile) -> None:
    if "META-INF/encryption.xml" not in archive.namelist():
        return
    for method in _parse(archive.read("META-INF/encryption.xml")).iter("{*}EncryptionMethod"):
        if method.get("Algorithm") not in FONTS:
            raise ExtractError("The book is protected against copying and cannot be read.")


def _chapters(archive: ZipFile) -> list[str]:
    names = archive.namelist()
    root = next(_parse(archive.read("META-INF/container.xml")).iter("{*}rootfile"), None)
    package = unquote(root.get("full-path") or "") if root is not None else ""
    if package not in names:
        raise ExtractError(DAMAGED)
    book = _parse(archive.read(package))
    folder = posixpath.dirname(package)
    items = {
        item.get("id"): posixpath.normpath(posixpath.join(folder, unquote(item.get("href") or "")))
        for item in book.iter("{*}item")
        if item.get("media-type") in CHAPTERS and "nav" not in (item.get("properties") or "").split()
    }
    spine = [items.get(reference.get("idref")) for reference in book.iter("{*}itemref")]
    return [name for name in dict.fromkeys(spine or items.values()) if name in names]


def _parse(data: bytes) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    return etree.fromstring(data, parser)
