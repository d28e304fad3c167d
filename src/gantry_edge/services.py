"""Composition root: opens everything in order, and closes it in reverse. Knows all rooms but their routes."""

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any

from gantry_edge import logs
from gantry_edge.accounts.setup import SetupToken
from gantry_edge.accounts.signin import Accounts
from gantry_edge.admin import backup
from gantry_edge.admin.care import Care
from gantry_edge.admin.figures import Meter
from gantry_edge.admin.probe import Probe
from gantry_edge.admin.schedule import back_up_forever
from gantry_edge.admin.survey import Survey
from gantry_edge.appliance.lan import Lan
from gantry_edge.appliance.machine import resident
from gantry_edge.belongings.exporting import Exports
from gantry_edge.belongings.leaving import Leaving
from gantry_edge.chat.asking import Asker
from gantry_edge.chat.clearing import clear_forever
from gantry_edge.chat.gather import Gatherer
from gantry_edge.chat.images import Images
from gantry_edge.chat.planner import Planner
from gantry_edge.chat.reuse import Reuse
from gantry_edge.chat.summing import Summing
from gantry_edge.chat.turns import Turns
from gantry_edge.config import Settings
from gantry_edge.counting import Asked
from gantry_edge.documents.chunks import wanted_files
from gantry_edge.documents.ingest import Ingest
from gantry_edge.documents.library import Library
from gantry_edge.documents.progress import Progress
from gantry_edge.documents.search import Search
from gantry_edge.errors import GantryError
from gantry_edge.facts.learn import Learner
from gantry_edge.memory.forgetting import Forgetting
from gantry_edge.memory.recall import Recall
from gantry_edge.memory.remember import Remembering
from gantry_edge.models.added import Added
from gantry_edge.models.client import Client
from gantry_edge.models.counting import Counter
from gantry_edge.models.endpoints import Endpoints
from gantry_edge.models.engine import Engine, find_small_model
from gantry_edge.models.local import LocalModels
from gantry_edge.models.schema import Endpoint, Timeouts
from gantry_edge.quiet import Quiet
from gantry_edge.retrieval.embedder import Embedder
from gantry_edge.retrieval.rerank import find_reranker
from gantry_edge.retrieval.store import has_embeddings
from gantry_edge.storage.cache import DiskStore
from gantry_edge.storage.database import Database
from gantry_edge.storage.events import EventLog
from gantry_edge.storage.files import Files
from gantry_edge.storage.migrations import migrate
from gantry_edge.storage.room import Room
from gantry_edge.storage.secrets import FILE as SECRETS
from gantry_edge.storage.secrets import Secrets
from gantry_edge.storage.settings import instance_id
from gantry_edge.storage.upgrade import copy_before_upgrade, let_shrink

if TYPE_CHECKING:
    from gantry_edge.retrieval.index import Index

DATABASE = "gantry.db"
HOUR = 3600.0
MB = 1_000_000
WARM_AFTER = 1.0  # seconds; the first page comes first

log = logging.getLogger(__name__)


@dataclass
class Services:
    settings: Settings
    database: Database
    events: EventLog
    accounts: Accounts
    endpoints: Endpoints
    added: Added
    local_models: LocalModels
    turns: Turns
    library: Library
    pictures: Images
    remembering: Remembering
    forgetting: Forgetting
    search: Search
    ingest: Ingest
    index: "Index"
    survey: Survey
    local_network: Lan
    exports: Exports
    leaving: Leaving

    @property
    def asked(self) -> Asked:
        return self.survey.meter.asked

    @property
    def meter(self) -> Meter:
        return self.survey.meter

    @property
    def probe(self) -> Probe:
        return self.survey.probe

    @property
    def room(self) -> Room:
        return self.library.files.room

    @property
    def metrics_token(self) -> str:
        return self.settings.metrics_token

    @property
    def watts(self) -> float:
        return self.settings.watts

    @property
    def log_folder(self) -> Path:
        return self.settings.home / logs.FOLDER


