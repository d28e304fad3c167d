"""Accounts, from the machine itself: the way in when nobody can sign in. The server may run meanwhile."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import click

from gantry_edge.cli import options
from gantry_edge.errors import NotFound

if TYPE_CHECKING:
    from gantry_edge.accounts.people import People

T = TypeVar("T")
name_argument = click.argument("name")
password_stdin = click.option("--password-stdin", is_flag=True, help="Read it from standard input")


def with_people(data_dir: str | None, work: "Callable[[People], Awaitable[T]]", *, make: bool = False) -> T:
    """Do it on the database of the data folder, which is made only where that is meant."""
    from gantry_edge import app

    settings = options.settings_of(data_dir)
    if not make and not (settings.home / app.DATABASE).exists():
        raise NotFound(f"There is no Gantry Edge in {settings.home}; choose another folder with --data-dir")

    async def run() -> T:
        async with app.open_people(settings) as people:
            return await work(people)

    return asyncio.run(run())


@click.command()
@options.data_dir
@click.option("--name", required=True, help="Name of the owner")
@password_stdin
def setup(data_dir: str | None, name: str, password_stdin: bool) -> None:
    """Make the owner without a browser.

    Example: gantry-edge setup --name ada --password-stdin < password.txt
    """
    password = options.read_password(password_stdin)
    owner = with_people(data_dir, lambda people: people.make_owner(name, password), make=True)
    click.echo(f"{owner.name} is the owner")


@click.group()
def users() -> None:
    """The people who have an account."""


@users.command("list")
@options.data_dir
@options.as_json
def list_users(data_dir: str | None, as_json: bool) -> None:
    """List them, oldest first.

    Example: gantry-edge users list --json
    """
    listed = with_people(data_dir, lambda people: people.list())
    if as_json:
        rows = [{"id": e.user.id, "name": e.user.name, "role": e.user.role, "disabled": e.disabled} for e in listed]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for each in listed:
        click.echo(f"{each.user.name:<30} {each.user.role.value:<8} {'disabled' if each.disabled else ''}".rstrip())


@users.command()
@options.data_dir
@name_argument
def disable(data_dir: str | None, name: str) -> None:
    """Keep someone out, at once and everywhere; nothing of theirs is deleted.

    Example: gantry-edge users disable ben
    """
    with_people(data_dir, lambda people: people.disable(name))
    click.echo(f"{name} can no longer sign in")


@users.command()
@options.data_dir
@name_argument
def enable(data_dir: str | None, name: str) -> None:
    """Let someone in again.

    Example: gantry-edge users enable ben
    """
    with_people(data_dir, lambda people: people.enable(name))
    click.echo(f"{name} can sign in")


@click.command()
@options.data_dir
@name_argument
@password_stdin
def reset_password(data_dir: str | None, name: str, password_stdin: bool) -> None:
    """Give someone a new password; they are signed out everywhere.

    Example: gantry-edge reset-password ada --password-stdin < password.txt
    """
    password = options.read_password(password_stdin)
    with_people(data_dir, lambda people: people.reset_password(name, password))
    click.echo(f"{name} has a new password")


commands = [setup, users, reset_password]
