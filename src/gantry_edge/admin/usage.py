"""What was used, by whom and of which model: counts from the answers that are there, never what they say."""

from datetime import UTC, datetime

from gantry_edge.admin.schema import Usage, UsageDay, UsageRow
from gantry_edge.ids import first_id
from gantry_edge.storage.database import Connection

DAY = 86_400_000  # ms
MINUTE = 60_000
# an answer from before its conversation is a copy, and was used where it was given
ENDED = """
FROM answers a JOIN messages m ON m.id = a.id JOIN conversations c ON c.id = m.conversation_id
JOIN users u ON u.id = c.user_id
WHERE a.id >= :first AND a.status <> 'running' AND a.created_at >= c.created_at
"""
BY_DAY = f"""
SELECT (a.created_at + :offset) / {DAY} AS day, count(*) AS answers,
    sum(coalesce(a.prompt_tokens, 0) + coalesce(a.completion_tokens, 0)) AS tokens {ENDED} GROUP BY day ORDER BY day
"""
BY_PERSON = f"""
SELECT c.user_id, u.name, a.model, count(*) AS answers, sum(a.status = 'failed') AS failed,
    sum(coalesce(a.prompt_tokens, 0)) AS prompt_tokens, sum(coalesce(a.completion_tokens, 0)) AS completion_tokens,
    sum(coalesce(a.duration_ms, 0)) AS duration_ms {ENDED}
GROUP BY c.user_id, a.model ORDER BY sum(coalesce(a.prompt_tokens, 0) + coalesce(a.completion_tokens, 0)) DESC, u.name
"""


def read_usage(connection: Connection, now: int, days: int, offset: int, watts: float) -> Usage:
    """Of so many days, today last; `offset` is how many minutes the reader's clock is ahead of UTC."""
    ahead = offset * MINUTE
    today = (now + ahead) // DAY
    values = {"first": first_id((today - days + 1) * DAY - ahead), "offset": ahead}
    found = {row["day"]: (row["answers"], row["tokens"]) for row in connection.execute(BY_DAY, values)}
    every = range(today - days + 1, today + 1)
    rows = [UsageRow(**dict(row)) for row in connection.execute(BY_PERSON, values)]
    return Usage([UsageDay(_date(day), *found.get(day, (0, 0))) for day in every], rows, watts)


def _date(day: int) -> str:
    return datetime.fromtimestamp(day * DAY / 1000, UTC).date().isoformat()
