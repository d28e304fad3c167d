"""What is known about a person as a file: JSON for programs, Markdown for people. See docs/export.md."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from gantry_edge.facts.schema import Fact
from gantry_edge.facts.store import all_facts
from gantry_edge.storage.database import Connection
from gantry_edge.storage.packing import Packing

FORMAT, VERSION = "gantry-edge/facts", 1


def export_facts(connection: Connection, user_id: str, packing: Packing) -> int:
    """How many there are."""
    facts = all_facts(connection, user_id)
    for name, content in (("memory.json", as_json(facts)), ("memory.md", as_markdown(facts))):
        with packing.open(name) as file:
            file.write(content)
    return len(facts)


def as_json(facts: Sequence[Fact]) -> bytes:
    document = {"format": FORMAT, "version": VERSION, "facts": facts}
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


def as_markdown(facts: Sequence[Fact]) -> bytes:
    """What counts, what waits to be approved, and what was once so."""
    now = [fact for fact in facts if fact.valid_to is None]
    parts = {
        "What is known": [fact for fact in now if fact.status != "suggested"],
        "Suggested, not approved": [fact for fact in now if fact.status == "suggested"],
        "What was once so": [fact for fact in facts if fact.valid_to is not None],
    }
    lines = ["# Memory"]
    for title, some in parts.items():
        if some:
            lines += ["", f"## {title}", *map(_line, some)]
    return ("\n".join(lines) + "\n").encode()


def _line(fact: Fact) -> str:
    words = " ".join(fact.text.split())
    until = f", until {_day(fact.valid_to)}" if fact.valid_to is not None else ""
    return f"- {words} (said on {_day(fact.valid_from)}{until}{', pinned' if fact.status == 'pinned' else ''})"


def _day(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).date().isoformat()
