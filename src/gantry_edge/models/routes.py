"""HTTP of the models people can choose from."""

from litestar import get
from litestar.di import NamedDependency as Given

from gantry_edge.accounts.guards import Access
from gantry_edge.models.endpoints import Endpoints
from gantry_edge.models.schema import Model
from gantry_edge.paging import Page


@get("/api/models", access=Access.MEMBER)
async def list_models(endpoints: Given[Endpoints]) -> Page[Model]:
    """Models of all endpoints that answer; what each offers is remembered for a minute."""
    return Page(await endpoints.models())


routes = [list_models]
