"""The page's types.ts and the server's structs have the same fields."""

import re
from pathlib import Path

import msgspec
import pytest

from gantry_edge import errors
from gantry_edge.accounts import schema as accounts
from gantry_edge.admin import schema as admin
from gantry_edge.appliance import schema as appliance
from gantry_edge.chat import schema as chat
from gantry_edge.documents import schema as documents
from gantry_edge.facts import schema as facts
from gantry_edge.logs import Line
from gantry_edge.memory import schema as memory
from gantry_edge.models import schema as models
from gantry_edge.personas import schema as personas
from gantry_edge.prompts import schema as prompts
from gantry_edge.sharing import schema as sharing
from gantry_edge.storage.slow import SlowStatement

TYPES = (Path(__file__).parent.parent / "web" / "src" / "types.ts").read_text()
STRUCTS: list[type[msgspec.Struct]] = [
    accounts.User,
    accounts.Session,
    accounts.Person,
    accounts.Invitation,
    accounts.Invited,
    accounts.Opened,
    admin.AuditCheck,
    admin.Condition,
    admin.Overview,
    admin.Sample,
    admin.Sizes,
    admin.Usage,
    admin.UsageDay,
    admin.UsageRow,
    appliance.Network,
    appliance.Reach,
    appliance.Authority,
    appliance.Reached,
    appliance.Trust,
    chat.Conversation,
    chat.SharedConversation,
    chat.Message,
    chat.FoundMessage,
    chat.Folder,
    chat.Hits,
    chat.Outline,
    chat.Answer,
    chat.Started,
    chat.ChatSettings,
    chat.Draft,
    chat.ImageFile,
    chat.ImageFile,
    chat.Source,
    chat.Context,
    chat.ContextSegment,
    chat.LeftOut,
    documents.Scope,
    documents.Collection,
    documents.Document,
    documents.DocumentText,
    documents.Passage,
    facts.Entity,
    facts.Said,
    facts.Fact,
    facts.Edge,
    facts.Graph,
    memory.Exchange,
    memory.Memory,
    memory.MemoryState,
    models.Model,
    models.Place,
    models.Waiter,
    models.Server,
    models.ModelFile,
    models.Arrival,
    models.LocalEngine,
    models.Sampling,
    personas.Persona,
    personas.Defaults,
    prompts.Prompt,
    SlowStatement,
    Line,
    sharing.Reader,
    sharing.Sharing,
    sharing.Shared,
    sharing.Group,
    errors.Problem,
]


def interface(name: str) -> set[str]:
    body = re.search(rf"^export interface {name} \{{\n(.*?)^\}}", TYPES, re.M | re.S)
    assert body, f"types.ts has no {name}"
    return set(re.findall(r"^  (\w+)\??:", body[1], re.M))


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_fields_agree(struct: type[msgspec.Struct]) -> None:
    assert interface(struct.__name__) == set(struct.__struct_fields__)


def test_kinds_of_parts_agree() -> None:
    union = re.search(r"^export type Part =\n(.*?);\n\n", TYPES, re.M | re.S)
    assert union
    drawn = {
        (kind, frozenset(re.findall(r"(\w+):", rest)))
        for kind, rest in re.findall(r'type: "(\w+)";? ?(.*?) \}', union[1])
    }
    parts: list[type[msgspec.Struct]] = [
        chat.Text,
        chat.Attachment,
        chat.Image,
        chat.Image,
        chat.Reasoning,
        chat.Notice,
        chat.Sources,
        chat.Memories,
    ]
    assert drawn == {(str(p.__struct_config__.tag), frozenset(p.__struct_fields__)) for p in parts}
