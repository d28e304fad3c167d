"""SQL of personas. A private one is seen by its owner and its readers: to all others it looks like none."""

from collections.abc import Sequence

import msgspec
from msgspec import UNSET, UnsetType

from gantry_edge.accounts.schema import Role, User
from gantry_edge.documents.schema import Scope
from gantry_edge.documents.search import read_reach
from gantry_edge.errors import BadRequest, Conflict, Forbidden, NotFound
from gantry_edge.ids import new_id, now
from gantry_edge.paging import Page
from gantry_edge.personas.schema import (
    MOST,
    Defaults,
    NewPersona,
    Persona,
    PersonaFields,
    PersonaSampling,
)
from gantry_edge.sharing.reading import granted
from gantry_edge.storage.audit import By, append
from gantry_edge.storage.database import Connection, Row

PERSONA = """
id, visibility, user_id, name, description, prompt, model, sampling, starters, collection_ids, created_at, updated_at,
(SELECT coalesce(nullif(u.display_name, ''), u.name) FROM users u WHERE u.id = personas.user_id) AS owner
"""
OWN = "(visibility = 'system' OR user_id = :user)"
VISIBLE = f"(visibility = 'system' OR user_id = :user OR {granted('persona', 'personas.id')})"
AFTER_EVERY_ID = "z"
MISSING = "There is no such persona"

_sampling = msgspec.json.Decoder(PersonaSampling)
_texts = msgspec.json.Decoder(list[str])
# one that may no longer be read is none
CHOSEN = f"""
SELECT (SELECT id FROM personas WHERE id = c.persona_id AND {VISIBLE}) FROM persona_choices c WHERE user_id = :user
"""
CALLED = "SELECT coalesce(nullif(display_name, ''), name) FROM users WHERE id = ?"


def list_personas(connection: Connection, user: User, before: str | None, limit: int) -> Page[Persona]:
    """One's own, those that are shared with one and those for everybody, the newest first."""
    rows = connection.execute(
        f"SELECT {PERSONA} FROM personas WHERE {VISIBLE} AND id < :before ORDER BY id DESC LIMIT :limit",
        {"user": user.id, "before": before or AFTER_EVERY_ID, "limit": limit + 1},
    ).fetchall()
    items = [_persona(row, user) for row in rows[:limit]]
    keep_readable_collections(connection, user.id, items)
    return Page(items, items[-1].id if len(rows) > limit else None)


def own_personas(connection: Connection, user: User) -> list[Persona]:
    """The private ones, the oldest first."""
    rows = connection.execute(f"SELECT {PERSONA} FROM personas WHERE user_id = ? ORDER BY id", (user.id,))
    personas = [_persona(row, user) for row in rows.fetchall()]
    keep_readable_collections(connection, user.id, personas)
    return personas


def get_persona(connection: Connection, user: User, id: str) -> Persona:
    row = _row(connection, user.id, id)
    persona = _persona(row, user)
    keep_readable_collections(connection, user.id, [persona])
    return persona


def add_persona(connection: Connection, user: User, new: NewPersona) -> Persona:
    owner = user.id if new.visibility == "private" else None
    if owner is None:
        _check_rank(user)
    _check_collections(connection, user, new, new.visibility)
    having = connection.execute(
        f"SELECT count(*) FROM personas WHERE visibility = :visibility AND {OWN}",
        {"visibility": new.visibility, "user": user.id},
    ).fetchone()
    if having[0] >= MOST:
        raise Conflict(f"There are {MOST} personas already; delete one first")
    id, at = new_id(), now()
    connection.execute(
        """
        INSERT INTO personas (id, visibility, user_id, name, description, prompt, model, sampling, starters,
            collection_ids, created_at, updated_at)
        VALUES (:id, :visibility, :owner, :name, :description, :prompt, :model, :sampling, :starters,
            :collection_ids, :at, :at)
        """,
        {"id": id, "visibility": new.visibility, "owner": owner, "at": at, **_values(new)},
    )
    _note(connection, user, new.visibility, "personas.added", id)
    return get_persona(connection, user, id)


def replace_persona(connection: Connection, user: User, id: str, fields: PersonaFields) -> Persona:
    """All of it but who may see it."""
    before = _editable(connection, user, id)
    _check_collections(connection, user, fields, before["visibility"])
    connection.execute(
        """
        UPDATE personas SET name = :name, description = :description, prompt = :prompt, model = :model,
            sampling = :sampling, starters = :starters, collection_ids = :collection_ids, updated_at = :at
        WHERE id = :id
        """,
        {"id": id, "at": now(), **_values(fields)},
    )
    _note(connection, user, before["visibility"], "personas.changed", id)
    return get_persona(connection, user, id)


