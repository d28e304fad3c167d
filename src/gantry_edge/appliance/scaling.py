"""The scaling guide, S1 to S36, each with what was measured or read just now. What is not built says so."""

import re
from collections.abc import Callable
from typing import Any

from gantry_edge.appliance.doctor import GB, LOGS_MOST, MB, Finding, Look, Said

ITEMS: dict[str, tuple[str, Callable[[Look], Said]]] = {}
FEW_ROWS = 1000  # a table with fewer is read whole where that is quicker
SLOW = 50.0  # ms; what is above is felt
OWN_TABLES = re.compile(r"^SCAN (?!branch\b|CONSTANT)")
KNOWN_KEYS = {"models", "answer"}  # kinds of entries of the cache; an answer's is a hash and an id, no words


def item(name: str, title: str) -> Callable[[Callable[[Look], Said]], Callable[[Look], Said]]:
    def keep(function: Callable[[Look], Said]) -> Callable[[Look], Said]:
        ITEMS[name] = title, function
        return function

    return keep


def examine_scale(look: Look) -> list[Finding]:
    findings = []
    for name, (title, judge) in ITEMS.items():
        status, found, *advice = judge(look)
        findings.append(Finding(f"{name} {title}", status, found, *advice))
    return findings


def values(look: Look) -> dict[str, Any]:
    return dict(look.facts.values) if look.facts else {}


def tables(look: Look) -> dict[str, int]:
    return dict(look.facts.tables) if look.facts else {}


NO_DATA: Said = "skipped", "there is no sound database of this version to read it from"
NO_PAGE: Said = "failed", "the page is not built", "Install Gantry Edge again; from source: make web"


@item("S1", "measured figures")
def figures(look: Look) -> Said:
    if not look.facts or not look.facts.pace:
        return NO_DATA
    name, pace = max(look.facts.pace.items(), key=lambda each: each[1])
    told = f"the slowest of {len(look.facts.pace)} questions here: {name}, {pace:.2f} ms; more by `gantry-edge bench`"
    return ("ok", told) if pace < SLOW else ("warning", told, "Look at the disk and at what else runs here")


@item("S2", "SQLite tuned")
def pragmas(look: Look) -> Said:
    found = look.pragmas
    told = ", ".join(f"{name}={value}" for name, value in found.items())
    wanted = {"journal_mode": "wal", "temp_store": 2, "busy_timeout": 30000, "foreign_keys": 1, "synchronous": 2}
    if any(found.get(name) != value for name, value in wanted.items()):
        return "failed", told, "Install Gantry Edge again"
    return "ok", f"{told} (FULL where the guide says NORMAL: what was acknowledged survives a power cut)"


@item("S3", "connection pool")
def pool(look: Look) -> Said:
    held = f"; the running server has the file open {look.scale['handles']} times" if look.scale.get("handles") else ""
    return "by design", f"1 writer and {look.scale.get('readers')} readers, opened once; not 60 connections{held}"


@item("S4", "indexes")
def indexes(look: Look) -> Said:
    if not look.facts or not look.facts.plans:
        return NO_DATA
    largest = max(look.facts.tables[name] for name in ("conversations", "messages"))
    for name, plan in look.facts.plans.items():
        if (bad := [step for step in plan if OWN_TABLES.match(step)]) and largest > FEW_ROWS:
            return "failed", f"{name}: {bad[0]}", "Report it: a question reads a whole table"
    sidebar = next(iter(look.facts.plans.values()))
    return "ok", f"{len(look.facts.plans)} plans, no large table is read whole; the list: {sidebar[0]}"


@item("S5", "pages")
def pages(look: Look) -> Said:
    if "paths" not in look.scale:
        return no_reply(look)
    lists, limits = look.scale["lists"], look.scale["limits"]
    told = f"{len(lists)} lists by cursor, at most {max(limits, default=0)} items on a page"
    return ("ok", told) if lists and max(limits) <= 200 else ("failed", told, "Report it")


@item("S6", "PostgreSQL")
def postgres(look: Look) -> Said:
    if not look.facts or not look.facts.pace:
        return NO_DATA
    return "by design", f"SQLite, {look.facts.bytes / MB:.1f} MB, the list of conversations in {first(look):.2f} ms"


@item("S7", "response cache")
def response_cache(look: Look) -> Said:
    if look.cache is None:
        return NO_DATA
    entries, strange, kinds = look.cache
    if foreign := set(kinds) - KNOWN_KEYS:
        return "failed", f"entries of a kind this version does not keep: {min(foreign)}", f"rm -r {look.home / 'cache'}"
    told = f"{entries} entries, kinds: {', '.join(kinds) or 'none'}; no words of a person, so none can reach another"
    return ("ok", told) if not strange else ("failed", f"{strange} strange entries", f"rm -r {look.home / 'cache'}")


