"""The audit trail: who did what to whom, appended in the transaction that does it.

Each row is sealed by the hash of the one before it, and the last seal is kept beside the trail, so that a row that was
changed, moved or taken away shows. It names people and things by their ids: what was said or written is never in it,
and a person who is deleted leaves no name behind.
"""

import hashlib
import json
from typing import Any, NamedTuple

from msgspec import Struct

from gantry_edge.ids import now
from gantry_edge.paging import Page
from gantry_edge.storage.database import Connection, Row
from gantry_edge.storage.settings import put_setting, read_setting

HEAD = "audit_head"
COLUMNS = ("seq", "at", "actor_id", "address", "action", "subject_id", "detail")


class By(NamedTuple):
    """Who acts, and from where; the machine itself when both are empty."""

    actor_id: str = ""
    address: str = ""


class Entry(Struct, frozen=True):
    """`subject_id` is whom or what it was done to; `at` in ms."""

    seq: int
    at: int
    actor_id: str
    address: str
    action: str
    subject_id: str
    detail: dict[str, Any]


class Broken(NamedTuple):
    seq: int
    problem: str


MACHINE = By()


def append(
    connection: Connection, by: By, action: str, subject_id: str = "", detail: dict[str, Any] | None = None
) -> None:
    seq, seal = _head(connection)
    values = [seq + 1, now(), by.actor_id, by.address, action, subject_id, _json(detail or {})]
    sealed = _seal(seal, values)
    connection.execute(
        f"INSERT INTO audit ({', '.join(COLUMNS)}, seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*values, sealed)
    )
    put_setting(connection, HEAD, [seq + 1, sealed])


def list_entries(connection: Connection, actions: str, before: int | None, limit: int) -> Page[Entry]:
    """The newest first; `actions` is what the names of the wanted ones begin with."""
    rows = connection.execute(
        f"SELECT {', '.join(COLUMNS)} FROM audit "
        "WHERE seq < :before AND substr(action, 1, length(:actions)) = :actions ORDER BY seq DESC LIMIT :limit",
        {"before": before or 1 << 62, "actions": actions, "limit": limit + 1},
    ).fetchall()
    items = [_entry(row) for row in rows[:limit]]
    return Page(items, next=str(items[-1].seq) if len(rows) > limit else None)


def all_entries(connection: Connection) -> list[Entry]:
    return [_entry(row) for row in connection.execute(f"SELECT {', '.join(COLUMNS)} FROM audit ORDER BY seq")]


def find_break(connection: Connection) -> Broken | None:
    """The first row that is not as it was written; None when all are."""
    seal, expected = "", 1
    for row in connection.execute(f"SELECT {', '.join(COLUMNS)}, seal FROM audit ORDER BY seq"):
        if row["seq"] != expected:
            return Broken(expected, "was taken away")
        seal = _seal(seal, [row[column] for column in COLUMNS])
        if seal != row["seal"]:
            return Broken(expected, "was changed")
        expected += 1
    last, kept = _head(connection)
    if (last, kept) != (expected - 1, seal):
        return Broken(min(last, expected), "was taken away" if last >= expected else "was added by something else")
    return None


def _head(connection: Connection) -> tuple[int, str]:
    seq, seal = read_setting(connection, HEAD, [0, ""])
    return seq, seal


def _seal(before: str, values: list[Any]) -> str:
    return hashlib.sha256(_json([before, *values]).encode()).hexdigest()


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def _entry(row: Row) -> Entry:
    return Entry(**{**dict(row), "detail": json.loads(row["detail"])})
