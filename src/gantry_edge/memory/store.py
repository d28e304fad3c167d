"""SQL of what is remembered. Each asks for the owner; a foreign id looks like none."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from gantry_edge.errors import NotFound
from gantry_edge.memory.reading import Read
from gantry_edge.memory.saying import Span, day_of
from gantry_edge.memory.schema import Candidate, Exchange, MemoryState, Past
from gantry_edge.memory.switch import is_on
from gantry_edge.paging import Page
from gantry_edge.retrieval.hybrid import stems
from gantry_edge.retrieval.store import add_embeddings
from gantry_edge.storage.database import Connection
from gantry_edge.storage.words import anywhere, find_words, scope_word

WORDS = "exchange_words"
ATTEMPTS = 5  # in which the program ended
SAMPLE = 32  # exchanges of everybody that tell how many are one person's
SHARE = 0.5  # of all
TELLING = 3  # words of a question that is known again by them
CITED = re.compile(r"\s?\[\d{1,3}\](?!\()")
AFTER_EVERY_ID = "z"

CLAIM = f"""
UPDATE exchange_queue SET attempts = attempts + 1 WHERE answer_id = (
    SELECT answer_id FROM exchange_queue WHERE attempts < {ATTEMPTS} ORDER BY answer_id DESC LIMIT 1
) RETURNING answer_id
"""
# what is switched off between the answer and its turn in the queue is not remembered either
READ = """
SELECT a.id, c.user_id, c.id AS conversation_id, u.name, q.created_at, q.parts AS question, m.parts AS answer,
(SELECT before.parts FROM messages up JOIN messages before ON before.id = up.parent_id WHERE up.id = q.parent_id)
AS before, (SELECT instr(x.context, '["document",') FROM answer_contexts x WHERE x.id = a.id) AS read
FROM answers a
JOIN messages m ON m.id = a.id
JOIN messages q ON q.id = m.parent_id
JOIN conversations c ON c.id = m.conversation_id
JOIN users u ON u.id = c.user_id
LEFT JOIN memory_settings s ON s.user_id = c.user_id
WHERE a.id = ? AND a.status = 'done' AND c.memory AND coalesce(s.enabled, 1)
AND NOT EXISTS (SELECT 1 FROM muted_exchanges x WHERE x.id = a.id)
"""
PUT_SENTENCES = "INSERT INTO exchange_sentences (id, model, words, spans, vectors) VALUES (?, ?, ?, ?, ?)"
PUT = """
INSERT INTO exchanges
(id, user_id, conversation_id, said_at, asked, question, answer, vault, scope, context, text)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
# as one row: for each that is fetched, a reader lets go of the interpreter and waits for it again
CANDIDATES = """
SELECT json_group_array(json_array(e.id, e.said_at, e.asked, coalesce(s.words, '')))
FROM exchanges e LEFT JOIN exchange_sentences s ON s.id = e.id
WHERE e.user_id = :user AND e.conversation_id <> :conversation
AND e.conversation_id NOT IN (SELECT id FROM conversations WHERE user_id = :user AND place = 'trash')
AND e.id NOT IN (SELECT exchange_id FROM exchange_exclusions WHERE conversation_id = :conversation)
AND e.{column} IN (SELECT value FROM json_each(:values))
"""
FOUND = """
SELECT json_group_array(json_array(e.id, e.conversation_id, e.said_at, e.question, e.answer, c.title, u.name))
FROM exchanges e JOIN conversations c ON c.id = e.conversation_id JOIN users u ON u.id = :user
WHERE e.user_id = :user AND c.place <> 'trash' AND e.id IN (SELECT value FROM json_each(:values))
"""
THERE = "SELECT count(*) FROM exchanges WHERE number IN (SELECT value FROM json_each(?))"
OWN = """
SELECT json_group_array(number) FROM exchanges WHERE user_id = ? AND number IN (SELECT value FROM json_each(?))
"""
LIST = """
SELECT e.id, e.conversation_id, c.title, e.said_at, e.question
FROM exchanges e JOIN conversations c ON c.id = e.conversation_id
WHERE e.user_id = :user AND e.id < :before
AND (:like IS NULL OR e.question LIKE :like ESCAPE '\\' OR e.answer LIKE :like ESCAPE '\\'
    OR c.title LIKE :like ESCAPE '\\')
ORDER BY e.id DESC LIMIT :limit
"""
STATE = """
SELECT coalesce((SELECT enabled FROM memory_settings WHERE user_id = :user), 1),
(SELECT count(*) FROM exchanges WHERE user_id = :user),
(SELECT count(*) FROM exchange_queue w JOIN messages m ON m.id = w.answer_id
 JOIN conversations c ON c.id = m.conversation_id WHERE c.user_id = :user),
(SELECT count(*) FROM muted_exchanges x JOIN messages m ON m.id = x.id
 JOIN conversations c ON c.id = m.conversation_id WHERE c.user_id = :user)
"""
MUTED_OF = """
SELECT x.id FROM muted_exchanges x JOIN messages m ON m.id = x.id
JOIN conversations c ON c.id = m.conversation_id WHERE c.user_id = ?
"""
OWN_ANSWER = """
SELECT 1 FROM answers a JOIN messages m ON m.id = a.id JOIN conversations c ON c.id = m.conversation_id
WHERE a.id = ? AND c.user_id = ?
"""


