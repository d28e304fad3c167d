"""How fast is this machine?"""

import asyncio
import json
import os
import tempfile
import time
from pathlib import Path

import click

from gantry_edge import __version__
from gantry_edge.cli import options

FOLDER = ".bench-"


@click.command()
@options.data_dir
@click.option("--engine/--no-engine", default=True, help="Also let the built-in engine write an answer")
@options.as_json
def bench(data_dir: str | None, engine: bool, as_json: bool) -> None:
    """Measure this machine for half a minute at most, on made-up data beside the real, which is not touched.

    The server may run; without it, and without other work on the machine, the figures are its own.

    Example: gantry-edge bench --no-engine
    """
    from gantry_edge import config, services
    from gantry_edge.measure import measure

    settings = config.load(options.flags_of(data_dir))  # even a look at the database leaves files beside it
    beside = settings.home if settings.home.is_dir() else None  # the same disk, where there is one
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix=FOLDER, dir=beside) as folder:
        chosen = services.make_engine(settings) if engine else None
        figures = asyncio.run(measure(Path(folder), services.this_program(), chosen))
    seconds = time.monotonic() - began
    if as_json:
        told = {"version": __version__, "cores": os.cpu_count(), "seconds": round(seconds, 1)}
        rows = [{"name": name, "value": round(value, 3), "unit": unit} for name, value, unit in figures]
        click.echo(json.dumps({**told, "figures": rows}, indent=2))
        return
    for name, value, unit in figures:
        click.echo(f"{name:<40} {value:>10,.1f} {unit}")
    click.echo(f"Measured in {seconds:.0f} s on {os.cpu_count()} cores; nothing of it is kept")


commands = [bench]
