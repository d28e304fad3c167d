"""Which model answers: the one that was asked for, else the persona's, else the first there is."""

from gantry_edge.chat.schema import Notice
from gantry_edge.models.endpoints import Endpoints
from gantry_edge.models.schema import Endpoint
from gantry_edge.personas.schema import Snapshot


async def find_addressee(
    endpoints: Endpoints, asked: str | None, persona: Snapshot | None
) -> tuple[Endpoint, str, Notice | None]:
    preferred = persona.model if persona and not asked else None
    if persona is None or preferred is None:
        return *await endpoints.resolve(asked), None
    if any(model.id == preferred for model in await endpoints.models()):
        return *await endpoints.resolve(preferred), None
    endpoint, model = await endpoints.resolve(None)
    sentence = f"{persona.name} prefers the model {preferred}, which is not here now; {model} answers instead"
    return endpoint, model, Notice("other_model", sentence)
