"""The conversations of one person as files: JSON that can be read back, and Markdown for people. See docs/export.md.

One message at a time, so that a thread of 100,000 takes no more memory than one of ten.
"""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import IO, NamedTuple

import msgspec

from gantry_edge.chat.answers import read_persona
from gantry_edge.chat.prompt import in_ticks
from gantry_edge.chat.schema import Attachment, Image, Notice, Reasoning, Sources, Text
from gantry_edge.chat.store import GET_ANY_MESSAGE, parts_from
from gantry_edge.storage.database import Connection, Row
from gantry_edge.storage.files import Files
from gantry_edge.storage.packing import Packing, safe_name

FORMAT, VERSION = "gantry-edge/conversation", 1
ALL = """
SELECT c.id, c.title, c.leaf_id, c.scope, c.memory, c.persona_id, c.created_at, c.updated_at, c.place, c.moved_at,
c.pinned, c.folder_id, f.name AS folder FROM conversations c LEFT JOIN folders f ON f.id = c.folder_id
WHERE c.user_id = ? AND c.place <> 'temporary' ORDER BY c.id
"""
FIRST = "SELECT id FROM messages WHERE conversation_id = ? AND parent_id IS NULL ORDER BY version DESC"
BELOW = "SELECT id FROM messages WHERE conversation_id = ? AND parent_id = ? ORDER BY version DESC"
PICTURES = """
SELECT DISTINCT i.id, i.sha256, i.media FROM images i
JOIN message_images mi ON mi.image_id = i.id JOIN messages m ON m.id = mi.message_id
JOIN conversations c ON c.id = m.conversation_id AND c.place <> 'temporary'
WHERE i.user_id = ? ORDER BY i.id
"""
ANSWER = (
    "status", "model", "error_code", "error_detail", "finish_reason", "prompt_tokens", "completion_tokens",
    "first_token_ms", "duration_ms", "finished_at", "persona_name", "from_cache", "thought_ms",
)  # fmt: skip
GIST = 60  # characters that name a message further up


class Exported(NamedTuple):
    conversations: int = 0
    messages: int = 0
    answers: int = 0


class Visit(NamedTuple):
    """A message on the way through the tree: version `place` of `of`."""

    row: Row
    place: int
    of: int


def export_conversations(connection: Connection, user_id: str, name: str, packing: Packing) -> Exported:
    """All of them, each as two files; `name` is the person's, for the Markdown."""
    conversations = messages = answers = 0
    for conversations, row in enumerate(connection.execute(ALL, (user_id,)), 1):
        file = f"conversations/{conversations:05} {safe_name(row['title'])}".rstrip()
        with packing.open(f"{file}.json") as json:
            count, answered = _write_json(connection, row, json)
        with packing.open(f"{file}.md") as markdown:
            _write_markdown(connection, row, name, markdown)
        messages += count
        answers += answered
    return Exported(conversations, messages, answers)


def export_images(connection: Connection, user_id: str, files: Files, packing: Packing) -> int:
    """How many; one whose file is lost is left out."""
    count = 0
    for id, digest, media in connection.execute(PICTURES, (user_id,)).fetchall():
        name = f"images/{id}.{media.removeprefix('image/')}"
        with suppress(FileNotFoundError), files.path(digest).open("rb") as source, packing.open(name) as target:
            shutil.copyfileobj(source, target, 1 << 20)
            count += 1
    return count


def walk(connection: Connection, conversation_id: str) -> Iterator[Visit]:
    """Every message of the tree, a branch to its end before the next; what a message answers comes before it."""
    first = [row[0] for row in connection.execute(FIRST, (conversation_id,))]
    waiting = [(id, len(first) - at, len(first)) for at, id in enumerate(first)]
    while waiting:
        id, place, of = waiting.pop()
        yield Visit(connection.execute(GET_ANY_MESSAGE, (id,)).fetchone(), place, of)
        below = [row[0] for row in connection.execute(BELOW, (conversation_id, id))]
        waiting += [(child, len(below) - at, len(below)) for at, child in enumerate(below)]


def _write_json(connection: Connection, conversation: Row, file: IO[bytes]) -> tuple[int, int]:
    head = {"format": FORMAT, "version": VERSION, **dict(conversation)}
    head["memory"], head["pinned"] = bool(head["memory"]), bool(head["pinned"])
    if head["scope"] is not None:
        head["scope"] = msgspec.Raw(head["scope"].encode())
    file.write(msgspec.json.encode(head)[:-1] + b',"messages":[')
    count = answers = 0
    for count, visit in enumerate(walk(connection, conversation["id"]), 1):
        answers += visit.row["status"] is not None
        file.write((b",\n" if count > 1 else b"\n") + msgspec.json.encode(_as_json(connection, visit.row)))
    file.write(b"\n]}\n")
    return count, answers


def _as_json(connection: Connection, row: Row) -> dict[str, object]:
    answer = {
        **{name: row[name] for name in ANSWER},
        "created_at": row["answer_created_at"],
        "persona": row["persona_name"] and read_persona(connection, row["id"]),
    }
    return {
        **{name: row[name] for name in ("id", "parent_id", "version", "role", "created_at")},
        "parts": msgspec.Raw(row["parts"].encode()),
        "answer": answer if row["status"] else None,
    }


def _write_markdown(connection: Connection, conversation: Row, name: str, file: IO[bytes]) -> None:
    begun = _when(conversation["created_at"])
    file.write(f"# {_one_line(conversation['title'])}\n\n{_one_line(name)}, {begun}\n".encode())
    before = None
    for row, place, of in walk(connection, conversation["id"]):
        file.write(f"\n## {_one_line(row['model'] or 'Model') if row['status'] else _one_line(name)}".encode())
        file.write(f" · {_when(row['created_at'])}\n\n".encode())
        if of > 1:
            file.write(f"*Version {place} of {of}*\n\n".encode())
        if row["parent_id"] != before and row["parent_id"] is not None:
            above = connection.execute(GET_ANY_MESSAGE, (row["parent_id"],)).fetchone()
            file.write(f"*After “{_gist(above['parts'])}”*\n\n".encode())
        file.write(_as_markdown(row).encode("utf-8", "replace"))
        before = row["id"]


def _as_markdown(row: Row) -> str:
    pieces: list[str] = []
    for part in parts_from(row["parts"]):
        match part:
            case Text(text):
                pieces.append(text)
            case Attachment(name, text):
                pieces.append(f"**{_one_line(name)}**\n\n{in_ticks(text)}")
            case Image(name=name):
                pieces.append(f"*Picture: {_one_line(name)}*")
            case Reasoning(text):
                pieces.append("\n".join(f"> {line}" for line in text.splitlines()))
            case Notice():
                pieces.append(f"*{_one_line(part.text)}*")
            case Sources(items):
                pieces.append("\n".join(_source(each.number, each.document_name, each.page) for each in items))
    if row["status"] not in (None, "done"):
        detail = f": {_one_line(row['error_detail'])}" if row["error_detail"] else ""
        pieces.append(f"*({row['status']}{detail})*")
    return "\n\n".join(pieces) + "\n"


def _source(number: int, name: str, page: int | None) -> str:
    return f"{number}. {_one_line(name)}" + (f", page {page}" if page else "")


def _gist(parts: str) -> str:
    text = " ".join(part.text for part in parts_from(parts) if isinstance(part, Text))
    line = _one_line(text[: 4 * GIST])
    return line if len(line) <= GIST else f"{line[:GIST]}…"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _when(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
