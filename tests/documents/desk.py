"""One library on a test's desk: real database, files, parsing child, embedder and index."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from factory import make_user

from gantry_edge.documents import store
from gantry_edge.documents.ingest import Ingest
from gantry_edge.documents.library import Library
from gantry_edge.documents.progress import Progress
from gantry_edge.documents.schema import Document, Passage, Scope
from gantry_edge.documents.search import Search
from gantry_edge.retrieval.embedder import Embedder
from gantry_edge.retrieval.index import Index
from gantry_edge.storage.database import Connection, Database
from gantry_edge.storage.files import Files

COMMAND = [sys.executable, "-m", "gantry_edge"]
BOUNDARY = "zz"


def multipart(files: Sequence[tuple[str, bytes]], collection_id: str | None = None) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode() + content
        for name, content in files
    ]
    if collection_id is not None:
        header = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="collection_id"\r\n\r\n'
        parts.append(f"{header}{collection_id}".encode())
    return b"".join(part + b"\r\n" for part in parts) + f"--{BOUNDARY}--\r\n".encode()


async def in_pieces(body: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    for at in range(0, len(body), size):
        yield body[at : at + size]


@dataclass
class Desk:
    home: Path
    database: Database
    embedder: Embedder
    quota: int = 10_000_000
    upload_bytes: int = 1_000_000
    command: list[str] = field(default_factory=lambda: list(COMMAND))

    def __post_init__(self) -> None:
        self.files = Files(self.home / "files")
        self.progress = Progress()
        self.index = Index(self.database, self.home / "index", self.embedder.model, self.command)
        self.search = Search(self.database, self.embedder, self.index)
        self.ingest = Ingest(self.database, self.files, self.embedder, self.index, self.progress, self.command)
        self.library = Library(
            self.database, self.files, self.ingest, self.progress, upload_bytes=self.upload_bytes, quota=self.quota
        )
        self.worker: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """The worker, as the program does it."""
        await self.ingest.recover()
        self.worker = asyncio.create_task(self.ingest.work_forever())

    async def stop(self) -> None:
        if self.worker:
            self.worker.cancel()
            await asyncio.wait({self.worker})
            self.worker = None

    async def person(self, name: str) -> str:
        return await self.database.write(lambda c: make_user(c, name))

    async def add(
        self, user_id: str, *files: tuple[str, bytes | str], collection_id: str | None = None
    ) -> list[Document]:
        encoded = [(name, content.encode() if isinstance(content, str) else content) for name, content in files]
        body = multipart(encoded, collection_id)
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        return await self.library.add(user_id, kind, len(body), in_pieces(body))

    async def document(self, user_id: str, id: str) -> Document:
        return await self.database.read(lambda c: store.get_document(c, user_id, id))

    async def wait(self, user_id: str, id: str, *states: str) -> Document:
        """Until it is in one of these states: ready or failed when none is named."""
        async with asyncio.timeout(60):
            while (document := await self.document(user_id, id)).status not in (states or ("ready", "failed")):
                await asyncio.sleep(0.02)
        return document

    async def read(self, user_id: str, *files: tuple[str, bytes | str], collection_id: str | None = None) -> list[str]:
        """Upload and wait until everything is read; the ids."""
        ids = [document.id for document in await self.add(user_id, *files, collection_id=collection_id)]
        for id in ids:
            assert (await self.wait(user_id, id)).status == "ready"
        return ids

    async def find(self, user_id: str, query: str, scope: Scope | None = None, budget: int = 3000) -> list[Passage]:
        return await self.search.find(user_id, query, scope or Scope(), budget=budget)

    async def undo_has_passed(self) -> None:
        """As if the minute in which a document can be restored were over."""
        await self.database.write(lambda c: c.execute("UPDATE jobs SET run_at = 0 WHERE kind = 'erase'"))
        self.ingest.wake()

    async def erased(self) -> None:
        await self.undo_has_passed()
        async with asyncio.timeout(60):
            while await self.database.read(lambda c: c.execute("SELECT 1 FROM jobs WHERE kind = 'erase'").fetchone()):
                await asyncio.sleep(0.02)
        while self.ingest.busy:  # the file and the log come after the rows
            await asyncio.sleep(0.02)


def chunk_rows(connection: Connection, document_id: str) -> list[tuple[Any, ...]]:
    rows = connection.execute(
        "SELECT k.id, k.seq, k.begins, k.ends, k.page, k.heading, k.text, e.vector FROM chunks k"
        " LEFT JOIN embeddings e ON e.chunk_id = k.id WHERE document_id = ? ORDER BY seq",
        (document_id,),
    )
    return [tuple(row) for row in rows]
