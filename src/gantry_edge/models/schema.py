"""The nouns of this room: where models live, what is asked of them, and the few things taken from their answers."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType
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
    slots: int | None = None  # answers at once; without a limit where it is not said


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


class Place(Struct, frozen=True):
    """In the line for an endpoint: how many are `ahead`, and `seconds` until it is one's turn, where that is known."""

    ahead: int
    seconds: int | None


class Delta(Struct, frozen=True):
    """What arrived next. Within one delta the reasoning comes before the text; the last usage seen counts.

    With a `place` nothing has been asked yet.
    """

    text: str = ""
    reasoning: str = ""
    finish_reason: str | None = None
    usage: Usage | None = None
    place: Place | None = None


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


Name = Annotated[str, Meta(pattern=r"^[^/\s]{1,40}\Z")]
Url = Annotated[str, Meta(min_length=1, max_length=300)]
Key = Annotated[str, Meta(max_length=500, pattern=r"^[!-~]*\Z")]  # it goes into a header
Slots = Annotated[int, Meta(ge=1, le=1000)] | None
Health = Literal[
    "ok",
    "off",
    "key_lost",
    "model_wrong_key",
    "model_unreachable",
    "model_timeout",
    "model_refused",
    "model_busy",
    "model_broken",
]


class NewEndpoint(Struct, forbid_unknown_fields=True):
    """`url` is the base of its API and mostly ends in /v1; `slots` is how many answers it may write at once."""

    name: Name
    url: Url
    key: Key = ""
    images: bool = False
    slots: Slots = None


class EndpointChanges(Struct, forbid_unknown_fields=True):
    """What is given is changed; an empty `key` takes it away."""

    name: Name | UnsetType = UNSET
    url: Url | UnsetType = UNSET
    key: Key | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    images: bool | UnsetType = UNSET
    slots: Slots | UnsetType = UNSET


class Waiter(Struct, frozen=True):
    """Who waits for an answer and since how many seconds; nobody for work in the background."""

    user_id: str
    waited: int
    place: Place | None


class Server(Struct, frozen=True):
    """An endpoint as it is shown: whether it has a key, never which; `fixed` by the settings."""

    id: str
    name: str
    url: str
    key: bool
    fixed: bool
    enabled: bool
    images: bool
    slots: int | None
    health: Health
    models: list[str]
    running: int
    waiting: list[Waiter]


class ModelFile(Struct, frozen=True):
    """A model the engine can load; `own` ones were brought in, and may be deleted."""

    name: str
    bytes: int
    own: bool
    loaded: bool
    sha256: str | None


class Arrival(Struct, frozen=True):
    """A model file that is being brought in, or was last; `error` says why it was not."""

    name: str
    bytes: int
    done: int
    error: str | None = None
    sha256: str | None = None


class LocalEngine(Struct, frozen=True):
    """`state` is "off" where the settings switch it off; `next` is what is loaded once nobody waits for an answer,
    `failure` what could not be loaded."""

    state: Literal["off", "starting", "ready", "crashed", "stopped"]
    model: str
    next: str | None
    failure: str | None
    files: list[ModelFile]
    arrival: Arrival | None
    running: int
    waiting: list[Waiter]


class LoadModel(Struct, forbid_unknown_fields=True):
    """The name of one of the files."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]


class ImportModel(Struct, forbid_unknown_fields=True):
    """`path` on the machine itself; with a `sha256` the file has to be that one."""

    path: Annotated[str, Meta(min_length=1, max_length=1000)]
    sha256: Annotated[str, Meta(pattern="^[0-9a-fA-F]{64}\\Z")] | None = None
