"""Every way a model server can fail, seen from the answer's end."""

import dataclasses

import pytest
from factory import make_user

from gantry_edge.chat import answers
from gantry_edge.chat.prompt import text_of
from gantry_edge.chat.schema import SendMessage
from gantry_edge.config import Settings
from gantry_edge.models.faults import AFTER, FAULTS
from gantry_edge.models.script import script_text
from gantry_edge.services import Services, open_services

HARMLESS = {"no-done", "no-done-cut", "two-done", "duplicate-ids", "named-event", "other-choices", "negative-usage"}
HARMLESS |= {"huge-finish", "only-done"}


async def ask_and_wait(services: Services, model: str) -> tuple[str, str, str | None]:
    """Text, status and error code of the answer."""
    user = await services.database.write(make_user)
    started = await services.turns.start(user, SendMessage("Go", model=model))
    async for _ in await services.turns.follow(user, started.answer_id, 0):
        pass
    message, answer = await services.database.read(lambda c: answers.get_answer(c, user, started.answer_id))
    return text_of(message), answer.status, answer.error.code if answer.error else None


@pytest.mark.parametrize("kind", FAULTS)
async def test_a_fault_ends_in_a_typed_error_and_keeps_what_came_before(settings: Settings, kind: str) -> None:
    hasty = dataclasses.replace(settings, connect_timeout=0.3, first_token_timeout=0.3, idle_timeout=0.3)
    async with open_services(hasty, lambda token: None) as services:
        said_before, status, code = await ask_and_wait(services, f"scripted/fault?kind={kind}&after=10")
    if kind in AFTER:
        assert said_before.startswith(script_text(0, 10))
    if kind in HARMLESS:
        assert (status, code) == ("done", None)
    else:
        assert status == "failed"
        assert code
        assert code.startswith("model_")
