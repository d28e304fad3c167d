"""What was said, found by its words: the newest first, with the place where they stand."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice

import msgspec

from gantry_edge.chat.prompt import text_of
from gantry_edge.chat.schema import FoundMessage
from gantry_edge.chat.store import get_any_message
from gantry_edge.errors import BadRequest
from gantry_edge.paging import Page
from gantry_edge.storage.database import Connection, Row
from gantry_edge.storage.words import find_newest

TABLE = "message_words"
WORD = re.compile(r"[^\W_]+")
BEGIN, END = r"(?<![^\W_])", r"(?![^\W_])"  # of a word
MOST_WORDS = 16
PORTION = 100  # numbers of the index that are looked up at once
BEFORE, AFTER = 60, 180  # characters of an excerpt around the first word
NEAR = 30  # characters in which a word begins
READ = """
SELECT n.number, n.message_id, c.title FROM message_numbers n
JOIN messages m ON m.id = n.message_id JOIN conversations c ON c.id = m.conversation_id
WHERE n.number IN (SELECT value FROM json_each(?)) AND c.user_id = ? AND c.place IN ('current', 'archived')
ORDER BY n.number DESC
"""


class _Folding(dict[int, int]):
    """One character for one, without case and accents, as the index compares them."""

    def __missing__(self, code: int) -> int:
        self[code] = ord(unicodedata.normalize("NFD", chr(code))[0].lower()[0])
        return self[code]


FOLDING = _Folding()


def find_messages(
    connection: Connection, user_id: str, query: str, before: str | None, limit: int
) -> Page[FoundMessage]:
    """Those with all of the words, of which the last may be only begun: people look while they type."""
    words = WORD.findall(unicodedata.normalize("NFC", query))[:MOST_WORDS]
    if not words:
        return Page([])
    if before is not None and not (before.isascii() and before.isdigit() and len(before) < 16):
        raise BadRequest("`before` is not a cursor of this list; leave it out to begin at the top")
    rows = list(islice(_rows(connection, user_id, words, int(before or 2**62)), limit + 1))
    items = [_found(connection, row["message_id"], row["title"], words) for row in rows[:limit]]
    return Page(items, str(rows[limit - 1]["number"]) if len(rows) > limit else None)


def _rows(connection: Connection, user_id: str, words: Sequence[str], before: int) -> Iterator[Row]:
    """What the index finds lies anywhere; what is in the trash or temporary is left out."""
    while numbers := find_newest(connection, words, f"u{user_id}", before, PORTION, table=TABLE):
        yield from connection.execute(READ, (msgspec.json.encode(numbers).decode(), user_id)).fetchall()
        before = numbers[-1]


def _found(connection: Connection, id: str, title: str, words: Sequence[str]) -> FoundMessage:
    message = get_any_message(connection, id)
    excerpt, marks = excerpt_of(text_of(message), words)
    return FoundMessage(message.conversation_id, title, message.id, message.role, message.created_at, excerpt, marks)


def excerpt_of(text: str, words: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    """The text around the first of the words on one line, and where they stand in it."""
    *whole, last = [re.escape(word.translate(FOLDING)) for word in words]
    forms = "|".join([*(word + END for word in whole), last])
    looked_for = re.compile(f"{BEGIN}(?:{forms})")
    first = looked_for.search(text.translate(FOLDING))
    at = first.start() if first else 0
    start, end = _cut(text, max(0, at - BEFORE), at + AFTER)
    excerpt = re.sub(r"\s", " ", f"{'…' * (start > 0)}{text[start:end]}{'…' * (end < len(text))}")
    return excerpt, [match.span() for match in looked_for.finditer(excerpt.translate(FOLDING))]


def _cut(text: str, start: int, end: int) -> tuple[int, int]:
    """At the words next to these places, if there are any."""
    if start > 0:
        start = text.find(" ", start, start + NEAR) + 1 or start
    if end < len(text):
        end = max(text.rfind(" ", end - NEAR, end), end - NEAR)
    return start, end
