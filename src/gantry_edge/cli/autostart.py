"""`service`: have the server started by the system, for those without the Debian package."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gantry_edge import config
from gantry_edge.appliance import instance
from gantry_edge.cli import options

if TYPE_CHECKING:
    from gantry_edge.appliance.autostart import Autostart

PATIENCE = 60  # seconds


@click.group()
def service() -> None:
    """Start the server whenever you sign in, or with the machine."""


@service.command()
@options.data_dir
@click.option("--print", "print_only", is_flag=True, help="Print the file that would be written; do nothing")
def install(data_dir: str | None, print_only: bool) -> None:
    """Have it start by itself, and start it now. Settings are those of the data folder, not of this shell.

    Example: gantry-edge service install
    """
    wanted = autostart_of(data_dir)
    if print_only:
        click.echo(wanted.content.decode("utf-16" if wanted.file.suffix == ".xml" else "utf-8"))
        return
    wanted.file.parent.mkdir(parents=True, exist_ok=True)
    wanted.file.write_bytes(wanted.content)
    click.echo(f"Written: {wanted.file}")
    if run(wanted.start):
        click.echo("Gantry Edge runs, and starts whenever you sign in")
    else:
        click.echo("To start it, now and whenever you sign in:")
        for command in wanted.start:
            click.echo(f"  {shlex.join(command)}")
    if wanted.hint:
        click.echo(wanted.hint)


@service.command()
@options.data_dir
def uninstall(data_dir: str | None) -> None:
    """Stop it, and start it by itself no more. What it keeps stays.

    Example: gantry-edge service uninstall
    """
    wanted = autostart_of(data_dir)
    if not wanted.file.exists():
        click.echo("It does not start by itself")
        return
    run(wanted.stop)
    for path in (wanted.file, *wanted.links):
        path.unlink(missing_ok=True)
    click.echo(f"Removed: {wanted.file}\nWhat it keeps is still in {options.home_of(data_dir)}")


@service.command()
@options.data_dir
@options.as_json
def status(data_dir: str | None, as_json: bool) -> None:
    """Whether it starts by itself, and whether it runs.

    Example: gantry-edge service status --json
    """
    wanted, home = autostart_of(data_dir), options.home_of(data_dir)
    found = None if instance.is_free(home) else instance.find_running(home)
    url = found.url if found else None
    if as_json:
        told = {"installed": wanted.file.exists(), "file": str(wanted.file), "running": url}
        click.echo(json.dumps(told, indent=2))
        return
    click.echo(f"Starts by itself: {wanted.file}" if wanted.file.exists() else "It does not start by itself")
    click.echo(f"Runs at {url}" if url else "It does not run")


def autostart_of(data_dir: str | None) -> "Autostart":
    from gantry_edge.appliance import autostart

    home = options.home_of(data_dir).absolute()
    program = config.program_file()
    words = [str(program)] if program else [sys.executable, "-m", "gantry_edge"]
    command = [*words, "serve", "--no-browser", "--data-dir", str(home)]
    if sys.platform == "win32":
        return autostart.task(command, home)
    if sys.platform == "darwin":
        return autostart.launchd(command, Path.home() / "Library" / "LaunchAgents", os.getuid())
    return autostart.systemd(command, config.unit_folder())


def start_again(home: Path) -> bool:
    """Whether the system starts this program on this folder, and has done so now."""
    wanted = autostart_of(str(home))
    return wanted.file.is_file() and wanted.file.read_bytes() == wanted.content and run(wanted.start)


def run(commands: Sequence[Sequence[str]]) -> bool:
    """Whether each was there and did it."""
    try:
        for command in commands:
            subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


commands = [service]