# what was to be read again while memory was off was not
QUEUE_UNREAD = """
INSERT INTO exchange_queue (answer_id) SELECT id FROM exchanges e
WHERE user_id = ? AND NOT EXISTS (SELECT 1 FROM exchange_sentences s WHERE s.id = e.id) ON CONFLICT DO NOTHING
"""


class Said(NamedTuple):
    """A question and its answer, as they are remembered; `before` is what was asked before it."""

    id: str
    user_id: str
    conversation_id: str
    speaker: str
    said_at: int
    before: str
    question: str
    answer: str


class Place(NamedTuple):
    """Where a question is asked: whether it may look back, and how many exchanges its own conversation has."""

    open: bool
    own: int


class _Part(msgspec.Struct):
    type: str
    text: str = ""


_parts = msgspec.json.Decoder(list[_Part]).decode
_numbers = msgspec.json.Decoder(list[int]).decode
_candidate = msgspec.json.Decoder(list[Candidate]).decode
_past = msgspec.json.Decoder(list[Past]).decode
_spans = msgspec.json.Decoder(list[Span]).decode


def vault_of(user_id: str) -> str:
    return f"memory-{user_id}"


def scope_of(user_id: str) -> str:
    return f"u{user_id}"


def read_place(connection: Connection, user_id: str, conversation_id: str) -> Place:
    if not is_on(connection, user_id, conversation_id):
        return Place(False, 0)
    others, own = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM exchanges WHERE user_id = ? AND conversation_id <> ?),"
        " (SELECT count(*) FROM exchanges WHERE conversation_id = ?)",
        (user_id, conversation_id, conversation_id),
    ).fetchone()
    return Place(bool(others), own)


def is_idle(connection: Connection) -> bool:
    waits = f"SELECT 1 FROM exchange_queue WHERE attempts < {ATTEMPTS} LIMIT 1"
    return connection.execute(waits).fetchone() is None


def claim(connection: Connection) -> str | None:
    """The newest answer that waits; the attempt is counted before the work."""
    row = connection.execute(CLAIM).fetchone()
    return row[0] if row else None


def give_back(connection: Connection, answer_id: str) -> None:
    connection.execute("UPDATE exchange_queue SET attempts = attempts - 1 WHERE answer_id = ?", (answer_id,))


def drop_waiting(connection: Connection, answer_id: str) -> None:
    connection.execute("DELETE FROM exchange_queue WHERE answer_id = ?", (answer_id,))


def read_said(connection: Connection, answer_id: str) -> Said | None:
    """None when it is not to be remembered.

    Of an answer whose model had read documents only the question is: what documents say is no memory.
    """
    row = connection.execute(READ, (answer_id,)).fetchone()
    if row is None:
        return None
    answer = _parts(row["answer"])
    grounded = row["read"] or any(part.type == "sources" for part in answer)
    return Said(
        row["id"],
        row["user_id"],
        row["conversation_id"],
        row["name"],
        row["created_at"],
        _text(_parts(row["before"])) if row["before"] else "",
        _text(_parts(row["question"])),
        "" if grounded else CITED.sub("", _text(answer)).strip(),
    )


