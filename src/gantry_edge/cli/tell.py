"""What the program says of itself."""

import click

from gantry_edge import __version__


@click.command()
def version() -> None:
    """Print the version.

    Example: gantry-edge version
    """
    click.echo(__version__)


commands = [version]
