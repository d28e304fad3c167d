"""HTTP of the models people can choose from."""

from litestar import get, put
from litestar.di import NamedDependency as Given
from litestar.params import JSONBody

from gantry_edge.accounts.guards import Access
from gantry_edge.accounts.schema import User
from gantry_edge.models.endpoints import Endpoints
from gantry_edge.models.preferred import first, read_preferred, save_preferred
from gantry_edge.models.schema import Model, Preferred
from gantry_edge.paging import Page
from gantry_edge.problems import responses
from gantry_edge.storage.database import Database


@get("/api/models", access=Access.MEMBER)
async def list_models(user: Given[User], database: Given[Database], endpoints: Given[Endpoints]) -> Page[Model]:
    """Models of all endpoints that answer, your default first; what each offers is remembered for a minute."""
    preferred = await database.read(lambda c: read_preferred(c, user.id))
    return Page(first(await endpoints.models(), preferred))


@get("/api/models/default", access=Access.MEMBER, responses=responses(401))
async def get_preferred(user: Given[User], database: Given[Database]) -> Preferred:
    """The model your questions go to when they name none. One that is gone is kept, and the first there is answers."""
    return Preferred(await database.read(lambda c: read_preferred(c, user.id)))


@put("/api/models/default", access=Access.MEMBER, responses=responses(400, 401))
async def choose_preferred(user: Given[User], database: Given[Database], data: JSONBody[Preferred]) -> Preferred:
    """Null: the first there is."""
    await database.write(lambda c: save_preferred(c, user.id, data.model))
    return data


routes = [list_models, get_preferred, choose_preferred]
