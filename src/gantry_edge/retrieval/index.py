"""The vector index: a projection of the embeddings in SQLite, which may be thrown away at any time.

Who changes embeddings writes operations beside them (`store`); one task here applies them in order. A folder is
checked by a child process before it is opened. Whatever is wrong with it, it is put aside and made anew from
SQLite, and questions are answered by exact search meanwhile.
"""

import asyncio
import logging
from collections.abc import Collection, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from gantry_edge.ids import new_id
from gantry_edge.retrieval import outbox, store
from gantry_edge.retrieval.folders import keep_only, make_room, put_aside
from gantry_edge.retrieval.lane import LATER, SOON, IndexFailed, Lane
from gantry_edge.retrieval.probe import expect, find_hard, verify
from gantry_edge.retrieval.remote import Remote
from gantry_edge.retrieval.seal import Seal, make_seal, read_stamps
from gantry_edge.storage.database import Connection, Database, DatabaseError

if TYPE_CHECKING:
    from gantry_edge.retrieval.asking import Question, View
    from gantry_edge.retrieval.exact import Exact
    from gantry_edge.retrieval.matrix import Hit, Vector

VERIFY_TIME = 20.0  # seconds
VERIFY_TIME_EACH = 1e-4  # seconds more for each chunk; 100,000 take 5 s on two idle cores
WORK_TIME = 120.0  # seconds for one step of work; then the library hangs
CLOSE_TIME = 5.0  # seconds
ASK_TIME = 1.0  # seconds a question waits for its turn; then it is answered by exact search
PORTION = 128  # operations at once, so that a question never waits long behind them
PAGE = 512  # embeddings at once while rebuilding
SEAL_AFTER = 3.0  # seconds without news
CHECK_EVERY = 24 * 3600.0  # seconds
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 600.0  # seconds after a failure
SMALL = 10_000  # chunks of a vault; up to here exact search is as fast as an index, and always right

log = logging.getLogger(__name__)


class Opened(NamedTuple):
    generation: store.Generation
    folder: Path
    projection: Remote
    hard: frozenset[str] = frozenset()