@asynccontextmanager
async def open_services(
    settings: Settings,
    announce_setup: Callable[[str], None],
    setup_token: SetupToken | None = None,
    asked: Asked | None = None,
) -> AsyncIterator[Services]:
    """Open everything in order, and close it in reverse. `setup_token` may be announced, and things asked, already."""
    home, asked = settings.home, asked or Asked()
    make_private(home)
    async with AsyncExitStack() as stack:
        database, cache = await open_storage(stack, settings)
        client, endpoints, added, local_models, planner = await open_models(stack, settings, database, cache)
        events, quiet = EventLog(database), Quiet()
        keep_running(stack, events.save_forever(), events.beat_forever())
        embedder, index = Embedder(), make_index(home, database)
        await index.start()
        stack.push_async_callback(index.stop)
        search = Search(database, embedder, index, find_reranker(home / "models"))
        files, ingest, library, pictures = await open_library(stack, settings, database, embedder, index)
        remembering, forgetting = Remembering(database, embedder, index), Forgetting(database, index)
        keep_running(stack, remembering.work_forever(), forgetting.finish_forever(), pictures.erase_forever())
        gatherer = Gatherer(database, search, Recall(database, embedder, index))
        asker = Asker(database, events, endpoints, client, gatherer, planner, Reuse(database, cache), pictures)
        turns = Turns(database, events, asker, quiet, answers_each=settings.answers_each)
        stack.push_async_callback(turns.drain, 0)
        await turns.recover()
        asking = database, quiet, endpoints, client
        keep_running(stack, Learner(*asking).work_forever(), Summing(*asking, planner).work_forever())
        accounts = await open_accounts(stack, database, announce_setup, setup_token)
        lan = Lan(database, home / "tls", settings.hosts, accounts.setup_needed)
        exports = Exports(database, files)
        leaving = Leaving(database, (turns.stop_all, exports.stop), ingest.wake, forgetting.finish_soon)
        clearing = clear_forever(database, forgetting.finish_soon)
        keep_running(stack, leaving.work_forever(), clearing, lan.follow_forever())
        meter = Meter(database, asked, turns, endpoints, index, home / backup.FOLDER, lambda: resident(os.getpid()))
        care = Care(database, files, cache, quiet, wanted_files)
        watched = Probe(database), endpoints, index, embedder, care, lan.is_in_trouble
        survey = Survey(meter, *watched, settings.backup_every)
        keep_running(stack, care.work_forever(), back_up_regularly(settings))
        keep_running(stack, meter.watchdog.watch_forever(), meter.sample_forever())
        yield Services(
            settings=settings,
            database=database,
            events=events,
            accounts=accounts,
            endpoints=endpoints,
            added=added,
            local_models=local_models,
            turns=turns,
            library=library,
            pictures=pictures,
            remembering=remembering,
            forgetting=forgetting,
            search=search,
            ingest=ingest,
            index=index,
            survey=survey,
            local_network=lan,
            exports=exports,
            leaving=leaving,
        )


async def open_storage(stack: AsyncExitStack, settings: Settings) -> tuple[Database, DiskStore]:
    home = settings.home
    if copy := await asyncio.to_thread(copy_before_upgrade, home / DATABASE, home / backup.FOLDER):
        log.info("the data of the version before is kept in %s", copy)
    await asyncio.to_thread(let_shrink, home / DATABASE)
    database = Database(home / DATABASE)
    stack.callback(database.close)
    await database.write(migrate)
    cache = DiskStore(home / "cache", size_limit=settings.cache_mb * MB)
    stack.callback(cache.close)
    return database, cache


async def open_library(
    stack: AsyncExitStack, settings: Settings, database: Database, embedder: Embedder, index: "Index"
) -> tuple[Files, Ingest, Library, Images]:
    files, progress = Files(settings.home / "files"), Progress()
    ingest = Ingest(database, files, embedder, index, progress, this_program())
    await ingest.recover()
    keep_running(stack, warm(database, embedder), ingest.work_forever())
    upload, quota = settings.upload_mb * MB, settings.documents_mb * MB
    library = Library(database, files, ingest, progress, upload_bytes=upload, quota=quota)
    return files, ingest, library, Images(database, files, quota)


