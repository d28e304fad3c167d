"""All places models live in: what they offer, which one answers, and how they are."""

import asyncio
from typing import Literal, Protocol

import msgspec

from gantry_edge.errors import ModelError, NoModel, NotFound
from gantry_edge.models.client import Client
from gantry_edge.models.engine import Engine
from gantry_edge.models.engine_child import SMALL_MODEL
from gantry_edge.models.schema import Endpoint, Model

LIST_TTL = 60  # seconds a list of models is good for
FAILURE_TTL = 5  # seconds until a failed endpoint is asked again
ENGINE_WAIT = 20.0  # seconds for an engine that is still loading
SMALL_NOTE = "Small built-in model: quick, offline, but makes mistakes"


class Cache(Protocol):
    """The part of a Litestar Store needed here."""

    async def get(self, key: str) -> bytes | None: ...
    async def set(self, key: str, value: bytes, expires_in: int) -> None: ...


class _Offer(msgspec.Struct, frozen=True):
    names: list[str]
    failure: str = ""
    seeing: list[str] = []  # of them, those that take pictures


_offer = msgspec.json.Decoder(_Offer)


class Endpoints:
    """The configured endpoints and the built-in engine."""

    def __init__(self, client: Client, configured: list[Endpoint], engine: Engine | None, cache: Cache) -> None:
        self._client = client
        self._configured = configured
        self._engine = engine
        self._cache = cache
        self._asking: dict[str, asyncio.Task[_Offer]] = {}
        self._failures: dict[str, str] = {}  # by name, of the latest look

    async def models(self) -> list[Model]:
        """What all endpoints offer, the built-in engine last. One that fails does not hide the others."""
        offers = await asyncio.gather(*map(self._offered, self._configured))
        listed = [
            _model(endpoint, name, images=endpoint.images or name in offer.seeing)
            for endpoint, offer in zip(self._configured, offers, strict=True)
            for name in offer.names
        ]
        return listed + self._built_in()

    async def resolve(self, model_id: str | None) -> tuple[Endpoint, str]:
        """Where to ask, and for which model. Without an id: the first endpoint that has one, else the engine."""
        if model_id is None:
            return await self._default()
        name, slash, model = model_id.partition("/")
        if self._engine and name == self._engine.name:
            return await self._engine.wait_ready(ENGINE_WAIT), self._engine.model
        for endpoint in self._configured:
            if endpoint.name == name and slash and model:
                return endpoint, model
        raise NotFound(f"There is no model “{model_id[:100]}” here any more. Choose another one.")

    async def takes_images(self, endpoint: Endpoint, model: str) -> bool:
        """The built-in engine takes none."""
        if endpoint.local or endpoint.images:
            return endpoint.images
        return model in (await self._offered(endpoint)).seeing

    def condition(self) -> tuple[Literal["pass", "warn"], str]:
        """How the places models live in are, as known now."""
        complaints = [f"{name}: {failure}" for name, failure in self._failures.items()]
        if self._engine and self._engine.state.name != "ready":
            complaints.append(f"{self._engine.name}: {self._engine.state.sentence}")
        if not self._configured and not self._engine:
            complaints.append("No model is set up.")
        return ("warn", " ".join(complaints)) if complaints else ("pass", "")

    async def close(self) -> None:
        """Ask nobody any more."""
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    async def _default(self) -> tuple[Endpoint, str]:
        for endpoint in self._configured:
            if names := (await self._offered(endpoint)).names:
                return endpoint, names[0]
        if self._engine:
            return await self._engine.wait_ready(ENGINE_WAIT), self._engine.model
        if self._configured:
            why = " ".join(self._failures.values()) or "The endpoints offer no models."
            raise NoModel(f"No model can answer now. {why}")
        raise NoModel("No model is set up yet. An administrator adds one as an endpoint.")

    async def _offered(self, endpoint: Endpoint) -> _Offer:
        """From the cache, or from one question that all who wait share."""
        task = self._asking.get(endpoint.id)
        if task is None:
            task = asyncio.create_task(self._look(endpoint))
            self._asking[endpoint.id] = task
            task.add_done_callback(lambda _: self._asking.pop(endpoint.id, None))
        return await asyncio.shield(task)  # who leaves must not take the others' answer away

    async def _look(self, endpoint: Endpoint) -> _Offer:
        key = f"models and images {endpoint.id} {endpoint.url}"
        if kept := await self._cache.get(key):
            try:
                return self._remember(endpoint, _offer.decode(kept))
            except msgspec.DecodeError:
                pass
        try:
            found = await self._client.list_models(endpoint)
            offer = _Offer([*found], seeing=[name for name, images in found.items() if images])
        except ModelError as error:
            offer = _Offer([], error.detail)
        await self._cache.set(key, msgspec.json.encode(offer), expires_in=FAILURE_TTL if offer.failure else LIST_TTL)
        return self._remember(endpoint, offer)

    def _remember(self, endpoint: Endpoint, offer: _Offer) -> _Offer:
        self._failures.pop(endpoint.name, None)
        if offer.failure:
            self._failures[endpoint.name] = offer.failure
        return offer

    def _built_in(self) -> list[Model]:
        if self._engine is None or self._engine.state.name == "stopped":
            return []
        name = self._engine.model
        note = SMALL_NOTE if name == SMALL_MODEL else ""
        return [Model(f"{self._engine.name}/{name}", name, self._engine.name, True, note)]


def _model(endpoint: Endpoint, name: str, *, images: bool) -> Model:
    return Model(f"{endpoint.name}/{name}", name, endpoint.name, endpoint.local, images=images)
