"""The sub-commands."""

import asyncio
import logging
import os
import sys
import webbrowser
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from gantry_edge import __version__, config
from gantry_edge.appliance import instance
from gantry_edge.errors import DatabaseUnsafe, DataFolderLocked, GantryError, PortInUse

EXIT_CODES: dict[type[GantryError], int] = {DatabaseUnsafe: 4, PortInUse: 5, DataFolderLocked: 6}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="gantry-edge")
def cli() -> None:
    """Gantry Edge: a private AI assistant for a team on a LAN."""


def setting_options(command: Any) -> Any:
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


@cli.command()
@setting_options
def serve(**flags: Any) -> None:
    """Start the server and open the page.

    Example: gantry-edge serve --port 9000 --no-browser
    """
    given = {name: value for name, value in flags.items() if value is not None}
    settings = config.load(given)
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        with instance.own(settings.home):
            asyncio.run(run_server(settings, fixed_port="port" in given))
    except DataFolderLocked:
        running = instance.find_running(settings.home)
        if running is None:
            raise
        click.echo(f"Gantry Edge is already running at {running.url}")
        open_browser(settings, running.url)


async def run_server(settings: config.Settings, *, fixed_port: bool) -> None:
    from gantry_edge.app import create_app, open_services
    from gantry_edge.appliance import server

    server.raise_open_files()
    port = server.free_port(settings.port, fixed=fixed_port)
    url = f"http://{server.HOST}:{port}/"
    first_page = url

    def announce_setup(token: str) -> None:
        nonlocal first_page
        first_page = f"{url}#setup={token}"
        click.echo(f"  Set up    {first_page}")

    async with open_services(settings, announce_setup) as services:

        def started() -> None:
            instance.announce(settings.home, instance.Running(url, os.getpid()))
            click.echo(f"  Address   {url}\n  Data      {settings.home}")
            open_browser(settings, first_page)

        click.echo(f"Gantry Edge {__version__}")
        await server.serve(create_app(services), port, started, lambda: services.turns.drain(settings.drain))


def open_browser(settings: config.Settings, url: str) -> None:
    if settings.browser and config.has_desktop():
        webbrowser.open(url)


@cli.command(hidden=True)
@click.option("--model", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--port", type=int, required=True)
@click.option("--threads", type=int, required=True)
@click.option("--context", type=int, required=True)
def engine(model: Path, port: int, threads: int, context: int) -> None:
    """The built-in engine; the server runs it as its child."""
    from gantry_edge.models import engine_child

    engine_child.serve(model, port, threads, context)


@cli.command(hidden=True)
@click.argument("path")
@click.argument("name")
def extract(path: str, name: str) -> None:
    """Reads one document; the server runs it as its child, under limits."""
    from gantry_edge.documents import extract_child

    extract_child.main(path, name)


@cli.command(hidden=True)
@click.argument("folder", type=click.Path(path_type=Path))
def hold_index(folder: Path) -> None:
    """Holds the search index; the server runs it as its child."""
    from gantry_edge.retrieval import index_child

    index_child.main(folder)


@cli.command()
@click.option("--data-dir", help="Folder for everything it keeps; the platform's own when not set")
def reindex(data_dir: str | None) -> None:
    """Build the search index anew, from what the database holds.

    Example: gantry-edge reindex
    """
    from gantry_edge import app

    settings = config.load({"data_dir": data_dir} if data_dir else {})
    with instance.own(settings.home):
        count = asyncio.run(app.reindex(settings))
    click.echo(f"The index holds {count} passages")


@cli.command()
def version() -> None:
    """Print the version.

    Example: gantry-edge version
    """
    click.echo(__version__)


def main() -> None:
    try:
        cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except GantryError as error:
        click.echo(f"{error.title}: {error.detail}", err=True)
        sys.exit(EXIT_CODES.get(type(error), 2))
