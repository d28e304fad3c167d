"""The personas of one person as a file. See docs/export.md."""

import msgspec

from gantry_edge.accounts.schema import User
from gantry_edge.personas.store import own_personas
from gantry_edge.storage.database import Connection
from gantry_edge.storage.packing import Packing

FORMAT, VERSION = "gantry-edge/personas", 1


def export_personas(connection: Connection, user: User, packing: Packing) -> int:
    """How many there are."""
    personas = own_personas(connection, user)
    with packing.open("personas.json") as file:
        told = {"format": FORMAT, "version": VERSION, "personas": personas}
        file.write(msgspec.json.format(msgspec.json.encode(told)) + b"\n")
    return len(personas)
