"""What is kept: rebuilt, copied, brought back."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gantry_edge.appliance import instance
from gantry_edge.cli import options

if TYPE_CHECKING:
    from gantry_edge.admin.archive import Manifest

file_argument = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
passphrase_file = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Seal it, or open it, with the first line of this file",
)


@click.command()
@options.data_dir
def reindex(data_dir: str | None) -> None:
    """Build the search index anew, from what the database holds.

    Example: gantry-edge reindex
    """
    from gantry_edge import upkeep

    with instance.own(options.home_of(data_dir)):
        count = asyncio.run(upkeep.reindex(options.settings_of(data_dir)))
    click.echo(f"The index holds {count} passages")


@click.command()
@options.data_dir
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="File to write; else one in `backups`")
@passphrase_file
@options.as_json
def backup(data_dir: str | None, to: Path | None, passphrase_file: Path | None, as_json: bool) -> None:
    """Back up everything but the index, which is made anew; the server may run meanwhile.

    Example: gantry-edge backup --to monday.zip
    """
    from gantry_edge import services

    made = services.back_up(options.settings_of(data_dir), to, passphrase_of(passphrase_file))
    if as_json:
        click.echo(json.dumps({"file": str(made), "bytes": made.stat().st_size}))
        return
    click.echo(f"Backed up to {made}")


@click.command()
@file_argument
@passphrase_file
@options.as_json
def verify(file: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Look through a backup: every byte against its manifest, and the database in it.

    Example: gantry-edge verify monday.zip
    """
    from gantry_edge.admin import backup

    manifest = backup.verify_only(file, passphrase_of(passphrase_file))
    if as_json:
        told = {"version": manifest.version, "created": manifest.created, "tables": manifest.tables}
        click.echo(json.dumps({**told, "entries": len(manifest.entries)}, indent=2))
        return
    click.echo(f"{file} is whole: {tell(manifest)}")


@click.command()
@options.data_dir
@file_argument
@passphrase_file
def restore(data_dir: str | None, file: Path, passphrase_file: Path | None) -> None:
    """Bring a backup back; the folder as it is now is kept beside. The server must not run.

    Example: gantry-edge restore monday.zip
    """
    from gantry_edge.admin import restore

    home = options.home_of(data_dir)
    with instance.own(home):
        manifest = restore.stage(file, home, passphrase_of(passphrase_file))
    old = restore.swap(home)
    click.echo(f"Restored {tell(manifest)}")
    if passphrase_file is None and asks_for_keys(home):
        click.echo("Keys of model servers are in sealed backups only; enter those of gantry.toml again")
    if old:
        click.echo(f"What was there before is in {old}; delete it once you miss nothing")


def asks_for_keys(home: Path) -> bool:
    """Are there endpoints in the settings file, whose keys an open backup leaves out?"""
    file = home / "gantry.toml"
    return file.exists() and "endpoints" in file.read_text(encoding="utf-8")


def tell(manifest: "Manifest") -> str:
    counts = manifest.tables
    kinds = ("users", "conversations", "messages", "documents")
    return ", ".join(f"{word} {counts.get(word, 0)}" for word in kinds)


def passphrase_of(file: Path | None) -> str | None:
    return None if file is None else file.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")


commands = [backup, reindex, restore, verify]
