"""HTTP of memory: its switch, what is remembered, and forgetting."""

from litestar import delete, get, patch, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from gantry_edge.accounts.guards import Access
from gantry_edge.accounts.schema import User
from gantry_edge.memory import store
from gantry_edge.memory.forgetting import Forgetting, forget_all
from gantry_edge.memory.schema import Exchange, MemoryChange, MemoryState
from gantry_edge.paging import Page
from gantry_edge.parameters import Before, Limit, Words
from gantry_edge.problems import responses
from gantry_edge.storage.database import Database

MEMBER = Access.MEMBER


@get("/api/memory", access=MEMBER, responses=responses(401))
async def get_memory(user: Given[User], database: Given[Database]) -> MemoryState:
    """Whether it is on, for exchanges and for facts, and how much of what you said is remembered."""
    return await database.read(lambda c: store.read_state(c, user.id))


@patch("/api/memory", access=MEMBER, responses=responses(400, 401))
async def change_memory(user: Given[User], database: Given[Database], data: JSONBody[MemoryChange]) -> MemoryState:
    """While it is off nothing is looked up or learned, and what is said then is not remembered later either.

    What is known stays until you forget it.
    """
    return await database.write(lambda c: store.set_enabled(c, user.id, data.enabled))


@delete("/api/memory/exchanges", access=MEMBER, responses=responses(401))
async def forget_exchanges(user: Given[User], database: Given[Database], forgetting: Given[Forgetting]) -> None:
    """All of them, for good. The conversations stay."""
    await database.write(lambda c: forget_all(c, user.id))
    forgetting.finish_soon()


@get("/api/memory/exchanges", access=MEMBER, responses=responses(400, 401))
async def list_exchanges(
    user: Given[User], database: Given[Database], words: Words = "", before: Before = None, limit: Limit = 50
) -> Page[Exchange]:
    """What is remembered, the newest first."""
    return await database.read(lambda c: store.list_exchanges(c, user.id, words=words, before=before, limit=limit))


@delete("/api/memory/exchanges/{exchange_id:str}", access=MEMBER, responses=responses(400, 401, 404))
async def mute_exchange(
    user: Given[User], database: Given[Database], forgetting: Given[Forgetting], exchange_id: FromPath[str]
) -> None:
    """Do not use it again, in no conversation. It stays where it was said."""
    await database.write(lambda c: store.mute(c, user.id, exchange_id))
    forgetting.finish_soon()


@post("/api/memory/exchanges/{exchange_id:str}/restore", access=MEMBER, status_code=204, responses=responses(401, 404))
async def restore_exchange(user: Given[User], database: Given[Database], exchange_id: FromPath[str]) -> None:
    """It may be used again; nothing happens when it may be already."""
    await database.write(lambda c: store.unmute(c, user.id, exchange_id))


@post("/api/memory/exchanges/restore", access=MEMBER, status_code=204, responses=responses(401))
async def restore_exchanges(user: Given[User], database: Given[Database]) -> None:
    """All that were not to be used may be again."""
    await database.write(lambda c: store.unmute_all(c, user.id))


routes = [
    get_memory,
    change_memory,
    forget_exchanges,
    list_exchanges,
    mute_exchange,
    restore_exchange,
    restore_exchanges,
]
