"""The prompt library of one person as a file. See docs/export.md."""

import msgspec

from gantry_edge.prompts.store import list_prompts
from gantry_edge.storage.database import Connection
from gantry_edge.storage.packing import Packing

FORMAT, VERSION = "gantry-edge/prompts", 1


def export_prompts(connection: Connection, user_id: str, packing: Packing) -> int:
    """How many there are."""
    prompts = list_prompts(connection, user_id)
    with packing.open("prompts.json") as file:
        told = {"format": FORMAT, "version": VERSION, "prompts": prompts}
        file.write(msgspec.json.format(msgspec.json.encode(told)) + b"\n")
    return len(prompts)
