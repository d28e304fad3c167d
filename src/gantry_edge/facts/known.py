"""What is known that matters for a question. The front door of this room."""

from collections.abc import Sequence
from typing import NamedTuple

from gantry_edge.facts.queue import queue_message
from gantry_edge.facts.store import forget_conversation, read_sentences
from gantry_edge.facts.wording import NAMED
from gantry_edge.memory.switch import is_on
from gantry_edge.retrieval.hybrid import stems
from gantry_edge.storage.database import Connection

__all__ = ["Known", "forget_conversation", "known_for", "queue_message", "sentences_of"]

MOST = 12  # facts beside one question, pinned ones first
MOST_WORDS = 64  # of a question
PINNED = """
SELECT id FROM facts WHERE user_id = ? AND status = 'pinned' AND valid_to IS NULL ORDER BY id DESC LIMIT ?
"""
# what was said in the trash alone is not told
MATCHING = """
SELECT f.id, sum(w.weight) AS weight FROM fact_words w JOIN facts f ON f.id = w.fact_id
WHERE w.user_id = ? AND w.word IN ({marks}) AND f.status = 'approved' AND f.valid_to IS NULL
AND (f.own OR EXISTS (
    SELECT 1 FROM fact_sources s JOIN messages m ON m.id = s.message_id
    JOIN conversations c ON c.id = m.conversation_id WHERE s.fact_id = f.id AND c.place <> 'trash'
))
GROUP BY f.id HAVING sum(w.weight) >= ? ORDER BY weight DESC, f.valid_from DESC LIMIT ?
"""


class Known(NamedTuple):
    """A fact in the words of its person: "I live in Bern"."""

    id: str
    text: str


def known_for(connection: Connection, user_id: str, conversation_id: str, question: str) -> list[Known]:
    """The pinned ones, then those that share a name or some words with the question, the best first.

    None is looked up where memory is off.
    """
    if not is_on(connection, user_id, conversation_id):
        return []
    ids = [row[0] for row in connection.execute(PINNED, (user_id, MOST))]
    words = sorted(stems(question))[:MOST_WORDS]
    if words and len(ids) < MOST:
        sql = MATCHING.format(marks=", ".join("?" * len(words)))
        ids += [row[0] for row in connection.execute(sql, (user_id, *words, NAMED, MOST - len(ids)))]
    return [Known(id, text) for id, text in zip(ids, read_sentences(connection, ids), strict=True)]


def sentences_of(connection: Connection, user_id: str, ids: Sequence[str]) -> dict[str, str]:
    """Of those that are facts of this person still."""
    marks = ", ".join("?" * len(ids))
    found = connection.execute(f"SELECT id FROM facts WHERE user_id = ? AND id IN ({marks})", (user_id, *ids))
    still = [row[0] for row in found]
    return dict(zip(still, read_sentences(connection, still), strict=True))
