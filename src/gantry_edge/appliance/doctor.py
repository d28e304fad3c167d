"""One table of checks. Each is pure: it looks at what was seen, and says what it found and what to do about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import msgspec

from gantry_edge.appliance.machine import MEMORY, NETWORK, Machine
from gantry_edge.storage.inspection import Facts
from gantry_edge.storage.room import reserve

Status = Literal["ok", "info", "warning", "failed", "skipped", "by design", "not applicable", "not built"]
MB = 1_000_000
DAY = 86_400_000  # ms
GB = 1_000 * MB
OLDEST = {"python": (3, 11), "sqlite": (3, 51, 3), "litestar": (2, 22, 0), "granian": (2, 7, 4)}
LOGS_MOST = 100 * MB
BUILT = 1_760_000_000_000  # ms; no clock is right that says earlier


class Finding(msgspec.Struct, omit_defaults=True):
    """`found` is what was seen; `advice` what to do, where something is not well."""

    name: str
    status: Status
    found: str
    advice: str = ""


class Endpoint(msgspec.Struct):
    name: str
    trouble: str | None = None  # None where it was not asked


@dataclass
class Look:
    """Everything the checks look at, as plain values. Times in ms, sizes in bytes."""

    home: Path
    at: int
    version: str
    edition: str
    parts: Mapping[str, str | None]
    machine: Machine
    settings_trouble: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)  # without keys
    bundle: list[str] | None = None  # damaged files of a frozen program; None: there is no list
    update_keys: list[str] = field(default_factory=list)  # whose updates it takes
    version_before: Path | None = None  # kept by an update
    page: Mapping[str, int] = field(default_factory=dict)  # sizes of the page's files
    encoder_trouble: str = ""
    engine: bool = True
    model: Path | None = None
    model_trouble: str = ""
    ocr: bool = False
    endpoints: list[Endpoint] = field(default_factory=list)
    # the data folder
    mode: int | None = None  # None: there is none
    ours: bool = True
    open_to_others: list[str] = field(default_factory=list)
    left_over: list[str] = field(default_factory=list)
    logs: int = 0
    log_errors: int = 0
    held: bool = False
    announced: str = ""  # where a server says it is
    answers: bool = False  # and it does
    port: int = 0
    port_free: bool = True
    lan: bool = False  # what the owner switched
    https: bool = False
    addresses: list[str] = field(default_factory=list)  # on the local network
    name: str = ""
    named: list[str] | None = None  # where the network says that name is; None: it was not asked
    certificate_ends: int | None = None  # None: there is none
    wal: int = 0
    # what is in it
    facts: Facts | None = None
    facts_trouble: str = ""
    files_wrong: list[str] = field(default_factory=list)
    index_trouble: str = ""
    encoder: str = ""  # the model that embeds now
    cache: tuple[int, int, list[str]] | None = None  # entries, strange ones, kinds
    cache_trouble: str = ""
    backup: Path | None = None
    backup_at: int = 0
    backup_trouble: str = ""
    backup_look: str = ""  # what was done to look through it
    pragmas: Mapping[str, Any] = field(default_factory=dict)  # of a connection as the server opens it
    scale: Mapping[str, Any] = field(default_factory=dict)  # for the scaling guide


Check = Callable[[Look], Finding]
CHECKS: dict[str, Check] = {}


def check(function: Callable[[Look], tuple[Status, str] | tuple[Status, str, str]]) -> Check:
    """Adds it to the table, under its own name."""
    name = function.__name__.rstrip("_").replace("_", "-")

    def run(look: Look) -> Finding:
        return Finding(name, *function(look))

    CHECKS[name] = run
    return run


Said = tuple[Status, str] | tuple[Status, str, str]


@check
def edition(look: Look) -> Said:
    return "info", f"Gantry Edge {look.version}, {look.edition}"


@check
def versions(look: Look) -> Said:
    told = ", ".join(f"{name} {look.parts.get(name) or 'missing'}" for name in OLDEST)
    old = [name for name, oldest in OLDEST.items() if numbers(look.parts.get(name)) < oldest]
    if old:
        return "failed", told, f"Install Gantry Edge again: {', '.join(old)} is older than is safe"
    return "ok", told


@check
def bundle(look: Look) -> Said:
    if look.bundle is None:
        return "skipped", "there is no list of the program's files to compare them with"
    if look.bundle:
        return "failed", f"{len(look.bundle)} damaged: {look.bundle[0]}", "Install Gantry Edge again"
    return "ok", "every file of the program is as it was built"


@check
def updates(look: Look) -> Said:
    if not look.update_keys:
        return "info", "this program was built without an update key, so it takes no updates"
    kept = f"; the version before is kept in {look.version_before}" if look.version_before else ""
    return "info", f"it takes updates signed by key {' or '.join(look.update_keys)}{kept}"


@check
def page(look: Look) -> Said:
    if "index.html" not in look.page:
        return "failed", "the page is not there", "Install Gantry Edge again; from source: make web"
    return "ok", f"{len(look.page)} files, {sum(look.page.values()) / MB:.1f} MB"


@check
def settings(look: Look) -> Said:
    if look.settings_trouble:
        return "failed", look.settings_trouble, "Correct it where it says; `gantry-edge config show` tells the rest"
    return "ok", "every setting can be read"


@check
def encoder(look: Look) -> Said:
    if look.encoder_trouble:
        return "failed", look.encoder_trouble, "Install Gantry Edge again; until then documents cannot be searched"
    return "ok", "weights and tokenizer have the pinned digests"


@check
def engine(look: Look) -> Said:
    if not look.engine:
        return "info", "the built-in engine is switched off"
    if look.model is None:
        return "warning", "there is no model for the built-in engine", "Name a GGUF file with `model`, or an endpoint"
    if look.model_trouble:
        return "failed", look.model_trouble, "Name another GGUF file with `model`"
    return "ok", f"{look.model.name} can be read"


@check
def endpoints(look: Look) -> Said:
    asked = [each for each in look.endpoints if each.trouble is not None]
    if down := [each for each in asked if each.trouble]:
        return "warning", f"{down[0].name}: {down[0].trouble}", "Start it, or correct its address in `endpoints`"
    if not asked:
        return "skipped", f"{len(look.endpoints)} configured, none asked; --online asks them"
    return "ok", f"{len(asked)} of {len(look.endpoints)} answer"


@check
def ocr(look: Look) -> Said:
    return "info", f"tesseract is {'there: scans can be read' if look.ocr else 'not there: scans cannot be read'}"


@check
def cores(look: Look) -> Said:
    told = f"{look.machine.cores} cores"
    return ("ok", told) if look.machine.cores > 1 else ("warning", told, "Give it two or more; answers will be slow")


@check
def memory(look: Look) -> Said:
    told = f"{look.machine.memory / GB:.1f} GB"
    if look.machine.memory and look.machine.memory < GB:
        return "failed", told, "Give the machine 2 GB or more"
    if look.machine.memory and look.machine.memory < 2 * GB:
        return "warning", told, "2 GB or more leave room for a model and the search"
    return "ok", told


@check
def open_files(look: Look) -> Said:
    told = f"{look.machine.open_files} at most" if look.machine.open_files else "this system does not say"
    if 0 < look.machine.open_files < 1024:
        return "failed", told, "Raise the limit: `ulimit -Hn`, or LimitNOFILE= of the service"
    return "ok", told


@check
def clock(look: Look) -> Said:
    newest = look.facts.values.get("newest") if look.facts else None
    if look.at < BUILT:
        return "failed", "the clock says a time before this program was made", "Set the clock"
    if newest and newest > look.at + DAY:
        return "failed", "the data is from more than a day in the future", "Set the clock"
    return "ok", "it is not behind the data"


@check
def disk(look: Look) -> Said:
    least = reserve(look.machine.disk)
    told = f"{look.machine.free / GB:.1f} of {look.machine.disk / GB:.1f} GB are free"
    if look.machine.free < least:
        return "failed", told, f"Make room: at least {least / GB:.1f} GB should be free"
    if look.machine.free < 2 * least:
        return "warning", told, "It will soon be full"
    return "ok", told


@check
def file_system(look: Look) -> Said:
    kind = look.machine.file_system
    if kind.startswith(NETWORK):
        return "warning", f"the data folder is on {kind}, over the network", "Use a disk of this machine: --data-dir"
    if kind in MEMORY:
        return "warning", f"the data folder is on {kind}, in memory", "Use a disk: this is lost at the next restart"
    return "ok", kind or "this system does not say"


@check
def temp(look: Look) -> Said:
    noexec = ", mounted noexec, which does no harm" if look.machine.temp_noexec else ""
    told = f"{look.machine.temp} has {look.machine.temp_free / GB:.1f} GB{noexec}"
    if look.machine.temp_free < 100 * MB:
        return "failed", told, "Make room there: uploads and backups need it"
    return "ok", told


@check
def data_folder(look: Look) -> Said:
    if look.mode is None:
        return "failed", f"there is no {look.home}", "Start the server once, or choose another folder with --data-dir"
    if not look.ours:
        return "failed", f"{look.home} belongs to another user", "Run it as that user, or change the owner"
    if look.mode & 0o077:
        return "failed", f"others may look into it (mode {look.mode:o})", f"chmod 700 {look.home}"
    return "ok", f"{look.home}, mode {look.mode:o}"


@check
def file_modes(look: Look) -> Said:
    if look.open_to_others:
        told = f"{len(look.open_to_others)} files have a mode for others, such as {look.open_to_others[0]}"
        return "warning", told, f"chmod -R go= {look.home}"
    return "ok", "no file is open to others"


@check
def lock(look: Look) -> Said:
    if look.held and not look.announced:
        return "warning", "something holds the folder and says no address", "Wait: it starts, or a command works"
    if look.announced and not look.held:
        return "warning", "a server ended without a word", "Nothing: the next start clears it away"
    return "ok", f"the server at {look.announced} holds it" if look.held else "nobody holds the data folder"


@check
def port(look: Look) -> Said:
    if look.held and look.announced:
        if look.answers:
            return "ok", f"{look.announced} answers"
        return "failed", f"{look.announced} does not answer", "Look into `gantry-edge logs`; stop it and start it again"
    if not look.port_free:
        return "warning", f"another program has port {look.port}", "It will take one near it; or set another `port`"
    return "ok", f"port {look.port} is free"


@check
def local_network(look: Look) -> Said:
    if not look.lan:
        return "info", "switched off: only this machine is served"
    if not look.addresses:
        return "warning", "switched on, and this machine has no address on one", "Connect it to the network"
    return "ok", f"served at {', '.join(look.addresses)}" if look.held else f"{len(look.addresses)} addresses to serve"


@check
def name_on_the_network(look: Look) -> Said:
    if not look.lan or look.named is None:
        return "skipped", "the local network is switched off" if not look.lan else "not asked; --online asks"
    if not set(look.named) & set(look.addresses):
        where = ", ".join(look.named) or "nowhere"
        return "warning", f"{look.name} is {where}", "Use an address; a firewall may stop multicast (UDP 5353)"
    return "ok", f"{look.name} is {', '.join(look.named)}"


@check
def certificate(look: Look) -> Said:
    if not look.https:
        return "skipped", "https is switched off"
    if look.certificate_ends is None:
        return "warning", "there is none yet", "Start the server: it makes one once it has an address"
    days = (look.certificate_ends - look.at) / DAY
    if days < 14:
        return "failed", f"it ends in {days:.0f} days", "Start the server: it makes a new one; look at the clock, too"
    return "ok", f"good for {days:.0f} days"


@check
def leftovers(look: Look) -> Said:
    if look.left_over:
        told = f"{len(look.left_over)} left, such as {look.left_over[0]}"
        return "warning", told, "Delete what you do not miss; folders `before-restore` hold the data as it was"
    return "ok", "nothing is left of restores and cut off work"


@check
def log_size(look: Look) -> Said:
    told = f"{look.logs / MB:.1f} MB of log"
    if look.logs > LOGS_MOST:
        return "warning", told, "Delete old files in `logs`: this program keeps six of 10 MB"
    return "ok", told


@check
def log_errors(look: Look) -> Said:
    if look.log_errors:
        return "warning", f"{look.log_errors} errors in the newest file of the log", "gantry-edge logs --level error"
    return "ok", "no errors in the newest file of the log"


def numbers(version: str | None) -> tuple[int, ...]:
    """For comparing; what is missing is older than everything."""
    return tuple(int(part) if part.isdigit() else 0 for part in (version or "").split(".")[:3]) if version else ()
