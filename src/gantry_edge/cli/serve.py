"""Start the server, find the running one, stop it."""

import asyncio
import html
import logging
import os
import signal
import sys
import tempfile
import time
import webbrowser
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import click

from gantry_edge import __version__, config, logs
from gantry_edge.accounts.setup import SetupToken, has_nobody
from gantry_edge.appliance import instance
from gantry_edge.cli import options
from gantry_edge.errors import Conflict, DatabaseDamaged, DataFolderLocked, GantryError
from gantry_edge.storage import soundness
from gantry_edge.storage.database import DatabaseError
from gantry_edge.storage.room import check_start

if TYPE_CHECKING:
    from gantry_edge.appliance.server import Drain
    from gantry_edge.door import Door

CHECK = 0.5  # seconds a start looks through the database at most; the page waits meanwhile
STARTING = 20.0  # seconds a start may take before one that waits for it gives up
LOOK = 0.05
RESTORED = ".restored"  # beside the data folder, as admin/restore.py names it, whose import would cost a start 0.3 s
STOP_GRACE = 10.0  # seconds beyond the drain
FAILURE = """<!doctype html>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Gantry Edge did not start</title>
<style>body {{ font: 1rem/1.6 system-ui, sans-serif; max-width: 38rem; margin: 15vh auto; padding: 0 1.5rem }}</style>
<h1>Gantry Edge did not start</h1>
<p>{title}: {detail}</p>
<p>Your data was left as it was. More may stand in the log: {log}</p>
"""


@click.command()
@options.every_setting
def serve(**flags: Any) -> None:
    """Start the server and open the page. Without any sub-command this is what happens.

    Example: gantry-edge serve --port 9000 --no-browser
    """
    given = {name: value for name, value in flags.items() if value is not None}
    known = config.load(given)
    with failures_shown(known):
        start(given, known.home)


def start(given: dict[str, Any], home: Path) -> None:
    """Serve, or open the page of the one that does."""
    finish_restore(home)
    until = time.monotonic() + STARTING
    while True:
        try:
            with instance.own(home):
                try:
                    check_start(home)
                    soundness.check(home / options.DATABASE, CHECK, expected=has_more(home))
                    settings = options.load(given)
                    with logs.kept(options.log_folder(settings.home), settings.log_level):
                        asyncio.run(run_server(settings, fixed_port="port" in given))
                    return
                except (DatabaseDamaged, DatabaseError) as error:
                    offer_backups(given, home, soundness.damage_of(error))
            swap_restored(home)
        except DataFolderLocked:
            if running := instance.find_running(home):
                click.echo(f"Gantry Edge is already running at {running.url}")
                settings = config.load(given) if running.recovery else options.load(given)
                return open_browser(settings, instance.first_page(running))
            if time.monotonic() > until:
                raise
        time.sleep(LOOK)  # another one is starting, ending, or only looked whether the folder is free


def has_more(home: Path) -> bool:
    """Of an installation that was in use, also where its database is gone."""
    return any(next(home.glob(pattern), None) for pattern in ("files/??/*", "backups/gantry-edge-*"))


def offer_backups(given: dict[str, Any], home: Path, damage: DatabaseDamaged) -> None:
    """Returns once a backup is unpacked and waits to be swapped in; else that is the end."""
    settings = config.load(given)  # what was stored cannot be read
    with logs.kept(options.log_folder(home), settings.log_level):
        logging.getLogger(__name__).critical("the database is damaged: %s", damage)
        if not asyncio.run(run_recovery(settings, damage, fixed_port="port" in given)):
            raise damage


async def run_recovery(settings: config.Settings, damage: DatabaseDamaged, *, fixed_port: bool) -> bool:
    """Whether a backup is to be brought back."""
    from gantry_edge import recovery
    from gantry_edge.appliance import server

    offered = recovery.Recovery(settings.home, damage)
    port = server.free_port(settings.port, fixed=fixed_port)
    running = instance.Running(f"http://{server.HOST}:{port}/", os.getpid())
    running.recovery = f"{running.url}recovery/{offered.token}/"

    def listening() -> None:
        instance.announce(settings.home, running)
        click.echo(offered.tell(), err=True)
        click.echo(f"  Recovery  {running.recovery}\n  Address   {running.url}")
        Thread(target=open_browser, args=(settings, running.recovery), daemon=True).start()

    await recovery.serve(offered, port, listening)
    return offered.restored


