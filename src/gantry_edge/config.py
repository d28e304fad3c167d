"""Every setting: name, default, type, help. Flag > environment > `gantry.toml` > stored > default."""

import difflib
import os
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Annotated, Any, Literal, get_origin

import msgspec
from msgspec import Meta
from platformdirs import user_config_path, user_data_path

from gantry_edge.errors import BadRequest

PREFIX = "GANTRY_"
PORTABLE = "gantry-data"  # a folder of this name beside the frozen program is its data folder
FILE = "gantry.toml"
SINGLE_FILE = "GANTRY_FILE"  # set by the launcher: the single file this program was unpacked from
LAUNCHER = {SINGLE_FILE, "GANTRY_UNPACK_DIR"}  # of packaging/launcher; no settings


class ConfiguredEndpoint(msgspec.Struct, forbid_unknown_fields=True):
    """An OpenAI-compatible server: `name` shown to people, `url` up to and with /v1."""

    name: Annotated[str, Meta(pattern=r"^[^/\s]{1,40}\Z")]
    url: Annotated[str, Meta(pattern=r"^https?://")]
    key: str = ""
    window: int | None = None
    images: bool = False
    slots: Annotated[int, Meta(ge=1)] | None = None


def setting(default: Any, help: str) -> Any:
    return field(default=default, metadata={"help": help})


@dataclass(frozen=True)
class Settings:
    data_dir: Path | None = setting(None, "Folder for everything it keeps; the platform's own when not set")
    config: Path | None = setting(None, "Settings file to read instead of `gantry.toml` in the data folder")
    port: Annotated[int, Meta(ge=0, le=65535)] = setting(8484, "Port to listen on; 0 takes any free one")
    hosts: tuple[str, ...] = setting((), "Further names this machine is reached by")
    browser: bool = setting(True, "Open the page in a browser after the start")
    model: Path | None = setting(None, "A GGUF file for the built-in engine; the small model inside when not set")
    engine: bool = setting(True, "Run the built-in engine")
    engine_threads: int = setting(0, "Threads of the built-in engine; 0 takes all cores but one")
    engine_window: int = setting(4096, "Tokens the built-in engine can look back on in each conversation")
    endpoints: tuple[ConfiguredEndpoint, ...] = setting(
        (),
        'Further model servers, as JSON: [{"name": "box", "url": "http://box:8000/v1", "key": "", "slots": 4}]',
    )
    connect_timeout: float = setting(5.0, "Seconds to wait for a model server to accept a connection")
    first_token_timeout: float = setting(120.0, "Seconds to wait for the first word of an answer")
    idle_timeout: float = setting(60.0, "Seconds of silence after which an answer counts as broken off")
    answers_each: int = setting(16, "Answers one person may have written at the same time")
    drain: float = setting(20.0, "Seconds running answers get to end when the server stops")
    upload_mb: Annotated[int, Meta(ge=1)] = setting(100, "Size limit of one uploaded document, in MB")
    documents_mb: Annotated[int, Meta(ge=1)] = setting(5000, "Room that one person's documents may take, in MB")
    backup_every: Annotated[float, Meta(ge=0)] = setting(24.0, "Hours between backups into `backups`; 0 makes none")
    backup_keep: Annotated[int, Meta(ge=1)] = setting(
        7, "How many of these backups are kept, beside the last of each of the four weeks before"
    )
    cache_mb: int = setting(256, "Size limit of the cache on disk")
    watts: Annotated[float, Meta(ge=0, le=100_000)] = setting(
        40.0, "Power a machine draws while it writes an answer, in W: what the estimate of energy is made from"
    )
    metrics_token: Annotated[str, Meta(max_length=200)] = setting(
        "", "What reads `/metrics` sends as a bearer token; without one only this machine may read it"
    )
    log_level: Literal["debug", "info", "warning", "error"] = setting("info", "debug, info, warning or error")

    @property
    def home(self) -> Path:
        return self.data_dir or portable_folder() or user_data_path("gantry-edge", appauthor=False)


