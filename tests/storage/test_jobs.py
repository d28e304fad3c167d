"""The queue: who gets what, how often, and what a crash leaves."""

import pytest

from gantry_edge.storage import jobs
from gantry_edge.storage.database import Connection, Database

KINDS = ("erase", "read")


def status(connection: Connection, id: str) -> tuple[str, int]:
    row = connection.execute("SELECT status, attempts FROM jobs WHERE id = ?", (id,)).fetchone()
    return row["status"], row["attempts"]


def make_all_due(connection: Connection) -> None:
    connection.execute("UPDATE jobs SET run_at = 0")


async def put(database: Database, id: str, group: str = "ada", kind: str = "read", delay: int = 0) -> None:
    await database.write(lambda c: jobs.put_job(c, id, kind, group, delay=delay))


async def claim(database: Database, after: str = "") -> jobs.Job:
    job = await database.write(lambda c: jobs.claim_job(c, KINDS, after))
    assert job
    return job


async def test_jobs_come_in_the_order_they_were_put(database: Database) -> None:
    for id in ("a", "b", "c"):
        await put(database, id)
    assert [(await claim(database)).id for _ in range(3)] == ["a", "b", "c"]
    assert await database.write(lambda c: jobs.claim_job(c, KINDS)) is None


async def test_a_thousand_files_of_one_do_not_keep_another_waiting(database: Database) -> None:
    for at in range(5):
        await put(database, f"ada{at}")
    await put(database, "bob0", "bob")
    assert (await claim(database)).id == "ada0"
    assert (await claim(database, after="ada")).id == "bob0"
    assert (await claim(database, after="bob")).id == "ada1"


async def test_an_attempt_is_counted_before_the_work(database: Database) -> None:
    await put(database, "a")
    assert (await claim(database)).attempts == 1
    assert await database.read(lambda c: status(c, "a")) == ("running", 1)


async def test_work_that_fails_is_tried_three_times(database: Database) -> None:
    await put(database, "a")
    for again in (True, True, False):
        await database.write(make_all_due)
        job = await claim(database)
        assert await database.write(lambda c: jobs.fail_job(c, job, "no")) is again
    assert await database.read(lambda c: status(c, "a")) == ("failed", 3)
    await database.write(make_all_due)
    assert await database.write(lambda c: jobs.claim_job(c, KINDS)) is None


async def test_a_second_attempt_waits(database: Database) -> None:
    await put(database, "a")
    job = await claim(database)
    await database.write(lambda c: jobs.fail_job(c, job, "no"))
    assert await database.write(lambda c: jobs.claim_job(c, KINDS)) is None
    assert await database.read(lambda c: jobs.next_due(c, KINDS))


async def test_a_job_for_later_is_not_due(database: Database) -> None:
    await put(database, "a", delay=60_000)
    assert await database.write(lambda c: jobs.claim_job(c, KINDS)) is None


async def test_a_lease_that_ran_out_frees_the_job(database: Database) -> None:
    await put(database, "a")
    await claim(database)
    await database.write(lambda c: c.execute("UPDATE jobs SET leased_until = 1"))
    assert (await claim(database)).attempts == 2


async def test_a_crash_sends_the_job_to_the_end_and_is_not_a_failure(database: Database) -> None:
    await put(database, "a")
    await put(database, "b")
    await claim(database)
    assert await database.write(lambda c: jobs.recover_jobs(c, KINDS)) == []
    assert (await claim(database)).id == "b"
    assert (await claim(database)).attempts == 1


async def test_a_job_that_ends_the_program_again_and_again_is_given_up(database: Database) -> None:
    await put(database, "a")
    given_up: list[str] = []
    for _ in range(jobs.DEATHS):
        assert not given_up
        await claim(database)
        given_up = await database.write(lambda c: jobs.recover_jobs(c, KINDS))
    assert given_up == ["a"]


async def test_progress_is_a_new_beginning(database: Database) -> None:
    await put(database, "a")
    for _ in range(3 * jobs.DEATHS):
        job = await claim(database)
        assert await database.write(lambda c: jobs.advance_job(c, job))
        assert await database.write(lambda c: jobs.recover_jobs(c, KINDS)) == []


async def test_a_stop_in_good_order_costs_no_attempt(database: Database) -> None:
    await put(database, "a")
    for _ in range(5):
        job = await claim(database)
        assert job.attempts == 1
        await database.write(lambda c: jobs.return_job(c, job))


@pytest.mark.parametrize("taken", ["put", "drop"])
async def test_who_lost_a_job_changes_nothing_of_it(database: Database, taken: str) -> None:
    await put(database, "a")
    old = await claim(database)
    if taken == "put":
        await put(database, "a", kind="erase")
    else:
        await database.write(lambda c: jobs.drop_job(c, "a"))
    assert not await database.write(lambda c: jobs.advance_job(c, old))
    await database.write(lambda c: jobs.finish_job(c, old))
    await database.write(lambda c: jobs.fail_job(c, old, "no"))
    left = await database.read(lambda c: [tuple(row) for row in c.execute("SELECT kind, status FROM jobs")])
    assert left == ([("erase", "queued")] if taken == "put" else [])


async def test_what_is_named_first_goes_first(database: Database) -> None:
    await put(database, "a")
    await put(database, "b", kind="erase")
    job = await database.write(lambda c: jobs.claim_job(c, KINDS))
    assert job
    assert job.id == "b"
