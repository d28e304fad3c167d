"""A mail: who, when, about what, its text, and the names of what is attached."""

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage

from gantry_edge.documents.extract import markup
from gantry_edge.documents.extract.decode import decode
from gantry_edge.documents.extract.result import ExtractError
from gantry_edge.documents.extract.writer import Writer

SHOWN = ("From", "To", "Cc", "Date")
DEEPEST = 5  # mails in mails
LOCKED = {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}


def read(data: bytes, writer: Writer) -> None:
    if b"\0" in data or data.startswith(b"\xef\xbb\xbf"):  # saved by a program that thinks in UTF-16
        data = decode(data).encode("utf-8", "replace")
    message = email.message_from_bytes(data.lstrip(b"\r\n"), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    if message.get_content_type() in LOCKED:
        raise ExtractError("The mail is encrypted and cannot be read. Save its text and upload that.")
    _write(message, writer, 1)


def _write(message: EmailMessage, writer: Writer, depth: int) -> None:
    if subject := _header(message, "Subject"):
        writer.heading(depth, subject)
    for name in SHOWN:
        if value := _header(message, name):
            writer.line(f"{name}: {value}")
    writer.gap()
    names: list[str] = []
    inner: list[EmailMessage] = []
    for part in _bodies(message, names, inner):
        text = _text(part)
        if part.get_content_type() == "text/html":
            markup.write(text, writer)
        else:
            writer.whole(text)
            writer.gap()
    if names:
        writer.paragraph("Attachments: " + ", ".join(names))
    for mail in inner:
        if depth < DEEPEST:
            _write(mail, writer, depth + 1)


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message[name] or "").strip()
    except (AttributeError, IndexError, TypeError, ValueError):  # the parser of headers stumbles over strange ones
        return ""


def _bodies(part: EmailMessage, names: list[str], inner: list[EmailMessage]) -> Iterator[EmailMessage]:
    """The parts that are the mail's own words; of alternatives the plain one, if it says anything."""
    kind = part.get_content_type()
    children = [child for child in part.iter_parts() if isinstance(child, EmailMessage)] if part.is_multipart() else []
    if kind == "message/rfc822":
        inner.extend(children)
    elif kind == "multipart/alternative":
        plain = [child for child in children if child.get_content_type() == "text/plain" and _text(child).strip()]
        for child in plain[:1] or [child for child in children if child.get_content_type() != "text/plain"][-1:]:
            yield from _bodies(child, names, inner)
    elif children:
        for child in children:
            yield from _bodies(child, names, inner)
    elif part.is_attachment() or not kind.startswith("text/"):
        if name := part.get_filename():
            names.append(name)
    elif kind in {"text/plain", "text/html"}:
        yield part


def _text(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    return decode(data, part.get_content_charset() or "")
