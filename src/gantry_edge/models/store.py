"""SQL of the endpoints that were added in the page."""

from msgspec import Struct

from gantry_edge.storage.database import Connection, Row

NAMING = (("users", "default_model"), ("personas", "model"))  # where a model is named that questions will go to


class Stored(Struct, frozen=True):
    """`key_sealed` for its origin."""

    id: str
    name: str
    url: str
    key_sealed: str | None
    enabled: bool
    images: bool
    slots: int | None


def list_stored(connection: Connection) -> list[Stored]:
    """The oldest first."""
    return [_stored(row) for row in connection.execute("SELECT * FROM endpoints ORDER BY id")]


def get_stored(connection: Connection, id: str) -> Stored | None:
    row = connection.execute("SELECT * FROM endpoints WHERE id = ?", (id,)).fetchone()
    return _stored(row) if row else None


def put_stored(connection: Connection, stored: Stored, at: int) -> bool:
    """Add it, or write it anew; False where another has its name."""
    taken = connection.execute("SELECT 1 FROM endpoints WHERE name = ? AND id <> ?", (stored.name, stored.id))
    if taken.fetchone():
        return False
    connection.execute(
        "INSERT INTO endpoints (id, name, url, key_sealed, enabled, images, slots, created_at, updated_at)"
        " VALUES (:id, :name, :url, :key, :enabled, :images, :slots, :at, :at)"
        " ON CONFLICT (id) DO UPDATE SET name = :name, url = :url, key_sealed = :key, enabled = :enabled,"
        " images = :images, slots = :slots, updated_at = :at",
        {
            "id": stored.id,
            "name": stored.name,
            "url": stored.url,
            "key": stored.key_sealed,
            "enabled": stored.enabled,
            "images": stored.images,
            "slots": stored.slots,
            "at": at,
        },
    )
    return True


def rename_models(connection: Connection, before: str, after: str) -> None:
    """Whoever chose one of its models keeps it. Answers keep the name they were given under."""
    for table, column in NAMING:
        connection.execute(
            f"UPDATE {table} SET {column} = :after || substr({column}, length(:before) + 1)"
            f" WHERE substr({column}, 1, length(:before) + 1) = :before || '/'",
            {"before": before, "after": after},
        )


def delete_stored(connection: Connection, id: str) -> None:
    connection.execute("DELETE FROM endpoints WHERE id = ?", (id,))


def _stored(row: Row) -> Stored:
    return Stored(
        id=row["id"],
        name=row["name"],
        url=row["url"],
        key_sealed=row["key_sealed"],
        enabled=bool(row["enabled"]),
        images=bool(row["images"]),
        slots=row["slots"],
    )
