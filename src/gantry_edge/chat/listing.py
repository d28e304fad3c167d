"""SQL of the lists of conversations: read page by page, or from any row on."""

from collections.abc import Sequence

import msgspec
from msgspec.structs import asdict

from gantry_edge.chat.folders import list_folders
from gantry_edge.chat.schema import Conversation, Outline, Which
from gantry_edge.chat.store import CONVERSATION
from gantry_edge.errors import BadRequest
from gantry_edge.paging import Page
from gantry_edge.storage.database import Connection
from gantry_edge.storage.words import anywhere

# as one row: for each that is fetched, a reader lets go of the interpreter and waits for it again
LIST = f"""
SELECT json_group_array(json(found) ORDER BY key DESC, id DESC) FROM (
    SELECT {CONVERSATION} AS found, {{key}} AS key, id FROM conversations
    WHERE user_id = :user AND place = :place AND ({{key}}, id) < (:key, :id) {{narrower}}
    ORDER BY {{key}} DESC, id DESC LIMIT :limit OFFSET :skip
)
"""
PINNED = "SELECT count(*) FROM conversations WHERE user_id = ? AND pinned"
LOOSE = """
SELECT count(*) {since} FROM conversations
WHERE user_id = ? AND folder_id IS NULL AND place = 'current' AND pinned = 0
"""
SINCE = ", count(*) FILTER (WHERE updated_at >= ?)"

# not strict, as the truth of SQLite is a number
_conversations = msgspec.json.Decoder(list[Conversation], strict=False)


def list_conversations(
    connection: Connection, user_id: str, before: str | None, limit: int, which: Which | None = None, skip: int = 0
) -> Page[Conversation]:
    """The newest activity first, the pinned alone in their own order; `skip` so many behind `before`."""
    which = which or Which()
    key, id = _read_cursor(before)
    given = {"user": user_id, "key": key, "id": id, "limit": limit + 1, "skip": skip, **asdict(which)}
    narrower = ""
    if which.words:
        given["words"], narrower = anywhere(which.words), "AND title LIKE :words ESCAPE '\\'"
    if which.folder_id is not None:
        narrower += " AND folder_id = :folder_id"
    elif which.loose:
        narrower += " AND folder_id IS NULL"
    if which.loose:
        narrower += " AND pinned = 0"
    if which.pinned:
        narrower += " AND pinned"
    column = "pinned" if which.pinned else "updated_at"
    found = connection.execute(LIST.format(narrower=narrower, key=column), given).fetchone()[0]
    items = _conversations.decode(found)
    last = items[limit - 1] if len(items) > limit else None
    return Page(items[:limit], _cursor(connection, last, column) if last else None)


def outline(connection: Connection, user_id: str, since: Sequence[int]) -> Outline:
    """How long each list of what is at hand is."""
    (pinned,) = connection.execute(PINNED, (user_id,)).fetchone()
    counted = LOOSE.format(since=SINCE * len(since))
    loose, *counts = connection.execute(counted, (*since, user_id)).fetchone()
    return Outline(pinned, loose, counts, list_folders(connection, user_id))


def _cursor(connection: Connection, last: Conversation, column: str) -> str:
    if column == "updated_at":
        return f"{last.updated_at}_{last.id}"
    (rank,) = connection.execute("SELECT pinned FROM conversations WHERE id = ?", (last.id,)).fetchone()
    return f"{rank}_{last.id}"


def _read_cursor(before: str | None) -> tuple[int, str]:
    if before is None:
        return 2**62, ""
    at, _, id = before.partition("_")
    if not (at.isascii() and at.isdigit() and len(at) < 16 and id):
        raise BadRequest("`before` is not a cursor of this list; leave it out to begin at the top")
    return int(at), id
