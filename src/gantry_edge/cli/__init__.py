"""Every sub-command, one screen each. A module holds those that belong together; slow imports happen inside them."""

import sys

import click

from gantry_edge import __version__
from gantry_edge.cli import children, data, serve, tell
from gantry_edge.errors import DatabaseUnsafe, DataFolderLocked, GantryError, PortInUse

EXIT_CODES: dict[type[GantryError], int] = {DatabaseUnsafe: 4, PortInUse: 5, DataFolderLocked: 6}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="gantry-edge")
def cli() -> None:
    """Gantry Edge: a private AI assistant for a team on a LAN."""


for module in (children, data, serve, tell):
    for command in module.commands:
        cli.add_command(command)


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
