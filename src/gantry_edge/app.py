"""The application: THE list of routers, and what their handlers may ask for by name."""

from collections.abc import Callable, Mapping
from typing import Any

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin

from gantry_edge import __version__, problems
from gantry_edge.accounts import routes as accounts_routes
from gantry_edge.accounts.guards import Access, provide_user, require_access
from gantry_edge.admin import routes as admin_routes
from gantry_edge.admin.guards import require_room
from gantry_edge.appliance import routes as appliance_routes
from gantry_edge.belongings import routes as belongings_routes
from gantry_edge.chat import routes as chat_routes
from gantry_edge.documents import routes as documents_routes
from gantry_edge.door import Door
from gantry_edge.facts import routes as facts_routes
from gantry_edge.memory import routes as memory_routes
from gantry_edge.models import routes as models_routes
from gantry_edge.personas import routes as personas_routes
from gantry_edge.prompts import routes as prompts_routes
from gantry_edge.services import Services
from gantry_edge.sharing import routes as sharing_routes

MAX_BODY = 13_000_000  # a message of a million characters, each escaped

ROUTERS = [
    Router("/", route_handlers=accounts_routes.routes, tags=["Accounts"]),
    Router("/", route_handlers=belongings_routes.routes, tags=["Accounts"]),
    Router("/", route_handlers=chat_routes.routes, tags=["Chat"]),
    Router("/", route_handlers=documents_routes.routes, tags=["Documents"]),
    Router("/", route_handlers=facts_routes.routes, tags=["Memory"]),
    Router("/", route_handlers=memory_routes.routes, tags=["Memory"]),
    Router("/", route_handlers=models_routes.routes, tags=["Models"]),
    Router("/", route_handlers=personas_routes.routes, tags=["Personas"]),
    Router("/", route_handlers=prompts_routes.routes, tags=["Prompts"]),
    Router("/", route_handlers=sharing_routes.routes, tags=["Sharing"]),
    Router("/", route_handlers=admin_routes.routes, tags=["Operation"]),
    Router("/", route_handlers=appliance_routes.routes, tags=["Network"]),
]

# none may be a field of a body: the framework would take the caller's mistake for one of ours
PROVIDED = (
    "accounts",
    "added",
    "database",
    "endpoints",
    "exports",
    "forgetting",
    "index",
    "leaving",
    "library",
    "local_models",
    "local_network",
    "log_folder",
    "meter",
    "metrics_token",
    "pictures",
    "probe",
    "room",
    "search",
    "survey",
    "turns",
    "watts",
)


def create_app(services: Services, door: Door | None = None) -> Door:
    """The ASGI application behind its guards; `door` is one that serves the page already."""
    door = door or Door(services.settings.hosts, services.asked)
    app = create_litestar({name: getattr(services, name) for name in PROVIDED})
    door.open(app, lambda: services.local_network.hosts)
    return door


class MsgspecOnly(Litestar):
    """Without the plugins for pydantic and attrs: both are here for Chroma alone, and take 0.2 s to load."""

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return [*plugins, MsgspecDIPlugin()]


def create_litestar(provided: Mapping[str, Any]) -> Litestar:
    """The routes, with what their handlers may ask for by name."""
    return MsgspecOnly(
        ROUTERS,
        guards=[require_access, require_room],
        dependencies={
            "user": Provide(provide_user, sync_to_thread=False),
            **{name: Provide(_giver(thing), sync_to_thread=False) for name, thing in provided.items()},
        },
        plugins=[problems.plugin],
        state=State({"accounts": provided["accounts"], "room": provided["room"]}),
        request_max_body_size=MAX_BODY,
        logging_config=None,
        openapi_config=OpenAPIConfig(
            title="Gantry Edge",
            version=__version__,
            path="/api",
            render_plugins=[JsonRenderPlugin()],
            openapi_router=Router("/api", route_handlers=[], opt={"access": Access.PUBLIC}, include_in_schema=False),
            use_handler_docstrings=True,
        ),
    )


def _giver(thing: Any) -> Callable[[], Any]:
    return lambda: thing
