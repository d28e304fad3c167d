"""The words of a chat. Mirrors `web/src/types.ts`."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from gantry_edge.documents.schema import Scope
from gantry_edge.memory.schema import Memory

MOST_TEXT = 1_000_000  # characters of a message with all that goes with it

Id = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")]
Title = Annotated[str, Meta(min_length=1, max_length=200)]
Content = Annotated[str, Meta(min_length=1, max_length=MOST_TEXT)]
ModelId = Annotated[str, Meta(min_length=1, max_length=300)]

Role = Literal["user", "assistant"]
Place = Literal["current", "archived", "trash"]
Status = Literal["running", "done", "stopped", "failed", "interrupted"]


class Text(msgspec.Struct, tag="text", frozen=True):
    text: str


class Attachment(msgspec.Struct, tag="attachment", frozen=True):
    """A text that goes with a question, such as a long one that was pasted, or a file of text."""

    name: str
    text: str


class Image(msgspec.Struct, tag="image", frozen=True):
    """A picture that goes with a question; its file is kept under its id."""

    id: str
    name: str
    media: str
    width: int
    height: int


class Reasoning(msgspec.Struct, tag="reasoning", frozen=True):
    text: str


class Notice(msgspec.Struct, tag="notice", frozen=True):
    """Something the person should know about this answer, such as what was left out."""

    code: str
    text: str


class Source(msgspec.Struct, frozen=True):
    """A passage the answer may cite by its number; `start` and `end` are characters of the document's text.

    Once the document is deleted, `text` is empty.
    """

    number: int
    id: str
    document_id: str
    document_name: str
    page: int | None
    heading: str
    start: int
    end: int
    text: str
    score: float
    page_end: int | None = None  # of a passage that crosses pages


class Sources(msgspec.Struct, tag="sources", frozen=True):
    """What was found in the person's documents and handed to the model."""

    items: list[Source]


class Memories(msgspec.Struct, tag="memories", frozen=True):
    """What was recalled of earlier conversations and handed to the model."""

    items: list[Memory]


Part = Text | Attachment | Image | Reasoning | Notice | Sources | Memories


class LeftOut(msgspec.Struct, frozen=True):
    """What did not fit into a model's window; `characters` of the question or of the answer so far."""

    messages: int = 0
    memories: int = 0
    sources: int = 0
    characters: int = 0


class ContextSegment(msgspec.Struct, frozen=True):
    """A piece of what the model saw. `ref` is the id of the message, memory or passage it was made from.

    `text` is what that says now: empty once it was deleted, and for the template of the model.
    """

    kind: str
    tokens: int
    ref: str
    text: str
    label: str = ""  # the document's name, or the role of who said it
    document_id: str | None = None


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What the model saw for an answer, in the order it read it. The tokens of all segments are `prompt_tokens`.

    `exact`: as the engine itself counted each of them, else they are estimated. `cached_tokens` of them the engine
    still had from the turn before.
    """

    window: int | None
    exact: bool
    prompt_tokens: int | None
    cached_tokens: int | None
    gather_ms: int
    left_out: LeftOut
    segments: list[ContextSegment]


class AnswerError(msgspec.Struct, frozen=True):
    code: str
    detail: str


class Answer(msgspec.Struct, kw_only=True):
    """How an assistant message came about; its id is the message's."""

    id: str
    status: Status
    model: str
    error: AnswerError | None = None
    finish_reason: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    first_token_ms: int | None = None
    duration_ms: int | None = None
    created_at: int
    finished_at: int | None = None
    position: int = 0
    persona: str | None = None  # its name, as it was called then
    thought_ms: int | None = None  # between its first thought and its first word
    from_cache: bool = False  # what the same request was answered with before; no model was asked


class Message(msgspec.Struct, kw_only=True):
    id: str
    conversation_id: str
    parent_id: str | None
    role: Role
    parts: list[Part]
    created_at: int
    siblings: list[str]
    answer: Answer | None = None


class Conversation(msgspec.Struct):
    id: str
    title: str
    created_at: int
    updated_at: int
    leaf_id: str | None
    scope: Scope | None = None  # the documents its answers rest on: null is none, {} is all
    persona_id: str | None = None
    memory: bool = True  # whether it is remembered and learned from, and looks back itself
    place: Place | Literal["temporary"] = "current"
    pinned: bool = False
    folder_id: str | None = None


class SharedConversation(msgspec.Struct, frozen=True):
    """Somebody else's, to read; `owner` is how they are called."""

    id: str
    title: str
    owner: str
    updated_at: int


