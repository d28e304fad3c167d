"""What who helps needs to know, in one small zip: nothing that anyone wrote, no name, no key."""

import json
import os
import re
import zipfile
from dataclasses import fields
from pathlib import Path

import msgspec

from gantry_edge import config, logs
from gantry_edge.appliance.doctor import Finding, Look
from gantry_edge.cli import options
from gantry_edge.errors import BadRequest, Conflict

LOG_BYTES = 2_000_000
HIDDEN = {"endpoints", "hosts"}  # names and addresses of other machines
# what a log line may hold of a person or of a secret, whatever wrote it
SECRETS = (
    (re.compile(r"(#setup=|[?&](?:token|key)=)[^\s&\"']+"), r"\1***"),
    (re.compile(r"(?i)((?:authorization|cookie|set-cookie|api[-_]?key|password|bearer)[\"']?\s*[:= ]\s*).+"), r"\1***"),
    (re.compile(r"https?://[^\s/]+@"), "http://***@"),
)


def write(target: Path, look: Look, checks: list[Finding], scale: list[Finding]) -> None:
    if target.exists():
        raise Conflict(f"{target} exists already; choose another name")
    try:
        handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in contents(look, checks, scale).items():
                archive.writestr(name, content)
    except OSError as error:
        target.unlink(missing_ok=True)
        raise BadRequest(f"{target} cannot be written: {error.strerror}") from error


def contents(look: Look, checks: list[Finding], scale: list[Finding]) -> dict[str, str | bytes]:
    facts = look.facts
    told = {
        "version": look.version,
        "edition": look.edition,
        "parts": look.parts,
        "machine": msgspec.to_builtins(look.machine, enc_hook=str),
        "running": look.held,
        "database": facts and {"bytes": facts.bytes, "free_bytes": facts.free_bytes, "tables": facts.tables},
        "schema": list(facts.steps) if facts else [],
    }
    findings = {"checks": msgspec.to_builtins(checks), "scaling": msgspec.to_builtins(scale)}
    return {
        "about.json": json.dumps(told, indent=2),
        "checks.json": json.dumps(findings, indent=2),
        "settings.json": json.dumps(settings_of(look), indent=2),
        "schema.sql": look.facts.sql if look.facts else "",
        "log.jsonl": log_of(look.home),
    }


def settings_of(look: Look) -> list[dict[str, object]]:
    """Without keys, and without the names of other machines."""
    try:
        stored = look.facts.chosen if look.facts else {}
        settings, sources = config.load_with_sources({"data_dir": look.home}, stored=lambda _: stored)
    except BadRequest as error:
        return [{"trouble": error.detail}]
    rows: list[dict[str, object]] = []
    for entry in fields(config.Settings):
        hide = entry.name in HIDDEN and getattr(settings, entry.name)
        value = "***" if hide else config.masked(settings, entry.name)
        rows.append({"name": entry.name, "value": value, "source": sources.get(entry.name, "default")})
    return rows


def log_of(home: Path) -> str:
    """The end of it."""
    try:
        with (options.log_folder(home) / logs.FILE).open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - LOG_BYTES))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    for pattern, shown in SECRETS:
        text = pattern.sub(shown, text)
    return text