def save(connection: Connection, said: Said, read: Read, model: str) -> bool:
    """In place of what was remembered of it before; False when it was deleted or switched off meanwhile."""
    drop_waiting(connection, said.id)
    if read_said(connection, said.id) is None:
        return False
    connection.execute("DELETE FROM exchanges WHERE id = ?", (said.id,))
    vault, scope = vault_of(said.user_id), scope_word(scope_of(said.user_id))
    place = (said.id, said.user_id, said.conversation_id, said.said_at, asked(said))
    connection.execute(PUT, (*place, said.question, said.answer, vault, scope, day_of(said.said_at), read.text))
    sentences = (said.id, model, read.words, msgspec.json.encode(read.spans).decode(), read.sentences)
    connection.execute(PUT_SENTENCES, sentences)
    add_embeddings(connection, vault, model, [(f"{said.id}:{at}", view) for at, view in enumerate(read.views)])
    return True


def asked(said: Said) -> str:
    """The same for the same question asked again; a short one, like "Why?", is never the same."""
    words = sorted(stems(said.question))
    return " ".join(words) if len(words) >= TELLING else said.id


def queue_others(connection: Connection, model: str) -> None:
    """What an earlier encoder embedded is read again."""
    connection.execute(
        "INSERT INTO exchange_queue (answer_id) SELECT DISTINCT e.id FROM embeddings v"
        " JOIN exchanges e ON e.id = substr(v.chunk_id, 1, 36)"
        " WHERE v.vault LIKE 'memory-%' AND v.model <> ? ON CONFLICT DO NOTHING",
        (model,),
    )


def find_exchanges(connection: Connection, user_id: str, conversation_id: str, ids: Sequence[str]) -> list[Candidate]:
    """Those of them that are this person's own, and not of the conversation that asks."""
    return _candidates(connection, "id", user_id, conversation_id, ids)


def find_by_words(connection: Connection, user_id: str, words: Sequence[str], limit: int) -> list[int]:
    """Numbers of a person's exchanges with any of the words, the best first.

    Who has said the half of all that is remembered here is looked for among all of it: that is quicker.
    """
    share = _share_of_all(connection, user_id)
    if share >= SHARE:
        wanted = round(limit / share * 1.25)
        found = [number for number, _ in find_words(connection, words, None, wanted, table=WORDS)]
        own = _own(connection, user_id, found)
        if len(own) >= limit or len(found) < wanted:
            return [number for number in found if number in own][:limit]
    hits = find_words(connection, words, [scope_of(user_id)], limit, table=WORDS)
    return [number for number, _ in hits]


