"""HTTP of sharing: who may read one's own, what others share, and the groups that administrators make."""

from typing import Annotated

from litestar import delete, get, patch, post, put
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody, QueryParameter

from gantry_edge.accounts.guards import Access, acting
from gantry_edge.accounts.schema import User
from gantry_edge.paging import Page
from gantry_edge.parameters import Asking, Before, Limit, Words
from gantry_edge.problems import responses
from gantry_edge.sharing import groups, store
from gantry_edge.sharing.schema import Group, GroupFields, Kind, Reader, Shared, Sharing
from gantry_edge.storage.database import Database

MEMBER, ADMIN = Access.MEMBER, Access.ADMIN
OfKind = Annotated[Kind | None, QueryParameter()]
ONE = "/api/sharing/{object_id:str}"
GROUP = "/api/groups/{group_id:str}"


@get("/api/readers", access=MEMBER, responses=responses(400, 401))
async def find_readers(
    user: Given[User], database: Given[Database], words: Words = "", limit: Limit = 50
) -> list[Reader]:
    """Groups and people that something can be shared with; `words` stand in their names."""
    return await database.read(lambda c: store.find_readers(c, user.id, words, limit))


@get("/api/shared", access=MEMBER, responses=responses(400, 401))
async def list_shared(
    user: Given[User], database: Given[Database], kind: OfKind = None, before: Before = None, limit: Limit = 50
) -> Page[Shared]:
    """What others share with you, the newest first. Documents and personas are read where one's own are."""
    return await database.read(lambda c: store.list_shared(c, user.id, kind, before, limit))


@get(ONE, access=MEMBER, responses=responses(400, 401, 404))
async def get_sharing(user: Given[User], database: Given[Database], object_id: FromPath[str]) -> Sharing:
    """Who may read a conversation, a collection or a persona of yours."""
    return await database.read(lambda c: store.get_sharing(c, user.id, object_id))


@put(f"{ONE}/{{reader_id:str}}", access=MEMBER, responses=responses(400, 401, 404))
async def share(
    request: Asking, database: Given[Database], object_id: FromPath[str], reader_id: FromPath[str]
) -> Sharing:
    """Let a person or a group read it; nobody but you changes it."""
    return await database.write(lambda c: store.share(c, acting(request), object_id, reader_id))


@delete(f"{ONE}/{{reader_id:str}}", access=MEMBER, responses=responses(400, 401, 404))
async def unshare(
    request: Asking, database: Given[Database], object_id: FromPath[str], reader_id: FromPath[str]
) -> None:
    """They read it no more, from the next moment on."""
    await database.write(lambda c: store.unshare(c, acting(request), object_id, reader_id))


@get("/api/groups", access=ADMIN, responses=responses(401, 403))
async def list_groups(database: Given[Database]) -> list[Group]:
    """All of them, by name."""
    return await database.read(groups.list_groups)


@post("/api/groups", access=ADMIN, responses=responses(400, 401, 403, 409))
async def add_group(request: Asking, database: Given[Database], data: JSONBody[GroupFields]) -> Group:
    """An empty one."""
    return await database.write(lambda c: groups.add_group(c, acting(request), data.name))


@patch(GROUP, access=ADMIN, responses=responses(400, 401, 403, 404, 409))
async def rename_group(
    request: Asking, database: Given[Database], group_id: FromPath[str], data: JSONBody[GroupFields]
) -> Group:
    return await database.write(lambda c: groups.rename_group(c, acting(request), group_id, data.name))


@delete(GROUP, access=ADMIN, responses=responses(400, 401, 403, 404))
async def delete_group(request: Asking, database: Given[Database], group_id: FromPath[str]) -> None:
    """Its members read no more what was shared with it."""
    await database.write(lambda c: groups.delete_group(c, acting(request), group_id))


@get(f"{GROUP}/members", access=ADMIN, responses=responses(400, 401, 403, 404))
async def list_members(database: Given[Database], group_id: FromPath[str]) -> list[Reader]:
    """Who is in it, by name."""
    return await database.read(lambda c: groups.list_members(c, group_id))


@put(f"{GROUP}/members/{{person_id:str}}", access=ADMIN, status_code=204, responses=responses(400, 401, 403, 404))
async def add_member(
    request: Asking, database: Given[Database], group_id: FromPath[str], person_id: FromPath[str]
) -> None:
    """They read what is shared with the group."""
    await database.write(lambda c: groups.add_member(c, acting(request), group_id, person_id))


@delete(f"{GROUP}/members/{{person_id:str}}", access=ADMIN, responses=responses(400, 401, 403, 404))
async def remove_member(
    request: Asking, database: Given[Database], group_id: FromPath[str], person_id: FromPath[str]
) -> None:
    """They read no more what is shared with the group alone."""
    await database.write(lambda c: groups.remove_member(c, acting(request), group_id, person_id))


routes = [
    find_readers,
    list_shared,
    get_sharing,
    share,
    unshare,
    list_groups,
    add_group,
    rename_group,
    delete_group,
    list_members,
    add_member,
    remove_member,
]
