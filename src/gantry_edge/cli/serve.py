"""Start the server."""

import asyncio
import logging
import os
import webbrowser
from typing import Any

import click

from gantry_edge import __version__, config
from gantry_edge.appliance import instance
from gantry_edge.cli import options
from gantry_edge.errors import DataFolderLocked


@click.command()
@options.every_setting
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


commands = [serve]
