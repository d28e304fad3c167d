"""What the doctor looks at: gathered here, judged there. Nothing is changed, and nothing has to be whole."""

import asyncio
import os
import platform
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from time import time
from typing import Any

import msgspec

from gantry_edge import __version__, assets, config, logs
from gantry_edge.accounts.guards import STREAM_HEADERS
from gantry_edge.admin import backup, sealing
from gantry_edge.appliance import instance, server, signature, update
from gantry_edge.appliance.bundle import damaged_files
from gantry_edge.appliance.doctor import MB, Endpoint, Look
from gantry_edge.appliance.machine import look_at_machine
from gantry_edge.chat import store as chat
from gantry_edge.chat.listing import LIST
from gantry_edge.cli import bench, options
from gantry_edge.cli.asking import ask_all
from gantry_edge.cli.tell import parts_of
from gantry_edge.documents.extract import ocr
from gantry_edge.errors import GantryError, PortInUse
from gantry_edge.ids import now
from gantry_edge.models.engine import find_small_model
from gantry_edge.retrieval.embedder import Embedder
from gantry_edge.retrieval.seal import make_seal
from gantry_edge.retrieval.tokens import ModelDamaged, Tokens
from gantry_edge.retrieval.weights import find_weights
from gantry_edge.storage.database import READERS
from gantry_edge.storage.inspection import DatabaseError, Facts, inspect, look_into_cache, server_pragmas

WEEK = 7 * 86_400
HASH = len("-DTCkU-Mz")  # what the build puts behind a name; may hold a dash itself
BACKUP_MOST = 500 * MB  # larger ones take longer to look through than anyone waits here
NOBODY = {"user": "", "place": "current", "key": 2**62, "id": "", "limit": 51, "skip": 0, "leaf": ""}
STATEMENTS: dict[str, tuple[str, Any]] = {
    "the list of conversations": (LIST.format(narrower="", key="updated_at"), NOBODY),
    "a branch": (chat.BRANCH_IDS, NOBODY),
    "a message": (chat.GET_MESSAGE, NOBODY),
    "its versions": (chat.NEXT_BELOW, ("",)),
}


def look_at(flags: Mapping[str, Any], *, online: bool) -> Look:
    home = config.folder(flags)
    held = is_held(home)
    facts, facts_trouble = read_facts(home / options.DATABASE, held)
    settings, settings_trouble = read_settings(flags, home, facts)
    single = config.single_file()
    look = Look(
        home=home,
        at=now(),
        version=__version__,
        edition=edition(),
        parts=parts_of(),
        machine=look_at_machine(home),
        settings_trouble=settings_trouble,
        settings={entry.name: config.masked(settings, entry.name) for entry in fields(config.Settings)},
        bundle=damaged_files(program) if (program := config.program_folder()) else None,
        update_keys=[key.name for key in signature.read_keys()],
        version_before=kept if single and (kept := update.previous(single)).exists() else None,
        page={path.name: path.stat().st_size for path in assets.FOLDER.rglob("*") if path.is_file()},
        encoder_trouble=look_at_encoder(),
        encoder=Embedder.model,
        ocr=ocr.available(),
        endpoints=look_at_endpoints(settings, online),
        held=held,
        facts=facts,
        facts_trouble=facts_trouble,
        pragmas=server_pragmas(),
    )
    return replace(
        look,
        **look_at_model(settings),
        **look_at_folder(home, held),
        **look_at_running(home, settings),
        **look_at_lan(home, facts, settings, online=online and held),
        **look_at_data(home, facts, held),
        **look_at_backup(home, look.machine.temp_free),
    )


def is_held(home: Path) -> bool:
    try:
        return not instance.is_free(home)
    except OSError:  # a folder that cannot be written to is held by nobody
        return False


def edition() -> str:
    kind = "frozen" if getattr(sys, "frozen", False) else "from its source"
    return f"{kind}, {'portable, ' if config.portable_folder() else ''}{platform.system()} {platform.machine()}"


def read_facts(database: Path, held: bool) -> tuple[Facts | None, str]:
    if not database.is_file():
        return None, ""
    try:
        return inspect(database, now(), STATEMENTS, held=held), ""
    except (DatabaseError, OSError) as error:
        return None, f"the database cannot be read: {error}"


