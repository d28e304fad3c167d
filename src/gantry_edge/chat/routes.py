"""HTTP of conversations, messages and answers."""

from typing import Annotated, Any

from litestar import Response, delete, get, patch, post, put
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, HeaderParameter, JSONBody, QueryParameter
from litestar.response import File, Stream

from gantry_edge.accounts.guards import EVENTS, Access, event_stream
from gantry_edge.accounts.schema import User
from gantry_edge.chat import answers, branching, drafts, finding, folders, listing, reuse, shared, store, within
from gantry_edge.chat.clearing import empty_trash
from gantry_edge.chat.context import read_context
from gantry_edge.chat.images import MOST_BYTES, Images
from gantry_edge.chat.schema import (
    ChatSettings,
    Context,
    Conversation,
    ConversationChange,
    Draft,
    Folder,
    FoundMessage,
    Hits,
    ImageFile,
    KeepDraft,
    Message,
    Moves,
    NewConversation,
    NewFolder,
    NewImageFile,
    Outline,
    Place,
    Regenerate,
    SendMessage,
    SharedConversation,
    Started,
    Which,
)
from gantry_edge.chat.turns import Turns
from gantry_edge.errors import BadRequest, TooLarge
from gantry_edge.memory.forgetting import Forgetting
from gantry_edge.paging import Page
from gantry_edge.parameters import Asking, Before, Limit, Skip, Time, Words
from gantry_edge.problems import responses
from gantry_edge.storage.database import Database

MEMBER = Access.MEMBER
# a file of a person is never a page of ours; what it shows never changes under its id
IMAGE_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, max-age=31536000, immutable",
}
ASKED = responses(400, 401, 404, 409, 503, 507)
REPEATED = responses(400, 401, 404, 409, 507)
InPlace = Annotated[Place, QueryParameter()]
Pinned = Annotated[bool, QueryParameter()]
Loose = Annotated[bool, QueryParameter()]
Since = Annotated[list[Time] | None, QueryParameter(max_items=10)]
InFolder = Annotated[str | None, QueryParameter(max_length=100)]
LastEventId = Annotated[str | None, HeaderParameter(name="Last-Event-ID", max_length=20)]


@get("/api/conversations", access=MEMBER, responses=responses(400, 401))
async def list_conversations(
    user: Given[User],
    database: Given[Database],
    place: InPlace = "current",
    words: Words = "",
    pinned: Pinned = False,
    folder_id: InFolder = None,
    loose: Loose = False,
    before: Before = None,
    skip: Skip = 0,
    limit: Limit = 50,
) -> Page[Conversation]:
    """The newest activity first: those at hand, archived or in the trash; `words` stand in their titles.

    `pinned`: only those, in their own order. `loose`: without them, and without those in a folder where none is named.
    """
    which = Which(place, words.strip(), pinned, folder_id, loose)
    return await database.read(lambda c: listing.list_conversations(c, user.id, before, limit, which, skip))


@get("/api/conversations/outline", access=MEMBER, responses=responses(400, 401))
async def outline_conversations(user: Given[User], database: Given[Database], since: Since = None) -> Outline:
    """How long each list of what is at hand is; of the loose ones, how many were used since certain times, too."""
    return await database.read(lambda c: listing.outline(c, user.id, since or []))


@post("/api/conversations", access=MEMBER, responses=responses(400, 401, 404))
async def add_conversation(
    user: Given[User], database: Given[Database], data: JSONBody[NewConversation]
) -> Conversation:
    """An empty one. `POST /api/chat` makes its own when none is named."""
    return await database.write(lambda c: store.add_conversation(c, user.id, data.title, data.persona_id))


@patch("/api/conversations", access=MEMBER, responses=responses(400, 401, 404))
async def move_conversations(user: Given[User], database: Given[Database], data: JSONBody[Moves]) -> list[Conversation]:
    """Archive, throw away, restore, pin or put into folders up to 1,000 at once."""
    return await database.write(lambda c: store.move_conversations(c, user.id, data.moves))


