"""SQL of what is known: read, changed and forgotten by its person. Each asks for the owner."""

from collections.abc import Iterable, Sequence

from msgspec import UNSET

from gantry_edge.errors import BadRequest, NotFound
from gantry_edge.facts.learned import accept, index_entity, index_words, merge
from gantry_edge.facts.names import key_of
from gantry_edge.facts.queue import words_said
from gantry_edge.facts.schema import Edge, Entity, EntityChange, Fact, FactChange, Graph, Said, Status
from gantry_edge.facts.wording import Speaker, label, sentence
from gantry_edge.ids import now
from gantry_edge.paging import Page
from gantry_edge.storage.database import Connection, Row
from gantry_edge.storage.words import anywhere

NODES = 200  # of a graph that can still be read
SOURCES = 5  # of one fact
NAMES = """
SELECT entity_id, name FROM entity_names WHERE entity_id IN ({marks})
GROUP BY entity_id, key ORDER BY length(max(name)) DESC, name
"""
SAID = """
SELECT s.fact_id, s.message_id, s.begins, s.ends, m.parts, m.created_at, c.id AS conversation_id, c.title
FROM fact_sources s JOIN messages m ON m.id = s.message_id JOIN conversations c ON c.id = m.conversation_id
WHERE s.fact_id IN ({marks}) ORDER BY m.created_at DESC
"""
LIST = """
SELECT f.* FROM facts f WHERE f.user_id = :user AND f.id < :before
AND (:status IS NULL OR f.status = :status) AND (:history OR f.valid_to IS NULL)
AND (:about IS NULL OR :about IN (f.subject_id, f.object_id))
AND (:like IS NULL OR f.value LIKE :like ESCAPE '\\' OR f.text LIKE :like ESCAPE '\\'
    OR EXISTS (SELECT 1 FROM entity_names n WHERE n.fact_id = f.id AND n.name LIKE :like ESCAPE '\\')
    OR EXISTS (SELECT 1 FROM entities e WHERE e.id IN (f.subject_id, f.object_id) AND e.name LIKE :like ESCAPE '\\'))
ORDER BY f.id DESC LIMIT :limit
"""
LINES = """
SELECT id, subject_id, object_id, predicate, value FROM facts
WHERE user_id = ? AND object_id IS NOT NULL AND valid_to IS NULL AND status <> 'suggested' ORDER BY id
"""


def list_facts(
    connection: Connection,
    user_id: str,
    *,
    query: str = "",
    about: str | None = None,
    status: Status | None = None,
    history: bool = True,
    before: str | None = None,
    limit: int = 50,
) -> Page[Fact]:
    values = {"user": user_id, "before": before or "~", "status": status, "history": history, "about": about}
    rows = connection.execute(LIST, {**values, "like": anywhere(query), "limit": limit + 1}).fetchall()
    return Page(_facts(connection, rows[:limit]), rows[limit - 1]["id"] if len(rows) > limit else None)


def all_facts(connection: Connection, user_id: str) -> list[Fact]:
    return _facts(
        connection, connection.execute("SELECT * FROM facts WHERE user_id = ? ORDER BY id", (user_id,)).fetchall()
    )


def get_fact(connection: Connection, user_id: str, id: str) -> Fact:
    row = connection.execute("SELECT * FROM facts WHERE id = ? AND user_id = ?", (id, user_id)).fetchone()
    if row is None:
        raise NotFound("There is no such fact")
    return _facts(connection, [row])[0]


def change_fact(connection: Connection, user_id: str, id: str, change: FactChange) -> Fact:
    """Approve, pin, put in one's own words, move to history or back."""
    fact = get_fact(connection, user_id, id)
    status: Status = "approved" if fact.status == "suggested" else fact.status
    if change.status is not UNSET:
        status = change.status
    if change.text is not UNSET:
        text = " ".join(change.text.split())
        if not text:
            raise BadRequest("A fact needs words; to remove it, forget it")
        connection.execute("UPDATE facts SET text = ? WHERE id = ?", (text, id))
    if change.ended is not UNSET:
        ended = now() if change.ended else None
        connection.execute("UPDATE facts SET valid_to = ?, superseded_by = NULL WHERE id = ?", (ended, id))
    connection.execute(
        "UPDATE facts SET status = :status, own = (:status = 'pinned' OR text IS NOT NULL) WHERE id = :id",
        {"status": status, "id": id},
    )
    _stop_reading(connection, id)
    index_words(connection, id)
    if fact.status == "suggested" and fact.valid_to is None:
        accept(connection, id)
    return get_fact(connection, user_id, id)


def forget_fact(connection: Connection, user_id: str, id: str) -> None:
    get_fact(connection, user_id, id)
    _stop_reading(connection, id)
    connection.execute("DELETE FROM facts WHERE id = ?", (id,))


def _stop_reading(connection: Connection, id: str) -> None:
    """What its person has seen to is not learned from the same message once more."""
    connection.execute(
        "DELETE FROM facts_queue WHERE message_id IN (SELECT message_id FROM fact_sources WHERE fact_id = ?)", (id,)
    )


def forget_everything(connection: Connection, user_id: str) -> None:
    """Also what is still to be read."""
    connection.execute("DELETE FROM facts_queue WHERE user_id = ?", (user_id,))
    connection.execute("DELETE FROM facts WHERE user_id = ?", (user_id,))
    connection.execute("DELETE FROM entities WHERE user_id = ?", (user_id,))


