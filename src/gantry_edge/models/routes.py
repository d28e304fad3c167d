"""HTTP of the models people can choose from."""

from litestar import delete, get, patch, post, put
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from gantry_edge.accounts.guards import Access, acting
from gantry_edge.accounts.schema import User
from gantry_edge.models.added import Added
from gantry_edge.models.endpoints import Endpoints
from gantry_edge.models.local import LocalModels
from gantry_edge.models.preferred import first, read_preferred, save_preferred
from gantry_edge.models.schema import (
    EndpointChanges,
    ImportModel,
    LoadModel,
    LocalEngine,
    Model,
    NewEndpoint,
    Preferred,
    Server,
)
from gantry_edge.paging import Page
from gantry_edge.parameters import Asking
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


@get("/api/admin/endpoints", access=Access.ADMIN, responses=responses(401, 403))
async def list_endpoints(added: Given[Added]) -> Page[Server]:
    """Model servers, how they are and what they offer; keys are never told."""
    return Page(await added.list())


@get("/api/admin/endpoints/{endpoint_id:str}", access=Access.ADMIN, responses=responses(401, 403, 404))
async def probe_endpoint(added: Given[Added], endpoint_id: FromPath[str]) -> Server:
    """Asked now, whatever is remembered."""
    return await added.probe(endpoint_id)


@post("/api/admin/endpoints", access=Access.ADMIN, responses=responses(400, 401, 403, 409))
async def add_endpoint(request: Asking, added: Given[Added], data: JSONBody[NewEndpoint]) -> Server:
    """Taken when it lists its models."""
    return await added.add(data, acting(request))


@patch("/api/admin/endpoints/{endpoint_id:str}", access=Access.ADMIN, responses=responses(400, 401, 403, 404, 409))
async def change_endpoint(
    request: Asking, added: Given[Added], endpoint_id: FromPath[str], data: JSONBody[EndpointChanges]
) -> Server:
    """Its models keep those who chose them when it gets another name; another address needs the key again."""
    return await added.change(endpoint_id, data, acting(request))


@delete("/api/admin/endpoints/{endpoint_id:str}", access=Access.ADMIN, responses=responses(401, 403, 404))
async def remove_endpoint(request: Asking, added: Given[Added], endpoint_id: FromPath[str]) -> None:
    """Answers that it is writing go on to their end."""
    await added.remove(endpoint_id, acting(request))


@get("/api/admin/engine", access=Access.ADMIN, responses=responses(401, 403))
async def get_engine(local_models: Given[LocalModels]) -> LocalEngine:
    """The built-in engine: its model, the files there are, and who waits for it."""
    return await local_models.look()


@post("/api/admin/engine/load", access=Access.ADMIN, status_code=200, responses=responses(400, 401, 403, 404, 409))
async def load_model(request: Asking, local_models: Given[LocalModels], data: JSONBody[LoadModel]) -> LocalEngine:
    """Once all who have asked before have their answers."""
    await local_models.load(data.name, acting(request))
    return await local_models.look()


@post("/api/admin/engine/unload", access=Access.ADMIN, status_code=200, responses=responses(401, 403, 409))
async def unload_model(request: Asking, local_models: Given[LocalModels]) -> LocalEngine:
    """The same, and no other one until the next start."""
    await local_models.unload(acting(request))
    return await local_models.look()


@post("/api/admin/engine/files", access=Access.OWNER, status_code=202, responses=responses(400, 401, 403, 409, 507))
async def bring_in_model(request: Asking, local_models: Given[LocalModels], data: JSONBody[ImportModel]) -> LocalEngine:
    """Copy a GGUF file of this machine into the data folder; its progress is in `arrival`."""
    await local_models.bring_in(data, acting(request))
    return await local_models.look()


@delete("/api/admin/engine/files/{file_name:str}", access=Access.OWNER, responses=responses(401, 403, 404, 409))
async def remove_model(request: Asking, local_models: Given[LocalModels], file_name: FromPath[str]) -> None:
    """Of those in the data folder, and not the one that is loaded."""
    await local_models.remove(file_name, acting(request))


routes = [
    list_models,
    get_preferred,
    choose_preferred,
    list_endpoints,
    probe_endpoint,
    add_endpoint,
    change_endpoint,
    remove_endpoint,
    get_engine,
    load_model,
    unload_model,
    bring_in_model,
    remove_model,
]