@item("S8", "Redis")
def redis(look: Look) -> Said:
    if look.cache is None:
        return NO_DATA
    return "by design", f"a cache on disk that outlives a restart, {look.cache[0]} entries now, plain bytes only"


@item("S9", "assets for ever")
def assets(look: Look) -> Said:
    if "asset_headers" not in look.scale:
        return no_reply(look)
    told = look.scale["asset_headers"].get("cache-control", "no Cache-Control")
    return ("ok", f"a script comes with {told}") if "immutable" in told else NO_PAGE


@item("S10", "replicas")
def replicas(look: Look) -> Said:
    who = f"the server at {look.announced}" if look.held else "nobody now"
    return "not applicable", f"one process for a data folder; the lock is held by {who}"


@item("S11", "memory and cores")
def resources(look: Look) -> Said:
    used = look.scale.get("resident", 0)
    told = f"{used / MB:.0f} MB in use by the server of {look.machine.memory / GB:.1f} GB, {look.machine.cores} cores"
    return "info", told if used else f"not running; {look.machine.memory / GB:.1f} GB, {look.machine.cores} cores"


@item("S12", "nothing blocks")
def loop(look: Look) -> Said:
    if "health_ms" not in look.scale:
        return no_reply(look)
    told = f"19 of 20 answers of /health {where(look)} within {look.scale['health_ms']:.1f} ms"
    return ("ok", told) if look.scale["health_ms"] < 250 else ("warning", told, "Look what else runs here")


@item("S13", "work in the background")
def background(look: Look) -> Said:
    if not values(look):
        return NO_DATA
    return "ok", f"{tables(look)['jobs']} jobs in a table that outlives a crash, {values(look)['stale_jobs']} stale"


@item("S14", "Celery")
def celery(look: Look) -> Said:
    if not values(look):
        return NO_DATA
    return "by design", f"the same table is the queue: {values(look)['failed_jobs']} given up, none lost"


@item("S15", "one vector client")
def vector_client(look: Look) -> Said:
    if not values(look):
        return NO_DATA
    if values(look)["generation"]:
        return "ok", f"one child holds the folder {values(look)['generation'].split()[0][:8]}"
    return "ok", f"none needed: every collection has at most {look.scale.get('small')} passages and is searched exactly"


@item("S16", "batches")
def batches(look: Look) -> Said:
    stored, told = look.scale.get("stored_at_once", 0), look.scale.get("told_at_once", 0)
    waiting = f", {tables(look)['index_ops']} wait now" if values(look) else ""
    found = f"{stored} passages share a transaction, the index is told {told} changes at once{waiting}"
    return ("ok", found) if min(stored, told) > 1 else ("failed", found, "Report it")


@item("S17", "384 dimensions")
def dimensions(look: Look) -> Said:
    if look.encoder_trouble or "dimensions" not in look.scale:
        return "failed", look.encoder_trouble or "the model was not looked at", "Install Gantry Edge again"
    widths = {int(width) for name in ("narrowest", "widest") if (width := values(look).get(name))}
    told = f"the model inside has {look.scale.get('dimensions')}, what is stored {sorted(widths) or 'is nothing yet'}"
    return ("ok", told) if widths <= {384} else ("failed", told, "gantry-edge restore a backup")


@item("S18", "shards")
def shards(look: Look) -> Said:
    if not values(look):
        return NO_DATA
    told = (
        f"{values(look)['vaults']} vaults, one for each collection; {values(look)['shared_vaults']} hold two people's"
    )
    return (
        ("by design", told) if not values(look)["shared_vaults"] else ("failed", told, "Report it, and stop the server")
    )


@item("S19", "vectors are kept")
def kept(look: Look) -> Said:
    if not values(look):
        return NO_DATA
    told = f"{tables(look)['embeddings']} embeddings in the database, so in every backup; the index is made from them"
    return ("ok", told) if not values(look)["without_vector"] else ("failed", told, "gantry-edge restore a backup")


@item("S20", "answers at once")
def slots(look: Look) -> Said:
    slots, each = look.scale.get("slots"), look.settings.get("answers_each")
    if not slots:
        return NO_DATA
    return "ok", f"the engine writes {slots} at once, a person may have {each}; who waits sees the place in line"


@item("S21", "streams")
def streams(look: Look) -> Said:
    headers = look.scale.get("stream_headers", {})
    told = ", ".join(f"{name}: {value}" for name, value in headers.items())
    good = headers.get("X-Accel-Buffering") == "no" and "no-store" in headers.get("Cache-Control", "")
    return ("ok", told) if good else ("failed", told, "Report it")


@item("S22", "what fits the window")
def window(look: Look) -> Said:
    return "by design", "llama.cpp counts what it will read; other servers are asked for their window and estimated"


