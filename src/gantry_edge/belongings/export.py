"""All that one person has, as files. See docs/export.md."""

from typing import Any

import msgspec

from gantry_edge import __version__
from gantry_edge.accounts.schema import User
from gantry_edge.belongings.preferences import export_preferences
from gantry_edge.chat.export import export_conversations, export_images
from gantry_edge.documents.export import export_documents
from gantry_edge.facts.export import export_facts
from gantry_edge.ids import now
from gantry_edge.personas.export import export_personas
from gantry_edge.prompts.export import export_prompts
from gantry_edge.sharing.export import export_grants
from gantry_edge.storage.database import Connection
from gantry_edge.storage.files import Files
from gantry_edge.storage.packing import Packing

FORMAT, VERSION = "gantry-edge/person", 1


def export_person(connection: Connection, user: User, files: Files, packing: Packing) -> dict[str, Any]:
    """What was written is counted while it is written."""
    written = {
        **export_conversations(connection, user.id, user.name, packing)._asdict(),
        **export_documents(connection, user.id, files, packing)._asdict(),
        "images": export_images(connection, user.id, files, packing),
        "personas": export_personas(connection, user, packing),
        "prompts": export_prompts(connection, user.id, packing),
        "facts": export_facts(connection, user.id, packing),
        "grants": export_grants(connection, user.id, packing),
    }
    export_preferences(connection, user.id, packing)
    head = {"format": FORMAT, "version": VERSION, "program": __version__, "exported_at": now()}
    told = {**head, "user": msgspec.to_builtins(user), "counts": written}
    with packing.open("person.json") as file:
        file.write(msgspec.json.format(msgspec.json.encode(told)))
    return {"name": user.name, **written}
