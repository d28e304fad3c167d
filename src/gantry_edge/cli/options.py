"""Options that several commands share."""

import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from gantry_edge import config

data_dir = click.option("--data-dir", help="Folder for everything it keeps; the platform's own when not set")
LOG = "gantry-edge.log"

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


def settings_of(data_dir: str | None) -> config.Settings:
    return config.load({"data_dir": data_dir} if data_dir else {})


def log_folder(settings: config.Settings) -> Path:
    return settings.home / "logs"


def read_password(from_stdin: bool) -> str:
    """The first line of standard input, or asked for twice."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt="Once more")
    return password
