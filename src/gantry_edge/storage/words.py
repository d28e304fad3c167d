"""Full-text search over pieces of text: the one place that speaks FTS5. Knows no room.

The table keeps no copy of the text, only its words; to delete a piece, its text has to be handed in again,
exactly as it was. `secure-delete` (set in the migration) then takes the words out of the index at once, where
FTS5 would otherwise only mark them. The column `scope` holds names of what a piece belongs to, so that a search
within a scope is an intersection inside the index and never scores what lies outside it.
"""

from collections.abc import Sequence

from gantry_edge.storage.database import Connection

INSERT = "INSERT INTO chunk_words (rowid, scope, context, text) VALUES (?, ?, ?, ?)"
DELETE = "INSERT INTO chunk_words (chunk_words, rowid, scope, context, text) VALUES ('delete', ?, ?, ?, ?)"
FIND = """
SELECT rowid, -bm25(chunk_words, 0.0, 1.0, 1.0) AS score FROM chunk_words
WHERE chunk_words MATCH ? ORDER BY bm25(chunk_words, 0.0, 1.0, 1.0) LIMIT ?
"""


def add_words(connection: Connection, number: int, scope: Sequence[str], context: str, text: str) -> None:
    connection.execute(INSERT, (number, " ".join(map(scope_word, scope)), context, text))


def delete_words(connection: Connection, number: int, scope: Sequence[str], context: str, text: str) -> None:
    """The same values that were added."""
    connection.execute(DELETE, (number, " ".join(map(scope_word, scope)), context, text))


def find_words(connection: Connection, query: str, scope: Sequence[str], limit: int) -> list[tuple[int, float]]:
    """Numbers and scores (more is better) of the best pieces in any of these scopes; `query` is FTS5's language."""
    if not query or not scope:
        return []
    within = " OR ".join(f'"{scope_word(name)}"' for name in scope)
    rows = connection.execute(FIND, (f"{{scope}} : ({within}) AND {{context text}} : ({query})", limit))
    return [(row[0], row[1]) for row in rows]


def scope_word(name: str) -> str:
    """One word to the tokenizer, which would split an id at its dashes."""
    return name.replace("-", "")
