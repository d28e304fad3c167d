"""Full-text search over pieces of text: the one place that speaks FTS5. Knows no room.

The table keeps no copy of the text, only its words; to delete a piece, its text has to be handed in again,
exactly as it was. `secure-delete` (set in the migration) then takes the words out of the index at once, where
FTS5 would otherwise only mark them. The column `scope` holds names of what a piece belongs to, so that a search
within a scope is an intersection inside the index and never scores what lies outside it. It costs a walk along all
pieces of the scope: where that is most of them, search everywhere and leave out the rest.
"""

from collections.abc import Sequence

import msgspec

from gantry_edge.storage.database import Connection

INSERT = "INSERT INTO chunk_words (rowid, scope, context, text) VALUES (?, ?, ?, ?)"
DELETE = "INSERT INTO chunk_words (chunk_words, rowid, scope, context, text) VALUES ('delete', ?, ?, ?, ?)"
LAST = "SELECT max(id) FROM {table}_docsize"
COUNT = "SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {table} MATCH ? LIMIT ?)"
# as one row: for each that is fetched, a reader lets go of the interpreter and waits for it again
FIND = """
SELECT json_group_array(json_array(number, score) ORDER BY score DESC) FROM (
    SELECT rowid AS number, -bm25({table}, 0.0, 1.0, 1.0) AS score FROM {table}
    WHERE {table} MATCH ? ORDER BY score DESC LIMIT ?
)
"""
NEWEST = "SELECT rowid FROM {table} WHERE {table} MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?"
MOST_SCORED = 10_000  # pieces; scoring takes a microsecond for each, finding them a tenth of it
MERGED = 64  # pages of one write, some 5 ms
LEAST_WORDS = 2  # that decide, however common they are

_hits = msgspec.json.Decoder(list[tuple[int, float]]).decode


def add_words(connection: Connection, number: int, scope: Sequence[str], context: str, text: str) -> None:
    connection.execute(INSERT, (number, " ".join(map(scope_word, scope)), context, text))


def delete_words(connection: Connection, number: int, scope: Sequence[str], context: str, text: str) -> None:
    """The same values that were added."""
    connection.execute(DELETE, (number, " ".join(map(scope_word, scope)), context, text))


def mark_deleted(connection: Connection, table: str) -> None:
    """From here on words are only marked when they are deleted, a fiftieth of the work; `take_marked` has to follow."""
    connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('secure-delete', 0)")


def take_marked(connection: Connection, table: str) -> None:
    """Words are taken out at once again; those that are marked go by merging, which begins here."""
    connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('secure-delete', 1)")
    connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', {-MERGED})")


def merge_some(connection: Connection, table: str) -> bool:
    """Whether there is more to merge."""
    before = connection.total_changes
    connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', {MERGED})")
    return connection.total_changes - before > 1


def find_words(
    connection: Connection, words: Sequence[str], scope: Sequence[str] | None, limit: int, *, table: str = "chunk_words"
) -> list[tuple[int, float]]:
    """Numbers and scores (more is better) of the best pieces with any of the words, in any of these scopes.

    A scope of None is everywhere.
    """
    if not words or scope == []:
        return []
    large = (connection.execute(LAST.format(table=table)).fetchone()[0] or 0) > MOST_SCORED
    if large and _count(connection, table, _within(scope, words), MOST_SCORED + 1) > MOST_SCORED:
        telling = _telling(connection, table, words)
        if len(found := _find(connection, table, _within(scope, telling), limit)) == limit:
            return found
    return _find(connection, table, _within(scope, words), limit)


def find_newest(
    connection: Connection, words: Sequence[str], scope: str, before: int, limit: int, *, table: str
) -> list[int]:
    """Numbers below `before` of pieces with all of the words, the highest first; the last may be a beginning."""
    said = " AND ".join(map(_quoted, words))
    query = f"{{scope}} : {_quoted(scope_word(scope))} AND {{text}} : ({said} *)"
    return [row[0] for row in connection.execute(NEWEST.format(table=table), (query, before, limit))]


def _telling(connection: Connection, table: str, words: Sequence[str]) -> list[str]:
    """The rare ones: what stands in every tenth piece of a large library says little and takes long to score."""
    counts = {word: _count(connection, table, _any_of([word]), MOST_SCORED) for word in words}
    room = MOST_SCORED
    telling: list[str] = []
    for word in sorted(words, key=lambda word: counts[word]):
        room -= counts[word]
        if room < 0 and len(telling) >= LEAST_WORDS:
            break
        telling.append(word)
    return telling


def _find(connection: Connection, table: str, query: str, limit: int) -> list[tuple[int, float]]:
    return _hits(connection.execute(FIND.format(table=table), (query, limit)).fetchone()[0])


def _count(connection: Connection, table: str, query: str, most: int) -> int:
    return int(connection.execute(COUNT.format(table=table), (query, most)).fetchone()[0])


def _within(scope: Sequence[str] | None, words: Sequence[str]) -> str:
    said = f"{{context text}} : ({_any_of(words)})"
    return said if scope is None else f"{{scope}} : ({_any_of([scope_word(name) for name in scope])}) AND {said}"


def _any_of(words: Sequence[str]) -> str:
    return " OR ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    """So that nothing in it is syntax."""
    return '"' + word.replace('"', '""') + '"'


def anywhere(words: str) -> str | None:
    """What LIKE looks for, with `\\` as ESCAPE, where the words stand somewhere; None for none."""
    return "%" + "".join(f"\\{c}" if c in "%_\\" else c for c in words) + "%" if words else None


def scope_word(name: str) -> str:
    """One word to the tokenizer, which would split an id at its dashes."""
    return name.replace("-", "")
