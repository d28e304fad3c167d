"""Endpoints as administrators add, change and remove them in the page.

One is taken only while it lists its models: what is no model server never becomes an endpoint, so nothing it says can
reach anybody. A key is sealed for the origin it was given for, opens for no other, and is never told again.
"""

import asyncio
from functools import partial
from typing import Any

from msgspec import UNSET
from msgspec.structs import asdict, replace

from gantry_edge.errors import BadRequest, ModelError, NameTaken, NotFound
from gantry_edge.ids import new_id, now
from gantry_edge.models import addresses, store
from gantry_edge.models.client import Client
from gantry_edge.models.endpoints import Endpoints, Looked
from gantry_edge.models.engine import Engine
from gantry_edge.models.schema import Endpoint, EndpointChanges, NewEndpoint, Server
from gantry_edge.models.store import Stored
from gantry_edge.storage.audit import By, append
from gantry_edge.storage.database import Connection, Database
from gantry_edge.storage.secrets import Secrets

MISSING = "There is no such model server; look at the list again"


class Added:
    def __init__(self, database: Database, secrets: Secrets, client: Client, endpoints: Endpoints) -> None:
        self._database = database
        self._secrets = secrets
        self._client = client
        self._endpoints = endpoints
        self._locked: set[str] = set()  # whose keys do not open
        self._changing = asyncio.Lock()

    async def load(self) -> None:
        """What is stored is what is asked."""
        opened = await self._database.read(lambda c: [(each, self._open(each)) for each in store.list_stored(c)])
        self._locked = {stored.id for stored, endpoint in opened if endpoint is None}
        self._endpoints.use([endpoint for stored, endpoint in opened if endpoint and stored.enabled])

    async def list(self) -> list[Server]:
        """Those of the settings first."""
        stored = await self._database.read(store.list_stored)
        fixed = [_stored(each) for each in self._endpoints.configured]
        return await asyncio.gather(*(self._tell(each) for each in (*fixed, *stored)))

    async def add(self, new: NewEndpoint, by: By) -> Server:
        async with self._changing:
            stored = Stored(new_id(), new.name, _parsed(new.url), None, True, new.images, new.slots)
            self._check_name(stored)
            await self._check(stored, new.key)
            stored = await self._seal(stored, new.key)
            detail = {"origin": addresses.origin(stored.url)}
            await self._database.write(partial(_put, stored=stored, by=by, action="models.added", detail=detail))
            await self.load()
        return await self._tell(stored)

    async def change(self, id: str, changes: EndpointChanges, by: By) -> Server:
        """Another address needs the key again, where there is one."""
        async with self._changing:
            before = await self._get(id)
            given = {name: value for name, value in asdict(changes).items() if value is not UNSET}
            fields = {name: value for name, value in given.items() if name not in ("url", "key")}
            after = replace(before, **fields, url=_parsed(changes.url) if changes.url else before.url)
            self._check_name(after)
            moved = after.url != before.url or "key" in given
            if moved:
                key = changes.key if changes.key is not UNSET else await self._key_for(before, after.url)
                await self._check(after, key)
                after = await self._seal(after, key)
            detail = {"origin": addresses.origin(after.url), "changed": sorted(given)}

            def put(connection: Connection) -> None:
                _put(connection, after, by, "models.changed", detail)
                if after.name != before.name:
                    store.rename_models(connection, before.name, after.name)

            await self._database.write(put)
            await self.load()
            self._client.lines.resize(id, after.slots)
            if moved and (endpoint := self._endpoints.find(id)):
                await self._endpoints.look_again(endpoint)
        return await self._tell(after)

    async def remove(self, id: str, by: By) -> None:
        """Answers that it is writing go on to their end."""
        async with self._changing:
            stored = await self._get(id)

            def remove(connection: Connection) -> None:
                store.delete_stored(connection, id)
                append(connection, by, "models.removed", id, {"origin": addresses.origin(stored.url)})

            await self._database.write(remove)
            await self.load()

    async def probe(self, id: str) -> Server:
        """Ask anew what it offers."""
        if endpoint := self._endpoints.find(id):
            await self._endpoints.look_again(endpoint)
        server = next((each for each in await self.list() if each.id == id), None)
        if server is None:
            raise NotFound(MISSING)
        return server

    async def _check(self, stored: Stored, key: str) -> None:
        try:
            await self._client.list_models(_endpoint(stored, key))
        except ModelError as error:
            raise BadRequest(error.detail) from error

    def _check_name(self, stored: Stored) -> None:
        if not stored.name.isprintable():
            raise BadRequest("The name has characters that cannot be seen; choose another one")
        if stored.name == Engine.name or any(each.name == stored.name for each in self._endpoints.configured):
            raise NameTaken(f"There is already a model server named {stored.name}")

    async def _seal(self, stored: Stored, key: str) -> Stored:
        sealed = await asyncio.to_thread(self._secrets.seal, key, addresses.origin(stored.url)) if key else None
        return replace(stored, key_sealed=sealed)

    async def _key_for(self, stored: Stored, url: str) -> str:
        """The one it has, if that may go there."""
        if not stored.key_sealed:
            return ""
        key = await asyncio.to_thread(self._open_key, stored)
        if key is None or addresses.origin(url) != addresses.origin(stored.url):
            raise BadRequest("Enter the key again: it was given for another address, and goes nowhere else")
        return key

    def _open_key(self, stored: Stored) -> str | None:
        return self._secrets.open(stored.key_sealed, addresses.origin(stored.url)) if stored.key_sealed else ""

    def _open(self, stored: Stored) -> Endpoint | None:
        key = self._open_key(stored)
        return None if key is None else _endpoint(stored, key)

    async def _get(self, id: str) -> Stored:
        stored = await self._database.read(lambda c: store.get_stored(c, id))
        if stored is None:
            raise NotFound(MISSING)
        return stored

    async def _tell(self, stored: Stored) -> Server:
        endpoint = self._endpoints.find(stored.id)
        looked = await self._endpoints.look(endpoint) if endpoint else Looked("off")
        running, waiting = self._client.lines.look(stored.id)
        return Server(
            id=stored.id,
            name=stored.name,
            url=stored.url,
            key=bool(stored.key_sealed),
            fixed=endpoint in self._endpoints.configured,
            enabled=stored.enabled,
            images=stored.images,
            slots=stored.slots,
            health="key_lost" if stored.id in self._locked else looked.health,
            models=looked.models,
            running=running,
            waiting=waiting,
        )


def _parsed(url: str) -> str:
    try:
        return str(addresses.parse(url))
    except ValueError as error:
        raise BadRequest(str(error)) from error


def _endpoint(stored: Stored, key: str) -> Endpoint:
    return Endpoint(stored.id, stored.name, stored.url, key, images=stored.images, slots=stored.slots)


def _stored(endpoint: Endpoint) -> Stored:
    """As if it were stored; its key is told to nobody."""
    key = "in the settings" if endpoint.key else None
    return Stored(endpoint.id, endpoint.name, endpoint.url, key, True, endpoint.images, endpoint.slots)


def _put(connection: Connection, stored: Stored, by: By, action: str, detail: dict[str, Any]) -> None:
    if not store.put_stored(connection, stored, now()):
        raise NameTaken(f"There is already a model server named {stored.name}")
    append(connection, by, action, stored.id, detail)
