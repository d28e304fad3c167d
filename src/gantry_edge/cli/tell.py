"""What the program says of itself: its version, its log."""

import json
import os
import platform
import time
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

import click

from gantry_edge import __version__, config, logs
from gantry_edge.appliance import bundle
from gantry_edge.cli import options
from gantry_edge.errors import SelfCheckFailed

PARTS = ("litestar", "granian", "chromadb", "onnxruntime", "tokenizers", "xllamacpp")
LOOK = 0.2  # seconds between looks for a new line


@click.command()
@options.as_json
@click.option("--check", is_flag=True, help="Also read every file of the program, and name those that are damaged")
def version(as_json: bool, check: bool) -> None:
    """Print the version; as JSON also those of the parts it is made of.

    Example: gantry-edge version --json
    """
    if check:
        check_files()
    if not as_json:
        click.echo(__version__)
        return
    told = {"version": __version__, "platform": platform.platform(), "parts": parts_of()}
    click.echo(json.dumps(told, indent=2))


def parts_of() -> dict[str, str | None]:
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as version_of

    from gantry_edge.storage.database import SQLITE_VERSION

    parts: dict[str, str | None] = {"python": platform.python_version(), "sqlite": SQLITE_VERSION}
    for part in PARTS:
        try:
            parts[part] = version_of(part)
        except PackageNotFoundError:
            parts[part] = None
    return parts


def check_files() -> None:
    """SelfCheckFailed names the files that are not as they were built."""
    folder = config.program_folder()
    if folder is None:
        click.echo("This program runs from its source; there is nothing to compare it with", err=True)
    elif damaged := bundle.damaged_files(folder):
        again = bundle.unpack_anew(folder)
        then = "The next start unpacks it anew." if again else "Download Gantry Edge again."
        raise SelfCheckFailed(f"Changed or missing: {', '.join(damaged[:5])} ({len(damaged)} in all). {then}")
    else:
        click.echo("Every file of the program is as it was built", err=True)


@click.command("logs")
@options.data_dir
@click.option("-n", "--lines", default=100, show_default=True, help="How many of the last lines")
@click.option("-f", "--follow", is_flag=True, help="Go on as new lines come; end with Ctrl-C")
@click.option("--level", type=click.Choice(logs.LEVELS, case_sensitive=False), default="debug", help="This and worse")
@click.option("--json", "as_json", is_flag=True, help="As they are kept, one JSON object a line")
def show_logs(data_dir: str | None, lines: int, follow: bool, level: str, as_json: bool) -> None:
    """Print the end of the log.

    Example: gantry-edge logs -n 50 --level warning
    """
    file = options.log_folder(options.home_of(data_dir)) / logs.FILE
    if not file.exists():
        click.echo(f"There is no log yet; it will be {file}")
        return
    log = open_log(file)
    if lines > 0:
        for line in deque(at_least(level, log, as_json), lines):
            click.echo(line)
    for line in at_least(level, coming(log, file), as_json) if follow else ():
        click.echo(line)


def at_least(level: str, lines: Iterable[str], as_json: bool) -> Iterator[str]:
    """Lines that are this bad; those of an earlier version, which had another form, are left out."""
    wanted = logs.LEVELS[logs.LEVELS.index(level.lower()) :]
    for text in lines:
        line = logs.read(text)
        if line and line.level in wanted:
            yield text.rstrip() if as_json else str(line)


def coming(log: TextIO, path: Path) -> Iterator[str]:
    """Each new line, also after the file was put aside and begun anew."""
    while True:
        if line := log.readline():
            yield line
        elif path.exists() and not os.path.samestat(os.fstat(log.fileno()), path.stat()):
            yield from log  # what came between the last look and the change
            log.close()
            log = open_log(path)
        else:
            time.sleep(LOOK)


def open_log(path: Path) -> TextIO:
    return path.open(encoding="utf-8", errors="replace")


commands = [version, show_logs]
