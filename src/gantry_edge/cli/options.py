"""Options that several commands share."""

import sys
import time
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from gantry_edge import config, logs
from gantry_edge.errors import NotFound
from gantry_edge.storage.settings import read_chosen

DATABASE = "gantry.db"
data_dir = click.option("--data-dir", help="Folder for everything it keeps; the platform's own when not set")

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts")


def every_setting(command: Any) -> Any:
    """One option for each setting of the table in `config`."""
    for entry in reversed(fields(config.Settings)):
        name = entry.name.replace("_", "-")
        help = entry.metadata["help"]
        if entry.type is bool:
            option = click.option(f"--{name}/--no-{name}", entry.name, default=None, help=help)
        else:
            option = click.option(f"--{name}", entry.name, default=None, help=help)
        command = option(command)
    return command


def load(flags: Mapping[str, Any]) -> config.Settings:
    return load_with_sources(flags)[0]


def load_with_sources(flags: Mapping[str, Any]) -> tuple[config.Settings, dict[str, str]]:
    return config.load_with_sources(flags, stored=lambda home: read_chosen(home / DATABASE))


def settings_of(data_dir: str | None) -> config.Settings:
    return load(flags_of(data_dir))


def home_of(data_dir: str | None) -> Path:
    """The data folder, without a look at the database in it."""
    return config.load(flags_of(data_dir)).home


def flags_of(data_dir: str | None) -> dict[str, Any]:
    return {"data_dir": data_dir} if data_dir else {}


def database_of(data_dir: str | None) -> Path:
    """The database, which has to be there already; a mistyped folder is not made."""
    home = home_of(data_dir)
    if not (home / DATABASE).exists():
        raise NotFound(f"There is no Gantry Edge in {home}; choose another folder with --data-dir")
    return home / DATABASE


def log_folder(home: Path) -> Path:
    return home / logs.FOLDER


def read_password(from_stdin: bool) -> str:
    """The first line of standard input, or asked for twice."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt="Once more")
    return password


def when(at: int) -> str:
    """Milliseconds since 1970 as this machine's clock shows them."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at / 1000))
