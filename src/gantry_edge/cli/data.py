"""What is kept: rebuilt, copied, brought back."""

import asyncio

import click

from gantry_edge.appliance import instance
from gantry_edge.cli import options


@click.command()
@options.data_dir
def reindex(data_dir: str | None) -> None:
    """Build the search index anew, from what the database holds.

    Example: gantry-edge reindex
    """
    from gantry_edge import app

    settings = options.settings_of(data_dir)
    with instance.own(settings.home):
        count = asyncio.run(app.reindex(settings))
    click.echo(f"The index holds {count} passages")


commands = [reindex]
