"""What people do with their documents: put in, look at, pause, take out. Tells those who watch, wakes the worker."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TypeVar

from gantry_edge.documents import store
from gantry_edge.documents.ingest import Ingest, drop_unwanted
from gantry_edge.documents.progress import Progress
from gantry_edge.documents.schema import Document
from gantry_edge.documents.upload import Upload
from gantry_edge.storage.database import Connection, Database
from gantry_edge.storage.files import Files

T = TypeVar("T")


class Library:
    """`upload_bytes` of a file and `quota` of a person's documents are in bytes."""

    def __init__(
        self,
        database: Database,
        files: Files,
        ingest: Ingest,
        progress: Progress,
        *,
        upload_bytes: int,
        quota: int,
    ) -> None:
        self.progress = progress
        self.files = files
        self._database = database
        self._ingest = ingest
        self._upload_bytes = upload_bytes
        self._quota = quota

    async def add(
        self, user_id: str, content_type: str, content_length: int | None, body: AsyncIterator[bytes]
    ) -> list[Document]:
        """All files of an upload, or none of them."""
        used = await self._database.read(lambda c: store.used_bytes(c, user_id))
        async with Upload(self.files, most_each=self._upload_bytes, quota=self._quota, used=used) as upload:
            await upload.read(content_type, content_length, body)
            collection_id = upload.collection_id
            if collection_id is not None:
                await self._database.read(lambda c: store.get_collection(c, user_id, collection_id))
            storing = asyncio.create_task(self._store(user_id, collection_id, upload))
            try:
                documents = await asyncio.shield(storing)
            except asyncio.CancelledError:  # files and rows land together or not at all
                await asyncio.wait({storing})
                raise
        for document in documents:
            self.progress.tell(user_id, document)
        self._ingest.wake()
        return documents

    async def _store(self, user_id: str, collection_id: str | None, upload: Upload) -> list[Document]:
        """The files, then their rows; without the rows the files go again."""
        async with self.files.lock:
            stored = False
            try:
                received = await upload.keep()
                documents = await self._database.write(
                    lambda c: store.add_documents(c, user_id, collection_id, received, self._quota)
                )
                stored = True
            finally:
                if not stored:
                    await drop_unwanted(self._database, self.files, upload.digests)
        return documents

    async def pause(self, user_id: str, id: str) -> Document:
        document = await self._change(user_id, store.pause_document, id)
        await self._ingest.stop_work(id)
        return document

    async def resume(self, user_id: str, id: str) -> Document:
        return await self._change(user_id, store.resume_document, id)

    async def retry(self, user_id: str, id: str) -> Document:
        return await self._change(user_id, store.retry_document, id)

    async def restore(self, user_id: str, id: str) -> Document:
        return await self._change(user_id, store.restore_document, id)

    async def delete(self, user_id: str, id: str) -> None:
        await self._database.write(lambda c: store.delete_document(c, user_id, id))
        await self._forget(user_id, [id])

    async def delete_collection(self, user_id: str, id: str) -> None:
        await self._forget(user_id, await self._database.write(lambda c: store.delete_collection(c, user_id, id)))

    async def _change(self, user_id: str, change: Callable[[Connection, str, str], Document], id: str) -> Document:
        document = await self._database.write(lambda c: change(c, user_id, id))
        self.progress.tell(user_id, document)
        self._ingest.wake()
        return document

    async def _forget(self, user_id: str, ids: list[str]) -> None:
        self.progress.tell_deleted(user_id, ids)
        for id in ids:
            await self._ingest.stop_work(id)
        self._ingest.wake()
