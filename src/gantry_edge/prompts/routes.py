"""HTTP of the prompt library."""

from litestar import delete, get, post, put
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from gantry_edge.accounts.guards import Access
from gantry_edge.accounts.schema import User
from gantry_edge.problems import responses
from gantry_edge.prompts import store
from gantry_edge.prompts.schema import Prompt, PromptFields
from gantry_edge.storage.database import Database

MEMBER = Access.MEMBER


@get("/api/prompts", access=MEMBER, responses=responses(401))
async def list_prompts(user: Given[User], database: Given[Database]) -> list[Prompt]:
    """One's own, all of them: the page finds them as it is typed."""
    return await database.read(lambda c: store.list_prompts(c, user.id))


@post("/api/prompts", access=MEMBER, responses=responses(400, 401, 409))
async def add_prompt(user: Given[User], database: Given[Database], data: JSONBody[PromptFields]) -> Prompt:
    """A text to write messages from; variables in it are asked for when it is used."""
    return await database.write(lambda c: store.add_prompt(c, user.id, data))


@put("/api/prompts/{prompt_id:str}", access=MEMBER, responses=responses(400, 401, 404))
async def replace_prompt(
    user: Given[User], database: Given[Database], prompt_id: FromPath[str], data: JSONBody[PromptFields]
) -> Prompt:
    """Write it anew. Messages that were written from it do not change."""
    return await database.write(lambda c: store.replace_prompt(c, user.id, prompt_id, data))


@delete("/api/prompts/{prompt_id:str}", access=MEMBER, responses=responses(400, 401, 404))
async def delete_prompt(user: Given[User], database: Given[Database], prompt_id: FromPath[str]) -> None:
    """For good."""
    await database.write(lambda c: store.delete_prompt(c, user.id, prompt_id))


routes = [list_prompts, add_prompt, replace_prompt, delete_prompt]
