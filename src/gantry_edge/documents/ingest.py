"""The worker: claims a job, reads or erases its document, tells how far it is. The server holds one.

Reading is extracting (in a child), chunking, embedding. Chunks are stored some at a time, each time with their
words, their embeddings and the note for the index in one transaction, so that a long document neither keeps the
writer from others nor starts anew after a crash. Nothing is found before the last step says `ready`.
"""

import asyncio
import logging
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from gantry_edge.documents import chunks as sql
from gantry_edge.documents.chunks import Piece, Taken, Work
from gantry_edge.documents.extract.result import NO_TEXT, Extracted, ExtractError
from gantry_edge.documents.progress import Progress
from gantry_edge.documents.sandbox import extract_in_child
from gantry_edge.documents.schema import Document
from gantry_edge.documents.store import ERASE, INGEST, mend_queue
from gantry_edge.ids import now
from gantry_edge.storage import jobs
from gantry_edge.storage.database import Connection, Database, DatabaseError
from gantry_edge.storage.files import Files
from gantry_edge.storage.jobs import Job

if TYPE_CHECKING:
    from gantry_edge.retrieval.embedder import Embedder
    from gantry_edge.retrieval.index import Index

KINDS = (ERASE, INGEST)  # what was deleted does not wait for a thousand files
AT_ONCE = 48  # chunks in one transaction: some 20 ms of the writer
BATCH = 8  # chunks embedded before others get a turn
BREATH = 0.01  # seconds between two batches
ERASED_AT_ONCE = 24  # chunks; taking words out of the index is slower than putting them in
LOG_TRIES = 10  # a second apart: the log cannot be emptied while someone reads
RENEW = 20.0  # seconds
LOOK_FOR_ROOM = 5.0  # seconds
LOOK_AGAIN = 30.0  # seconds, when the database cannot say when the next job is due
GAVE_UP = "Reading it ended the program several times. Try again, or upload another version"
UNEXPECTED = "Reading it failed for a reason of this program's own; the log says more"

log = logging.getLogger(__name__)


