"""The words of the library. Mirrors `web/src/types.ts`."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Id = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")]
Ids = Annotated[list[Id], Meta(max_length=1000)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Query = Annotated[str, Meta(max_length=10_000)]

Status = Literal["queued", "extracting", "embedding", "ready", "failed", "paused"]


class Collection(msgspec.Struct):
    id: str
    name: str
    documents: int
    created_at: int
    updated_at: int


class NewCollection(msgspec.Struct, forbid_unknown_fields=True):
    name: Name


class CollectionChange(msgspec.Struct, forbid_unknown_fields=True):
    name: Name


class DocumentError(msgspec.Struct, frozen=True):
    code: str
    detail: str


class Document(msgspec.Struct, kw_only=True):
    """`stage_done` of `stage_total` says how far its present stage is; `pages` and `chunks` are counts."""

    id: str
    collection_id: str
    name: str
    kind: str
    bytes: int
    status: Status
    stage_done: int = 0
    stage_total: int = 0
    error: DocumentError | None = None
    warning: str = ""
    pages: int | None = None
    chunks: int | None = None
    created_at: int
    updated_at: int


class Documents(msgspec.Struct):
    """What an upload became."""

    items: list[Document]


class DocumentText(msgspec.Struct):
    """What was read in a document; `pages` has the character at which each page begins."""

    name: str
    text: str
    pages: list[int]


class Scope(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Collections and single documents to look in; neither named is all of one's own."""

    collection_ids: Ids | None = None
    document_ids: Ids | None = None


class SearchRequest(msgspec.Struct, forbid_unknown_fields=True):
    query: Query
    collection_ids: Ids | None = None
    document_ids: Ids | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 20


class Passage(msgspec.Struct):
    """`start` and `end` are characters of the document's text; `text` is what stands between them."""

    id: str
    document_id: str
    document_name: str
    collection_id: str
    page: int | None
    heading: str
    start: int
    end: int
    text: str
    score: float
    page_end: int | None = None  # of a passage that crosses pages
