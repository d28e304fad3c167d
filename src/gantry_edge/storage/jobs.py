"""A queue that is a table: a queued row is a job, a lease says who works on it. Knows no room.

An attempt is counted before the work, so that whatever the work does to the program has been counted. Work that
failed is tried again, later each time, up to `ATTEMPTS`. Work that ended because the program ended is not to
blame: it goes to the end of the queue, and only `DEATHS` such ends without progress in between are held against it.
"""

from collections.abc import Sequence
from typing import NamedTuple

from gantry_edge.ids import now
from gantry_edge.storage.database import Connection

LEASE = 60_000  # milliseconds
ATTEMPTS = 3
BACKOFF = (2_000, 15_000)  # milliseconds after the first and the second failure
DEATHS = 10

# another group's job goes before one of the group served last: nobody waits for someone else's thousand files
CLAIM = """
UPDATE jobs SET status = 'running', attempts = attempts + 1, leased_until = :until, updated_at = :now
WHERE id = (
    SELECT id FROM jobs WHERE kind IN ({kinds})
    AND (status = 'queued' AND run_at <= :now OR status = 'running' AND leased_until < :now)
    ORDER BY kind <> :kind0, deaths, payload = :after, run_at, id LIMIT 1
) RETURNING id, kind, payload, attempts
"""
OURS = "id = :id AND kind = :kind AND attempts = :attempts AND status = 'running'"


class Job(NamedTuple):
    """`group` is whose it is."""

    id: str
    kind: str
    group: str
    attempts: int


def put_job(connection: Connection, id: str, kind: str, group: str, *, delay: int = 0) -> None:
    """Queue it; an earlier job of this id, running or not, is forgotten."""
    at = now()
    connection.execute(
        "INSERT INTO jobs (id, kind, payload, status, run_at, created_at, updated_at)"
        " VALUES (:id, :kind, :group, 'queued', :run_at, :now, :now)"
        " ON CONFLICT (id) DO UPDATE SET kind = :kind, payload = :group, status = 'queued', attempts = 0, deaths = 0,"
        " run_at = :run_at, leased_until = NULL, error = NULL, updated_at = :now",
        {"id": id, "kind": kind, "group": group, "run_at": at + delay, "now": at},
    )


def drop_job(connection: Connection, id: str) -> None:
    connection.execute("DELETE FROM jobs WHERE id = ?", (id,))


def claim_job(connection: Connection, kinds: Sequence[str], after: str = "") -> Job | None:
    """The next one that is due, with an attempt counted and a lease taken.

    Jobs of the first kind go before all others; `after` is the group served last.
    """
    names = {f"kind{at}": kind for at, kind in enumerate(kinds)}
    sql = CLAIM.format(kinds=", ".join(f":{name}" for name in names))
    row = connection.execute(sql, {"now": now(), "until": now() + LEASE, "after": after, **names}).fetchone()
    return Job(*row) if row else None


def next_due(connection: Connection, kinds: Sequence[str]) -> int | None:
    """When there is something to claim; None for an empty queue."""
    marks = ", ".join("?" * len(kinds))
    row = connection.execute(
        "SELECT min(CASE status WHEN 'queued' THEN run_at ELSE leased_until END) FROM jobs"
        f" WHERE kind IN ({marks}) AND status IN ('queued', 'running')",
        tuple(kinds),
    ).fetchone()
    return row[0] if row[0] is None else int(row[0])


def renew_job(connection: Connection, job: Job) -> None:
    """Still at it."""
    connection.execute(f"UPDATE jobs SET leased_until = :until WHERE {OURS}", {**_ours(job), "until": now() + LEASE})


def advance_job(connection: Connection, job: Job) -> bool:
    """Something of it is done and stored; False when the job was taken back meanwhile."""
    row = connection.execute(
        f"UPDATE jobs SET leased_until = :until, deaths = 0 WHERE {OURS} RETURNING id",
        {**_ours(job), "until": now() + LEASE},
    ).fetchone()
    return row is not None


def finish_job(connection: Connection, job: Job) -> None:
    connection.execute(f"DELETE FROM jobs WHERE {OURS}", _ours(job))


def return_job(connection: Connection, job: Job) -> None:
    """The program stops in good order: the attempt does not count."""
    connection.execute(
        f"UPDATE jobs SET status = 'queued', attempts = attempts - 1, leased_until = NULL WHERE {OURS}", _ours(job)
    )


def fail_job(connection: Connection, job: Job, error: str, *, attempts: int = ATTEMPTS) -> bool:
    """Try it again later, or no more: False."""
    again = job.attempts < attempts
    delay = BACKOFF[min(job.attempts, len(BACKOFF)) - 1]
    connection.execute(
        "UPDATE jobs SET status = :status, error = :error, run_at = :run_at, leased_until = NULL, updated_at = :now"
        f" WHERE {OURS}",
        {
            **_ours(job),
            "status": "queued" if again else "failed",
            "error": error,
            "run_at": now() + delay,
            "now": now(),
        },
    )
    return again


def recover_jobs(connection: Connection, kinds: Sequence[str]) -> list[str]:
    """At the start, when nobody works yet: queue what a crash cut off. Ids of those given up."""
    marks = ", ".join("?" * len(kinds))
    rows = connection.execute(
        "UPDATE jobs SET deaths = deaths + 1, attempts = attempts - 1, leased_until = NULL, updated_at = ?,"
        f" status = CASE WHEN deaths + 1 < {DEATHS} THEN 'queued' ELSE 'failed' END"
        f" WHERE status = 'running' AND kind IN ({marks}) RETURNING id, status",
        (now(), *kinds),
    ).fetchall()
    return [row["id"] for row in rows if row["status"] == "failed"]


def _ours(job: Job) -> dict[str, object]:
    return {"id": job.id, "kind": job.kind, "attempts": job.attempts}
