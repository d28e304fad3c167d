"""Model servers as administrators add, change and remove them."""

import asyncio
import zipfile
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from factory import make_user

from gantry_edge.accounts.schema import Role, User
from gantry_edge.config import Settings
from gantry_edge.errors import BadRequest, NameTaken, NotFound
from gantry_edge.models.added import Added
from gantry_edge.models.preferred import read_preferred, save_preferred
from gantry_edge.models.schema import ChatMessage, ChatRequest, EndpointChanges, NewEndpoint, Server
from gantry_edge.models.scripted import ScriptedEndpoint
from gantry_edge.personas.schema import NewPersona
from gantry_edge.personas.store import add_persona, get_persona
from gantry_edge.services import Services, back_up, open_services
from gantry_edge.storage.audit import By, all_entries

BY = By("anna", "192.0.2.1")
KEY = "sk-canary-of-an-endpoint"


@pytest.fixture
async def box() -> AsyncIterator[ScriptedEndpoint]:
    async with ScriptedEndpoint() as box:
        box.models = ["say?tokens=3"]
        yield box


@pytest.fixture
def added(services: Services) -> Added:
    return services.added


@pytest.fixture
async def server(added: Added, box: ScriptedEndpoint) -> Server:
    return await added.add(NewEndpoint("box", box.url, KEY), BY)


async def names(services: Services) -> set[str]:
    return {model.id for model in await services.endpoints.models() if model.endpoint == "box"}


async def key_sent(services: Services, box: ScriptedEndpoint) -> str:
    endpoint, model = await services.endpoints.resolve("box/say?tokens=3")
    await services.endpoints.client.say(endpoint, ChatRequest(model, [ChatMessage("user", "Hi")]))
    return box.log[-1].key


async def audited(services: Services) -> list[tuple[str, dict[str, Any]]]:
    entries = await services.database.read(all_entries)
    return [(entry.action, entry.detail) for entry in entries if entry.actor_id == "anna"]


async def test_what_is_added_can_be_chosen_at_once(services: Services, server: Server) -> None:
    assert server.health == "ok"
    assert await names(services) == {"box/say?tokens=3"}


async def test_it_is_there_after_a_restart_with_its_key(
    settings: Settings, services: Services, server: Server, box: ScriptedEndpoint
) -> None:
    async with open_services(settings, lambda token: None) as again:
        assert await key_sent(again, box) == KEY


async def test_one_that_does_not_answer_is_not_added(added: Added) -> None:
    with pytest.raises(BadRequest, match="refuses the connection"):
        await added.add(NewEndpoint("box", "http://127.0.0.1:1/v1"), BY)
    assert [server.name for server in await added.list()] == ["scripted"]


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/v1", "http://a@box/v1", "http://2130706433/v1", "box", "x" * 9]
)
async def test_a_place_where_no_model_may_live_is_not_added(added: Added, url: str) -> None:
    with pytest.raises(BadRequest):
        await added.add(NewEndpoint("box", url), BY)


@pytest.mark.parametrize("name", ["scripted", "built-in", "box"])
async def test_a_name_is_had_once(added: Added, server: Server, box: ScriptedEndpoint, name: str) -> None:
    with pytest.raises(NameTaken):
        await added.add(NewEndpoint(name, box.url), BY)


async def test_whoever_chose_a_model_keeps_it_under_its_new_name(
    services: Services, added: Added, server: Server
) -> None:
    user = User(await services.database.write(lambda c: make_user(c, "vera")), "vera", Role.MEMBER, 0)
    await services.database.write(lambda c: save_preferred(c, user.id, "box/say?tokens=3"))
    new = NewPersona(name="Mine", model="box/say?tokens=3")
    persona = await services.database.write(lambda c: add_persona(c, user, new))
    await added.change(server.id, EndpointChanges(name="lab"), BY)
    assert await services.database.read(lambda c: read_preferred(c, user.id)) == "lab/say?tokens=3"
    assert (await services.database.read(lambda c: get_persona(c, user, persona.id))).model == "lab/say?tokens=3"


async def test_a_new_name_leaves_the_key_as_it_is(
    services: Services, added: Added, server: Server, box: ScriptedEndpoint
) -> None:
    await added.change(server.id, EndpointChanges(name="lab"), BY)
    endpoint = services.endpoints.find(server.id)
    assert endpoint
    assert (endpoint.name, endpoint.key) == ("lab", KEY)


async def test_the_key_does_not_go_along_to_another_address(
    added: Added, server: Server, scripted: ScriptedEndpoint, services: Services
) -> None:
    with pytest.raises(BadRequest, match="Enter the key again"):
        await added.change(server.id, EndpointChanges(url=scripted.url), BY)
    endpoint = services.endpoints.find(server.id)
    assert endpoint
    assert endpoint.url == server.url


