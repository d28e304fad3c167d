"""SQL of learning: whom a message names, and what becomes of what was known before."""

from collections.abc import Iterable

from gantry_edge.facts.names import key_of
from gantry_edge.facts.queue import Waiting, drop_message, hand_on
from gantry_edge.facts.rules import OVER
from gantry_edge.facts.schema import FUNCTIONAL, ONE_OF_A_KIND, SURE, Candidate, Mention, Predicate
from gantry_edge.facts.wording import words_of
from gantry_edge.ids import new_id, now
from gantry_edge.memory.switch import is_on
from gantry_edge.storage.database import Connection, Row

ACQUAINTED = 0.15  # surer of what is said of someone who is known

NAMED = """
SELECT DISTINCT e.id, e.kind, n.key FROM entities e JOIN entity_names n ON n.entity_id = e.id
WHERE e.user_id = :user AND e.kind <> 'me'
UNION SELECT id, kind, name FROM entities WHERE user_id = :user AND name IS NOT NULL
"""
CURRENT = "SELECT * FROM facts WHERE subject_id = ? AND predicate = ? AND valid_to IS NULL"


def keep_learned(
    connection: Connection, waiting: Waiting, found: Iterable[Candidate], *, ask_model: bool = False
) -> None:
    """What a message said, unless it was deleted, taken back or switched off meanwhile."""
    still = is_on(connection, waiting.user_id, waiting.conversation_id)
    leave = hand_on if ask_model and still else drop_message
    if not leave(connection, waiting.message_id) or not still:
        return
    for candidate in found:
        if candidate.ended:
            _end(connection, waiting, candidate)
        else:
            _learn(connection, waiting, candidate)


def _learn(connection: Connection, waiting: Waiting, candidate: Candidate) -> None:
    subject, object = (_find(connection, waiting.user_id, mention) for mention in (candidate.subject, candidate.object))
    known = _known(connection, subject, object, candidate) if subject and (object or not candidate.object) else None
    if known is not None:
        _add_source(connection, known["id"], waiting, candidate)
        if candidate.confidence >= SURE and known["status"] == "suggested":
            sql = "UPDATE facts SET status = 'approved', confidence = ? WHERE id = ?"
            connection.execute(sql, (candidate.confidence, known["id"]))
            accept(connection, known["id"])
        return
    confidence = candidate.confidence
    if confidence < SURE and candidate.subject.kind != "me" and subject and _is_known(connection, subject):
        confidence += ACQUAINTED
    id = new_id()
    subject = subject or _add_entity(connection, waiting.user_id, candidate.subject)
    if candidate.object and object is None:
        object = _add_entity(connection, waiting.user_id, candidate.object)
    connection.execute(
        "INSERT INTO facts (id, user_id, subject_id, predicate, object_id, value, status, confidence, origin,"
        " valid_from, learned_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (id, waiting.user_id, subject, candidate.predicate, object, candidate.value,
         "approved" if confidence >= SURE else "suggested", confidence, candidate.origin, waiting.said_at, now()),
    )  # fmt: skip
    _add_source(connection, id, waiting, candidate)
    for entity, mention in ((subject, candidate.subject), (object, candidate.object)):
        if entity and mention and mention.kind != "me":
            _add_name(connection, entity, id, mention)
    index_words(connection, id)
    if confidence >= SURE:
        accept(connection, id)


def accept(connection: Connection, id: str) -> None:
    """From here on it counts: what it contradicts is history, and another name is one."""
    fact = connection.execute("SELECT * FROM facts WHERE id = ?", (id,)).fetchone()
    if fact["predicate"] == "also_called":
        _take_alias(connection, fact)
    for other in connection.execute(CURRENT, (fact["subject_id"], fact["predicate"])).fetchall():
        if other["id"] == id or not _contradicts(fact, other):
            continue
        old, new = sorted((fact, other), key=lambda row: (row["valid_from"], row["id"]))
        if new["status"] == "suggested":
            continue
        connection.execute(
            "UPDATE facts SET valid_to = ?, superseded_by = ? WHERE id = ?", (new["valid_from"], new["id"], old["id"])
        )
        if old["status"] == "pinned":
            connection.execute("UPDATE facts SET status = 'pinned', own = 1 WHERE id = ?", (new["id"],))


def _contradicts(one: Row, other: Row) -> bool:
    predicate: Predicate = one["predicate"]
    if predicate == "relation":
        return bool(one["value"] == other["value"] and one["value"] in ONE_OF_A_KIND)
    if predicate == "prefers":
        (mine, *against), (theirs, *_) = (OVER.split(fact["value"].lower(), maxsplit=1) for fact in (one, other))
        return theirs in [mine, *against]
    return predicate in FUNCTIONAL


def _end(connection: Connection, waiting: Waiting, candidate: Candidate) -> None:
    """It was so until this was said; of what nobody ever said nothing is kept."""
    subject, object = (_find(connection, waiting.user_id, mention) for mention in (candidate.subject, candidate.object))
    if subject and object:
        connection.execute(
            "UPDATE facts SET valid_to = :at WHERE subject_id = :subject AND predicate = :predicate"
            " AND object_id = :object AND valid_to IS NULL AND valid_from <= :at",
            {"at": waiting.said_at, "subject": subject, "predicate": candidate.predicate, "object": object},
        )


def _known(connection: Connection, subject: str, object: str | None, candidate: Candidate) -> Row | None:
    row: Row
    for row in connection.execute(CURRENT, (subject, candidate.predicate)):
        same = key_of(row["value"]) == key_of(candidate.value) or (object and not candidate.value)
        if row["object_id"] == object and same:
            return row
    return None


