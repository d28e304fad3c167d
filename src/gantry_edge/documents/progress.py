"""What happens to documents, told to whoever watches. In memory: who comes late reads the list."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager

import msgspec

from gantry_edge.documents.schema import Document
from gantry_edge.sse import HEARTBEAT, encode_event

HEARTBEAT_EVERY = 2.4  # seconds; a viewer whose session has ended is noticed at the next one but one, at the latest
ENDED = ("ready", "failed")


class Watcher:
    """One viewer: the newest state of each document it has not been told yet, so a slow one never piles up."""

    def __init__(self) -> None:
        self._news: dict[str, Document | None] = {}
        self._some = asyncio.Event()

    def tell(self, id: str, document: Document | None) -> None:
        self._news[id] = document
        self._some.set()

    async def wait(self) -> dict[str, Document | None]:
        """What is new, None for a document that is gone; nothing at all is a heartbeat."""
        try:
            async with asyncio.timeout(HEARTBEAT_EVERY):
                await self._some.wait()
        except TimeoutError:
            return {}
        self._some.clear()
        news, self._news = self._news, {}
        return news


class Progress:
    def __init__(self) -> None:
        self._watchers: dict[str, set[Watcher]] = {}

    def tell(self, user_id: str, document: Document) -> None:
        for watcher in self._watchers.get(user_id, ()):
            watcher.tell(document.id, document)

    def tell_deleted(self, user_id: str, ids: Sequence[str]) -> None:
        for watcher in self._watchers.get(user_id, ()):
            for id in ids:
                watcher.tell(id, None)

    @contextmanager
    def watch(self, user_id: str) -> Iterator[Watcher]:
        watcher = Watcher()
        self._watchers.setdefault(user_id, set()).add(watcher)
        try:
            yield watcher
        finally:
            watchers = self._watchers[user_id]
            watchers.discard(watcher)
            if not watchers:
                del self._watchers[user_id]

    async def follow_all(
        self, user_id: str, present: Callable[[], Awaitable[list[Document]]]
    ) -> AsyncGenerator[bytes, None]:
        """Every change, beginning with what is `present`."""
        with self.watch(user_id) as watcher:
            for document in await present():
                watcher.tell(document.id, document)
            yield HEARTBEAT  # the headers go out at once
            while True:
                yield b"".join(encode(*news) for news in (await watcher.wait()).items()) or HEARTBEAT

    async def follow_one(
        self, user_id: str, id: str, present: Callable[[], Awaitable[list[Document]]]
    ) -> AsyncGenerator[bytes, None]:
        """Its changes until it is ready, failed or gone."""
        with self.watch(user_id) as watcher:
            for document in await present():
                watcher.tell(id, document)
            while True:
                news = await watcher.wait()
                if id not in news:
                    yield HEARTBEAT
                    continue
                latest = news[id]
                yield encode(id, latest)
                if latest is None or latest.status in ENDED:
                    return


def encode(id: str, document: Document | None) -> bytes:
    type, data = ("document", document) if document else ("deleted", {"id": id})
    return encode_event(type, msgspec.json.encode(data))
