"""Writes the pages that follow from the code: settings.md, cli.md, api.md. `make docs` runs it."""

from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import click

from gantry_edge.app import PROVIDED, create_litestar
from gantry_edge.cli import cli
from gantry_edge.config import PREFIX, Settings

FOLDER = Path(__file__).parent
NOTE = "<!-- Written by `make docs`; change the code instead. -->\n"


def settings_page() -> str:
    rows = [f"| `{entry.name}` | {show(entry.default)} | {entry.metadata['help']} |" for entry in fields(Settings)]
    return f"""# Settings
{NOTE}
A flag of `gantry-edge serve` (`--name`) beats the environment (`{PREFIX}NAME`), that beats `gantry.toml` in the data
folder, that beats what `gantry-edge config set` keeps in the database, and that the default. A name that does not exist
is refused. `gantry-edge config show` names the source of each value.

| name | default | what it is |
|---|---|---|
{chr(10).join(rows)}
"""


def show(default: Any) -> str:
    if default in (None, (), MISSING):
        return "-"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def cli_page() -> str:
    return "\n".join([f"# Commands\n{NOTE}", *help_of(cli)]) + "\n"


def help_of(group: click.Group, before: str = "") -> Iterator[str]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from help_of(command, f"{before}{name} ")
        elif not command.hidden:
            context = click.Context(command, info_name=f"gantry-edge {before}{name}", **cli.context_settings)
            yield f"## {before}{name}\n```\n{command.get_help(context)}\n```"


def api_page() -> str:
    document = create_litestar(dict.fromkeys(PROVIDED)).openapi_schema.to_schema()
    return f"""# API
{NOTE}
JSON over HTTP, same origin; `/docs` of a running program shows every field, `/api/openapi.json` is the document.
Errors are problem details (RFC 9457) with a stable `code` and a sentence that says what to do.

| call | what it does |
|---|---|
{chr(10).join(sorted(operations(document), key=lambda row: row.split("`")[1].split()[::-1]))}
"""


def operations(document: dict[str, Any]) -> Iterator[str]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            text = operation.get("description") or operation.get("summary", "")
            yield f"| `{method.upper()} {path}` | {text.splitlines()[0]} |"


PAGES = {"settings.md": settings_page, "cli.md": cli_page, "api.md": api_page}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page())
