"""The words of personas. Mirrors `web/src/types.ts`."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from gantry_edge.documents.schema import Id
from gantry_edge.models.schema import Sampling

MOST = 200  # of one person, and as many for everybody

Visibility = Literal["private", "system"]
Name = Annotated[str, Meta(min_length=1, max_length=100)]
Description = Annotated[str, Meta(max_length=500)]
Prompt = Annotated[str, Meta(max_length=20_000)]
ModelId = Annotated[str, Meta(min_length=1, max_length=300)]
Starter = Annotated[str, Meta(min_length=1, max_length=200)]
Starters = Annotated[list[Starter], Meta(max_length=6)]
CollectionIds = Annotated[list[Id], Meta(max_length=50)]
StopText = Annotated[str, Meta(min_length=1, max_length=100)]

Share = Annotated[float, Meta(ge=0, le=1)]
Penalty = Annotated[float, Meta(ge=-2, le=2)]


class PersonaSampling(Sampling, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Within the bounds that engines take."""

    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    top_p: Share | None = None
    top_k: Annotated[int, Meta(ge=0, le=1000)] | None = None
    min_p: Share | None = None
    presence_penalty: Penalty | None = None
    frequency_penalty: Penalty | None = None
    repeat_penalty: Annotated[float, Meta(ge=0, le=2)] | None = None
    seed: Annotated[int, Meta(ge=0, le=2**32 - 1)] | None = None
    stop: Annotated[list[StopText], Meta(max_length=4)] | None = None
    max_tokens: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None


class PersonaFields(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What a person writes. `prompt` may have `{{user}}`, `{{date}}` and `{{model}}` in it."""

    name: Name
    description: Description = ""
    prompt: Prompt = ""
    model: ModelId | None = None
    sampling: PersonaSampling = PersonaSampling()
    starters: Starters = []
    collection_ids: CollectionIds = []

    def __post_init__(self) -> None:
        self.name = " ".join(self.name.split())
        if not self.name:
            raise ValueError("A persona needs a name")


class NewPersona(PersonaFields, kw_only=True, forbid_unknown_fields=True):
    visibility: Visibility = "private"


class Persona(msgspec.Struct, kw_only=True):
    """`editable`: by who asks. `owner`: how somebody else is called who shares it."""

    id: str
    visibility: Visibility
    editable: bool
    name: str
    description: str
    prompt: str
    model: str | None
    sampling: PersonaSampling
    starters: list[str]
    collection_ids: list[str]
    created_at: int
    updated_at: int
    owner: str | None = None


class Defaults(msgspec.Struct):
    """What new conversations begin with: one's own choice, or while there is none that of the workspace."""

    persona_id: str | None
    chosen: bool
    workspace_id: str | None


class DefaultChoice(msgspec.Struct, forbid_unknown_fields=True):
    """Null: none; absent: like the workspace."""

    persona_id: Id | UnsetType | None = UNSET


class WorkspaceChoice(msgspec.Struct, forbid_unknown_fields=True):
    persona_id: Id | None


class Snapshot(msgspec.Struct, frozen=True, omit_defaults=True):
    """A persona as an answer begins with it; `{{model}}` is known only when it is asked."""

    name: str
    prompt: str = ""
    model: str | None = None
    sampling: Sampling = Sampling()
    collection_ids: list[str] = []