async def open_models(
    stack: AsyncExitStack, settings: Settings, database: Database, cache: DiskStore
) -> tuple[Client, Endpoints, Added, LocalModels, Planner]:
    client = Client(Timeouts(settings.connect_timeout, settings.first_token_timeout, settings.idle_timeout))
    stack.push_async_callback(client.close)
    engine = make_engine(settings)
    if engine:
        await engine.start()
        stack.push_async_callback(engine.stop)
    endpoints = Endpoints(client, configured_endpoints(settings), engine, cache)
    stack.push_async_callback(endpoints.close)
    added = Added(database, Secrets(settings.home / SECRETS), client, endpoints)
    await added.load()
    given = [model for model in (settings.model, find_small_model()) if model]
    local_models = LocalModels(engine, client.lines, database, settings.home / "models", given)
    stack.push_async_callback(local_models.close)
    counter = Counter(client, cache)
    stack.push_async_callback(counter.close)
    return client, endpoints, added, local_models, Planner(counter)


async def open_accounts(
    stack: AsyncExitStack, database: Database, announce_setup: Callable[[str], None], setup_token: SetupToken | None
) -> Accounts:
    accounts = Accounts(database, await database.write(instance_id), announce_setup, setup_token=setup_token)
    stack.callback(accounts.close)
    await accounts.start()
    return accounts


def make_private(home: Path) -> None:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    home.chmod(0o700)


async def warm(database: Database, embedder: Embedder) -> None:
    """Read the search model before the first question needs it, where there is anything to search."""
    await asyncio.sleep(WARM_AFTER)
    rmtree(database.path.with_name("embedder"), ignore_errors=True)  # 90 MB of weights that earlier versions unfolded
    if await database.read(has_embeddings):
        try:
            await asyncio.to_thread(embedder.embed, ["warm"])
        except (GantryError, OSError) as error:
            log.warning("the search model cannot be read: %s", error)


def keep_running(stack: AsyncExitStack, *works: Coroutine[Any, Any, None]) -> None:
    """Run them until the stack closes."""
    tasks = {asyncio.create_task(work) for work in works}

    async def end() -> None:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)

    for task in tasks:
        task.add_done_callback(_report)
    stack.push_async_callback(end)


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.critical("%s ended; restart Gantry Edge", task.get_coro(), exc_info=error)


def make_index(home: Path, database: Database) -> "Index":
    from gantry_edge.retrieval.index import Index

    return Index(database, home / "index", Embedder.model, this_program())


async def back_up_regularly(settings: Settings) -> None:
    """Where the settings want any."""
    folder, every = settings.home / backup.FOLDER, settings.backup_every * HOUR
    if every:
        await back_up_forever(folder, partial(back_up, settings), every=every, keep=settings.backup_keep)


def back_up(settings: Settings, target: Path | None = None, passphrase: str | None = None) -> Path:
    return backup.back_up(settings.home, wanted_files, target, passphrase)


def make_engine(settings: Settings) -> Engine | None:
    if not settings.engine:
        return None
    model = settings.model
    if model and not model.exists():  # as after a restore elsewhere
        log.warning("the model %s is not there; the small one inside answers instead", model)
        model = None
    model = model or find_small_model()
    threads = settings.engine_threads or max(1, (os.cpu_count() or 2) - 1)
    return Engine(model, [*this_program(), "engine"], threads, settings.engine_window)


def configured_endpoints(settings: Settings) -> list[Endpoint]:
    return [
        Endpoint(
            id=entry.name,
            name=entry.name,
            url=entry.url.rstrip("/"),
            key=entry.key,
            window=entry.window,
            images=entry.images,
            slots=entry.slots,
        )
        for entry in settings.endpoints
    ]


def this_program() -> list[str]:
    """How to run this very program again, frozen or not."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-m", "gantry_edge"]
