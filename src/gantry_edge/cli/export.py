"""Taking out what is one's own."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gantry_edge.cli import options
from gantry_edge.errors import DatabaseUnsafe

if TYPE_CHECKING:
    from gantry_edge.accounts.schema import User
    from gantry_edge.storage.database import Connection


@click.command()
@options.data_dir
@click.argument("name", required=False)
@click.option("--all", "everyone", is_flag=True, help="Everybody, each in a folder of their own")
@click.option("--to", type=click.Path(path_type=Path), required=True, help="A new folder, or a new .zip")
@options.as_json
def export(data_dir: str | None, name: str | None, everyone: bool, to: Path, as_json: bool) -> None:
    """Take out all that one person has here: every version of every conversation, and the originals of the documents.

    The server may run meanwhile. What the files hold is told in docs/export.md.

    Example: gantry-edge export ada --to ada.zip
    """
    if (name is None) is not everyone:
        raise click.UsageError("Name one person, or say --all")
    from gantry_edge.belongings.export import export_person
    from gantry_edge.storage.database import open_reader
    from gantry_edge.storage.files import Files
    from gantry_edge.storage.migrations import pending_steps
    from gantry_edge.storage.packing import Inside, pack, safe_name

    database = options.database_of(data_dir)
    connection = open_reader(database)
    try:
        connection.execute("BEGIN")  # one snapshot, whatever goes on meanwhile
        if pending_steps(connection):
            raise DatabaseUnsafe("The data was written by an older version; start this one once, then export")
        chosen, files = people(connection, name), Files(database.parent / "files")
        with pack(to) as packing:
            done = []
            for number, user in enumerate(chosen, 1):
                place = Inside(packing, f"{number:04} {safe_name(user.name)}") if everyone else packing
                done.append(export_person(connection, user, files, place))
                if not as_json:
                    click.echo(tell(done[-1]))
    finally:
        connection.close()
    click.echo(json.dumps(done, indent=2, ensure_ascii=False) if as_json else f"Exported to {to}")


def people(connection: "Connection", name: str | None) -> "list[User]":
    from gantry_edge.accounts.people import named
    from gantry_edge.accounts.store import list_accounts

    accounts = list_accounts(connection) if name is None else [named(name)(connection)]
    return [account.user for account in accounts]


def tell(done: dict[str, Any]) -> str:
    missing = f"; {done['missing']} originals are missing on the disk" if done["missing"] else ""
    kinds = ", ".join(
        f"{done[kind]} {kind}" for kind in ("conversations", "messages", "facts", "collections", "documents")
    )
    return f"{done['name']}: {kinds}{missing}"


commands = [export]
