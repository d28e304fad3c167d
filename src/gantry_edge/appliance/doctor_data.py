"""The checks of what is kept: the database, the documents, the index, the backups."""

from collections.abc import Callable

from gantry_edge.appliance.doctor import CHECKS, DAY, MB, Finding, Look, Said, check
from gantry_edge.storage.database import APPLICATION_ID

WAL_MOST = 256 * MB
OPS_MOST = 50_000
MISSED = 2  # backups
RESTORE = "Keep a copy of the folder, then `gantry-edge restore` the newest backup"


def with_database(function: Callable[[Look], Said]) -> Callable[[Look], Said]:
    """Skipped where there is no sound database of this version to look at."""

    def run(look: Look) -> Said:
        if look.facts is None or look.facts.damage:
            return "skipped", "there is no sound database"
        if look.facts.pending or look.facts.newer:
            return "skipped", "the database is of another version"
        return function(look)

    run.__name__ = function.__name__
    return run


@check
def database(look: Look) -> Said:
    if look.facts_trouble:
        return "failed", look.facts_trouble, RESTORE
    if look.facts is None:
        return "failed", "there is no database yet", "Start the server once, or choose another folder with --data-dir"
    if look.facts.application_id != APPLICATION_ID:
        return "failed", "gantry.db belongs to another program", "Choose another folder with --data-dir"
    return "ok", f"{look.facts.bytes / MB:.1f} MB in {len(look.facts.tables)} tables"


@check
def integrity(look: Look) -> Said:
    if look.facts_trouble:
        return "failed", look.facts_trouble, RESTORE
    if look.facts is None:
        return "skipped", "there is no database to look at"
    if look.facts.damage:
        return "failed", f"SQLite found damage: {look.facts.damage[0]}", RESTORE
    return "ok", "quick_check finds nothing"


@check
def foreign_keys(look: Look) -> Said:
    if look.facts is None or look.facts.damage:
        return "skipped", "there is no sound database"
    if look.facts.foreign:
        told = f"{look.facts.foreign} rows refer to rows that are not there"
        return "failed", told, "`gantry-edge restore` the newest backup that `gantry-edge verify` finds whole"
    return "ok", "every row refers to rows that are there"


@check
def schema(look: Look) -> Said:
    if look.facts is None or look.facts.damage:
        return "skipped", "there is no sound database"
    if look.facts.newer:
        advice = "Start that version, or restore a backup made before it"
        return "failed", f"a newer version wrote it (step {look.facts.newer[-1]})", advice
    if look.facts.pending:
        return "warning", f"step {look.facts.pending[0]} is yet to come", "Start the server: it copies, then upgrades"
    return "ok", f"step {look.facts.steps[-1]}, the newest"


@check
@with_database
def journal(look: Look) -> Said:
    assert look.facts is not None
    if look.facts.journal != "wal":
        return "failed", "the database is not in WAL mode", "Start the server once; it sets the mode"
    pragmas = look.pragmas
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    if any(pragmas.get(name) != value for name, value in wanted.items()):
        return "failed", f"it is opened with {pragmas}", "Install Gantry Edge again"
    return "ok", "WAL, synchronous=FULL, foreign keys on"


@check
def write_ahead_log(look: Look) -> Said:
    told = f"{look.wal / MB:.1f} MB"
    if look.wal > WAL_MOST:
        return "warning", told, "Stop and start the server; what reads for very long keeps it from being emptied"
    if look.wal and not look.held:
        return "warning", f"{told} left by a crash", "Start the server: it takes them in"
    return "ok", told


@check
@with_database
def free_space(look: Look) -> Said:
    assert look.facts is not None
    free, whole = look.facts.free_bytes, look.facts.bytes
    told = f"{free / MB:.1f} of {whole / MB:.1f} MB are what was deleted left"
    if free > 100 * MB and free > whole // 2:
        return "warning", told, "It is used again; to give it back: stop, `gantry-edge backup`, `gantry-edge restore`"
    return "ok", told


