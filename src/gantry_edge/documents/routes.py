"""HTTP of collections, documents and their search."""

from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from litestar import MediaType, Response, delete, get, patch, post
from litestar.di import NamedDependency as Given
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, Reference, RequestBody, Schema
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import File, Stream

from gantry_edge.accounts.guards import Access, event_stream
from gantry_edge.accounts.schema import User
from gantry_edge.documents import reading, store
from gantry_edge.documents.library import Library
from gantry_edge.documents.schema import (
    Collection,
    CollectionChange,
    Document,
    Documents,
    DocumentText,
    NewCollection,
    Passage,
    Scope,
    SearchRequest,
)
from gantry_edge.documents.search import Search
from gantry_edge.documents.upload import PARTS
from gantry_edge.errors import NotFound
from gantry_edge.paging import Page
from gantry_edge.parameters import Asking, Before, Limit
from gantry_edge.problems import responses
from gantry_edge.storage.database import Connection, Database

MEMBER = Access.MEMBER
InCollection = Annotated[str | None, QueryParameter(max_length=100)]

SEARCH_BUDGET = 6000  # tokens of passages on the search page
# a file of a person is never a page of ours
FILE_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "epub": "application/epub+zip",
    "rtf": "application/rtf",
}
UNKNOWN_TYPE = "application/octet-stream"


@dataclass
class UploadOperation(Operation):
    """Tells of the body, which the handler reads as a stream."""

    def __post_init__(self) -> None:
        file = Schema(type=OpenAPIType.STRING, content_media_type=UNKNOWN_TYPE)
        fields: dict[str, Schema | Reference] = {
            "file": Schema(type=OpenAPIType.ARRAY, items=file, min_items=1, max_items=PARTS),
            "collection_id": Schema(type=OpenAPIType.STRING),
        }
        form = Schema(type=OpenAPIType.OBJECT, properties=fields, required=["file"])
        self.request_body = RequestBody({"multipart/form-data": OpenAPIMediaType(form)}, required=True)


@get("/api/collections", access=MEMBER, responses=responses(400, 401))
async def list_collections(
    user: Given[User], database: Given[Database], before: Before = None, limit: Limit = 50
) -> Page[Collection]:
    """The newest first."""
    return await database.read(lambda c: store.list_collections(c, user.id, before, limit))


@post("/api/collections", access=MEMBER, responses=responses(400, 401))
async def add_collection(user: Given[User], database: Given[Database], data: JSONBody[NewCollection]) -> Collection:
    """An empty one. `POST /api/documents` makes a first one when none is named."""
    return await database.write(lambda c: store.add_collection(c, user.id, data.name))


@patch("/api/collections/{collection_id:str}", access=MEMBER, responses=responses(400, 401, 404))
async def change_collection(
    user: Given[User], database: Given[Database], collection_id: FromPath[str], data: JSONBody[CollectionChange]
) -> Collection:
    """Rename it."""
    return await database.write(lambda c: store.change_collection(c, user.id, collection_id, data.name))


@delete("/api/collections/{collection_id:str}", access=MEMBER, responses=responses(400, 401, 404))
async def delete_collection(user: Given[User], library: Given[Library], collection_id: FromPath[str]) -> None:
    """With its documents; each can be restored for a minute, which brings the collection back."""
    await library.delete_collection(user.id, collection_id)


@post(
    "/api/documents",
    access=MEMBER,
    needs_room=True,
    status_code=202,
    operation_class=UploadOperation,
    request_max_body_size=None,  # counted file by file while it is read
    responses=responses(400, 401, 404, 413, 415, 507),
)
async def upload_documents(request: Asking, user: Given[User], library: Given[Library]) -> Documents:
    """`multipart/form-data`: up to 20 files in `file`, and `collection_id` where they belong. All are taken or none."""
    content_type, length = request.headers.get("content-type", ""), request.headers.get("content-length", "")
    body = request.stream()
    return Documents(await library.add(user.id, content_type, int(length) if length.isdecimal() else None, body))


@get("/api/documents", access=MEMBER, responses=responses(400, 401, 404))
async def list_documents(
    user: Given[User],
    database: Given[Database],
    collection_id: InCollection = None,
    before: Before = None,
    limit: Limit = 50,
) -> Page[Document]:
    """The newest first: all of your own, or those of a collection, which may be one that is shared with you."""
    return await database.read(lambda c: reading.list_documents(c, user.id, collection_id, before, limit))


