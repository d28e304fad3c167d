"""The settings: which hold, where they come from, and those that are kept in the database."""

import json
from dataclasses import fields
from typing import Any

import click

from gantry_edge import config
from gantry_edge.cli import options
from gantry_edge.errors import NotFound
from gantry_edge.storage.settings import choose, forget_choice

setting_argument = click.argument("name")


@click.group("config")
def config_group() -> None:
    """The settings, and where they come from."""


@config_group.command()
@options.data_dir
@options.as_json
def show(data_dir: str | None, as_json: bool) -> None:
    """Print each setting with its value and the source of it; keys are not shown.

    Example: gantry-edge config show
    """
    settings, sources = options.load_with_sources(options.flags_of(data_dir))
    rows = [
        {"name": entry.name, "value": config.masked(settings, entry.name), "source": sources.get(entry.name, "default")}
        for entry in fields(config.Settings)
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(f"{row['name']:<20} {show_value(row['value']):<30} {row['source']}")


@config_group.command("set")
@options.data_dir
@setting_argument
@click.argument("value")
def set_value(data_dir: str | None, name: str, value: str) -> None:
    """Keep a value in the database. It holds from the next start on, unless a flag, the environment or the file differ.

    Example: gantry-edge config set port 9000
    """
    chosen = config.storable(name, value)
    choose(options.database_of(data_dir), name, chosen)
    click.echo(f"{name} is {show_value(chosen)} {from_when(data_dir, name)}")


@config_group.command()
@options.data_dir
@setting_argument
def unset(data_dir: str | None, name: str) -> None:
    """Forget a value that was kept by `config set`.

    Example: gantry-edge config unset port
    """
    if not forget_choice(options.database_of(data_dir), name):
        raise NotFound(f"No value of {name} was set by `gantry-edge config set`")
    click.echo(f"The value of {name} is forgotten, from the next start on")


def from_when(data_dir: str | None, name: str) -> str:
    source = options.load_with_sources(options.flags_of(data_dir))[1].get(name)
    return "from the next start on" if source == config.STORED else f"in the database, but {source} goes before it"


def show_value(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


commands = [config_group]