class Ingest:
    def __init__(
        self,
        database: Database,
        files: Files,
        embedder: "Embedder",
        index: "Index",
        progress: Progress,
        command: list[str],
    ) -> None:
        self._database = database
        self._files = files
        self._embedder = embedder
        self._index = index
        self._progress = progress
        self._command = command
        self._work = asyncio.Event()
        self._job: Job | None = None
        self._task: asyncio.Task[None] | None = None
        self._served = ""

    @property
    def busy(self) -> bool:
        return self._job is not None

    def wake(self) -> None:
        """There may be something to do."""
        self._work.set()

    async def recover(self) -> None:
        """At the start, before the worker: what a crash left."""
        for id in await self._database.write(lambda c: jobs.recover_jobs(c, KINDS)):
            await self._set_failed(id, "gave_up", GAVE_UP)
        await self._database.write(mend_queue)
        wanted = await self._database.read(sql.wanted_files)
        if lost := await asyncio.to_thread(self._files.sweep, wanted):
            log.info("%d files that no document refers to are deleted", lost)
        await self._database.empty_log()  # a crash may have come between an erasing and this

    async def work_forever(self) -> None:
        while True:
            self._work.clear()
            kinds: Sequence[str] = KINDS
            try:
                if not self._files.room.has():
                    kinds = (ERASE,)  # reading waits for room, erasing makes some
                job = await self._claim(kinds)
            except (DatabaseError, OSError) as error:
                log.error("the queue of documents cannot be read: %s", error)
                job = None
            if job is None:
                await self._wait(kinds)
            else:
                self._served = job.group
                await self._run(job)

    async def erase_now(self) -> None:
        """Erase what is due, where nobody works: no server runs."""
        while job := await self._database.write(lambda c: jobs.claim_job(c, (ERASE,))):
            await self._attempt(job)

    async def stop_work(self, id: str) -> None:
        """End the work on a document whose job was taken back; returns when it has ended."""
        if self._job and self._job.id == id and self._task:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _claim(self, kinds: Sequence[str]) -> Job | None:
        claiming = asyncio.ensure_future(self._database.write(lambda c: jobs.claim_job(c, kinds, self._served)))
        try:
            return await asyncio.shield(claiming)
        except asyncio.CancelledError:  # the program stops, but the job may be ours by now
            if job := await claiming:
                await self._database.write(lambda c: jobs.return_job(c, job))
            raise

    async def _wait(self, kinds: Sequence[str]) -> None:
        longest = seconds = LOOK_AGAIN if kinds == KINDS else LOOK_FOR_ROOM
        with suppress(DatabaseError):
            due = await self._database.read(lambda c: jobs.next_due(c, kinds))
            seconds = longest if due is None else min(longest, max(0.01, (due - now()) / 1000))
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._work.wait()

    async def _run(self, job: Job) -> None:
        self._job, self._task = job, asyncio.create_task(self._attempt(job))
        try:
            while not self._task.done():
                await asyncio.wait({self._task}, timeout=RENEW)
                with suppress(DatabaseError):
                    await self._database.write(lambda c: jobs.renew_job(c, job))
        except asyncio.CancelledError:  # the program stops
            self._task.cancel()
            await asyncio.wait({self._task})
            await self._database.write(lambda c: jobs.return_job(c, job))
            raise
        finally:
            self._job = self._task = None

    async def _attempt(self, job: Job) -> None:
        try:
            await (self._read(job) if job.kind == INGEST else self._erase(job))
        except Taken:
            return
        except ExtractError as error:
            await self._end(job, error.code, error.detail, attempts=0)
        except Exception as error:  # whatever it is, the next document gets its turn
            log.error("document %s: %s failed", job.id, job.kind, exc_info=error)
            attempts = sys.maxsize if job.kind == ERASE else jobs.ATTEMPTS  # what was deleted has to go
            await self._end(job, "internal", UNEXPECTED, attempts=attempts)

    async def _end(self, job: Job, code: str, detail: str, *, attempts: int) -> None:
        try:
            again = await self._database.write(lambda c: jobs.fail_job(c, job, detail, attempts=attempts))
            if job.kind == ERASE:
                return
            if again:
                self._tell(job, await self._database.write(lambda c: sql.set_waiting(c, job.id)))
            else:
                await self._set_failed(job.id, code, detail)
        except DatabaseError as error:  # its lease runs out, and it is tried again
            log.error("document %s: its failure could not be stored: %s", job.id, error)
            await asyncio.sleep(1)

    async def _set_failed(self, id: str, code: str, detail: str) -> None:
        def fail(connection: Connection) -> tuple[str, Document | None]:
            return sql.get_work(connection, id).user_id, sql.set_failed(connection, id, code, detail)

        with suppress(Taken):
            user_id, document = await self._database.write(fail)
            if document:
                self._progress.tell(user_id, document)

    def _tell(self, job: Job, document: Document | None) -> None:
        if document:
            self._progress.tell(job.group, document)

    async def _read(self, job: Job) -> None:
        work, document = await self._database.write(lambda c: sql.begin_reading(c, job))
        self._tell(job, document)
        extracted = await extract_in_child(self._files.path(work.digest), work.name, self._command)
        pieces = await asyncio.to_thread(self._cut, work, extracted)
        if not pieces:
            raise ExtractError(NO_TEXT)
        save = partial(sql.save_text, job=job, extracted=extracted, total=len(pieces))
        self._tell(job, await self._database.write(save))
        await self._store(job, work, pieces)
        self._tell(job, await self._database.write(lambda c: sql.finish_reading(c, job)))
        self._index.wake()

    def _cut(self, work: Work, extracted: Extracted) -> list[Piece]:
        from gantry_edge.documents.chunk import chunk

        return sql.pieces_of(work.id, extracted.text, chunk(extracted, work.name, self._embedder.tokens))

    async def _store(self, job: Job, work: Work, pieces: list[Piece]) -> None:
        """Embed and store what an earlier run has not."""
        known = await self._database.read(lambda c: sql.known_ids(c, work.id))
        stale = list(known - {piece.id for piece in pieces})
        await self._delete(work, stale)
        missing = [piece for piece in pieces if piece.id not in known]
        done = len(pieces) - len(missing)
        for at in range(0, len(missing), AT_ONCE):
            some = missing[at : at + AT_ONCE]
            vectors = await self._embed(work, some)
            done += len(some)
            stored = list(zip(some, vectors, strict=True))
            save = partial(sql.save_pieces, job=job, work=work, model=self._embedder.model, pieces=stored, done=done)
            document = await self._database.write(save)
            self._tell(job, document)

    async def _embed(self, work: Work, pieces: Sequence[Piece]) -> list[bytes]:
        from gantry_edge.documents.chunk import context_line

        texts = [context_line(work.name, piece.chunk.heading) + piece.chunk.text for piece in pieces]
        vectors: list[bytes] = []
        for start in range(0, len(texts), BATCH):
            embedded = await asyncio.to_thread(self._embedder.embed, texts[start : start + BATCH])
            vectors += [vector.tobytes() for vector in embedded]
            await asyncio.sleep(BREATH)
        return vectors

    async def _erase(self, job: Job) -> None:
        work = await self._database.write(lambda c: sql.begin_erasing(c, job.id))
        while ids := await self._database.read(lambda c: sql.next_chunks(c, work.id, ERASED_AT_ONCE)):
            await self._delete(work, ids)
        await self._database.write(lambda c: sql.finish_erasing(c, job, work))
        async with self._files.lock:
            await drop_unwanted(self._database, self._files, [work.digest])
        self._index.wake()
        for _ in range(LOG_TRIES):
            if await self._database.empty_log():
                break
            await asyncio.sleep(1)

    async def _delete(self, work: Work, ids: Sequence[str]) -> None:
        for at in range(0, len(ids), ERASED_AT_ONCE):
            some = ids[at : at + ERASED_AT_ONCE]
            await self._database.write(partial(sql.delete_chunks, work=work, ids=some))


async def drop_unwanted(database: Database, files: Files, digests: Sequence[str]) -> None:
    """Delete those files that no document refers to. The caller holds the lock of the files."""
    for digest in digests:
        if not await database.read(partial(sql.is_wanted, digest=digest)):
            await asyncio.to_thread(files.delete, digest)