@get("/api/conversations/{conversation_id:str}", access=MEMBER, responses=responses(400, 401, 404))
async def get_conversation(
    user: Given[User], database: Given[Database], conversation_id: FromPath[str]
) -> Conversation:
    """Its title, times and branch on screen."""
    return await database.read(lambda c: store.get_conversation(c, user.id, conversation_id))


@patch("/api/conversations/{conversation_id:str}", access=MEMBER, responses=responses(400, 401, 404))
async def change_conversation(
    user: Given[User],
    database: Given[Database],
    forgetting: Given[Forgetting],
    conversation_id: FromPath[str],
    data: JSONBody[ConversationChange],
) -> Conversation:
    """Rename it, bring the branch through a message on screen, or have it forgotten: with its memory off."""
    changed = await database.write(lambda c: store.change_conversation(c, user.id, conversation_id, data))
    if data.memory is False:
        forgetting.finish_soon()
    return changed


@delete("/api/conversations/{conversation_id:str}", access=MEMBER, responses=responses(400, 401, 404))
async def delete_conversation(
    user: Given[User], turns: Given[Turns], forgetting: Given[Forgetting], conversation_id: FromPath[str]
) -> None:
    """For good, with all its messages and what was remembered of them; a running answer is stopped first."""
    await turns.delete_conversation(user.id, conversation_id)
    forgetting.finish_soon()


@delete("/api/trash", access=MEMBER, responses=responses(401))
async def delete_trash(user: Given[User], database: Given[Database], forgetting: Given[Forgetting]) -> None:
    """Every conversation in it, for good."""
    await empty_trash(database, user.id)
    forgetting.finish_soon()


@get("/api/shared/conversations/{conversation_id:str}", access=MEMBER, responses=responses(400, 401, 404))
async def read_shared(
    user: Given[User], database: Given[Database], conversation_id: FromPath[str]
) -> SharedConversation:
    """What somebody lets you read, and what readers of your own see."""
    return await database.read(lambda c: shared.read_conversation(c, user.id, conversation_id))


@get("/api/shared/conversations/{conversation_id:str}/messages", access=MEMBER, responses=responses(400, 401, 404))
async def list_shared_messages(
    user: Given[User],
    database: Given[Database],
    conversation_id: FromPath[str],
    before: Before = None,
    limit: Limit = 50,
) -> Page[Message]:
    """The branch on its owner's screen, oldest first, without memories and thoughts; attachments are names."""
    return await database.read(lambda c: shared.list_messages(c, user.id, conversation_id, before, limit))


@post("/api/shared/conversations/{conversation_id:str}/copy", access=MEMBER, responses=responses(400, 401, 404, 409))
async def copy_shared(user: Given[User], database: Given[Database], conversation_id: FromPath[str]) -> Conversation:
    """A conversation of your own that begins with all of it."""
    return await database.write(lambda c: shared.copy_conversation(c, user.id, conversation_id))


@get("/api/folders", access=MEMBER, responses=responses(401))
async def list_folders(user: Given[User], database: Given[Database]) -> list[Folder]:
    """All of them, by name."""
    return await database.read(lambda c: folders.list_folders(c, user.id))


@post("/api/folders", access=MEMBER, responses=responses(400, 401))
async def add_folder(user: Given[User], database: Given[Database], data: JSONBody[NewFolder]) -> Folder:
    """For conversations; they are put into it one by one."""
    return await database.write(lambda c: folders.add_folder(c, user.id, data.name))


@patch("/api/folders/{folder_id:str}", access=MEMBER, responses=responses(400, 401, 404))
async def rename_folder(
    user: Given[User], database: Given[Database], folder_id: FromPath[str], data: JSONBody[NewFolder]
) -> Folder:
    return await database.write(lambda c: folders.rename_folder(c, user.id, folder_id, data.name))


@delete("/api/folders/{folder_id:str}", access=MEMBER, responses=responses(400, 401, 404))
async def delete_folder(user: Given[User], database: Given[Database], folder_id: FromPath[str]) -> None:
    """The conversations in it stay. For a day it can be restored."""
    await database.write(lambda c: folders.delete_folder(c, user.id, folder_id))


