"""SQL of who may read what. A thing is shared by its owner alone: to all others it looks like none."""

import msgspec

from gantry_edge.errors import NotFound
from gantry_edge.ids import new_id, now
from gantry_edge.paging import Page
from gantry_edge.sharing.schema import Kind, Reader, Shared, Sharing
from gantry_edge.storage.audit import By, append
from gantry_edge.storage.database import Connection, Row
from gantry_edge.storage.words import anywhere

AFTER_EVERY_ID = "z"
CALLED = "coalesce(nullif(u.display_name, ''), u.name)"
READERS = f"""
SELECT u.id, 'person' AS kind, {CALLED} AS name, u.name AS account, 0 AS members FROM users u
UNION ALL SELECT g.id, 'group', g.name, '', (SELECT count(*) FROM memberships m WHERE m.group_id = g.id) FROM groups g
"""
# nobody shares with themselves, or with somebody who is locked out
OTHERS = f"""
SELECT * FROM ({READERS})
WHERE id <> :user AND id NOT IN (SELECT id FROM users WHERE disabled_at IS NOT NULL)
"""
FIND_READERS = f"""
{OTHERS}
AND (:words IS NULL OR name LIKE :words ESCAPE '\\' OR account LIKE :words ESCAPE '\\')
ORDER BY kind, name COLLATE NOCASE, id LIMIT :limit
"""
OWN = "SELECT id, kind, name FROM shareable WHERE id = ? AND user_id = ?"
READERS_OF = f"""
SELECT w.* FROM grants g JOIN ({READERS}) w ON w.id = coalesce(g.user_id, g.group_id)
WHERE g.object_id = ? ORDER BY g.id
"""
GRANT = """
INSERT INTO grants (id, kind, object_id, user_id, group_id, made_by, created_at)
VALUES (:id, :kind, :object, :user_id, :group_id, :by, :at) ON CONFLICT DO NOTHING
"""
SHARED = f"""
SELECT s.id, s.kind, s.name, {CALLED} AS owner, s.updated_at FROM shareable s JOIN users u ON u.id = s.user_id
WHERE s.id IN (SELECT object_id FROM readers WHERE user_id = :user) AND s.user_id <> :user
AND (:kind IS NULL OR s.kind = :kind) AND s.id < :before ORDER BY s.id DESC LIMIT :limit
"""


def find_readers(connection: Connection, user_id: str, words: str, limit: int) -> list[Reader]:
    """Groups first, then people, by name."""
    values = {"user": user_id, "words": anywhere(words.strip()), "limit": limit}
    return [_reader(row) for row in connection.execute(FIND_READERS, values)]


def get_sharing(connection: Connection, user_id: str, object_id: str) -> Sharing:
    id, kind, name = _own(connection, user_id, object_id)
    return Sharing(id, kind, name, [_reader(row) for row in connection.execute(READERS_OF, (id,))])


def share(connection: Connection, by: By, object_id: str, reader_id: str) -> Sharing:
    """Asking twice is no error."""
    id, kind, _ = _own(connection, by.actor_id, object_id)
    row = connection.execute(f"{OTHERS} AND id = :id", {"user": by.actor_id, "id": reader_id}).fetchone()
    if row is None:
        raise NotFound("There is nobody by this id to share with; look them up again")
    person = row["kind"] == "person"
    values = {"id": new_id(), "kind": kind, "object": id, "by": by.actor_id, "at": now()}
    whom = {"user_id": reader_id if person else None, "group_id": None if person else reader_id}
    if connection.execute(GRANT, values | whom).rowcount:
        append(connection, by, "sharing.shared", id, {"kind": kind, "reader": reader_id})
    return get_sharing(connection, by.actor_id, id)


def unshare(connection: Connection, by: By, object_id: str, reader_id: str) -> None:
    """From the next moment on; asking twice is no error."""
    id, kind, _ = _own(connection, by.actor_id, object_id)
    gone = connection.execute(
        "DELETE FROM grants WHERE object_id = ? AND coalesce(user_id, group_id) = ?", (id, reader_id)
    ).rowcount
    if gone:
        append(connection, by, "sharing.stopped", id, {"kind": kind, "reader": reader_id})


def list_shared(
    connection: Connection, user_id: str, kind: Kind | None, before: str | None, limit: int
) -> Page[Shared]:
    """What others share with somebody, the newest first."""
    values = {"user": user_id, "kind": kind, "before": before or AFTER_EVERY_ID, "limit": limit + 1}
    rows = connection.execute(SHARED, values).fetchall()
    items = [msgspec.convert(dict(row), Shared) for row in rows[:limit]]
    return Page(items, items[-1].id if len(rows) > limit else None)


def _own(connection: Connection, user_id: str, object_id: str) -> Row:
    row = connection.execute(OWN, (object_id, user_id)).fetchone()
    if row is None:
        raise NotFound("There is nothing of yours by this id that can be shared")
    return row  # type: ignore[no-any-return]


def _reader(row: Row) -> Reader:
    return msgspec.convert(dict(row), Reader)
