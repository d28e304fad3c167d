"""What a person takes out: all of theirs, nothing of anyone else's."""

import hashlib
import json
import tracemalloc
import unicodedata
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from factory import ask, exchange, learned, make_user, shelve

from gantry_edge.accounts.schema import Role, User
from gantry_edge.chat.export import export_conversations
from gantry_edge.chat.images import add_image
from gantry_edge.chat.pictures import Picture
from gantry_edge.chat.schema import NewImage
from gantry_edge.chat.store import parts_from
from gantry_edge.cli import cli
from gantry_edge.documents.store import delete_document
from gantry_edge.errors import Conflict, NotFound
from gantry_edge.ids import new_id, now
from gantry_edge.memory.store import set_enabled
from gantry_edge.personas.schema import NewPersona
from gantry_edge.personas.store import add_persona
from gantry_edge.prompts.schema import PromptFields
from gantry_edge.prompts.store import add_prompt
from gantry_edge.storage.database import Connection, open_connection
from gantry_edge.storage.files import Files
from gantry_edge.storage.migrations import migrate
from gantry_edge.storage.packing import LONGEST, Folder, pack, safe_name

ODD = [
    "../../etc/passwd",
    "CON",
    'a/b\\c:d*e?"<>|',
    "  ...  ",
    "\u202egnp.exe",
    "日本語のとても長い題名" * 20,
    "👩‍👩‍👧 عربى हिन्दी",
    "tab\tand\nline",
]
CANARY = "zyxomatic"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """ada with branches, odd titles and documents; ben with what nobody else may see."""
    home = tmp_path / "home"
    home.mkdir()
    connection = open_connection(home / "gantry.db")
    migrate(connection)
    ada, ben = make_user(connection, "ada"), make_user(connection, "ben")
    first = exchange(connection, ada, "Why is the sea salty?", "Rivers.")
    exchange(connection, ada, "And rain?", conversation_id=first.conversation_id)
    exchange(connection, ada, "And lakes?", conversation_id=first.conversation_id, parent_id=first.answer_id)
    ask(connection, ada, "Something else", conversation_id=first.conversation_id, parent_id=None)
    for id, name in ((ben, CANARY), (ada, "Pirate")):
        fields = NewPersona(name=name, prompt="Arr", starters=["Ahoy"])
        persona = add_persona(connection, User(id, "", Role.MEMBER, 0), fields)
    for id, name in ((ben, CANARY), (ada, "Minutes")):
        add_prompt(connection, id, PromptFields(name, "Minutes of {{meeting}}"))
    set_enabled(connection, ada, enabled=True)
    set_enabled(connection, ben, enabled=True)
    learned(connection, ada, "I live in Bern")
    learned(connection, ben, f"I live in {CANARY.capitalize()}")
    for title in ODD:
        exchange(connection, ada, title, persona_id=persona.id)
    exchange(connection, ben, CANARY, CANARY)
    for user, name, content in (
        (ada, "notes.txt", b"mine"),
        (ada, "日本語/" + "x" * 300 + ".pdf", b"\0\1\2"),
        (ben, "his.txt", CANARY.encode()),
    ):
        put_document(connection, home, user, name, content)
    connection.close()
    return home


def put_document(connection: Connection, home: Path, user: str, name: str, content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    incoming = Files(home / "files").receive(1000)
    incoming.write(content)
    incoming.keep()
    document = shelve(connection, user, "text", digest)
    connection.execute("UPDATE documents SET name = ?, bytes = ? WHERE id = ?", (name, len(content), document.id))
    return document.id


def run(home: Path, *arguments: str) -> str:
    result = CliRunner().invoke(cli, ["export", "--data-dir", str(home), *arguments], catch_exceptions=True)
    if result.exception:
        raise result.exception
    return result.stdout


def files_of(place: Path) -> dict[str, bytes]:
    if place.is_file():
        with zipfile.ZipFile(place) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()}


def conversations_of(files: dict[str, bytes]) -> list[dict[str, Any]]:
    return [json.loads(body) for name, body in files.items() if "conversations/" in name and name.endswith(".json")]


def rows_of(home: Path, sql: str) -> list[dict[str, Any]]:
    connection = open_connection(home / "gantry.db")
    rows = [dict(row) for row in connection.execute(sql)]
    connection.close()
    return rows


