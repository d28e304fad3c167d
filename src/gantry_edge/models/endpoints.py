"""All places models live in: what they offer, which one answers, and how they are."""

import asyncio
from contextlib import suppress
from typing import Literal, Protocol

import msgspec

from gantry_edge.errors import ModelError, NoModel, NotFound
from gantry_edge.models.client import Client
from gantry_edge.models.engine import Engine
from gantry_edge.models.engine_child import SMALL_MODEL
from gantry_edge.models.schema import Endpoint, Health, Model

LIST_TTL = 60  # seconds a list of models is good for
FAILURE_TTL = 5  # seconds until a failed endpoint is asked again
ENGINE_WAIT = 20.0  # seconds for an engine that is still loading
SMALL_NOTE = "Small built-in model: quick, offline, but makes mistakes"


class Cache(Protocol):
    """The part of a Litestar Store needed here."""

    async def get(self, key: str) -> bytes | None: ...
    async def set(self, key: str, value: bytes, expires_in: int) -> None: ...


class Looked(msgspec.Struct, frozen=True):
    """How an endpoint was when it was looked at, and what it offered."""

    health: Health
    models: list[str] = []
    failure: str = ""
    seeing: list[str] = []  # of them, those that take pictures


_looked = msgspec.json.Decoder(Looked)


class Endpoints:
    """The endpoints of the settings, those that were added, and the built-in engine."""

    def __init__(self, client: Client, configured: list[Endpoint], engine: Engine | None, cache: Cache) -> None:
        self.client = client
        self.configured = configured
        self._all = configured
        self._engine = engine
        self._cache = cache
        client.locate = self._locate
        self._asking: dict[str, asyncio.Task[Looked]] = {}
        self._failures: dict[str, str] = {}  # by id, of the latest look

    def use(self, added: list[Endpoint]) -> None:
        """Besides those of the settings, which go first where both have a name."""
        names = {endpoint.name for endpoint in self.configured}
        self._all = [*self.configured, *(endpoint for endpoint in added if endpoint.name not in names)]
        known = {endpoint.id for endpoint in self._all}
        self._failures = {id: failure for id, failure in self._failures.items() if id in known}

    def find(self, id: str) -> Endpoint | None:
        return next((endpoint for endpoint in self._all if endpoint.id == id), None)

    async def models(self) -> list[Model]:
        """What all endpoints offer, the built-in engine last. One that fails does not hide the others."""
        places = self._all  # one may be added meanwhile
        found = await asyncio.gather(*map(self.look, places))
        listed = [
            _model(endpoint, name, images=endpoint.images or name in looked.seeing)
            for endpoint, looked in zip(places, found, strict=True)
            for name in looked.models
        ]
        return listed + self._built_in()

    async def resolve(self, model_id: str | None) -> tuple[Endpoint, str]:
        """Where to ask, and for which model. Without an id: the first endpoint that has one, else the engine."""
        if model_id is None:
            return await self._default()
        name, slash, model = model_id.partition("/")
        if self._engine and name == self._engine.name:
            return await self._engine.wait_ready(ENGINE_WAIT), self._engine.model
        for endpoint in self._all:
            if endpoint.name == name and slash and model:
                return endpoint, model
        raise NotFound(f"There is no model “{model_id[:100]}” here any more. Choose another one.")

    async def _locate(self, model: str) -> Endpoint:
        """Where the engine is by the time a question's turn has come."""
        if self._engine is None or self._engine.model != model:
            raise NoModel("The built-in model was exchanged for another one meanwhile. Ask again.")
        return self._engine.endpoint or await self._engine.wait_ready(ENGINE_WAIT)

    async def takes_images(self, endpoint: Endpoint, model: str) -> bool:
        """The built-in engine takes none."""
        if endpoint.local or endpoint.images:
            return endpoint.images
        return model in (await self.look(endpoint)).seeing

    def condition(self) -> tuple[Literal["pass", "warn"], str]:
        """How the places models live in are, as known now."""
        complaints = [
            f"{endpoint.name}: {self._failures[endpoint.id]}" for endpoint in self._all if endpoint.id in self._failures
        ]
        if self._engine and self._engine.model and self._engine.state.name != "ready":
            complaints.append(f"{self._engine.name}: {self._engine.state.sentence}")
        if not self._all and not (self._engine and self._engine.model):
            complaints.append("No model is set up.")
        return ("warn", " ".join(complaints)) if complaints else ("pass", "")

    def engine_state(self) -> str:
        """Of the built-in one: `off` where there is none."""
        return self._engine.state.name if self._engine else "off"

    async def close(self) -> None:
        """Ask nobody any more."""
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    async def _default(self) -> tuple[Endpoint, str]:
        for endpoint in self._all:
            if names := (await self.look(endpoint)).models:
                return endpoint, names[0]
        if self._engine and self._engine.state.name != "stopped":
            return await self._engine.wait_ready(ENGINE_WAIT), self._engine.model
        if self._all:
            why = " ".join(self._failures.values()) or "The endpoints offer no models."
            raise NoModel(f"No model can answer now. {why}")
        raise NoModel("No model is set up yet. An administrator adds one as an endpoint.")

    async def look(self, endpoint: Endpoint) -> Looked:
        """From the cache, or from one question that all who wait share."""
        task = self._asking.get(endpoint.id)
        if task is None:
            task = asyncio.create_task(self._look(endpoint))
            self._asking[endpoint.id] = task
            task.add_done_callback(lambda _: self._asking.pop(endpoint.id, None))
        return await asyncio.shield(task)  # who leaves must not take the others' answer away

    async def _look(self, endpoint: Endpoint) -> Looked:
        if kept := await self._cache.get(_key(endpoint)):
            with suppress(msgspec.DecodeError):
                return self._remember(endpoint, _looked.decode(kept))
        return await self.look_again(endpoint)

    async def look_again(self, endpoint: Endpoint) -> Looked:
        """Whatever was seen before."""
        try:
            found = await self.client.list_models(endpoint)
            looked = Looked("ok", [*found], seeing=[name for name, images in found.items() if images])
        except ModelError as error:
            looked = Looked(msgspec.convert(error.code, Health), failure=error.detail)
        for_seconds = FAILURE_TTL if looked.failure else LIST_TTL
        await self._cache.set(_key(endpoint), msgspec.json.encode(looked), expires_in=for_seconds)
        return self._remember(endpoint, looked)

    def _remember(self, endpoint: Endpoint, looked: Looked) -> Looked:
        self._failures.pop(endpoint.id, None)
        if looked.failure and self.find(endpoint.id):  # it may have been taken away meanwhile
            self._failures[endpoint.id] = looked.failure
        return looked

    def _built_in(self) -> list[Model]:
        if self._engine is None or self._engine.state.name == "stopped":
            return []
        name = self._engine.model
        note = SMALL_NOTE if name == SMALL_MODEL else ""
        return [Model(f"{self._engine.name}/{name}", name, self._engine.name, True, note)]


def _key(endpoint: Endpoint) -> str:
    return f"a look at {endpoint.id} {endpoint.url}"


def _model(endpoint: Endpoint, name: str, *, images: bool) -> Model:
    return Model(f"{endpoint.name}/{name}", name, endpoint.name, endpoint.local, images=images)
