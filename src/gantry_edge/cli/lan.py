"""The switch to the local network, for a machine without a screen. A running server follows within three seconds."""

import json

import click

from gantry_edge.cli import options
from gantry_edge.storage.database import open_connection, open_reader


@click.group()
def lan() -> None:
    """Whether others on the local network are served."""


@lan.command()
@options.data_dir
@click.option("--https/--no-https", default=False, help="Serve https too, with a certificate authority of this machine")
def on(data_dir: str | None, https: bool) -> None:
    """Serve the local network, from now on and after each start. Before there is an owner, nobody is served.

    Example: gantry-edge lan on --https
    """
    put(data_dir, on=True, https=https)
    click.echo("The local network is served, once there is an owner")


@lan.command()
@options.data_dir
def off(data_dir: str | None) -> None:
    """Serve this machine only. Answers that are being written go on.

    Example: gantry-edge lan off
    """
    put(data_dir, on=False, https=False)
    click.echo("Only this machine is served")


@lan.command()
@options.data_dir
@options.as_json
def status(data_dir: str | None, as_json: bool) -> None:
    """Print the switch, and the addresses of this machine that it is about.

    Example: gantry-edge lan status
    """
    from gantry_edge.appliance import store
    from gantry_edge.appliance.addresses import find_addresses

    connection = open_reader(options.database_of(data_dir))
    try:
        switch = store.read_switch(connection)
    finally:
        connection.close()
    addresses = [each.address for each in find_addresses(options.settings_of(data_dir).hosts)]
    if as_json:
        click.echo(json.dumps({"lan": switch.lan, "https": switch.https, "addresses": addresses}, indent=2))
        return
    click.echo(f"Local network: {'on' if switch.lan else 'off'}, https: {'on' if switch.https else 'off'}")
    click.echo(f"Addresses: {', '.join(addresses) or 'none'}")


def put(data_dir: str | None, *, on: bool, https: bool) -> None:
    from gantry_edge.admin.backup import FOLDER
    from gantry_edge.appliance import store
    from gantry_edge.appliance.schema import Switch
    from gantry_edge.storage.audit import MACHINE
    from gantry_edge.storage.migrations import migrate
    from gantry_edge.storage.upgrade import copy_before_upgrade

    path = options.database_of(data_dir)
    copy_before_upgrade(path, path.parent / FOLDER)
    connection = open_connection(path)
    try:
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            migrate(connection)  # a server that has just been started may not have come to it
            store.put_switch(connection, Switch(on, https), MACHINE)
    finally:
        connection.close()


commands = [lan]