@pytest.mark.parametrize("target", ["out", "out.zip"])
def test_every_row_of_a_person_is_in_it(home: Path, tmp_path: Path, target: str) -> None:
    run(home, "ada", "--to", str(tmp_path / target))
    exported = conversations_of(files_of(tmp_path / target))
    messages = [{**each, "conversation_id": one["id"]} for one in exported for each in one["messages"]]
    answers = [{"id": each["id"], **each["answer"]} for each in messages if each["answer"]]
    ada = "(SELECT id FROM conversations WHERE user_id = (SELECT id FROM users WHERE name = 'ada'))"
    for table, found in (("conversations", exported), ("messages", messages), ("answers", answers)):
        where = {"conversations": f"id IN {ada}", "messages": f"conversation_id IN {ada}"}.get(
            table, f"id IN (SELECT id FROM messages WHERE conversation_id IN {ada})"
        )
        rows = {row["id"]: row for row in rows_of(home, f"SELECT * FROM {table} WHERE {where}")}
        assert len(found) == len(rows) > 5
        for each in found:
            row = rows[each["id"]]
            row.pop("user_id", None)
            row.pop("left_folder_id", None)  # the way back of a day
            for name in {"parts", "persona"} & set(row):
                row[name] = json.loads(row[name] or "null")
            assert {name: each[name] for name in row} == row


def test_what_a_message_answers_comes_before_it(home: Path, tmp_path: Path) -> None:
    run(home, "ada", "--to", str(tmp_path / "out"))
    (tree,) = [one for one in conversations_of(files_of(tmp_path / "out")) if len(one["messages"]) == 8]
    seen: set[str | None] = {None}
    for message in tree["messages"]:
        assert message["parent_id"] in seen
        seen.add(message["id"])
    parts_from(json.dumps(tree["messages"][0]["parts"]))


def test_the_personas_of_a_person_are_in_it(home: Path, tmp_path: Path) -> None:
    run(home, "ada", "--to", str(tmp_path / "out"))
    (kept,) = json.loads(files_of(tmp_path / "out")["personas.json"])["personas"]
    assert (kept["name"], kept["prompt"], kept["starters"]) == ("Pirate", "Arr", ["Ahoy"])


def test_the_prompts_of_a_person_are_in_it(home: Path, tmp_path: Path) -> None:
    run(home, "ada", "--to", str(tmp_path / "out"))
    (kept,) = json.loads(files_of(tmp_path / "out")["prompts.json"])["prompts"]
    assert (kept["name"], kept["text"]) == ("Minutes", "Minutes of {{meeting}}")


def test_the_pictures_of_a_persons_conversations_are_in_it(home: Path, tmp_path: Path) -> None:
    connection = open_connection(home / "gantry.db")
    ids = {}
    for name, colour in (("ada", b"a"), ("ben", b"b")):
        user = connection.execute("SELECT id FROM users WHERE name = ?", (name,)).fetchone()[0]
        incoming = Files(home / "files").receive(1000)
        incoming.write(colour)
        image = add_image(connection, user, incoming.keep(), Picture("image/png", 1, 1, colour), 10**9)
        exchange(connection, user, "Look", images=[NewImage(image.id, "boat.png")])
        ids[name] = image.id
    connection.close()
    run(home, "ada", "--to", str(tmp_path / "out"))
    found = {name: body for name, body in files_of(tmp_path / "out").items() if name.startswith("images/")}
    assert found == {f"images/{ids['ada']}.png": b"a"}


def test_what_is_known_about_a_person_is_in_it(home: Path, tmp_path: Path) -> None:
    assert "1 facts" in run(home, "ada", "--to", str(tmp_path / "out"))
    files = files_of(tmp_path / "out")
    (fact,) = json.loads(files["memory.json"])["facts"]
    assert (fact["text"], fact["sources"][0]["words"]) == ("You live in Bern", "I live in Bern")
    assert b"You live in Bern" in files["memory.md"]


def test_the_markdown_tells_every_version(home: Path, tmp_path: Path) -> None:
    run(home, "ada", "--to", str(tmp_path / "out"))
    text = next(
        body.decode() for name, body in files_of(tmp_path / "out").items() if name.endswith(".md") and b"salty" in body
    )
    assert text.startswith("# Why is the sea salty?\n\nada, 20")
    for words in ("And rain?", "And lakes?", "Something else", "*Version 2 of 2*", "*After “Rivers.”*", "*(running)*"):
        assert words in text


def test_originals_are_byte_for_byte_where_the_list_says(home: Path, tmp_path: Path) -> None:
    run(home, "ada", "--to", str(tmp_path / "out.zip"))
    files = files_of(tmp_path / "out.zip")
    listed = [each for shelf in json.loads(files["documents.json"])["collections"] for each in shelf["documents"]]
    assert len(listed) == 2
    for document in listed:
        assert hashlib.sha256(files[document["file"]]).hexdigest() == document["sha256"]
    assert any(document["file"].endswith(".pdf") for document in listed)


