"""Taking a newer version, and going back."""

import json
import os
import platform
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gantry_edge import __version__, config
from gantry_edge.appliance import instance
from gantry_edge.cli import autostart, options, serve
from gantry_edge.errors import BadRequest, BadUpdate

if TYPE_CHECKING:
    from gantry_edge.appliance.update import Bundle

PACKAGE = Path("/usr/lib/gantry-edge")
BACKUPS, KEPT = "backups", 3  # copies of the data made before an update
NEWER_DATA = 4  # exit code


@click.command()
@options.data_dir
@click.argument("bundle", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--check", is_flag=True, help="Only look through it, and say whether it would be taken")
@click.option("--rollback", is_flag=True, help="Go back to the version before")
@click.option("--with-data", is_flag=True, help="With --rollback: to its data too, where it cannot read newer ones")
@click.option("--yes", is_flag=True, help="Do not ask")
@options.as_json
def update(
    data_dir: str | None, bundle: Path | None, check: bool, rollback: bool, with_data: bool, yes: bool, as_json: bool
) -> None:
    """Take a newer version from a signed file. The data are copied first, and the version before is kept.

    Only a newer version for this machine, signed by its maker, is taken; else nothing changes. No network is needed.

    Example: gantry-edge update gantry-edge.update --check
    """
    if (bundle is None) != rollback or (rollback and check) or (with_data and not rollback):
        raise BadRequest("Name the file of the update, or say --rollback")
    if bundle is None:
        go_back(options.home_of(data_dir), with_data=with_data, yes=yes, as_json=as_json)
    elif check:
        look(bundle, as_json=as_json)
    else:
        take(bundle, options.home_of(data_dir), yes=yes, as_json=as_json)


def look(path: Path, *, as_json: bool) -> None:
    from gantry_edge.appliance import signature, update

    with update.open_bundle(path, signature.read_keys()) as bundle:
        update.look_through(bundle)
        told = {**description(bundle), "taken": True, "reason": ""}
        try:
            judge(bundle)
            program()
        except BadRequest as error:
            told |= {"taken": False, "reason": error.detail}
    if as_json:
        click.echo(json.dumps(told, indent=2))
    else:
        click.echo(f"{path.name} is whole, and signed by key {told['key']}")
        click.echo(f"It is version {told['version']} for {told['platform']}; this is {__version__}")
    if not told["taken"]:
        raise BadUpdate(str(told["reason"]))
    if not as_json:
        click.echo(f"To take it: gantry-edge update {path}")


def take(path: Path, home: Path, *, yes: bool, as_json: bool) -> None:
    from gantry_edge.appliance import signature, update

    mine = program()
    with update.open_bundle(path, signature.read_keys()) as bundle, update.alone(mine, digest()):
        judge(bundle)
        version = bundle.manifest.version
        if not yes:
            click.confirm(f"Update {mine} from {__version__} to {version}?", abort=True, err=True)
        with update.staged(bundle, mine, home) as new, stopped(home, quiet=as_json), held(home):
            copy = copy_data(home)
            update.swap(mine, new)
    if as_json:
        told = {"from": __version__, "to": version, "program": str(mine), "copy": copy and str(copy)}
        click.echo(json.dumps(told, indent=2))
        return
    click.echo(f"{mine} is version {version} now")
    click.echo(f"Copy of the data: {copy}" if copy else f"There are no data in {home} to copy")
    click.echo("To go back: gantry-edge update --rollback")


def go_back(home: Path, *, with_data: bool, yes: bool, as_json: bool) -> None:
    from gantry_edge.appliance import update

    mine = program()
    with update.alone(mine, digest()):
        before = update.find_previous(mine)
        version = update.version_of(before, home)
        copy = copy_to_restore(home, before, version)
        if copy and not with_data:
            raise BadRequest(
                f"Version {version} cannot read the data as {__version__} has changed them. To go back to the data of "
                f"that time too ({options.when(int(copy.stat().st_mtime * 1000))}), add --with-data; what was written "
                "since then is kept in a folder beside. Nothing was changed"
            )
        if not yes:
            data = f", and its data to those in {copy}" if copy else ""
            click.confirm(f"Take {mine} back from {__version__} to {version}{data}?", abort=True, err=True)
        with stopped(home, quiet=as_json):
            kept = restore(copy, home) if copy else None
            update.roll_back(mine)
    if as_json:
        told = {"from": __version__, "to": version, "program": str(mine), "kept": kept and str(kept)}
        click.echo(json.dumps(told, indent=2))
        return
    click.echo(f"{mine} is version {version} again")
    if kept:
        click.echo(f"The data are those of before the update; those of since then are in {kept}")


def program() -> Path:
    """The single file; BadRequest says what to do where something else runs."""
    if config.program_folder() == PACKAGE:
        raise BadRequest("It was installed as a package: `sudo apt install ./gantry-edge_VERSION_ARCH.deb` updates it")
    if not (single := config.single_file()):
        raise BadRequest("Only the single file is updated like this; unpack the new version beside this one")
    if single.stat().st_uid != os.geteuid():
        raise BadRequest(f"{single} belongs to somebody else, who may update it")
    return single


def digest() -> str:
    """Of what this program was unpacked from."""
    folder = config.program_folder()
    return folder.parent.name if folder else ""


def judge(bundle: "Bundle") -> None:
    from gantry_edge.appliance import update
    from gantry_edge.models.engine import find_small_model

    here = f"{platform.system().lower()}-{platform.machine()}"
    update.judge(bundle.manifest, __version__, here, "" if find_small_model() else "no-model")


def description(bundle: "Bundle") -> dict[str, object]:
    found = bundle.manifest
    return {
        "version": found.version,
        "platform": found.platform,
        "edition": found.edition,
        "bytes": found.bytes,
        "key": bundle.key.name,
        "running": __version__,
    }


@contextmanager
def stopped(home: Path, *, quiet: bool) -> Iterator[None]:
    """The server does not run meanwhile; afterwards it does, if the system had started it."""
    ran = home.exists() and serve.stop_server(options.settings_of(str(home)))
    try:
        yield
    finally:
        if ran:
            again = autostart.start_again(home)
            click.echo("The server runs again" if again else "The server was stopped; start it again", err=quiet)


def held(home: Path) -> AbstractContextManager[None]:
    """Nobody starts a server on the data meanwhile."""
    return instance.own(home) if home.exists() else nullcontext()


def copy_data(home: Path) -> Path | None:
    """Everything that is kept, as a backup does; None where there is nothing yet."""
    if not (home / options.DATABASE).exists():
        return None
    from gantry_edge import services

    made = home / BACKUPS / f"before-update-{__version__}-{time.strftime('%Y-%m-%d-%H%M%S')}.zip"
    services.back_up(options.settings_of(str(home)), made)
    for old in sorted(made.parent.glob("before-update-*.zip"), key=lambda each: each.stat().st_mtime)[:-KEPT]:
        old.unlink()
    return made


def copy_to_restore(home: Path, before: Path, version: str) -> Path | None:
    """The copy of the data that goes with that version; None where it can read those that are there."""
    from gantry_edge.appliance import update

    if not (home / options.DATABASE).exists():
        return None
    if update.run(before, home, "users", "list", "--data-dir", str(home)).returncode != NEWER_DATA:
        return None
    copies = sorted((home / BACKUPS).glob(f"before-update-{version}-*.zip"))
    if not copies:
        raise BadRequest(
            f"Version {version} cannot read the data as {__version__} has changed them, and there is no copy for it in "
            f"{home / BACKUPS}. Nothing was changed"
        )
    return copies[-1]


def restore(copy: Path, home: Path) -> Path | None:
    from gantry_edge.admin import restore

    with instance.own(home):
        restore.stage(copy, home)
    return restore.swap(home)


commands = [update]