class Index:
    """`command` runs this program again, for the child that holds the folder. `folder` is the index's own."""

    def __init__(self, database: Database, folder: Path, model: str, command: list[str], *, small: int = SMALL) -> None:
        """Vaults of up to `small` chunks are searched exactly, and alone are no reason to open a folder."""
        self.state: Literal["ready", "rebuilding", "exact"] = "exact"
        self.rebuilds = 0
        self.trouble = ""  # what was wrong the last time
        self._database = database
        self._folder = folder
        self._model = model
        self._command = command
        self._lane = Lane("index")
        self._held: list[Remote] = []  # children that may be alive
        self._small = small
        self._stopped = False
        self._opened: Opened | None = None
        self._failed: Opened | None = None
        self._seal: Seal | None = None  # of the open folder, while it is not written to
        self._turn = asyncio.Lock()  # one of: open, apply, rebuild, check
        self._new = asyncio.Event()
        self._work: asyncio.Task[None] | None = None
        self._exact: Exact | None = None

    async def start(self) -> None:
        """Returns at once; the index opens in the background."""
        self._work = asyncio.create_task(self._run())
        self._work.add_done_callback(_report)

    async def stop(self) -> None:
        if self._work is not None:
            self._work.cancel()
            await asyncio.wait({self._work})
            self._work = None
        opened, self._opened = self._opened, None
        self.state = "exact"
        if opened is not None and await self._close(opened) and self._seal is None:
            with suppress(DatabaseError, OSError):  # unsealed, it is made anew at the next start
                await self._put_seal(opened.folder)
        self._stopped = True
        for remote in list(self._held):
            await asyncio.to_thread(remote.kill)
        self._lane.close()

    def wake(self) -> None:
        """The outbox has something new."""
        self._new.set()

    async def lag(self) -> int:
        """Operations that are not in the index yet."""
        return await self._database.read(store.count_ops)

    async def reindex(self) -> int:
        """Make the index anew from SQLite; says how many embeddings it holds."""
        async with self._turn:
            count = await self._rebuild()
        self.wake()
        return count

    async def check(self) -> str:
        """Compare the open index with SQLite; what is wrong with it, or nothing. A wrong one is put aside."""
        async with self._turn:
            opened = self._opened
            if opened is None:
                return ""
            if wrong := await self._verify(opened.projection):
                self._distrust(opened, wrong)
            return wrong

    async def nearest(
        self, vaults: Sequence[str], vector: "Vector", limit: int, among: Collection[str] | None = None
    ) -> "list[Hit]":
        """(chunk id, cosine), best first. Both come from SQLite; the index only says where to look."""
        if not vaults or limit < 1 or (among is not None and not among):
            return []
        vaults = list(dict.fromkeys(vaults))
        exact = await self._get_exact()
        surely = partial(exact.search, vaults=vaults, vector=vector, limit=limit, among=among)
        opened = self._opened
        if opened is None or among is not None:
            return await self._database.read(surely)
        from gantry_edge.retrieval.asking import Question, View

        question = Question(self._model, vaults, opened.hard, vector, limit)
        answer = await self._database.read(partial(question.begin, exact=exact))
        if isinstance(answer, View):
            said = await self._ask(opened, question, answer)
            answer = await self._database.read(partial(question.settle, exact=exact, view=answer, said=said))
        if not answer.wrong:
            return answer.hits
        self._distrust(opened, answer.wrong)
        return await self._database.read(surely)

    async def _get_exact(self) -> "Exact":
        if self._exact is None:
            self._exact = await asyncio.to_thread(_make_exact, self._model, self._small)
        return self._exact

    async def _ask(self, opened: Opened, question: "Question", view: "View") -> "dict[str, list[Hit]]":
        """What the index says for each vault; a vault it says nothing of is left out."""
        try:
            return await self._lane.run(lambda: question.ask(opened.projection, view), ASK_TIME, SOON)
        except IndexFailed as error:
            self._distrust(opened, str(error))
        except TimeoutError:
            if self._lane.busy_for() > WORK_TIME:
                self._distrust(opened, "it does not answer")
        return {}

    async def _run(self) -> None:
        pause = FIRST_PAUSE
        with suppress(DatabaseError):
            await self._database.write(store.forget_changes)
        while True:
            try:
                async with self._turn:
                    await self._settle()
                pause = FIRST_PAUSE
                await self._wait()
            except (IndexFailed, TimeoutError, DatabaseError, OSError) as error:
                log.warning("the index is not usable: %s; trying again in %g s", error or "it hangs", pause)
                self._give_up(str(error) or "it hangs")
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _wait(self) -> None:
        """For news; without any the folder is sealed, and once a day it is checked."""
        if self._opened is not None and self._seal is None:
            with suppress(TimeoutError):
                async with asyncio.timeout(SEAL_AFTER):
                    await self._new.wait()
                    return
            async with self._turn:
                if self._opened is not None:
                    await self._put_seal(self._opened.folder)
        try:
            async with asyncio.timeout(CHECK_EVERY):
                await self._new.wait()
        except TimeoutError:
            await self.check()

    async def _settle(self) -> None:
        """Bring the index to where SQLite is."""
        self._new.clear()
        if self._failed is not None:
            await self._put_aside(self._failed)
            self._failed = None
        if self._opened is None and not await self._is_needless():
            await self._open()
        if self._opened is not None:
            await self._apply(self._opened)
            self.state = "ready" if self._opened else "exact"  # a question may have found it wrong meanwhile

    async def _is_needless(self) -> bool:
        """There is no folder, and nothing large enough to need one. A later one is made from all embeddings anyway."""
        if not await self._database.read(self._has_only_small):
            return False
        self.state = "ready"
        if last := await self._database.read(store.last_op):
            await self._database.write(partial(store.delete_ops, last=last))
        return True

    def _has_only_small(self, connection: Connection) -> bool:
        if store.read_generation(connection) is not None:
            return False
        return all(count <= self._small for count in store.count_vaults(connection, self._model).values())

    async def _open(self) -> None:
        generation = await self._database.read(store.read_generation)
        if generation is not None and generation.model == self._model:
            folder = self._folder / generation.id
            if not (wrong := await self._compare_seal(folder)):
                hard = await self._database.read(store.read_hard)
                opened = Opened(generation, folder, await self._hold(folder), hard)
                try:
                    if not (wrong := await self._verify(opened.projection)):
                        await self._put_seal(folder)  # opening changed it
                        self._opened = opened
                        await asyncio.to_thread(keep_only, self._folder, generation.id)
                        return
                finally:
                    if self._opened is not opened:
                        await asyncio.shield(self._close(opened))
            if await asyncio.to_thread(folder.exists):
                await self._quarantine(folder, wrong)
        await self._rebuild()

    async def _hold(self, folder: Path) -> Remote:
        def hold() -> Remote:
            remote = Remote(self._command, folder)
            self._held.append(remote)
            if self._stopped:  # while it was started
                remote.kill()
            return remote

        return await self._lane.run(hold, WORK_TIME)

    async def _compare_seal(self, folder: Path) -> str:
        if not (folder / "chroma.sqlite3").is_file():
            return "it is missing"
        seal = await self._database.read(store.read_seal)
        if not seal:
            return "it was being written to when the program ended"
        if seal != (await asyncio.to_thread(make_seal, folder)).digest:
            return "its files are not as they were left"
        return ""

    async def _verify(self, projection: Remote) -> str:
        """What is wrong with it, or nothing. Reads what questions will need, too."""
        expected = await self._database.read(lambda connection: expect(connection, self._model))
        many = sum(vault.count for vault in expected.vaults.values())
        try:
            within = VERIFY_TIME + many * VERIFY_TIME_EACH
            return await self._lane.run(lambda: verify(projection, expected), within)
        except (IndexFailed, TimeoutError) as error:
            return str(error) or "it does not answer"

    async def _rebuild(self) -> int:
        """A new folder from what SQLite has; the old one, if any, answers until the new one is whole."""
        self.state = "rebuilding"
        generation = store.Generation(new_id(), self._model)
        folder = self._folder / generation.id
        await asyncio.to_thread(make_room, self._folder)
        projection = await self._hold(folder)
        opened = Opened(generation, folder, projection)
        try:
            await self._lane.run(projection.vaults, WORK_TIME)  # makes the folder, though nothing may go into it
            covered = await self._database.read(store.last_op)
            count = await self._fill(projection)
            await self._database.write(partial(store.write_generation, generation=generation, covered=covered))
        except BaseException:
            self.state = "ready" if self._opened else "exact"
            await asyncio.shield(self._close(opened))
            raise
        old, self._opened, self._seal = self._opened, opened, None
        if old is not None:
            await self._close(old)
        hard = await self._find_hard(projection)
        if self._opened is opened:
            self._opened = opened._replace(hard=hard)
            await self._put_seal(folder)
        await asyncio.to_thread(keep_only, self._folder, generation.id)
        self.rebuilds += 1
        log.info("the index was made anew with %d embeddings", count)
        return count

    async def _find_hard(self, projection: Remote) -> frozenset[str]:
        expected = await self._database.read(lambda connection: expect(connection, self._model))
        hard = await self._lane.run(lambda: find_hard(projection, expected), WORK_TIME)
        if hard:
            log.info("%d vaults have too many equal vectors for the index; they are searched exactly", len(hard))
            await self._database.write(partial(store.write_hard, vaults=hard))
        return hard

    async def _fill(self, projection: Remote) -> int:
        count = 0
        for vault in await self._database.read(lambda connection: store.count_vaults(connection, self._model)):
            after = ""
            while page := await self._database.read(partial(self._read_page, vault=vault, after=after)):
                ids, vectors = [id for id, _ in page], [vector for _, vector in page]
                await self._lane.run(partial(projection.put, vault, ids, vectors), WORK_TIME, LATER)
                after = ids[-1]
                count += len(ids)
        return count

    def _read_page(self, connection: Connection, vault: str, after: str) -> list[tuple[str, bytes]]:
        return store.read_page(connection, vault, self._model, after, PAGE)

    async def _apply(self, opened: Opened) -> None:
        while True:
            ops, stored = await self._database.read(self._read_portion)
            if not ops:
                return
            await self._break_seal(opened.folder)
            steps = outbox.plan(ops, stored)
            await self._lane.run(partial(opened.projection.apply, steps), WORK_TIME, LATER)
            await self._database.write(partial(store.delete_ops, last=ops[-1].seq))

    def _read_portion(self, connection: Connection) -> tuple[list[store.Op], dict[tuple[str, str], bytes]]:
        ops = store.read_ops(connection, PORTION)
        vaults = list({op.vault for op in ops})
        rows = store.read_vectors(connection, outbox.wanted(ops), vaults, self._model)
        return ops, {(vault, id): vector for id, vault, vector in rows}

    async def _put_seal(self, folder: Path) -> None:
        seal = await asyncio.to_thread(make_seal, folder)
        await self._database.write(partial(store.write_seal, digest=seal.digest))
        self._seal = seal

    async def _break_seal(self, folder: Path) -> None:
        """Before the first change; what somebody else changed meanwhile must not be sealed with it."""
        if self._seal is None:
            return
        if await asyncio.to_thread(read_stamps, folder) != self._seal.stamps:
            raise IndexFailed("a file of it was changed")
        await self._database.write(partial(store.write_seal, digest=""))
        self._seal = None

    def _distrust(self, opened: Opened, why: str) -> None:
        """Ask it no more, from this moment on; the task puts it aside."""
        if self._opened is opened:
            log.warning("the index is made anew: %s", why)
            self.trouble = why
            self.state = "exact"
            self._opened, self._failed = None, opened
            self.wake()

    def _give_up(self, why: str) -> None:
        if self._opened is not None:
            self._distrust(self._opened, why)
        self.trouble, self.state = why, "exact"

    async def _put_aside(self, opened: Opened) -> None:
        await self._close(opened)
        await self._quarantine(opened.folder, self.trouble)

    async def _quarantine(self, folder: Path, why: str) -> None:
        self.trouble = why
        log.warning("the index in %s is put aside and made anew: %s", folder, why)
        await asyncio.to_thread(put_aside, folder)

    async def _close(self, opened: Opened) -> bool:
        """Whether it closed well."""
        try:
            await self._lane.run(opened.projection.close, CLOSE_TIME, SOON)
            return True
        except IndexFailed as error:
            log.warning("the index did not close well: %s", error)
        except TimeoutError:
            log.warning("the index hangs; its process is killed")
        finally:
            await asyncio.to_thread(opened.projection.kill)
            if opened.projection in self._held:
                self._held.remove(opened.projection)
        return False


def _make_exact(model: str, small: int) -> "Exact":
    from gantry_edge.retrieval.exact import Exact  # brings NumPy

    return Exact(model, small)


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.critical("the index is not kept up to date any more; restart Gantry Edge", exc_info=error)
