"""SQL of embeddings and of the outbox: what the index still has to be told, in order.

Each change of an embedding writes its operation in the same transaction. An operation names a chunk, never its
vector: who applies it reads the vector then, so applying one twice, or late, does no harm.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from gantry_edge.ids import new_id, now
from gantry_edge.storage.database import Connection

VAULT_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._-]{1,510}[a-zA-Z0-9]")  # as Chroma takes it
AT_ONCE = 500  # ids in one statement

PUT_EMBEDDING = """
INSERT INTO embeddings (chunk_id, vault, model, vector) VALUES (:chunk, :vault, :model, :vector)
ON CONFLICT (chunk_id) DO UPDATE SET vault = excluded.vault, model = excluded.model, vector = excluded.vector
"""
PUT_OP = "INSERT INTO index_ops (op, vault, chunk_id) VALUES (?, ?, ?)"
TOUCH = """
INSERT INTO index_state (vault, version) VALUES (?, ?) ON CONFLICT (vault) DO UPDATE SET version = excluded.version
"""
PUT_SETTING = """
INSERT INTO settings (name, value, updated_at) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at
"""


class Op(NamedTuple):
    seq: int
    op: Literal["put", "delete", "drop"]
    vault: str
    chunk_id: str


class Generation(NamedTuple):
    """A folder of the index, and the model whose embeddings it holds."""

    id: str
    model: str


def add_embeddings(connection: Connection, vault: str, model: str, rows: Iterable[tuple[str, bytes]]) -> None:
    """Store (chunk id, float32 bytes); an id that is here already gets the new vector."""
    if not VAULT_NAME.fullmatch(vault):
        raise ValueError(f"{vault!r} is no name for a vault")
    rows = list(rows)
    for place, others in _places(connection, [id for id, _ in rows]).items():
        if place != vault:
            _note(connection, "delete", place, others)
    connection.executemany(
        PUT_EMBEDDING, [{"chunk": id, "vault": vault, "model": model, "vector": vector} for id, vector in rows]
    )
    _note(connection, "put", vault, [id for id, _ in rows])


def delete_embeddings(connection: Connection, chunk_ids: Sequence[str]) -> None:
    for vault, ids in _places(connection, chunk_ids).items():
        for some in _portions(ids):
            connection.execute(f"DELETE FROM embeddings WHERE chunk_id IN ({_marks(some)})", some)
        _note(connection, "delete", vault, ids)


def move_embeddings(connection: Connection, chunk_ids: Sequence[str], vault: str) -> None:
    for place, ids in _places(connection, chunk_ids).items():
        if place == vault:
            continue
        for some in _portions(ids):
            connection.execute(f"UPDATE embeddings SET vault = ? WHERE chunk_id IN ({_marks(some)})", [vault, *some])
        _note(connection, "delete", place, ids)
        _note(connection, "put", vault, ids)


def delete_some(connection: Connection, vault: str, limit: int) -> int:
    """Embeddings of a vault that goes as a whole in the end; how many."""
    some = "SELECT chunk_id FROM embeddings WHERE vault = ? LIMIT ?"
    return connection.execute(f"DELETE FROM embeddings WHERE chunk_id IN ({some})", (vault, limit)).rowcount


def delete_vault(connection: Connection, vault: str) -> None:
    connection.execute("DELETE FROM embeddings WHERE vault = ?", (vault,))
    connection.execute("DELETE FROM index_state WHERE vault = ?", (vault,))
    connection.execute(PUT_OP, ("drop", vault, ""))
    connection.execute("INSERT INTO embedding_changes (vault, chunk_id) VALUES ('', '')")
    connection.execute("DELETE FROM embedding_changes WHERE vault = ?", (vault,))


def has_embeddings(connection: Connection) -> bool:
    return connection.execute("SELECT 1 FROM embeddings LIMIT 1").fetchone() is not None


def read_ops(connection: Connection, limit: int) -> list[Op]:
    rows = connection.execute("SELECT seq, op, vault, chunk_id FROM index_ops ORDER BY seq LIMIT ?", (limit,))
    return [Op(*row) for row in rows]


def read_ops_of(connection: Connection, vaults: Sequence[str], limit: int) -> list[Op]:
    rows = connection.execute(
        f"SELECT seq, op, vault, chunk_id FROM index_ops WHERE vault IN ({_marks(vaults)}) ORDER BY seq LIMIT ?",
        [*vaults, limit],
    )
    return [Op(*row) for row in rows]


def delete_ops(connection: Connection, last: int) -> None:
    connection.execute("DELETE FROM index_ops WHERE seq <= ?", (last,))


def last_op(connection: Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(seq), 0) FROM index_ops").fetchone()[0])


def count_ops(connection: Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM index_ops").fetchone()[0])


def count_vaults(connection: Connection, model: str) -> dict[str, int]:
    rows = connection.execute("SELECT vault, count(*) FROM embeddings WHERE model = ? GROUP BY vault", (model,))
    return dict(tuple(row) for row in rows)


def count_vault(connection: Connection, vault: str, model: str) -> int:
    found = connection.execute("SELECT count(*) FROM embeddings WHERE vault = ? AND model = ?", (vault, model))
    return int(found.fetchone()[0])


def has_more(connection: Connection, vault: str, model: str, than: int) -> bool:
    """Counting all of a large vault would take longer than searching it."""
    found = connection.execute(
        "SELECT 1 FROM embeddings WHERE vault = ? AND model = ? LIMIT 1 OFFSET ?", (vault, model, than)
    )
    return found.fetchone() is not None


def read_version(connection: Connection, vault: str) -> str:
    """Another one after each change of the vault; "" when nothing was ever put there."""
    row = connection.execute("SELECT version FROM index_state WHERE vault = ?", (vault,)).fetchone()
    return row[0] if row else ""


def read_versions(connection: Connection, vaults: Sequence[str]) -> dict[str, str]:
    """The same of several; those where something was put."""
    rows = connection.execute(f"SELECT vault, version FROM index_state WHERE vault IN ({_marks(vaults)})", vaults)
    return dict(tuple(row) for row in rows)


def last_change(connection: Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(seq), 0) FROM embedding_changes").fetchone()[0])


def read_changes(connection: Connection, vault: str, after: int) -> list[str] | None:
    """Chunks of a vault that came, changed or went since; None when that is not known any more."""
    if connection.execute("SELECT 1 FROM embedding_changes WHERE seq = ?", (after,)).fetchone() is None:
        return None
    rows = connection.execute(
        "SELECT DISTINCT chunk_id FROM embedding_changes WHERE seq > ? AND vault IN (?, '')", (after, vault)
    )
    ids = [row[0] for row in rows]
    return None if "" in ids else ids


def forget_changes(connection: Connection) -> None:
    """Of those before nobody has a copy: the program has just started. The last one is left, to count on from."""
    connection.execute("DELETE FROM embedding_changes WHERE seq < (SELECT max(seq) FROM embedding_changes)")


def read_vectors(
    connection: Connection, chunk_ids: Sequence[str], vaults: Sequence[str], model: str
) -> Iterator[tuple[str, str, bytes]]:
    """(chunk id, vault, vector) of those that are here, in these vaults, by this model."""
    wanted = set(vaults)
    for some in _portions(chunk_ids):
        rows = connection.execute(
            f"SELECT chunk_id, vault, vector FROM embeddings WHERE model = ? AND chunk_id IN ({_marks(some)})",
            [model, *some],
        )
        yield from ((id, vault, vector) for id, vault, vector in rows if vault in wanted)


def read_vault(connection: Connection, vault: str, model: str) -> Iterator[tuple[str, bytes]]:
    rows = connection.execute("SELECT chunk_id, vector FROM embeddings WHERE vault = ? AND model = ?", (vault, model))
    return (tuple(row) for row in rows)


def read_page(connection: Connection, vault: str, model: str, after: str, limit: int) -> list[tuple[str, bytes]]:
    """(chunk id, vector) behind `after`, in the order of the ids."""
    rows = connection.execute(
        "SELECT chunk_id, vector FROM embeddings WHERE vault = ? AND model = ? AND chunk_id > ?"
        " ORDER BY chunk_id LIMIT ?",
        (vault, model, after, limit),
    )
    return [tuple(row) for row in rows]


def read_ids(connection: Connection, vault: str, model: str) -> list[str]:
    rows = connection.execute("SELECT chunk_id FROM embeddings WHERE vault = ? AND model = ?", (vault, model))
    return [row[0] for row in rows]


def read_generation(connection: Connection) -> Generation | None:
    row = connection.execute("SELECT value FROM settings WHERE name = 'index_generation'").fetchone()
    id, found, model = row[0].partition(" ") if row else ("", "", "")
    return Generation(id, model) if found else None


def write_generation(connection: Connection, generation: Generation, covered: int) -> None:
    """The folder in use from now on, made when `covered` was the last operation, so with all up to it."""
    delete_ops(connection, covered)
    connection.execute(PUT_SETTING, ("index_generation", f"{generation.id} {generation.model}", now()))
    connection.execute("DELETE FROM settings WHERE name IN ('index_hard', 'index_seal')")


def read_seal(connection: Connection) -> str:
    """The digest of the folder in use; "" while it is written to."""
    row = connection.execute("SELECT value FROM settings WHERE name = 'index_seal'").fetchone()
    return row[0] if row else ""


def write_seal(connection: Connection, digest: str) -> None:
    connection.execute(PUT_SETTING, ("index_seal", digest, now()))


def read_hard(connection: Connection) -> frozenset[str]:
    """Vaults whose vectors the index cannot tell apart, though it was made well: they are searched exactly."""
    row = connection.execute("SELECT value FROM settings WHERE name = 'index_hard'").fetchone()
    return frozenset(row[0].split() if row else ())


def write_hard(connection: Connection, vaults: Iterable[str]) -> None:
    connection.execute(PUT_SETTING, ("index_hard", " ".join(sorted(vaults)), now()))


def _places(connection: Connection, chunk_ids: Sequence[str]) -> dict[str, list[str]]:
    """The vaults these chunks lie in."""
    places: dict[str, list[str]] = {}
    for some in _portions(chunk_ids):
        rows = connection.execute(f"SELECT vault, chunk_id FROM embeddings WHERE chunk_id IN ({_marks(some)})", some)
        for vault, id in rows:
            places.setdefault(vault, []).append(id)
    return places


def _note(connection: Connection, op: str, vault: str, chunk_ids: Sequence[str]) -> None:
    if not chunk_ids:
        return
    connection.executemany(PUT_OP, [(op, vault, id) for id in chunk_ids])
    connection.execute(TOUCH, (vault, new_id()))


def _portions(ids: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), AT_ONCE):
        yield list(ids[start : start + AT_ONCE])


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))
