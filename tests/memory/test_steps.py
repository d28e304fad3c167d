"""What an upgrade does to what was remembered before."""

from json import dumps, loads

from sqlite_utils import Database as Schema

from gantry_edge.storage import steps


def test_what_is_remembered_is_read_again_and_the_switch_of_each_stays_as_it_is() -> None:
    schema = Schema(memory=True)
    steps.load().apply(schema, stop_before="m011_recall")
    person = "INSERT INTO users (id, name, name_key, role, password_hash, created_at, updated_at)"
    for name in ("ada", "bob", "kim"):
        schema.conn.execute(f"{person} VALUES (?1, ?1, ?1, 'member', '', 0, 0)", (name,))
    schema.conn.execute("INSERT INTO memory_settings VALUES ('ada', 1), ('bob', 0)")
    schema.conn.execute(
        "INSERT INTO conversations (id, user_id, title, created_at, updated_at) VALUES ('c', 'ada', '', 0, 0)"
    )
    parts = [{"type": "memories", "items": [{"id": "x", "spans": [0, 4, 2, 9]}]}, {"type": "text", "text": "Möwe"}]
    schema.conn.execute("INSERT INTO messages VALUES ('a', 'c', NULL, 1, 'assistant', ?, 0)", (dumps(parts),))
    schema.conn.execute("INSERT INTO answers (id, status, model, created_at) VALUES ('a', 'done', 'm', 0)")
    schema.conn.execute(
        "INSERT INTO exchanges VALUES (1, 'a', 'ada', 'c', 0, '', 'Cat?', 'Fish and so on', 'v', 's', '', '')"
    )
    steps.load().apply(schema)
    assert list(schema.conn.execute("SELECT * FROM exchange_queue")) == [("a", 0)]
    assert dict(schema.conn.execute("SELECT * FROM memory_settings")) == {"ada": 1, "bob": 0}
    [memories, text] = loads(schema.execute("SELECT parts FROM messages").fetchone()[0])
    assert memories["items"] == [{"id": "x", "spans": [0, 4], "answered": [2, 9]}]
    assert text["text"] == "Möwe"