@check
@with_database
def owner(look: Look) -> Said:
    owners = look.facts.values["owners"] if look.facts else 0
    if not owners:
        return "warning", "there is no owner yet", "Open the link the server prints, or `gantry-edge setup`"
    return "ok", f"{owners} can look after it"


@check
@with_database
def index(look: Look) -> Said:
    assert look.facts is not None
    values, tables = look.facts.values, look.facts.tables
    told = f"{tables['chunks']} passages, {tables['embeddings']} embeddings, {values['words']} in the word index"
    if values["without_vector"] or values["without_chunk"] or values["words"] != tables["chunks"]:
        return "failed", f"they do not agree: {told}", "`gantry-edge restore` a backup, or upload the documents again"
    if look.index_trouble:
        return "warning", look.index_trouble, "gantry-edge reindex; questions are answered by exact search meanwhile"
    if tables["index_ops"] > OPS_MOST:
        return "warning", f"{tables['index_ops']} changes wait for the index", "gantry-edge reindex"
    return "ok", f"{told}, {tables['index_ops']} changes waiting"


@check
@with_database
def embeddings(look: Look) -> Said:
    models = set((look.facts.values["models"] or "").split()) if look.facts else set()
    if old := models - {look.encoder}:
        advice = "Upload those documents again: until then they are found by their words only"
        return "warning", f"some were made by {min(old)}, which is no longer in use", advice
    return "ok", f"all made by {look.encoder}" if models else "none yet"


@check
@with_database
def originals(look: Look) -> Said:
    if look.files_wrong:
        told = f"{len(look.files_wrong)} missing or of another size, such as {look.files_wrong[0][:12]}"
        return "failed", told, "`gantry-edge restore` a backup, or upload those documents again"
    return "ok", f"{len(look.facts.files) if look.facts else 0} files, each of its size"


@check
@with_database
def documents(look: Look) -> Said:
    assert look.facts is not None
    stuck, unread = look.facts.values["stuck"], look.facts.values["unread"]
    if stuck and look.held:
        return "warning", f"{stuck} wait for more than an hour", "Look into `gantry-edge logs`; pause and resume them"
    if unread:
        return "info", f"{unread} could not be read; the library says why"
    return "ok", f"{look.facts.tables['documents']}, none stuck" if not stuck else f"{stuck} wait for the server"


@check
@with_database
def jobs(look: Look) -> Said:
    assert look.facts is not None
    stale, failed = look.facts.values["stale_jobs"], look.facts.values["failed_jobs"]
    if stale and look.held:
        return "warning", f"{stale} have a lease that ran out", "Stop and start the server"
    return "ok", f"{look.facts.tables['jobs']} in the queue, {failed} given up"


@check
@with_database
def answers(look: Look) -> Said:
    running = look.facts.values["running_answers"] if look.facts else 0
    if running and not look.held:
        return "warning", f"{running} were cut short", "Start the server: it marks them, and they can be continued"
    return "ok", f"{running} being written"


@check
def cache(look: Look) -> Said:
    if look.cache is None:
        return "warning", look.cache_trouble, "Nothing: it is thrown away and made anew at the next start"
    entries, strange, _ = look.cache
    if strange:
        return "failed", f"{strange} of {entries} entries are not ours, such as pickles", f"rm -r {look.home / 'cache'}"
    return "ok", f"{entries} entries, all plain bytes"


@check
def backups(look: Look) -> Said:
    if look.backup is None:
        if not look.settings.get("backup_every"):
            return "warning", "none, and none are made by themselves", "gantry-edge backup, or set `backup_every`"
        return "warning", "none yet", "gantry-edge backup"
    days = (look.at - look.backup_at) / DAY
    told = f"{look.backup.name}, {days:.1f} days old"
    if look.backup_trouble:
        return "failed", f"{told}: {look.backup_trouble}", "gantry-edge backup, then delete the damaged one"
    every = look.settings.get("backup_every", 24)
    if every and days * 24 > MISSED * every:
        return "failed", told, "gantry-edge backup; `gantry-edge logs` may say why none was made"
    return "ok", f"{told}, {look.backup_look}"


def examine(look: Look) -> list[Finding]:
    """Every check of both modules."""
    return [run(look) for run in CHECKS.values()]