def calm_libraries() -> None:
    """Before NumPy is imported: on busy cores the threads of its products wait for each other longer than they help."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"


def program_folder() -> Path | None:
    """Where the frozen program and its files are; None when it runs from source."""
    return Path(sys.executable).parent if getattr(sys, "frozen", False) else None


def program_file() -> Path | None:
    """What people start: the single file, or the frozen program in its folder; None when it runs from source."""
    return Path(os.environ.get(SINGLE_FILE) or sys.executable) if program_folder() else None


def single_file() -> Path | None:
    """The single file this program was unpacked from, where one was."""
    return program_file() if SINGLE_FILE in os.environ else None


def unit_folder() -> Path:
    """Where the systemd of this person looks for units."""
    return user_config_path() / "systemd" / "user"


def portable_folder() -> Path | None:
    beside = (program := program_file()) and program.parent / PORTABLE
    return beside if beside and beside.is_dir() else None


Stored = Callable[[Path], Mapping[str, Any]]
STORED = "`gantry-edge config set`"


def nothing_stored(home: Path) -> Mapping[str, Any]:
    return {}


def load(
    flags: Mapping[str, Any], environ: Mapping[str, str] = os.environ, stored: Stored = nothing_stored
) -> Settings:
    """Merge the sources; BadRequest names the setting that is wrong, and where it came from."""
    return load_with_sources(flags, environ, stored)[0]


def load_with_sources(
    flags: Mapping[str, Any], environ: Mapping[str, str] = os.environ, stored: Stored = nothing_stored
) -> tuple[Settings, dict[str, str]]:
    """Also where each value came from that is not the default. `stored` reads what a data folder keeps."""
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    named = {f"{PREFIX}{entry.name.upper()}": entry.name for entry in fields(Settings)}
    unknown = [name for name in environ if name.startswith(PREFIX) and name not in {*named, *LAUNCHER}]
    if unknown:
        raise BadRequest(f"There is no setting {unknown[0]}{_nearest(unknown[0], list(named))}")
    from_environ = {named[name]: value for name, value in environ.items() if name in named}
    chosen = flags.get("config") or from_environ.get("config")
    file = Path(chosen) if chosen else folder(flags, environ) / FILE
    if chosen and not file.exists():
        raise BadRequest(f"There is no settings file {file}")
    for source, found in (
        (str(file), _read(file)),
        ("the environment", from_environ),
        ("the command line", flags),
    ):
        for name, value in found.items():
            values[name] = convert(name, value, source)
            sources[name] = source
    for name, value in stored(Settings(data_dir=values.get("data_dir")).home).items():
        if name not in values:
            values[name] = convert(name, value, STORED)
            sources[name] = STORED
    return Settings(**values), sources


def folder(flags: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> Path:
    """Where the file is, and all else unless that says otherwise."""
    home = flags.get("data_dir") or environ.get(f"{PREFIX}DATA_DIR")
    return Path(home) if home else Settings().home


def storable(name: str, value: Any) -> Any:
    """A value as it may be kept in the database, in the types of JSON; BadRequest says why not."""
    converted = convert(name, value, "the command line")
    if name == "data_dir":
        raise BadRequest("The folder cannot say where it is itself; use --data-dir or GANTRY_DATA_DIR")
    if name == "config":
        raise BadRequest("The settings file is named with --config or GANTRY_CONFIG")
    if name == "endpoints" and any(endpoint.key for endpoint in converted):
        raise BadRequest(f"Add endpoints with keys in the page, which keeps them sealed, or put them into {FILE}")
    if name == "metrics_token":
        raise BadRequest(f"Keys are not kept in the database, which backups hold; put it into {FILE}")
    return msgspec.to_builtins(converted, enc_hook=str)


def masked(settings: Settings, name: str) -> Any:
    """A value as it may be shown: without keys."""
    value = getattr(settings, name)
    if name == "data_dir":
        return str(settings.home)
    if name == "metrics_token":
        return "***" if value else ""
    if name == "endpoints":
        return [{**msgspec.structs.asdict(each), "key": "***" if each.key else ""} for each in value]
    return str(value) if isinstance(value, Path) else list(value) if isinstance(value, tuple) else value


def _nearest(name: str, names: list[str]) -> str:
    near = difflib.get_close_matches(name, names, 1)
    return f"; did you mean {near[0]}?" if near else "; `gantry-edge serve --help` lists them"


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadRequest(f"{file} is not valid TOML: {error}") from error
    except OSError as error:
        raise BadRequest(f"{file} cannot be read: {error.strerror}; make it readable, or put it away") from error


def convert(name: str, value: Any, source: str) -> Any:
    """BadRequest, naming the `source`, for a value that does not fit and a name that does not exist."""
    wanted = {entry.name: entry.type for entry in fields(Settings)}
    if name not in wanted:
        raise BadRequest(f"There is no setting {name!r} (in {source}){_nearest(name, list(wanted))}")
    try:
        if isinstance(value, str) and get_origin(wanted[name]) is tuple:
            value = msgspec.json.decode(value)
        return msgspec.convert(value, wanted[name], strict=False, dec_hook=_hook)
    except msgspec.DecodeError as error:
        raise BadRequest(f"Setting {name!r} (from {source}) is not valid: {error}") from error


def _hook(wanted: type, value: Any) -> Any:
    if wanted is Path and isinstance(value, str | Path):
        return Path(value)
    raise msgspec.ValidationError(f"expected {wanted.__name__}, got {value!r}")


def has_desktop() -> bool:
    """Is there a screen a browser could open on?"""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