def _share_of_all(connection: Connection, user_id: str) -> float:
    """About."""
    last = connection.execute("SELECT coalesce(max(number), 0) FROM exchanges").fetchone()[0]
    sample = range(1, last + 1, max(1, last // SAMPLE))
    there = connection.execute(THERE, (_listed(sample),)).fetchone()[0]
    return len(_own(connection, user_id, sample)) / there if there else 0.0


def _own(connection: Connection, user_id: str, numbers: Sequence[int]) -> set[int]:
    return set(_numbers(connection.execute(OWN, (user_id, _listed(numbers))).fetchone()[0]))


def find_numbers(connection: Connection, user_id: str, conversation_id: str, numbers: Sequence[int]) -> list[Candidate]:
    return _candidates(connection, "number", user_id, conversation_id, numbers)


def read_sentences(connection: Connection, ids: Sequence[str], model: str) -> dict[str, tuple[list[Span], bytes]]:
    """Where the sentences of each stand, and what they say, packed; whose they are has been asked."""
    marks = ", ".join("?" * len(ids))
    rows = connection.execute(
        f"SELECT id, spans, vectors FROM exchange_sentences WHERE model = ? AND id IN ({marks})", (model, *ids)
    )
    return {row[0]: (_spans(row[1]), row[2]) for row in rows}


def read_exchanges(connection: Connection, user_id: str, ids: Sequence[str]) -> dict[str, Past]:
    given = {"user": user_id, "values": _listed(ids)}
    return {row.id: row for row in _past(connection.execute(FOUND, given).fetchone()[0])} if ids else {}


def read_state(connection: Connection, user_id: str) -> MemoryState:
    enabled, exchanges, waiting, muted = connection.execute(STATE, {"user": user_id}).fetchone()
    return MemoryState(bool(enabled), exchanges, waiting, muted)


def set_enabled(connection: Connection, user_id: str, enabled: bool) -> MemoryState:
    connection.execute(
        "INSERT INTO memory_settings (user_id, enabled) VALUES (?, ?)"
        " ON CONFLICT (user_id) DO UPDATE SET enabled = excluded.enabled",
        (user_id, int(enabled)),
    )
    if enabled:
        connection.execute(QUEUE_UNREAD, (user_id,))
    return read_state(connection, user_id)


def list_exchanges(
    connection: Connection, user_id: str, *, words: str = "", before: str | None = None, limit: int = 50
) -> Page[Exchange]:
    """The newest first."""
    values = {"user": user_id, "before": before or AFTER_EVERY_ID, "like": anywhere(words)}
    rows = connection.execute(LIST, {**values, "limit": limit + 1}).fetchall()
    items = [Exchange(*row) for row in rows[:limit]]
    return Page(items, items[-1].id if len(rows) > limit else None)


def mute(connection: Connection, user_id: str, id: str) -> None:
    """It is forgotten, and not read again."""
    _check_owner(connection, user_id, id)
    connection.execute("INSERT INTO muted_exchanges (id) VALUES (?) ON CONFLICT DO NOTHING", (id,))
    connection.execute("DELETE FROM exchanges WHERE id = ?", (id,))
    drop_waiting(connection, id)


def unmute(connection: Connection, user_id: str, id: str) -> None:
    """It may be used again, and is read anew."""
    _check_owner(connection, user_id, id)
    if connection.execute("DELETE FROM muted_exchanges WHERE id = ? RETURNING id", (id,)).fetchone():
        connection.execute("INSERT INTO exchange_queue (answer_id) VALUES (?) ON CONFLICT DO NOTHING", (id,))


def unmute_all(connection: Connection, user_id: str) -> None:
    for row in connection.execute(MUTED_OF, (user_id,)).fetchall():
        unmute(connection, user_id, row[0])


def exclude(connection: Connection, conversation_id: str, exchange_id: str) -> None:
    """It is not used in this conversation again; whose they are has been asked."""
    connection.execute(
        "INSERT INTO exchange_exclusions (conversation_id, exchange_id)"
        " SELECT ?, id FROM messages WHERE id = ? ON CONFLICT DO NOTHING",
        (conversation_id, exchange_id),
    )


def exclude_as_in(connection: Connection, conversation_id: str, branch_id: str) -> None:
    """What is not used in a conversation is not used in its branch; whose they are has been asked."""
    connection.execute(
        "INSERT INTO exchange_exclusions (conversation_id, exchange_id)"
        " SELECT ?, exchange_id FROM exchange_exclusions WHERE conversation_id = ?",
        (branch_id, conversation_id),
    )


def _check_owner(connection: Connection, user_id: str, id: str) -> None:
    if connection.execute(OWN_ANSWER, (id, user_id)).fetchone() is None:
        raise NotFound("There is no such exchange")


def _text(parts: Iterable[_Part]) -> str:
    return "".join(part.text for part in parts if part.type == "text").strip()


def _candidates(
    connection: Connection, column: str, user_id: str, conversation_id: str, values: Sequence[str] | Sequence[int]
) -> list[Candidate]:
    given = {"user": user_id, "conversation": conversation_id, "values": _listed(values)}
    return _candidate(connection.execute(CANDIDATES.format(column=column), given).fetchone()[0])


def _listed(values: Sequence[str] | Sequence[int]) -> str:
    return msgspec.json.encode(list(values)).decode()