def delete_persona(connection: Connection, user: User, id: str) -> None:
    """Conversations go on without it; answers keep what they had of it."""
    before = _editable(connection, user, id)
    _note(connection, user, before["visibility"], "personas.deleted", id)
    connection.execute("DELETE FROM personas WHERE id = ?", (id,))


def read_defaults(connection: Connection, user_id: str) -> Defaults:
    workspace = connection.execute("SELECT id FROM personas WHERE is_default = 1").fetchone()
    workspace_id = workspace[0] if workspace else None
    chosen = connection.execute(CHOSEN, {"user": user_id}).fetchone()
    return Defaults(chosen[0] if chosen else workspace_id, chosen is not None, workspace_id)


def choose_default(connection: Connection, user_id: str, id: str | UnsetType | None) -> Defaults:
    if id is UNSET:
        connection.execute("DELETE FROM persona_choices WHERE user_id = ?", (user_id,))
        return read_defaults(connection, user_id)
    if id is not None:
        _row(connection, user_id, id)
    connection.execute(
        "INSERT INTO persona_choices (user_id, persona_id) VALUES (?, ?)"
        " ON CONFLICT (user_id) DO UPDATE SET persona_id = excluded.persona_id",
        (user_id, id),
    )
    return read_defaults(connection, user_id)


def choose_for_workspace(connection: Connection, user_id: str, id: str | None) -> Defaults:
    if id is not None and _row(connection, user_id, id)["visibility"] != "system":
        raise BadRequest("Only a persona for everybody can be the workspace's default")
    connection.execute("UPDATE personas SET is_default = 0 WHERE is_default = 1")
    connection.execute("UPDATE personas SET is_default = 1 WHERE id = ?", (id,))
    append(connection, By(user_id), "personas.default_chosen", id or "")
    return read_defaults(connection, user_id)


def find_with_user(connection: Connection, user_id: str, id: str) -> tuple[Row, str]:
    """A persona, and the name of who speaks with it."""
    row = _row(connection, user_id, id)
    name = connection.execute(CALLED, (user_id,)).fetchone()
    return row, str(name[0])


def keep_readable_collections(connection: Connection, user_id: str, personas: Sequence[Persona]) -> None:
    """What was deleted meanwhile, or is not shared with who asks, drops out."""
    wanted = sorted({id for persona in personas for id in persona.collection_ids})
    readable = set(readable_collections(connection, user_id, wanted))
    for persona in personas:
        persona.collection_ids = [id for id in persona.collection_ids if id in readable]


def readable_collections(connection: Connection, user_id: str, ids: Sequence[str]) -> list[str]:
    return list(read_reach(connection, user_id, Scope(list(ids))).collections)


def _check_rank(user: User) -> None:
    if user.role is Role.MEMBER:
        raise Forbidden("Personas for everybody are written by administrators")


def _note(connection: Connection, user: User, visibility: str, action: str, id: str) -> None:
    """What concerns everybody is in the audit trail."""
    if visibility == "system":
        append(connection, By(user.id), action, id)


def _check_collections(connection: Connection, user: User, fields: PersonaFields, visibility: str) -> None:
    if fields.collection_ids and visibility == "system":
        raise BadRequest("A persona for everybody cannot have collections: they are private")
    if set(fields.collection_ids) - set(readable_collections(connection, user.id, fields.collection_ids)):
        raise NotFound("There is no such collection")


def _editable(connection: Connection, user: User, id: str) -> Row:
    row = _row(connection, user.id, id, OWN)
    if row["visibility"] == "system":
        _check_rank(user)
    return row


def _row(connection: Connection, user_id: str, id: str, whose: str = VISIBLE) -> Row:
    row = connection.execute(
        f"SELECT {PERSONA} FROM personas WHERE id = :id AND {whose}", {"id": id, "user": user_id}
    ).fetchone()
    if row is None:
        raise NotFound(MISSING)
    return row  # type: ignore[no-any-return]


def _values(fields: PersonaFields) -> dict[str, str | None]:
    return {
        "name": fields.name,
        "description": fields.description,
        "prompt": fields.prompt,
        "model": fields.model,
        "sampling": msgspec.json.encode(fields.sampling).decode(),
        "starters": msgspec.json.encode(fields.starters).decode(),
        "collection_ids": msgspec.json.encode(list(dict.fromkeys(fields.collection_ids))).decode(),
    }


def _persona(row: Row, user: User) -> Persona:
    fields = dict(row)
    own = fields.pop("user_id") == user.id
    fields["owner"] = None if own else row["owner"]
    editable = own or (row["visibility"] == "system" and user.role is not Role.MEMBER)
    fields["sampling"] = _sampling.decode(row["sampling"])
    fields["starters"] = _texts.decode(row["starters"])
    fields["collection_ids"] = _texts.decode(row["collection_ids"])
    return Persona(**fields, editable=editable)