@post("/api/folders/{folder_id:str}/restore", access=MEMBER, status_code=200, responses=responses(400, 401, 404))
async def restore_folder(user: Given[User], database: Given[Database], folder_id: FromPath[str]) -> Folder:
    """A deleted folder comes back, with what lay in it and was put into no other since."""
    return await database.write(lambda c: folders.restore_folder(c, user.id, folder_id))


@get("/api/conversations/{conversation_id:str}/messages", access=MEMBER, responses=responses(400, 401, 404))
async def list_messages(
    user: Given[User], turns: Given[Turns], conversation_id: FromPath[str], before: Before = None, limit: Limit = 50
) -> Page[Message]:
    """The branch on screen, its last messages, oldest first."""
    return await turns.list_messages(user.id, conversation_id, before, limit)


@get("/api/conversations/{conversation_id:str}/found", access=MEMBER, responses=responses(400, 401, 404))
async def find_within(
    user: Given[User], database: Given[Database], conversation_id: FromPath[str], words: Words = ""
) -> list[Hits]:
    """Messages of the branch on screen with these words, from the top down, and how often; parts of words count."""
    return await database.read(lambda c: within.find_within(c, user.id, conversation_id, words))


@get("/api/messages", access=MEMBER, responses=responses(400, 401))
async def find_messages(
    user: Given[User], database: Given[Database], words: Words, before: Before = None, limit: Limit = 20
) -> Page[FoundMessage]:
    """Messages with all of these words, the newest first; the last word may be only begun."""
    return await database.read(lambda c: finding.find_messages(c, user.id, words, before, limit))


@get("/api/drafts/{conversation_id:str}", access=MEMBER, responses=responses(400, 401, 404))
async def get_draft(user: Given[User], database: Given[Database], conversation_id: FromPath[str]) -> Draft:
    """What is being written there, on whatever device; `new` in place of a conversation that has not begun."""
    return await database.read(lambda c: drafts.read_draft(c, user.id, conversation_id))


@put("/api/drafts/{conversation_id:str}", access=MEMBER, responses=responses(400, 401, 404))
async def keep_draft(
    user: Given[User], database: Given[Database], conversation_id: FromPath[str], data: JSONBody[KeepDraft]
) -> Draft:
    """The last word counts: what is returned is kept. Sending it ends it."""
    return await database.write(lambda c: drafts.keep_draft(c, user.id, conversation_id, data.text, data.age))


@post("/api/images", access=MEMBER, needs_room=True, responses=responses(400, 401, 413, 507))
async def add_image(user: Given[User], pictures: Given[Images], data: JSONBody[NewImageFile]) -> ImageFile:
    """A picture (PNG, JPEG, WebP or GIF), for a message that is sent within a day."""
    if len(data.data) > MOST_BYTES:
        raise TooLarge(f"A picture may have up to {MOST_BYTES // 1_000_000} MB")
    return await pictures.add(user.id, data.data)


@get("/api/images/{image_id:str}", access=MEMBER, responses=responses(400, 401, 404))
async def get_image(user: Given[User], pictures: Given[Images], image_id: FromPath[str]) -> File:
    """The picture, as a download; beside a message it is drawn."""
    image, path = await pictures.find(user.id, image_id)
    name = f"picture.{image.media.removeprefix('image/')}"
    return File(path, filename=name, media_type=image.media, headers=IMAGE_HEADERS)


@get("/api/chat/settings", access=MEMBER, responses=responses(401))
async def get_settings(user: Given[User], database: Given[Database]) -> ChatSettings:
    """How you want to be answered."""
    return await database.read(lambda c: reuse.read_settings(c, user.id))


@put("/api/chat/settings", access=MEMBER, responses=responses(400, 401))
async def change_settings(user: Given[User], database: Given[Database], data: JSONBody[ChatSettings]) -> ChatSettings:
    """`reuse_answers`: asked the very same again, you get your own earlier answer, marked; the model is not asked."""
    return await database.write(lambda c: reuse.save_settings(c, user.id, data))


@post("/api/chat", access=MEMBER, needs_room=True, status_code=200, responses=ASKED)
async def send_message(
    request: Asking,
    user: Given[User],
    turns: Given[Turns],
    data: JSONBody[SendMessage],
) -> Response[Any]:
    """Ask; the answer comes as events, or with `Accept: application/json` as its ids while it is written."""
    return await started_response(request, turns, await turns.start(user.id, data))


