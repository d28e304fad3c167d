"""The model that one person's questions go to when they name none. The front door for those who ask."""

from collections.abc import Sequence

from gantry_edge.models.schema import Model
from gantry_edge.storage.database import Connection


def read_preferred(connection: Connection, user_id: str) -> str | None:
    """It may be gone."""
    row = connection.execute("SELECT default_model FROM users WHERE id = ?", (user_id,)).fetchone()
    return row[0] if row else None


def save_preferred(connection: Connection, user_id: str, model: str | None) -> None:
    connection.execute("UPDATE users SET default_model = ? WHERE id = ?", (model, user_id))


def first(models: Sequence[Model], preferred: str | None) -> list[Model]:
    """With the preferred one before the others, where it is there."""
    return sorted(models, key=lambda model: model.id != preferred)
