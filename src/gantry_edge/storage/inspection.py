"""What a database says of itself, read without changing it, beside a running server or without one."""

import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from gantry_edge.storage.cache import STRANGE
from gantry_edge.storage.copy import TABLES
from gantry_edge.storage.database import Connection, DatabaseError, open_connection, open_read_only, open_unchanged
from gantry_edge.storage.migrations import applied_steps, newer_steps, pending_steps
from gantry_edge.storage.settings import chosen_in

TIMES = 50
WAL_AT = slice(18, 20)  # bytes of the header that say how it is written to
SERVER_PRAGMAS = (
    "journal_mode", "synchronous", "foreign_keys", "busy_timeout", "cache_size", "temp_store", "secure_delete",
)  # fmt: skip
FACTS = {
    "owners": "SELECT count(*) FROM users WHERE role = 'owner' AND disabled_at IS NULL",
    "newest": "SELECT max(at) FROM (SELECT max(updated_at) AS at FROM conversations"
    " UNION ALL SELECT max(seen_at) FROM sessions) latest",
    "running_answers": "SELECT count(*) FROM answers WHERE status = 'running'",
    "stale_jobs": "SELECT count(*) FROM jobs WHERE status = 'running' AND leased_until < :now - 600000",
    "failed_jobs": "SELECT count(*) FROM jobs WHERE status = 'failed'",
    "stuck": "SELECT count(*) FROM documents WHERE deleted_at IS NULL"
    " AND status IN ('queued', 'extracting', 'embedding') AND updated_at < :now - 3600000",
    "unread": "SELECT count(*) FROM documents WHERE status = 'failed' AND deleted_at IS NULL",
    "words": "SELECT count(*) FROM chunk_words_docsize",
    "without_vector": "SELECT count(*) FROM chunks WHERE id NOT IN (SELECT chunk_id FROM embeddings)",
    "without_chunk": "SELECT count(*) FROM embeddings WHERE vault NOT LIKE 'memory-%'"
    " AND chunk_id NOT IN (SELECT id FROM chunks)",
    "models": "SELECT group_concat(model, ' ') FROM (SELECT DISTINCT model FROM embeddings) found",
    "vaults": "SELECT count(DISTINCT vault) FROM embeddings",
    "shared_vaults": "SELECT count(*) FROM (SELECT e.vault FROM embeddings e JOIN chunks k ON k.id = e.chunk_id"
    " JOIN documents d ON d.id = k.document_id GROUP BY e.vault HAVING count(DISTINCT d.user_id) > 1) shared",
    "widest": "SELECT max(octet_length(vector)) / 4 FROM embeddings",
    "narrowest": "SELECT min(octet_length(vector)) / 4 FROM embeddings",
    "generation": "SELECT value FROM settings WHERE name = 'index_generation'",
    "lan": "SELECT value FROM settings WHERE name = 'lan'",
    "https": "SELECT value FROM settings WHERE name = 'https'",
    "label": "SELECT value FROM settings WHERE name = 'lan_label'",
    "seal": "SELECT value FROM settings WHERE name = 'index_seal'",
}
SCHEMA = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"
FILES = "SELECT DISTINCT sha256, bytes FROM documents"


class Facts(NamedTuple):
    """`damage` is what SQLite found wrong; with any, the rest is empty. `journal` is wal or rollback."""

    application_id: int
    journal: str
    damage: list[str]
    foreign: int = 0  # rows that refer to rows that are not there
    steps: Sequence[str] = ()
    pending: Sequence[str] = ()
    newer: Sequence[str] = ()
    bytes: int = 0
    free_bytes: int = 0
    tables: Mapping[str, int] = {}
    values: Mapping[str, Any] = {}
    files: Mapping[str, int] = {}  # sizes of the originals by digest
    sql: str = ""  # the schema
    chosen: Mapping[str, Any] = {}  # settings kept by `config set`
    plans: Mapping[str, list[str]] = {}
    pace: Mapping[str, float] = {}  # ms that each of the statements takes


