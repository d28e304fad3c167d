"""What was done in the appliance, and by whom."""

import json
from collections.abc import Callable
from typing import TypeVar

import click

from gantry_edge.cli import options
from gantry_edge.errors import SelfCheckFailed
from gantry_edge.storage.database import Connection, open_reader

T = TypeVar("T")


@click.group()
def audit() -> None:
    """The audit trail: who did what to whom."""


def read(data_dir: str | None, work: Callable[[Connection], T]) -> T:
    connection = open_reader(options.database_of(data_dir))
    try:
        return work(connection)
    finally:
        connection.close()


@audit.command("list")
@options.data_dir
@options.as_json
def list_trail(data_dir: str | None, as_json: bool) -> None:
    """Print every entry, the oldest first. People are named as they are called now.

    Example: gantry-edge audit list --json
    """
    import msgspec

    from gantry_edge.accounts.store import list_accounts
    from gantry_edge.storage.audit import all_entries

    entries = read(data_dir, all_entries)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(entries), indent=2, ensure_ascii=False))
        return
    names = {account.user.id: account.user.name for account in read(data_dir, list_accounts)}
    for entry in entries:
        actor = names.get(entry.actor_id, entry.actor_id or "-")
        subject = names.get(entry.subject_id, entry.subject_id)
        detail = " ".join(f"{key}={value}" for key, value in entry.detail.items())
        line = f"{options.when(entry.at)}  {entry.address:<16} {actor:<20} {entry.action:<28} {subject} {detail}"
        click.echo(line.rstrip())


@audit.command()
@options.data_dir
def verify(data_dir: str | None) -> None:
    """Look whether every entry is as it was written; exit code 7 and the first that is not.

    Example: gantry-edge audit verify
    """
    from gantry_edge.storage.audit import all_entries, find_break

    broken = read(data_dir, find_break)
    if broken:
        raise SelfCheckFailed(f"entry {broken.seq} {broken.problem}; a backup made before holds it as it was")
    click.echo(f"{len(read(data_dir, all_entries))} entries, all as they were written")


commands = [audit]