def _is_known(connection: Connection, entity_id: str) -> bool:
    sql = "SELECT 1 FROM facts WHERE (subject_id = :id OR object_id = :id) AND status <> 'suggested' LIMIT 1"
    return connection.execute(sql, {"id": entity_id}).fetchone() is not None


def _find(connection: Connection, user_id: str, mention: Mention | None) -> str | None:
    """The entity a mention means: one of this name, or the one person with this first name."""
    if mention is None:
        return None
    if mention.kind == "me":
        row = connection.execute("SELECT id FROM entities WHERE user_id = ? AND kind = 'me'", (user_id,)).fetchone()
        return str(row[0]) if row else None
    key = key_of(mention.name)
    named = [(str(row[0]), str(row[1]), key_of(row[2])) for row in connection.execute(NAMED, {"user": user_id})]
    for id, kind, other in named:
        if other == key and _may_be_one(kind, mention.kind):
            if kind == "thing" and mention.kind != "thing":
                connection.execute("UPDATE entities SET kind = ? WHERE id = ?", (mention.kind, id))
            return id
    if mention.kind != "person":
        return None
    short = " " not in key
    alike = {
        id
        for id, kind, other in named
        if kind == "person" and (other.split(" ")[0] == key if short else other == key.split(" ")[0])
    }
    return alike.pop() if len(alike) == 1 and (short or _only_first(named, alike)) else None


def _only_first(named: list[tuple[str, str, str]], ids: set[str]) -> bool:
    """Whether no more than the first name of a person is known."""
    return all(" " not in key for id, _, key in named if id in ids)


def _may_be_one(kind: str, other: str) -> bool:
    """A person or a place is no tool of the same name; the other kinds go over into each other."""
    fixed = {"person", "place"}
    return kind == other or "thing" in (kind, other) or not {kind, other} & fixed


def _add_entity(connection: Connection, user_id: str, mention: Mention) -> str:
    id = new_id()
    connection.execute(
        "INSERT INTO entities (id, user_id, kind, created_at) VALUES (?, ?, ?, ?)", (id, user_id, mention.kind, now())
    )
    return id


def _add_name(connection: Connection, entity_id: str, fact_id: str, mention: Mention) -> None:
    connection.execute(
        "INSERT INTO entity_names (entity_id, fact_id, key, name) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (entity_id, fact_id, key_of(mention.name), mention.name),
    )


def _add_source(connection: Connection, fact_id: str, waiting: Waiting, candidate: Candidate) -> None:
    connection.execute(
        "INSERT INTO fact_sources (fact_id, message_id, begins, ends) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (fact_id, waiting.message_id, candidate.start, candidate.end),
    )


def _take_alias(connection: Connection, fact: Row) -> None:
    subject = fact["subject_id"]
    kind = connection.execute("SELECT kind FROM entities WHERE id = ?", (subject,)).fetchone()[0]
    alias = Mention(kind, fact["value"])
    other = _find(connection, fact["user_id"], alias)
    _add_name(connection, subject, fact["id"], alias)
    if other and other != subject:
        merge(connection, subject, other)
    else:
        index_entity(connection, subject)


def merge(connection: Connection, kept: str, gone: str) -> None:
    """Two entities are one from here on; what both said is said once."""
    connection.execute("UPDATE facts SET subject_id = ? WHERE subject_id = ?", (kept, gone))
    connection.execute("UPDATE facts SET object_id = ? WHERE object_id = ?", (kept, gone))
    connection.execute("UPDATE OR REPLACE entity_names SET entity_id = ? WHERE entity_id = ?", (kept, gone))
    connection.execute("DELETE FROM entities WHERE id = ?", (gone,))
    connection.execute("DELETE FROM facts WHERE subject_id = ? AND object_id = subject_id", (kept,))
    seen: dict[tuple[object, ...], str] = {}
    sql = "SELECT * FROM facts WHERE subject_id = ? OR object_id = ? ORDER BY own DESC, id"
    for row in connection.execute(sql, (kept, kept)).fetchall():
        what = (row["subject_id"], row["predicate"], row["object_id"], key_of(row["value"]), row["valid_to"])
        first = seen.setdefault(what, row["id"])
        if first != row["id"]:
            for table in ("fact_sources", "entity_names"):
                connection.execute(f"UPDATE OR IGNORE {table} SET fact_id = ? WHERE fact_id = ?", (first, row["id"]))
            connection.execute("DELETE FROM facts WHERE id = ?", (row["id"],))
    index_entity(connection, kept)


def index_entity(connection: Connection, entity_id: str) -> None:
    rows = connection.execute("SELECT id FROM facts WHERE subject_id = :id OR object_id = :id", {"id": entity_id})
    for row in rows.fetchall():
        index_words(connection, row[0])


def index_words(connection: Connection, fact_id: str) -> None:
    """The words a question finds it by."""
    fact = connection.execute(
        "SELECT f.*, e.kind FROM facts f JOIN entities e ON e.id = f.subject_id WHERE f.id = ?", (fact_id,)
    ).fetchone()
    names = connection.execute(
        "SELECT name FROM entity_names WHERE entity_id IN (:subject, :object)"
        " UNION SELECT name FROM entities WHERE id IN (:subject, :object) AND name IS NOT NULL",
        {"subject": fact["subject_id"], "object": fact["object_id"]},
    ).fetchall()
    words = words_of(fact["predicate"], [row[0] for row in names], fact["value"], fact["text"], me=fact["kind"] == "me")
    connection.execute("DELETE FROM fact_words WHERE fact_id = ?", (fact_id,))
    connection.executemany(
        "INSERT INTO fact_words (user_id, word, fact_id, weight) VALUES (?, ?, ?, ?)",
        [(fact["user_id"], word, fact_id, weight) for word, weight in words.items()],
    )