def inspect(path: Path, at: int, statements: Mapping[str, tuple[str, Any]], *, held: bool) -> Facts:
    """`held` by a running server; `at` is now, in ms; of each of the statements the plan is read. DatabaseError."""
    with path.open("rb") as file:
        journal = "wal" if file.read(20)[WAL_AT] == b"\2\2" else "rollback"
    with look(path, held=held) as connection:
        connection.execute("BEGIN")  # one snapshot, whatever goes on
        mark = connection.execute("PRAGMA application_id").fetchone()[0]
        damage = [row[0] for row in connection.execute("PRAGMA quick_check(5)") if row[0] != "ok"]
        if damage:
            return Facts(mark, journal, damage)
        steps = applied_steps(connection)
        facts = Facts(
            mark,
            journal,
            [],
            foreign=len(connection.execute("PRAGMA foreign_key_check").fetchall()),
            steps=steps,
            pending=pending_steps(connection),
            newer=newer_steps(steps),
            bytes=_pragma(connection, "page_count") * _pragma(connection, "page_size"),
            free_bytes=_pragma(connection, "freelist_count") * _pragma(connection, "page_size"),
            sql=";\n".join(row[0] for row in connection.execute(SCHEMA)),
            chosen=chosen_in(connection),
            tables={row[0]: _count(connection, row[0]) for row in connection.execute(TABLES).fetchall()},
        )
        if facts.pending or facts.newer:
            return facts
        values = {name: connection.execute(sql, {"now": at}).fetchone() for name, sql in FACTS.items()}
        return facts._replace(
            values={name: row[0] if row else None for name, row in values.items()},
            files=dict(tuple(row) for row in connection.execute(FILES)),
            plans={name: plan(connection, *statement) for name, statement in statements.items()},
            pace={name: pace(connection, *statement) for name, statement in statements.items()},
        )


@contextmanager
def look(path: Path, *, held: bool) -> Iterator[Connection]:
    """A connection that writes nothing, nor anything beside it."""
    log = path.with_name(path.name + "-wal")
    if held:
        connection = open_read_only(path)
    elif not log.exists() or log.stat().st_size == 0:
        connection = open_unchanged(path)
    else:  # a crash left what only an opening for writing puts into the file; so a copy is opened
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / path.name
            shutil.copyfile(path, copy)
            shutil.copyfile(log, copy.with_name(copy.name + "-wal"))
            connection = open_read_only(copy)
            try:
                yield connection
            finally:
                connection.close()
        return
    try:
        yield connection
    finally:
        connection.close()


def plan(connection: Connection, sql: str, parameters: Any) -> list[str]:
    return [row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)]


def pace(connection: Connection, sql: str, parameters: Any) -> float:
    begun = time.perf_counter()
    for _ in range(TIMES):
        connection.execute(sql, parameters).fetchall()
    return (time.perf_counter() - begun) * 1000 / TIMES


def server_pragmas() -> dict[str, Any]:
    """As they are on a connection that is opened the way the server opens its own."""
    with tempfile.TemporaryDirectory() as folder:
        connection = open_connection(Path(folder) / "empty.db")
        try:
            return {name: _pragma(connection, name) for name in SERVER_PRAGMAS}
        finally:
            connection.close()


def look_into_cache(folder: Path, *, held: bool) -> tuple[int, int, list[str]]:
    """Of the cache: its entries, those no cache of this program has, and the kinds of its keys."""
    database = folder / "cache.db"
    if not database.exists():
        return 0, 0, []
    with look(database, held=held) as connection:
        keys = [str(row[0]) for row in connection.execute("SELECT key FROM Cache LIMIT 100000")]
        strange = connection.execute(f"SELECT count(*) FROM Cache WHERE {STRANGE}", (1,)).fetchone()[0]
        return len(keys), strange, sorted({key.partition(" ")[0] for key in keys})


def _pragma(connection: Connection, name: str) -> Any:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def _count(connection: Connection, table: str) -> int:
    quoted = table.replace('"', '""')
    return int(connection.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()[0])


__all__ = ["DatabaseError", "Facts", "inspect", "look", "look_into_cache", "server_pragmas"]
