"""The nouns of this room: where models live, what is asked of them, and the few things taken from their answers."""

from typing import Annotated, Any

from msgspec import Meta, Struct
from msgspec.structs import asdict, replace


class Endpoint(Struct, frozen=True):
    """An OpenAI-compatible server. `url` is its base and ends in /v1; `name` has no slash."""

    id: str
    name: str
    url: str
    key: str = ""
    local: bool = False  # runs inside this appliance
    window: int | None = None  # tokens of prompt and answer together, where known
    max_tokens: int | None = None  # longest answer to ask for
    small: bool = False  # the model can do little more than repeat what it reads
    images: bool = False  # whatever its models say of themselves, they take pictures


class ChatMessage(Struct, frozen=True, omit_defaults=True):
    """`images` are data URLs, for models that take pictures."""

    role: str
    content: str
    images: list[str] = []


class Sampling(Struct, frozen=True, omit_defaults=True):
    """How a model picks its words. Only what is set is asked for: plain OpenAI endpoints do not know all of it."""

    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    repeat_penalty: float | None = None
    seed: int | None = None
    stop: list[str] | None = None
    max_tokens: int | None = None

    def but(self, other: "Sampling") -> "Sampling":
        """With what the other sets instead."""
        return replace(self, **{name: value for name, value in asdict(other).items() if value is not None})


class ChatRequest(Struct, frozen=True):
    """`form` is the JSON schema of the answer, for servers that keep to one."""

    model: str
    messages: list[ChatMessage]
    sampling: Sampling = Sampling()
    form: dict[str, Any] | None = None


class Usage(Struct, frozen=True):
    """`cached_tokens` of the prompt's the engine had not to read again."""

    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int | None = None


class Delta(Struct, frozen=True):
    """What arrived next. Within one delta the reasoning comes before the text; the last usage seen counts."""

    text: str = ""
    reasoning: str = ""
    finish_reason: str | None = None
    usage: Usage | None = None


class Model(Struct, frozen=True):
    """A model people can choose; `id` is "endpoint name/model name"."""

    id: str
    name: str
    endpoint: str
    local: bool
    note: str = ""
    images: bool = False  # takes pictures


class Timeouts(Struct, frozen=True):
    """Seconds: to connect, from asking to the first token, and of silence between two reads."""

    connect: float = 5.0
    first_token: float = 120.0
    idle: float = 60.0


class Preferred(Struct, forbid_unknown_fields=True):
    """The id of a model, as `GET /api/models` tells it."""

    model: Annotated[str, Meta(max_length=500)] | None
