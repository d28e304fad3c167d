"""Taking out what is one's own."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from gantry_edge import __version__
from gantry_edge.cli import options
from gantry_edge.errors import DatabaseUnsafe
from gantry_edge.ids import now

if TYPE_CHECKING:
    from gantry_edge.accounts.schema import User
    from gantry_edge.storage.database import Connection
    from gantry_edge.storage.files import Files
    from gantry_edge.storage.packing import Packing

FORMAT, VERSION = "gantry-edge/person", 1


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
                done.append(export_one(connection, user, files, place))
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


def export_one(connection: "Connection", user: "User", files: "Files", packing: "Packing") -> dict[str, Any]:
    """What was written is counted while it is written."""
    from gantry_edge.chat.export import export_conversations
    from gantry_edge.documents.export import export_documents
    from gantry_edge.facts.export import export_facts
    from gantry_edge.personas.export import export_personas
    from gantry_edge.prompts.export import export_prompts

    written = {
        **export_conversations(connection, user.id, user.name, packing)._asdict(),
        **export_documents(connection, user.id, files, packing)._asdict(),
        "personas": export_personas(connection, user.id, packing),
        "prompts": export_prompts(connection, user.id, packing),
        "facts": export_facts(connection, user.id, packing),
    }
    head = {"format": FORMAT, "version": VERSION, "program": __version__, "exported_at": now()}
    told = {**head, "user": msgspec.to_builtins(user), "counts": written}
    with packing.open("person.json") as file:
        file.write(msgspec.json.format(msgspec.json.encode(told)))
    return {"name": user.name, **written}


def tell(done: dict[str, Any]) -> str:
    missing = f"; {done['missing']} originals are missing on the disk" if done["missing"] else ""
    kinds = ", ".join(
        f"{done[kind]} {kind}" for kind in ("conversations", "messages", "facts", "collections", "documents")
    )
    return f"{done['name']}: {kinds}{missing}"


commands = [export]
