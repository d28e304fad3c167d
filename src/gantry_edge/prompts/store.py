"""SQL of the prompt library. Each asks for the owner; a foreign id looks like none."""

from gantry_edge.errors import Conflict, NotFound
from gantry_edge.ids import new_id, now
from gantry_edge.prompts.schema import MOST, Prompt, PromptFields
from gantry_edge.storage.database import Connection

PROMPT = "id, name, text, created_at, updated_at"
MISSING = "There is no such prompt"


def list_prompts(connection: Connection, user_id: str) -> list[Prompt]:
    """All of one person, the oldest first."""
    rows = connection.execute(f"SELECT {PROMPT} FROM prompts WHERE user_id = ? ORDER BY id", (user_id,))
    return [Prompt(**dict(row)) for row in rows.fetchall()]


def add_prompt(connection: Connection, user_id: str, fields: PromptFields) -> Prompt:
    having = connection.execute("SELECT count(*) FROM prompts WHERE user_id = ?", (user_id,)).fetchone()
    if having[0] >= MOST:
        raise Conflict(f"There are {MOST} prompts already; delete one first")
    row = connection.execute(
        "INSERT INTO prompts (id, user_id, name, text, created_at, updated_at)"
        f" VALUES (:id, :user, :name, :text, :at, :at) RETURNING {PROMPT}",
        {"id": new_id(), "user": user_id, "name": fields.name, "text": fields.text, "at": now()},
    ).fetchone()
    return Prompt(**dict(row))


def replace_prompt(connection: Connection, user_id: str, id: str, fields: PromptFields) -> Prompt:
    row = connection.execute(
        f"UPDATE prompts SET name = ?, text = ?, updated_at = ? WHERE id = ? AND user_id = ? RETURNING {PROMPT}",
        (fields.name, fields.text, now(), id, user_id),
    ).fetchone()
    if row is None:
        raise NotFound(MISSING)
    return Prompt(**dict(row))


def delete_prompt(connection: Connection, user_id: str, id: str) -> None:
    if not connection.execute("DELETE FROM prompts WHERE id = ? AND user_id = ?", (id, user_id)).rowcount:
        raise NotFound(MISSING)