def read_settings(flags: Mapping[str, Any], home: Path, facts: Facts | None) -> tuple[config.Settings, str]:
    try:
        return config.load(flags, stored=lambda _: facts.chosen if facts else {}), ""
    except GantryError as error:
        return config.Settings(data_dir=home), error.detail


def look_at_encoder() -> str:
    try:
        find_weights()
        Tokens()
    except ModelDamaged as error:
        return str(error)
    return ""


def look_at_endpoints(settings: config.Settings, online: bool) -> list[Endpoint]:
    if not online:
        return [Endpoint(each.name) for each in settings.endpoints]
    from gantry_edge.errors import ModelError
    from gantry_edge.models.client import Client
    from gantry_edge.models.schema import Timeouts
    from gantry_edge.services import configured_endpoints

    async def ask() -> list[Endpoint]:
        client, asked = Client(Timeouts(connect=settings.connect_timeout)), []
        try:
            for endpoint in configured_endpoints(settings):
                try:
                    await client.list_models(endpoint)
                    asked.append(Endpoint(endpoint.name, ""))
                except ModelError as error:
                    asked.append(Endpoint(endpoint.name, error.detail))
        finally:
            await client.close()
        return asked

    return asyncio.run(ask())


def look_at_model(settings: config.Settings) -> dict[str, Any]:
    model, trouble = settings.model or find_small_model(), ""
    if model and settings.engine:
        try:
            with model.open("rb") as file:
                trouble = "" if file.read(4) == b"GGUF" else f"{model} is no GGUF file"
        except OSError as error:
            trouble = f"{model} cannot be read: {error.strerror}"
    return {"model": model, "engine": settings.engine, "model_trouble": trouble}


def look_at_folder(home: Path, held: bool) -> dict[str, Any]:
    if not home.is_dir():
        return {}
    status, paths = home.stat(), [path for path in home.rglob("*") if not path.is_symlink()]
    windows = sys.platform == "win32"
    left = [
        *home.glob(f"{bench.FOLDER}*"),
        *home.parent.glob(f"{home.name}.before-restore-*"),
        *home.parent.glob(f"{home.name}.restored"),
    ]
    if (single := config.single_file()) and update.staging(single).exists():
        left.append(update.staging(single))
    if not held:
        left += [*home.glob("files/*.part"), *home.glob(f"{backup.FOLDER}/{backup.WORK}*")]
    folder = options.log_folder(home)
    return {
        "mode": 0o700 if windows else status.st_mode & 0o777,
        "ours": windows or status.st_uid == _me(),
        "open_to_others": [] if windows else [str(path) for path in paths if _is_open(path)],
        "left_over": [str(path) for path in left],
        "logs": sum(path.stat().st_size for path in folder.glob("*")),
        "log_errors": count_errors(folder / logs.FILE),
        "wal": _size(home / f"{options.DATABASE}-wal"),
    }


def look_at_running(home: Path, settings: config.Settings) -> dict[str, Any]:
    running, free = instance.find_running(home), True
    try:
        server.free_port(settings.port, fixed=True)
    except PortInUse:
        free = False
    url = running.url if running else ""
    return {"announced": url, "answers": bool(url) and instance.answers(url), "port": settings.port, "port_free": free}


def look_at_lan(home: Path, facts: Facts | None, settings: config.Settings, *, online: bool) -> dict[str, Any]:
    """What the owner switched; the network is asked for the name where `online`."""
    values = facts.values if facts else {}
    lan, https = (values.get(name) == "true" for name in ("lan", "https"))
    if not lan:
        return {}
    from gantry_edge.appliance import certificates, mdns, trust
    from gantry_edge.appliance.addresses import find_addresses
    from gantry_edge.appliance.store import LABEL

    addresses = [each.address for each in find_addresses(settings.hosts)]
    name = f"{msgspec.json.decode(values['label']) if values['label'] else LABEL}.local"
    named = None
    if online and addresses:
        try:
            named = asyncio.run(mdns.resolve(name, addresses))
        except (OSError, mdns.Error):
            named = []
    leaf = home / trust.FOLDER / trust.LEAF
    try:
        ends = certificates.ends_at(leaf.read_bytes())
    except (OSError, ValueError):
        ends = None
    found = {"lan": lan, "https": https, "addresses": addresses, "name": name, "named": named}
    return {**found, "certificate_ends": ends}


