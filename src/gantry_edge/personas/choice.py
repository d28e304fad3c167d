"""The front door: which persona a conversation begins with, and what of it an answer keeps."""

import re
from collections.abc import Mapping
from datetime import date

import msgspec

from gantry_edge.errors import NotFound
from gantry_edge.models.schema import Sampling
from gantry_edge.personas import store
from gantry_edge.personas.schema import Snapshot
from gantry_edge.storage.database import Connection

VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def default_persona(connection: Connection, user_id: str) -> str | None:
    """Of a new conversation: one's own choice, else the workspace's, else none."""
    return store.read_defaults(connection, user_id).persona_id


def check_persona(connection: Connection, user_id: str, id: str) -> None:
    """NotFound alike for a missing one and for someone else's."""
    store.find_with_user(connection, user_id, id)


def snapshot(connection: Connection, user_id: str, id: str) -> Snapshot | None:
    """The persona as it is today, for this person; None where it is no longer shared with them."""
    try:
        row, name = store.find_with_user(connection, user_id, id)
    except NotFound:
        return None
    ids = msgspec.json.decode(row["collection_ids"], type=list[str])
    return Snapshot(
        name=row["name"],
        prompt=fill(row["prompt"], {"user": name, "date": date.today().isoformat()}),
        model=row["model"],
        sampling=msgspec.json.decode(row["sampling"], type=Sampling),
        collection_ids=store.readable_collections(connection, user_id, ids) if ids else [],
    )


def instructions(persona: Snapshot, model: str) -> str:
    """What the model is told to be."""
    return fill(persona.prompt, {"model": model}).strip()


def fill(text: str, values: Mapping[str, str]) -> str:
    """With the variables that are known here; others stay as they are."""
    return VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)