@post("/api/messages/{message_id:str}/regenerate", access=MEMBER, needs_room=True, status_code=200, responses=REPEATED)
async def regenerate(
    request: Asking,
    user: Given[User],
    turns: Given[Turns],
    message_id: FromPath[str],
    data: JSONBody[Regenerate],
) -> Response[Any]:
    """A new version of an answer, beside the old one."""
    return await started_response(request, turns, await turns.regenerate(user.id, message_id, data.model))


@post("/api/messages/{message_id:str}/branch", access=MEMBER, responses=responses(400, 401, 404, 409))
async def branch_off(user: Given[User], database: Given[Database], message_id: FromPath[str]) -> Conversation:
    """A new conversation that begins with everything down to this answer."""
    return await database.write(lambda c: branching.branch_off(c, user.id, message_id))


@post("/api/answers/{answer_id:str}/continue", access=MEMBER, needs_room=True, status_code=200, responses=REPEATED)
async def continue_answer(
    request: Asking,
    user: Given[User],
    turns: Given[Turns],
    answer_id: FromPath[str],
) -> Response[Any]:
    """Go on with an answer that was cut short."""
    started, position = await turns.resume(user.id, answer_id)
    return await started_response(request, turns, started, position)


@get("/api/answers/{answer_id:str}/events", access=MEMBER, responses=responses(400, 401, 404))
async def follow_answer(
    request: Asking,
    user: Given[User],
    turns: Given[Turns],
    answer_id: FromPath[str],
    last_event_id: LastEventId = None,
) -> Stream:
    """The events behind `Last-Event-ID`, or all of them, until the answer ends."""
    after = last_event_id or "0"
    if not (after.isascii() and after.isdigit()):
        raise BadRequest("`Last-Event-ID` must be the id of an event of this answer")
    return event_stream(request, await turns.follow(user.id, answer_id, int(after)))


@post("/api/answers/{answer_id:str}/stop", access=MEMBER, status_code=204, responses=responses(400, 401, 404))
async def stop_answer(user: Given[User], turns: Given[Turns], answer_id: FromPath[str]) -> None:
    """End it and keep what it has; returns when that is stored."""
    await turns.stop(user.id, answer_id)


@get("/api/answers/{answer_id:str}/context", access=MEMBER, responses=responses(400, 401, 404))
async def get_context(user: Given[User], database: Given[Database], answer_id: FromPath[str]) -> Context:
    """What the model saw for it: every piece with its tokens, and what did not fit."""
    return await database.read(lambda connection: read_context(connection, user.id, answer_id))


@delete("/api/answers/{answer_id:str}/memories/{memory_id:str}", access=MEMBER, responses=responses(400, 401, 404, 409))
async def remove_memory(
    user: Given[User], database: Given[Database], answer_id: FromPath[str], memory_id: FromPath[str]
) -> None:
    """Take it away from the answer, and do not use it in this conversation again."""
    await database.write(lambda c: answers.remove_memory(c, user.id, answer_id, memory_id))


async def started_response(request: Asking, turns: Turns, started: Started, position: int = 0) -> Response[Any]:
    if request.accept.best_match([EVENTS, "application/json"]) == "application/json":
        return Response(started, status_code=202)
    return event_stream(request, await turns.follow(request.user.id, started.answer_id, position))


routes = [
    list_conversations,
    outline_conversations,
    move_conversations,
    add_conversation,
    get_conversation,
    change_conversation,
    delete_conversation,
    delete_trash,
    read_shared,
    list_shared_messages,
    copy_shared,
    list_folders,
    add_folder,
    rename_folder,
    delete_folder,
    restore_folder,
    list_messages,
    find_within,
    find_messages,
    get_draft,
    keep_draft,
    add_image,
    get_image,
    get_settings,
    change_settings,
    send_message,
    regenerate,
    branch_off,
    continue_answer,
    follow_answer,
    stop_answer,
    remove_memory,
    get_context,
]