class Which(msgspec.Struct, frozen=True):
    """Of all conversations."""

    place: Place = "current"
    words: str = ""  # somewhere in the title
    pinned: bool = False  # only those
    folder_id: str | None = None
    loose: bool = False  # without those that are pinned, or in a folder where none is named


class Folder(msgspec.Struct):
    """`conversations`: how many stand in it, which are at hand and not pinned."""

    id: str
    name: str
    created_at: int
    conversations: int = 0


class Outline(msgspec.Struct):
    """How many conversations each list has. `since`: of the loose ones, how many were used since those times."""

    pinned: int
    loose: int
    since: list[int]
    folders: list[Folder]


class NewFolder(msgspec.Struct, forbid_unknown_fields=True):
    name: Title


class FoundMessage(msgspec.Struct, frozen=True):
    """A message with the words that were looked for. `marks` are their places in the excerpt, (start, end)."""

    conversation_id: str
    title: str
    message_id: str
    role: Role
    created_at: int
    excerpt: str
    marks: list[tuple[int, int]]


class Hits(msgspec.Struct, frozen=True):
    """How often what was looked for stands in a message."""

    message_id: str
    count: int


class NewConversation(msgspec.Struct, forbid_unknown_fields=True):
    """`persona_id` absent: the person's default; null: none."""

    title: Title = "New conversation"
    persona_id: Id | UnsetType | None = UNSET


class Order(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Where a conversation lies. `pinned_above`: the pinned one it is to stand on; null: below all of them."""

    place: Place | UnsetType = UNSET
    pinned: bool | UnsetType = UNSET
    pinned_above: Id | UnsetType | None = UNSET
    folder_id: Id | UnsetType | None = UNSET


class Move(Order, forbid_unknown_fields=True):
    id: Id


class Moves(msgspec.Struct, forbid_unknown_fields=True):
    """All of them or, where one is refused, none; what is gone already is left out."""

    moves: Annotated[list[Move], Meta(min_length=1, max_length=1000)]


class ConversationChange(Order, forbid_unknown_fields=True):
    """`leaf_id`: any message; the branch through it comes on screen. A temporary one is kept by `place`."""

    title: Title | UnsetType = UNSET
    leaf_id: Id | UnsetType = UNSET
    scope: Scope | UnsetType | None = UNSET
    persona_id: Id | UnsetType | None = UNSET
    memory: bool | UnsetType = UNSET


class NewAttachment(msgspec.Struct, forbid_unknown_fields=True):
    name: Title
    text: Content


class NewImage(msgspec.Struct, forbid_unknown_fields=True):
    """`id` of a picture that was uploaded."""

    id: Id
    name: Title


class NewImageFile(msgspec.Struct, forbid_unknown_fields=True):
    """`data` in base64."""

    data: bytes


class ImageFile(msgspec.Struct):
    """A picture as it is kept: without the place and the time it was taken, and whatever else nobody sees."""

    id: str
    media: str
    bytes: int
    width: int
    height: int
    created_at: int


class SendMessage(msgspec.Struct, forbid_unknown_fields=True):
    """`parent_id` absent: go on at the end; null: begin anew; an assistant's message: go on from there.

    `message_id` is an id made by the client: sending it again follows the answer that is already there.
    `temporary` begins a conversation that is in no list, is not remembered, and is deleted when it is left.
    `content` may be empty where `attachments` or `images` say something.
    """

    content: Annotated[str, Meta(max_length=MOST_TEXT)]
    conversation_id: Id | None = None
    parent_id: Id | UnsetType | None = UNSET
    model: ModelId | None = None
    message_id: Id | None = None
    scope: Scope | UnsetType | None = UNSET
    persona_id: Id | UnsetType | None = UNSET
    memory: bool | UnsetType = UNSET
    temporary: bool = False
    attachments: Annotated[list[NewAttachment], Meta(max_length=20)] = []
    images: Annotated[list[NewImage], Meta(max_length=8)] = []


class Draft(msgspec.Struct, frozen=True):
    """A message that is being written. `at` is when; 0: there never was one."""

    text: str
    at: int


class KeepDraft(msgspec.Struct, forbid_unknown_fields=True):
    """`age`: how many milliseconds ago it was written, as no two clocks agree."""

    text: Annotated[str, Meta(max_length=100_000)]
    age: Annotated[int, Meta(ge=0)] = 0


class ChatSettings(msgspec.Struct, forbid_unknown_fields=True):
    """`reuse_answers`: the very same request is answered with what it was answered with before."""

    reuse_answers: bool


class Regenerate(msgspec.Struct, forbid_unknown_fields=True):
    model: ModelId | None = None


class Started(msgspec.Struct):
    """First event of an answer's stream, and the body of a 202."""

    conversation_id: str
    title: str
    message_id: str
    answer_id: str
    model: str