def forget_conversation(connection: Connection, conversation_id: str) -> None:
    """What was said nowhere else. Whose it is has been asked."""
    for table in ("facts_queue", "fact_sources"):
        sql = f"DELETE FROM {table} WHERE message_id IN (SELECT id FROM messages WHERE conversation_id = ?)"
        connection.execute(sql, (conversation_id,))


def change_entity(connection: Connection, user_id: str, id: str, change: EntityChange) -> Entity:
    """Its name; that of another one makes both one."""
    row = connection.execute(
        "SELECT id FROM entities WHERE id = ? AND user_id = ? AND kind <> 'me'", (id, user_id)
    ).fetchone()
    if row is None:
        raise NotFound("There is no such entity")
    name = " ".join(change.name.split())
    if not key_of(name):
        raise BadRequest("A name needs letters or digits")
    others = _entities(connection, [row[0] for row in connection.execute(
        "SELECT id FROM entities WHERE user_id = ? AND kind <> 'me' AND id <> ?", (user_id, id))])  # fmt: skip
    connection.execute("UPDATE entities SET name = ? WHERE id = ?", (name, id))
    for other in others.values():
        if key_of(name) in map(key_of, [other.name, *other.aliases]):
            merge(connection, id, other.id)
    index_entity(connection, id)
    return _entities(connection, [id])[id]


def graph(connection: Connection, user_id: str) -> Graph:
    """Whom and what facts that count connect; the most connected first."""
    rows = connection.execute(LINES, (user_id,)).fetchall()
    degree: dict[str, int] = {}
    for row in rows:
        for id in (row["subject_id"], row["object_id"]):
            degree[id] = degree.get(id, 0) + 1
    shown = sorted(degree, key=lambda id: (-degree[id], id))[:NODES]
    entities, kept = _entities(connection, shown), set(shown)
    edges = [
        Edge(row["id"], row["subject_id"], row["object_id"], label(row["predicate"], row["value"]))
        for row in rows
        if row["subject_id"] in kept and row["object_id"] in kept
    ]
    return Graph([entities[id] for id in shown], edges, len(degree) - len(shown))


def _facts(connection: Connection, rows: Sequence[Row]) -> list[Fact]:
    entities = _of_facts(connection, rows)
    said = _said(connection, [row["id"] for row in rows])
    return [
        Fact(
            id=row["id"],
            subject=entities[row["subject_id"]],
            predicate=row["predicate"],
            object=entities[row["object_id"]] if row["object_id"] else None,
            value=row["value"],
            text=_text(row, entities),
            status=row["status"],
            confidence=row["confidence"],
            origin=row["origin"],
            own=bool(row["own"]),
            valid_from=row["valid_from"],
            valid_to=row["valid_to"],
            superseded_by=row["superseded_by"],
            learned_at=row["learned_at"],
            sources=said.get(row["id"], []),
        )
        for row in rows
    ]


def read_sentences(connection: Connection, ids: Sequence[str]) -> list[str]:
    """As their person would say them."""
    sql = f"SELECT * FROM facts WHERE id IN ({', '.join('?' * len(ids))})"
    rows = {row["id"]: row for row in connection.execute(sql, ids)}
    entities = _of_facts(connection, list(rows.values()))
    return [_text(rows[id], entities, "I") for id in ids]


def _text(row: Row, entities: dict[str, Entity], speaker: Speaker = "You") -> str:
    subject, object = entities[row["subject_id"]], entities[row["object_id"]].name if row["object_id"] else ""
    me = subject.kind == "me"
    return row["text"] or sentence(row["predicate"], subject.name, object, row["value"], me=me, speaker=speaker)


def _of_facts(connection: Connection, rows: Sequence[Row]) -> dict[str, Entity]:
    return _entities(connection, {id for row in rows for id in (row["subject_id"], row["object_id"]) if id})


def _entities(connection: Connection, ids: Iterable[str]) -> dict[str, Entity]:
    """Each with the name its person gave it, else the longest it was called by."""
    found: dict[str, Entity] = {}
    for some in _portions(list(ids)):
        marks = ", ".join("?" * len(some))
        names: dict[str, list[str]] = {}
        for entity_id, name in connection.execute(NAMES.format(marks=marks), some):
            names.setdefault(entity_id, []).append(name)
        for row in connection.execute(f"SELECT id, kind, name FROM entities WHERE id IN ({marks})", some):
            called = names.get(row["id"], [])
            name = "You" if row["kind"] == "me" else row["name"] or next(iter(called), "?")
            found[row["id"]] = Entity(row["id"], row["kind"], name, [other for other in called if other != name])
    return found


def _said(connection: Connection, fact_ids: list[str]) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = {}
    for some in _portions(fact_ids):
        for row in connection.execute(SAID.format(marks=", ".join("?" * len(some))), some):
            places = found.setdefault(row["fact_id"], [])
            if len(places) < SOURCES:
                words = words_said(row["parts"])[row["begins"] : row["ends"]]
                places.append(Said(row["message_id"], row["conversation_id"], row["title"], row["created_at"], words))
    return found


def _portions(ids: list[str]) -> Iterable[list[str]]:
    return (ids[at : at + 500] for at in range(0, len(ids), 500))