@get("/api/documents/events", access=MEMBER, responses=responses(400, 401))
async def follow_documents(
    request: Asking, user: Given[User], database: Given[Database], library: Given[Library]
) -> Stream:
    """`document` and `deleted` events of all one's own, beginning with what is not finished."""

    async def present() -> list[Document]:
        return await database.read(lambda c: store.list_unfinished(c, user.id))

    return event_stream(request, library.progress.follow_all(user.id, present))


@post("/api/documents/search", access=MEMBER, status_code=200, responses=responses(400, 401))
async def search_documents(user: Given[User], search: Given[Search], data: JSONBody[SearchRequest]) -> Page[Passage]:
    """The best passages first; none when nothing relevant was found. Ids that one may not read find nothing."""
    scope = Scope(data.collection_ids, data.document_ids)
    return Page(await search.find(user.id, data.query, scope, budget=SEARCH_BUDGET, limit=data.limit))


@get("/api/documents/{document_id:str}", access=MEMBER, responses=responses(400, 401, 404))
async def get_document(user: Given[User], database: Given[Database], document_id: FromPath[str]) -> Document:
    """Its state, and how far it is."""
    return await database.read(lambda c: reading.read_document(c, user.id, document_id))


@delete("/api/documents/{document_id:str}", access=MEMBER, responses=responses(400, 401, 404))
async def delete_document(user: Given[User], library: Given[Library], document_id: FromPath[str]) -> None:
    """Gone at once; can be restored for a minute, then nothing of it is left."""
    await library.delete(user.id, document_id)


@post("/api/documents/{document_id:str}/restore", access=MEMBER, status_code=200, responses=responses(400, 401, 404))
async def restore_document(user: Given[User], library: Given[Library], document_id: FromPath[str]) -> Document:
    """Within a minute of deleting it."""
    return await library.restore(user.id, document_id)


@post("/api/documents/{document_id:str}/retry", access=MEMBER, status_code=200, responses=responses(400, 401, 404, 409))
async def retry_document(user: Given[User], library: Given[Library], document_id: FromPath[str]) -> Document:
    """Read one that failed once more."""
    return await library.retry(user.id, document_id)


@post("/api/documents/{document_id:str}/pause", access=MEMBER, status_code=200, responses=responses(400, 401, 404, 409))
async def pause_document(user: Given[User], library: Given[Library], document_id: FromPath[str]) -> Document:
    """Stop reading it; what is done is kept."""
    return await library.pause(user.id, document_id)


@post(
    "/api/documents/{document_id:str}/resume", access=MEMBER, status_code=200, responses=responses(400, 401, 404, 409)
)
async def resume_document(user: Given[User], library: Given[Library], document_id: FromPath[str]) -> Document:
    """Go on where it was paused."""
    return await library.resume(user.id, document_id)


@get("/api/documents/{document_id:str}/events", access=MEMBER, responses=responses(400, 401, 404))
async def follow_document(
    request: Asking, user: Given[User], database: Given[Database], library: Given[Library], document_id: FromPath[str]
) -> Stream:
    """`document` events until it is ready or failed."""

    async def present() -> list[Document]:
        return [await database.read(lambda c: store.get_document(c, user.id, document_id))]

    await present()
    return event_stream(request, library.progress.follow_one(user.id, document_id, present))


@get(
    "/api/documents/{document_id:str}/content",
    access=MEMBER,
    media_type=UNKNOWN_TYPE,
    responses=responses(400, 401, 404),
)
async def get_content(
    user: Given[User], database: Given[Database], library: Given[Library], document_id: FromPath[str]
) -> File:
    """The original, as a download."""
    original = await database.read(lambda c: reading.read_original(c, user.id, document_id))
    path = library.files.path(original.digest)
    if not path.is_file():
        raise NotFound("The original of this document is lost; its text is still here")
    return File(
        path,
        filename=original.name,
        media_type=MEDIA_TYPES.get(original.kind, UNKNOWN_TYPE),
        headers=FILE_HEADERS,
    )


@get("/api/documents/{document_id:str}/text", access=MEMBER, responses=responses(400, 401, 404, 409))
async def get_text(user: Given[User], database: Given[Database], document_id: FromPath[str]) -> Response[DocumentText]:
    """What was read in it: passages point at its characters."""

    def encoded(connection: Connection) -> bytes:  # megabytes: on the reader's thread
        return msgspec.json.encode(reading.read_text(connection, user.id, document_id))

    body: Any = await database.read(encoded)
    return Response(body, media_type=MediaType.JSON)


routes = [
    list_collections,
    add_collection,
    change_collection,
    delete_collection,
    upload_documents,
    list_documents,
    follow_documents,
    search_documents,
    get_document,
    delete_document,
    restore_document,
    retry_document,
    pause_document,
    resume_document,
    follow_document,
    get_content,
    get_text,
]
