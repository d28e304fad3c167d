"""Which model answers: the one that was asked for, else the persona's, else the person's, else the first there is."""

from gantry_edge.chat.schema import Notice
from gantry_edge.models.endpoints import Endpoints
from gantry_edge.models.schema import Endpoint
from gantry_edge.personas.schema import Snapshot


async def find_addressee(
    endpoints: Endpoints, asked: str | None, persona: Snapshot | None, default: str | None = None
) -> tuple[Endpoint, str, Notice | None]:
    """`default` is what this person's questions go to where nothing else is said."""
    if asked:
        return *await endpoints.resolve(asked), None
    of_persona = persona.model if persona else None
    preferred = of_persona or default
    if preferred is None:
        return *await endpoints.resolve(None), None
    if any(model.id == preferred for model in await endpoints.models()):
        return *await endpoints.resolve(preferred), None
    endpoint, model = await endpoints.resolve(None)
    whose = f"{persona.name} prefers the model" if persona and of_persona else "Your default is the model"
    return (
        endpoint,
        model,
        Notice("other_model", f"{whose} {preferred}, which is not here now; {model} answers instead"),
    )