def look_at_data(home: Path, facts: Facts | None, held: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if facts and facts.values:
        wrong = [digest for digest, size in facts.files.items() if _size(home / "files" / digest[:2] / digest) != size]
        found = {"files_wrong": wrong, "index_trouble": look_at_index(home / "index", facts, held)}
    try:
        found["cache"] = look_into_cache(home / "cache", held=held)
    except (DatabaseError, OSError) as error:
        found["cache_trouble"] = f"the cache cannot be read: {error}"
    return found


def look_at_index(folder: Path, facts: Facts, held: bool) -> str:
    """What is wrong with its folder, where it has one."""
    id, _, model = (facts.values["generation"] or "").partition(" ")
    if not id:
        return ""
    if model != Embedder.model:
        return "the index was made by another model"
    if not (folder / id).is_dir():
        return "the folder of the index is gone"
    seal = facts.values["seal"]
    if seal and not held and make_seal(folder / id).digest != seal:
        return "the folder of the index is not as it was left"
    return ""


def look_at_backup(home: Path, room: int) -> dict[str, Any]:
    found = sorted((home / backup.FOLDER).glob(backup.PATTERN))
    if not found:
        return {}
    newest, trouble, done = found[-1], "", "looked through: it is whole"
    size = newest.stat().st_size
    if sealing.is_sealed(newest):
        done = "sealed: `gantry-edge verify` looks through it"
    elif size > BACKUP_MOST or 10 * size > room:
        done = "too large to look through here: `gantry-edge verify` does"
    else:
        try:
            with tempfile.TemporaryDirectory() as folder:
                backup.verify(newest, Path(folder) / "unpacked")
        except (GantryError, OSError) as error:
            trouble = str(error)
    at = int(newest.stat().st_mtime * 1000)
    return {"backup": newest, "backup_at": at, "backup_trouble": trouble, "backup_look": done}


def look_at_scale(look: Look) -> Look:
    """The same, with what the scaling guide asks for."""
    from gantry_edge.appliance.machine import handles, resident
    from gantry_edge.cli import cli
    from gantry_edge.documents.ingest import AT_ONCE
    from gantry_edge.models.engine_child import SLOTS
    from gantry_edge.retrieval.embedder import DIMENSIONS
    from gantry_edge.retrieval.index import PORTION, SMALL

    home, running = look.home, instance.find_running(look.home) if look.held else None
    pid = running.pid if running else 0
    scale = {
        **ask_all(running.url if running else ""),
        "resident": resident(pid) if pid else 0,
        "handles": handles(pid, home / options.DATABASE) if pid else 0,
        "readers": READERS,
        "slots": SLOTS,
        "dimensions": DIMENSIONS,
        "stored_at_once": AT_ONCE,
        "told_at_once": PORTION,
        "small": SMALL,
        "stream_headers": STREAM_HEADERS,
        "commands": sorted(cli.commands),
        "backups": len(list((home / backup.FOLDER).glob(backup.PATTERN))),
        "scripts": read_scripts(),
    }
    return replace(look, scale=scale)


def read_scripts() -> dict[str, str]:
    """Scripts and styles of the built page by the name they had before the build."""
    folder = assets.FOLDER / "assets"
    files = [path for path in folder.glob("*") if path.suffix in {".js", ".css"}] if folder.is_dir() else []
    return {path.stem[:-HASH] + path.suffix: path.read_text(errors="replace") for path in files}


def count_errors(log: Path) -> int:
    """Of the last seven days."""
    since = datetime.fromtimestamp(time() - WEEK, UTC).isoformat()
    try:
        with log.open(encoding="utf-8", errors="replace") as file:
            lines = filter(None, map(logs.read, file))
            return sum(line.ts >= since and line.level in ("error", "critical") for line in lines)
    except OSError:
        return 0


def _me() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


def _is_open(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & 0o077) and path.is_file()
    except OSError:  # it went meanwhile
        return False


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