@item("S23", "cached answers")
def cached_answers(look: Look) -> Said:
    if look.cache is None:
        return NO_DATA
    used = "some are kept" if "answer" in look.cache[2] else "none is kept now"
    return "by design", f"{used}: for whoever wants it, by the whole request, as a reference to their own answer"


@item("S24", "code in pieces")
def pieces(look: Look) -> Said:
    scripts = {name: text for name, text in look.scale.get("scripts", {}).items() if name.endswith(".js")}
    if "app.js" not in scripts:
        return NO_PAGE
    return "ok", f"{len(scripts)} scripts; the first has {len(scripts['app.js']) / 1000:.0f} KB"


@item("S25", "lazy views")
def lazy(look: Look) -> Said:
    return found_in(look, "Library.js", "import(", "the library comes when it is opened", of="app.js")


@item("S26", "long lists")
def long_lists(look: Look) -> Said:
    return found_in(look, "MessageList.js", "undrawn", "messages out of sight are not drawn")


@item("S27", "typing waits")
def debounce(look: Look) -> Said:
    return found_in(look, "Library.js", "AbortController", "the search waits for a pause, and drops the one before")


@item("S28", "rows drawn once")
def rows(look: Look) -> Said:
    scripts = "".join(look.scale.get("scripts", {}).values())
    if "preact-signals" not in scripts:
        return NO_PAGE
    return "ok", "the page holds preact-signals: a new word touches its own message only"


@item("S29", "load balancer")
def balancer(look: Look) -> Said:
    return "not applicable", f"one machine, one process; {len(look.endpoints)} model servers are configured"


@item("S30", "metrics")
def metrics(look: Look) -> Said:
    return served(look, "/api/overview", "the last hour for administrators, /metrics for Prometheus")


@item("S31", "slow questions")
def slow(look: Look) -> Said:
    return served(look, "/api/overview", "statements that took longer than 100 ms, with their plans")


@item("S32", "load test")
def load(look: Look) -> Said:
    there = "bench" in look.scale.get("commands", ())
    return ("ok", "`gantry-edge bench` is there") if there else ("not built", "there is no command `bench`")


@item("S33", "the right size")
def right_size(look: Look) -> Said:
    return "not built", f"no advice is given yet; {resources(look)[1]}"


@item("S34", "cleaning up")
def cleaning(look: Look) -> Said:
    if not look.facts:
        return NO_DATA
    backups, keep = look.scale.get("backups", 0), look.settings.get("backup_keep", 0)
    free = f"{look.facts.free_bytes / MB:.1f} MB free in the database"
    told = f"{free}, {look.logs / MB:.1f} MB of log, {backups} backups of {keep} kept"
    return ("ok", told) if look.logs <= LOGS_MOST else ("warning", told, "Delete old files in `logs`")


@item("S35", "compression")
def compression(look: Look) -> Said:
    if "asset_headers" not in look.scale:
        return no_reply(look)
    encoding = look.scale["asset_headers"].get("content-encoding", "")
    twins = sum(name.endswith((".br", ".gz")) for name in look.page)
    size = look.scale["asset_bytes"]
    told = f"a script comes as {encoding or 'it is'}, {size} bytes; {twins} files are compressed beforehand"
    return ("ok", told) if encoding in {"br", "gzip"} else NO_PAGE


@item("S36", "the guide's own list")
def checklist(look: Look) -> Said:
    points = {
        "indexes": "S4", "pool": "S3", "cache": "S7", "background": "S13", "replicas": "S10", "balancer": "S29",
        "CDN": "S9", "questions": "S1", "monitoring": "S30", "load test": "S32", "limits": "S11",
    }  # fmt: skip
    told = {point: ITEMS[name][1](look)[0] for point, name in points.items()}
    counts = ", ".join(f"{point} {status}" for point, status in told.items())
    return ("failed", counts, "See the points above") if "failed" in told.values() else ("info", counts)


def no_reply(look: Look) -> Said:
    return "failed", look.scale.get("trouble", "nothing was asked"), "Look into `gantry-edge logs`"


def first(look: Look) -> float:
    return next(iter(look.facts.pace.values())) if look.facts else 0.0


def where(look: Look) -> str:
    return f"at {look.scale['live']}" if look.scale.get("live") else "in this process"


def found_in(look: Look, name: str, words: str, told: str, of: str = "") -> Said:
    text = look.scale.get("scripts", {}).get(of or name, "")
    if name not in look.scale.get("scripts", {}) or words not in text:
        return NO_PAGE
    return "ok", f"{told}: {of or name} has `{words.rstrip('(')}`"


def served(look: Look, path: str, told: str) -> Said:
    if "paths" not in look.scale:
        return no_reply(look)
    return ("ok", told) if path in look.scale["paths"] else ("failed", f"{path} is not served", "Report it")
