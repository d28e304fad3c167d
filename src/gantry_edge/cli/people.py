"""Accounts, from the machine itself: the way in when nobody can sign in. The server may run meanwhile."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import click

from gantry_edge.appliance import instance
from gantry_edge.cli import options

if TYPE_CHECKING:
    from gantry_edge.accounts.people import People
    from gantry_edge.accounts.schema import Session

T = TypeVar("T")
name_argument = click.argument("name")
roles = click.Choice(["owner", "admin", "member"])
password_stdin = click.option("--password-stdin", is_flag=True, help="Read it from standard input")


def with_people(data_dir: str | None, work: "Callable[[People], Awaitable[T]]", *, make: bool = False) -> T:
    """Do it on the database of the data folder, which is made only where that is meant."""
    from gantry_edge import upkeep

    home = options.home_of(data_dir) if make else options.database_of(data_dir).parent

    async def run() -> T:
        async with upkeep.open_people(home) as people:
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
    from gantry_edge.accounts.people import named
    from gantry_edge.accounts.schema import PersonChanges

    with_people(data_dir, lambda people: people.change(named(name), PersonChanges(disabled=True)))
    click.echo(f"{name} can no longer sign in")


@users.command()
@options.data_dir
@name_argument
def enable(data_dir: str | None, name: str) -> None:
    """Let someone in again.

    Example: gantry-edge users enable ben
    """
    from gantry_edge.accounts.people import named
    from gantry_edge.accounts.schema import PersonChanges

    with_people(data_dir, lambda people: people.change(named(name), PersonChanges(disabled=False)))
    click.echo(f"{name} can sign in")


@users.command()
@options.data_dir
@name_argument
@click.option("--role", type=roles, default="member", show_default=True)
@password_stdin
def add(data_dir: str | None, name: str, role: str, password_stdin: bool) -> None:
    """Give someone an account.

    Example: gantry-edge users add eve --role member --password-stdin < password.txt
    """
    from gantry_edge.accounts.schema import Role

    options.database_of(data_dir)
    password = options.read_password(password_stdin)
    user = with_people(data_dir, lambda people: people.add(name, password, Role(role)))
    click.echo(f"{user.name} is {role}")


@users.command()
@options.data_dir
@name_argument
@click.argument("role", type=roles)
def role(data_dir: str | None, name: str, role: str) -> None:
    """Make someone owner, admin or member. They are signed out everywhere; the last owner stays one.

    Example: gantry-edge users role ben admin
    """
    from gantry_edge.accounts.people import named
    from gantry_edge.accounts.schema import PersonChanges, Role

    with_people(data_dir, lambda people: people.change(named(name), PersonChanges(role=Role(role))))
    click.echo(f"{name} is {role}")


@users.command()
@options.data_dir
@name_argument
@click.option("--end", is_flag=True, help="Sign them out everywhere")
@options.as_json
def sessions(data_dir: str | None, name: str, end: bool, as_json: bool) -> None:
    """List where someone is signed in, the newest first.

    Example: gantry-edge users sessions ada
    """

    from gantry_edge.accounts.people import named

    async def work(people: "People") -> "list[Session]":
        listed = await people.sessions(named(name))
        if end:
            await people.end_sessions(named(name))
        return listed

    listed = with_people(data_dir, work)
    if as_json:
        shown = ("id", "created_at", "seen_at", "expires_at", "address", "agent")
        rows = [{key: getattr(each, key) for key in shown} for each in listed]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for each in listed:
        click.echo(f"{options.when(each.seen_at)}  {each.address:<16} {each.agent}")
    click.echo(f"{len(listed)} {'ended' if end else 'in all'}")


@users.command()
@options.data_dir
@name_argument
@click.option("--yes", is_flag=True, help="Do not ask")
def remove(data_dir: str | None, name: str, yes: bool) -> None:
    """Delete someone with all of their conversations and documents, for good. The server must not run.

    `gantry-edge export` takes them out before. Backups made earlier still hold them, until they are deleted.

    Example: gantry-edge users remove ben --yes
    """
    from gantry_edge import upkeep

    home = options.database_of(data_dir).parent
    with instance.own(home):
        if not yes:
            click.confirm(f"Delete {name} with all of their conversations and documents, for good?", abort=True)
        asyncio.run(upkeep.remove_person(home, name))
    click.echo(f"{name} is deleted, with everything of theirs. Backups made earlier still hold it")


@click.command()
@options.data_dir
@name_argument
@password_stdin
def reset_password(data_dir: str | None, name: str, password_stdin: bool) -> None:
    """Give someone a new password; they are signed out everywhere.

    Example: gantry-edge reset-password ada --password-stdin < password.txt
    """
    from gantry_edge.accounts.people import named

    password = options.read_password(password_stdin)
    with_people(data_dir, lambda people: people.reset_password(named(name), password))
    click.echo(f"{name} has a new password")


commands = [setup, users, reset_password]