def swap_restored(home: Path) -> None:
    from gantry_edge.admin import restore

    if old := restore.swap(home):
        click.echo(f"The backup is brought back. What was there before is in {old}; delete it once you miss nothing")


@contextmanager
def failures_shown(settings: config.Settings) -> Iterator[None]:
    """Who double-clicked has no terminal to read in; the reason comes as a page."""
    try:
        yield
    except DatabaseDamaged:  # a page has told it already
        raise
    except GantryError as error:
        if not sys.stderr.isatty():
            page = Path(tempfile.mkdtemp(prefix="gantry-edge-")) / "did-not-start.html"
            said = {
                "title": error.title,
                "detail": error.detail,
                "log": str(options.log_folder(settings.home) / logs.FILE),
            }
            page.write_text(
                FAILURE.format(**{name: html.escape(text) for name, text in said.items()}), encoding="utf-8"
            )
            open_browser(settings, page.as_uri())
        raise


def finish_restore(home: Path) -> None:
    """A restore that was killed between its two renames leaves no data folder."""
    if not (home / instance.LOCK).exists() and home.with_name(f"{home.name}{RESTORED}").exists():
        from gantry_edge.admin import restore

        if restore.finish(home):
            click.echo("A restore that was cut short is finished")


async def run_server(settings: config.Settings, *, fixed_port: bool) -> None:
    """The page first, then what is behind it."""
    from gantry_edge.appliance import server
    from gantry_edge.door import Door

    server.raise_open_files()
    port = server.free_port(settings.port, fixed=fixed_port)
    running = instance.Running(f"http://{server.HOST}:{port}/", os.getpid())
    listens = False

    def announce_setup(token: str) -> None:
        running.setup = f"{running.url}#setup={token}"
        click.echo(f"  Set up    {running.setup}")
        if listens:
            instance.announce(settings.home, running)

    def listening() -> None:
        nonlocal listens
        listens = True
        instance.announce(settings.home, running)
        click.echo(f"  Address   {running.url}\n  Data      {settings.home}")
        logging.getLogger(__name__).info("Gantry Edge %s serves %s", __version__, running.url)
        url = running.setup or running.url
        Thread(target=open_browser, args=(settings, url), daemon=True).start()  # it may wait for the browser

    click.echo(f"Gantry Edge {__version__}")
    setup_token = SetupToken(announce_setup)
    if has_nobody(settings.home / options.DATABASE):
        setup_token.issue()
    door = Door(settings.hosts)
    await server.serve(door, port, listening, opened(settings, door, port, announce_setup, setup_token))


@asynccontextmanager
async def opened(
    settings: config.Settings, door: "Door", port: int, announce_setup: Callable[[str], None], setup_token: SetupToken
) -> "AsyncIterator[Drain]":
    """What is behind the door; who waits before it is let in, or told why not."""
    await asyncio.to_thread(import_module, "gantry_edge.app")  # slow, and the page is served meanwhile
    from gantry_edge.app import create_app
    from gantry_edge.services import open_services

    try:
        async with open_services(settings, announce_setup, setup_token, door.asked) as services:
            create_app(services, door)
            services.local_network.start(door, port)

            async def drain() -> None:
                await services.turns.drain(settings.drain)
                await services.local_network.close()

            yield drain
    except GantryError as error:
        door.refuse(error)
        raise


def open_browser(settings: config.Settings, url: str) -> None:
    if settings.browser and config.has_desktop():
        webbrowser.open(url)


@click.command()
@options.data_dir
def stop(data_dir: str | None) -> None:
    """Stop the running server; answers that are being written get their time to end.

    Example: gantry-edge stop
    """
    click.echo("Stopped" if stop_server(options.settings_of(data_dir)) else "Gantry Edge is not running")


def stop_server(settings: config.Settings) -> bool:
    """Whether there was one; it has ended then."""
    running = instance.find_running(settings.home)
    if running is None or instance.is_free(settings.home):
        return False
    os.kill(running.pid, signal.SIGTERM)
    if not instance.await_end(settings.home, settings.drain + STOP_GRACE):
        raise Conflict(f"It has not stopped yet; process {running.pid} is still at work")
    return True


commands = [serve, stop]
