"""Is all well?"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gantry_edge.cli import options
from gantry_edge.errors import SelfCheckFailed

if TYPE_CHECKING:
    from gantry_edge.appliance.doctor import Finding

MARKS = {"ok": "✓", "info": "·", "warning": "!", "failed": "✗", "skipped": "-"}


@click.command()
@options.data_dir
@click.option("--online", is_flag=True, help="Also ask the model servers that are configured")
@click.option("--bundle", type=click.Path(path_type=Path, dir_okay=False), help="Also write a zip to send to who helps")
@options.as_json
def doctor(data_dir: str | None, online: bool, bundle: Path | None, as_json: bool) -> None:
    """Look at everything, change nothing, and say what to do. Ends with 7 when a check failed; a warning is no failure.

    The server may run or not. `--bundle` holds versions, settings without keys, the log and these findings; nothing
    that anyone wrote.

    Example: gantry-edge doctor
    """
    from gantry_edge.appliance.doctor_data import examine
    from gantry_edge.appliance.scaling import examine_scale
    from gantry_edge.cli import bundle as bundles
    from gantry_edge.cli.looking import look_at, look_at_scale

    look = look_at_scale(look_at(options.flags_of(data_dir), online=online))
    checks, scale = examine(look), examine_scale(look)
    failed = sum(each.status == "failed" for each in (*checks, *scale))
    warnings = sum(each.status == "warning" for each in (*checks, *scale))
    if as_json:
        told = {"status": "failed" if failed else "ok", "failed": failed, "warnings": warnings}
        click.echo(json.dumps({**told, "checks": rows(checks), "scaling": rows(scale)}, indent=2, ensure_ascii=False))
    else:
        show(checks)
        click.echo("\nThe scaling guide, point by point")
        show(scale)
        click.echo(f"\n{failed} failed, {warnings} warnings, {len(checks) + len(scale)} in all")
    if bundle:
        bundles.write(bundle, look, checks, scale)
        click.echo(f"Written to {bundle}", err=as_json)
    if failed:
        raise SelfCheckFailed(f"{failed} of the checks failed")


def show(findings: "list[Finding]") -> None:
    width = max(len(each.name) for each in findings)
    for each in findings:
        mark = MARKS.get(each.status, " ")
        status = "" if mark != " " else f"({each.status}) "
        click.echo(f"{mark} {each.name:<{width}} {status}{each.found}")
        if each.advice:
            click.echo(f"  {'':<{width}} → {each.advice}")


def rows(findings: "list[Finding]") -> list[dict[str, str]]:
    return [{"name": each.name, "status": each.status, "found": each.found, "advice": each.advice} for each in findings]


commands = [doctor]