def test_nothing_of_anyone_else_is_in_it(home: Path, tmp_path: Path) -> None:
    run(home, "ada", "--to", str(tmp_path / "out"))
    for name, body in files_of(tmp_path / "out").items():
        assert CANARY.encode() not in body + name.encode(), name
    run(home, "--all", "--to", str(tmp_path / "all"))
    assert {name.split("/")[0] for name, body in files_of(tmp_path / "all").items() if CANARY.encode() in body} == {
        "0002 ben"
    }


def test_a_document_that_was_deleted_is_not_in_it(home: Path, tmp_path: Path) -> None:
    connection = open_connection(home / "gantry.db")
    user, id = connection.execute("SELECT user_id, id FROM documents WHERE name = 'his.txt'").fetchone()
    delete_document(connection, user, id)
    connection.close()
    (done,) = json.loads(run(home, "ben", "--to", str(tmp_path / "out"), "--json"))
    assert (done["documents"], done["conversations"]) == (0, 2)


def test_a_missing_original_is_said(home: Path, tmp_path: Path) -> None:
    digest = hashlib.sha256(b"mine").hexdigest()
    (home / "files" / digest[:2] / digest).unlink()
    assert "1 originals are missing" in run(home, "ada", "--to", str(tmp_path / "out"))
    shelves = json.loads((tmp_path / "out" / "documents.json").read_bytes())["collections"]
    assert [each["file"] for shelf in shelves for each in shelf["documents"]].count(None) == 1
    assert json.loads((tmp_path / "out" / "person.json").read_bytes())["counts"]["missing"] == 1


def test_odd_titles_stay_inside_and_apart(home: Path, tmp_path: Path) -> None:
    run(home, "ada", "--to", str(tmp_path / "out"))
    names = [path.name for path in (tmp_path / "out" / "conversations").iterdir()]
    assert len(names) == 2 * (2 + len(ODD))
    assert {path.name for path in tmp_path.iterdir()} == {"home", "out"}


@pytest.mark.parametrize("text", ODD)
def test_a_name_is_safe_in_any_script(text: str) -> None:
    name = safe_name(text, ".md")
    assert len(name.encode()) <= LONGEST
    assert not set(name) & set('<>:"/\\|?*\n\t\u202e')
    assert name == unicodedata.normalize("NFC", name)
    assert not name.startswith((" ", "..")), name


def test_nothing_is_overwritten_and_nothing_half_is_left(home: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(Conflict):
        run(home, "ada", "--to", str(tmp_path / "there"))
    with pytest.raises(NotFound):
        run(home, "nobody", "--to", str(tmp_path / "out.zip"))
    with pytest.raises(RuntimeError), pack(tmp_path / "half") as packing:
        with packing.open("a/b") as file:
            file.write(b"x")
        raise RuntimeError
    assert {path.name for path in tmp_path.iterdir()} == {"home", "there"}


def test_only_its_owner_can_read_it(home: Path, tmp_path: Path) -> None:
    run(home, "ada", "--to", str(tmp_path / "out"))
    run(home, "ada", "--to", str(tmp_path / "out.zip"))
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert [path for path in (tmp_path / "out", tmp_path / "out.zip", *files) if path.stat().st_mode & 0o077] == []


@pytest.mark.slow
def test_a_very_long_thread_takes_no_memory(tmp_path: Path) -> None:
    connection = open_connection(tmp_path / "gantry.db")
    migrate(connection)
    ada = make_user(connection, "ada")
    started = exchange(connection, ada)
    ids = [started.answer_id, *(new_id() for _ in range(29_998))]
    text = json.dumps([{"type": "text", "text": "words " * 50}])
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO messages VALUES (?, ?, ?, 0, 'user', ?, ?)",
        [(id, started.conversation_id, before, text, now()) for before, id in pairwise(ids)],
    )
    connection.execute("COMMIT")
    del ids
    tracemalloc.start()
    done = export_conversations(connection, ada, "ada", Folder(tmp_path / "out"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    connection.close()
    assert done.messages == 30_000
    assert peak < 2_000_000
    (file,) = (tmp_path / "out" / "conversations").glob("*.json")
    with file.open("rb") as lines:
        assert sum(line.startswith(b'{"id"') for line in lines) == 30_000
