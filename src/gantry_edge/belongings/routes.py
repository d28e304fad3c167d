"""HTTP of what is one's own: how much it is, taking it out, and leaving with all of it deleted."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import quote

from litestar import delete, get, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody
from litestar.response import Stream

from gantry_edge.accounts.guards import Access, Watch, acting, confirm_password
from gantry_edge.accounts.leaving import is_named, may_leave
from gantry_edge.accounts.schema import User
from gantry_edge.belongings.counting import count
from gantry_edge.belongings.exporting import Exports
from gantry_edge.belongings.leaving import Leaving
from gantry_edge.belongings.schema import Belongings, Export, Leave
from gantry_edge.errors import BadRequest, NotSignedIn
from gantry_edge.parameters import Asking
from gantry_edge.problems import responses
from gantry_edge.storage.database import Connection, Database
from gantry_edge.storage.packing import safe_name

MEMBER = Access.MEMBER
ONE = "/api/account/exports/{export_id:str}"


@get("/api/account/belongings", access=MEMBER, responses=responses(401))
async def get_belongings(user: Given[User], database: Given[Database]) -> Belongings:
    """How much is yours: what an export takes out, and what goes when you leave."""
    return await database.read(partial(_count, user=user))


@post("/api/account/exports", access=MEMBER, responses=responses(401))
async def begin_export(user: Given[User], exports: Given[Exports]) -> Export:
    """Get one ready, in place of an earlier one; it is packed while its file is fetched."""
    return await exports.begin(user)


@get(ONE, access=MEMBER, responses=responses(400, 401, 404))
async def get_export(user: Given[User], exports: Given[Exports], export_id: FromPath[str]) -> Export:
    """How far it has come."""
    return exports.get(user.id, export_id)


@get(f"{ONE}/file", access=MEMBER, responses=responses(400, 401, 404, 409))
async def read_export(request: Asking, user: Given[User], exports: Given[Exports], export_id: FromPath[str]) -> Stream:
    """The archive, a zip, once. It breaks off, and is not to be used, when it is cancelled or the session ends."""
    name = f"{safe_name(user.name) or 'export'} {date.today().isoformat()}.zip"
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    pieces = exports.read(user.id, export_id)
    return Stream(_while_signed_in(request, pieces), media_type="application/zip", headers=headers)


@delete(ONE, access=MEMBER, responses=responses(400, 401, 404))
async def cancel_export(user: Given[User], exports: Given[Exports], export_id: FromPath[str]) -> None:
    """End it; what was sent of it is worth nothing."""
    exports.cancel(user.id, export_id)


@post("/api/account/leave", access=MEMBER, status_code=204, responses=responses(400, 401, 409, 429))
async def leave(request: Asking, user: Given[User], leaving: Given[Leaving], data: JSONBody[Leave]) -> None:
    """Delete your account with everything of yours, for good. The only owner has to name another one first."""
    if not is_named(user, data.name):
        raise BadRequest(f"Type your user name, {user.name}, to delete the account")
    await confirm_password(request, data.password)
    await leaving.leave(user.id, acting(request))


async def _while_signed_in(request: Asking, pieces: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """Unlike events, a part of an archive must not look like the whole."""
    watch = Watch(request)
    async with aclosing(pieces):
        async for piece in pieces:
            if await watch.ended():
                raise NotSignedIn
            yield piece


def _count(connection: Connection, user: User) -> Belongings:
    return count(connection, user.id, may_leave=may_leave(connection, user))


routes: list[Any] = [get_belongings, begin_export, get_export, read_export, cancel_export, leave]