async def test_the_key_goes_along_to_another_path(
    added: Added, server: Server, services: Services, box: ScriptedEndpoint
) -> None:
    await added.change(server.id, EndpointChanges(url=f"{box.url}/"), BY)
    assert await key_sent(services, box) == KEY


async def test_another_address_with_its_key_is_taken(
    added: Added, server: Server, scripted: ScriptedEndpoint, services: Services
) -> None:
    await added.change(server.id, EndpointChanges(url=scripted.url, key="sk-other"), BY)
    assert await key_sent(services, scripted) == "sk-other"


async def test_an_empty_key_takes_it_away(
    added: Added, server: Server, services: Services, box: ScriptedEndpoint
) -> None:
    assert not (await added.change(server.id, EndpointChanges(key=""), BY)).key
    assert await key_sent(services, box) == ""


async def test_one_that_is_switched_off_offers_nothing(services: Services, added: Added, server: Server) -> None:
    changed = await added.change(server.id, EndpointChanges(enabled=False), BY)
    assert changed.health == "off"
    assert await names(services) == set()


async def test_one_that_is_removed_offers_nothing(services: Services, added: Added, server: Server) -> None:
    await added.remove(server.id, BY)
    assert await names(services) == set()
    with pytest.raises(NotFound):
        await added.probe(server.id)


async def test_a_probe_asks_anew(added: Added, server: Server, box: ScriptedEndpoint) -> None:
    box.models = ["another"]
    assert (await added.probe(server.id)).models == ["another"]


async def test_what_a_new_key_opens_is_offered_at_once(
    services: Services, added: Added, server: Server, box: ScriptedEndpoint
) -> None:
    box.models = ["another"]
    changed = await added.change(server.id, EndpointChanges(key="sk-of-another-team"), BY)
    assert changed.models == ["another"]
    assert await names(services) == {"box/another"}


async def test_more_answers_at_once_let_in_who_waits(services: Services, added: Added, server: Server) -> None:
    await added.change(server.id, EndpointChanges(slots=1), BY)
    endpoint = services.endpoints.find(server.id)
    assert endpoint
    lines = services.endpoints.client.lines
    with lines.stand(endpoint, "ada"), lines.stand(endpoint, "ben"):
        assert lines.look(server.id)[0] == 1
        await added.change(server.id, EndpointChanges(slots=3), BY)
        assert lines.look(server.id)[0] == 2
        with lines.stand(endpoint, "cleo"):  # who found it before the change
            assert lines.look(server.id)[0] == 3


async def test_without_the_key_file_the_key_is_asked_for_again(
    settings: Settings, services: Services, server: Server, box: ScriptedEndpoint
) -> None:
    (settings.home / "secrets.key").unlink()
    async with open_services(settings, lambda token: None) as again:
        assert [each.health for each in await again.added.list()] == ["ok", "key_lost"]
        await again.added.change(server.id, EndpointChanges(key=KEY), BY)
        assert await key_sent(again, box) == KEY


async def test_those_of_the_settings_are_shown_and_not_changed(services: Services, added: Added) -> None:
    [fixed] = await added.list()
    assert fixed.fixed
    with pytest.raises(NotFound):
        await added.change(fixed.id, EndpointChanges(name="other"), BY)


async def test_every_change_is_in_the_trail_and_no_key_is(services: Services, added: Added, server: Server) -> None:
    await added.change(server.id, EndpointChanges(key=KEY + "2", images=True), BY)
    await added.remove(server.id, BY)
    origin = server.url.removesuffix("/v1")
    assert await audited(services) == [
        ("models.added", {"origin": origin}),
        ("models.changed", {"origin": origin, "changed": ["images", "key"]}),
        ("models.removed", {"origin": origin}),
    ]


async def test_a_key_is_in_no_file_and_in_no_answer(
    settings: Settings, services: Services, added: Added, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    told = msgspec.json.encode([*await added.list(), await added.probe(server.id)])
    held = [path for path in settings.home.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert (held, KEY.encode() in told, KEY in caplog.text) == ([], False, False)


async def test_a_key_is_in_no_open_backup(settings: Settings, services: Services, server: Server) -> None:
    made = await asyncio.to_thread(back_up, settings)
    with zipfile.ZipFile(made) as archived:
        held = [name for name in archived.namelist() if KEY.encode() in archived.read(name)]
        assert (held, "secrets.key" in archived.namelist()) == ([], False)
