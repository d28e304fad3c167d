"""Every sub-command, one screen each. A module holds those that belong together; slow imports happen inside them."""

import os
import sys

import click

from gantry_edge import __version__
from gantry_edge.cli import (
    audit,
    autostart,
    bench,
    children,
    choices,
    data,
    doctor,
    export,
    lan,
    people,
    serve,
    tell,
    update,
)
from gantry_edge.config import calm_libraries
from gantry_edge.errors import (
    BadBackup,
    BadUpdate,
    DatabaseDamaged,
    DatabaseUnsafe,
    DataFolderLocked,
    DataFolderUnusable,
    GantryError,
    PortInUse,
    SelfCheckFailed,
)

EXIT_CODES: dict[type[GantryError], int] = {
    DataFolderUnusable: 3,
    DatabaseUnsafe: 4,
    DatabaseDamaged: 4,
    PortInUse: 5,
    DataFolderLocked: 6,
    BadBackup: 7,
    BadUpdate: 7,
    SelfCheckFailed: 7,
}


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=True)
@click.version_option(__version__, prog_name="gantry-edge")
@click.pass_context
def cli(context: click.Context) -> None:
    """Gantry Edge: a private AI assistant for a team on a LAN. A double-click starts the server."""
    if context.invoked_subcommand is None:
        context.invoke(serve.serve)


for module in (audit, autostart, bench, children, choices, data, doctor, export, lan, people, serve, tell, update):
    for command in module.commands:
        cli.add_command(command)


def main() -> None:
    calm_libraries()
    os.umask(0o077)  # what it writes is for nobody else on this machine, whatever the shell says
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
