"""Passages: the right ones, only one's own, whole, within the budget."""

from pathlib import Path

import pytest
from documents.desk import Desk

from gantry_edge.documents import ingest
from gantry_edge.documents.extract import Extracted, extract
from gantry_edge.documents.passages import Found, assemble
from gantry_edge.documents.schema import Passage, Scope
from gantry_edge.documents.search import BYTES_PER_TOKEN
from gantry_edge.documents.store import add_collection

CHEESE = "The Gruyère of our cooperative ripens for fourteen months in a cave near Fribourg. It is washed twice a week."
BOATS = "Ferries to the island leave at nine and at noon. The crossing takes forty minutes, longer in winter."
TAXES = "The tax return for companies is due on the last day of May. Extensions need a written request."


def found(seq: int, start: int, end: int, score: float, document: str = "d", gap: str = "") -> Found:
    text = "abcdefghijklmnopqrstuvwxyz"[start:end]
    return Found(seq, gap, Passage(f"{document}{seq}", document, "a.txt", "c", None, "", start, end, text, score))


def spans(passages: list[Passage]) -> list[tuple[int, int, str]]:
    return [(passage.start, passage.end, passage.text) for passage in passages]


async def test_the_passage_that_answers_comes_first(working: Desk) -> None:
    ada = await working.person("ada")
    await working.read(ada, ("cheese.txt", CHEESE), ("boats.txt", BOATS), ("taxes.txt", TAXES))
    for question, name in (
        ("When does the ship go?", "boats.txt"),
        ("How long is the cheese stored?", "cheese.txt"),
        ("deadline for corporate tax filings", "taxes.txt"),
        ("Fribourg", "cheese.txt"),
    ):
        assert (await working.find(ada, question))[0].document_name == name, question


class Backwards:
    """Likes best what came last."""

    def order(self, question: str, texts: list[str]) -> list[int]:
        return list(reversed(range(len(texts))))


async def test_a_reranker_has_the_last_word_on_the_order(working: Desk) -> None:
    ada = await working.person("ada")
    await working.read(ada, ("cheese.txt", CHEESE), ("boats.txt", BOATS), ("taxes.txt", TAXES))
    before = await working.find(ada, "Where does the cheese ripen?")
    working.search._reranker = Backwards()  # type: ignore[assignment]
    after = await working.find(ada, "Where does the cheese ripen?")
    assert [passage.id for passage in after] == [passage.id for passage in reversed(before)]
    assert [passage.score for passage in after] == [passage.score for passage in before]


async def test_a_passage_says_where_it_stands(working: Desk) -> None:
    ada = await working.person("ada")
    (id,) = await working.read(ada, ("cheese.txt", CHEESE))
    (passage,) = await working.find(ada, "How long does the cheese ripen?")
    text = await working.database.read(lambda c: c.execute("SELECT text FROM document_texts").fetchone()[0])
    assert passage.text == text[passage.start : passage.end]
    assert (passage.document_id, passage.document_name, passage.heading) == (id, "cheese.txt", "")


async def test_nothing_relevant_is_said_to_be_nothing(working: Desk) -> None:
    ada = await working.person("ada")
    await working.read(ada, ("cheese.txt", CHEESE), ("boats.txt", BOATS))
    assert await working.find(ada, "Who won the chess championship of 1972?") == []


@pytest.mark.parametrize(
    "query", ["", "  ", '"', "'; --", "NEAR(", "a AND", "*", "{x} : (", "-", "\x00", "the of and", "😀", "scope : u1"]
)
async def test_no_query_breaks_the_search(working: Desk, query: str) -> None:
    ada = await working.person("ada")
    await working.read(ada, ("cheese.txt", CHEESE))
    assert isinstance(await working.find(ada, query), list)


async def test_a_question_longer_than_the_encoder_reads_is_no_error(working: Desk) -> None:
    ada = await working.person("ada")
    await working.read(ada, ("cheese.txt", CHEESE))
    assert await working.find(ada, "How long does the Gruyère cheese ripen in the cave? " * 500)


async def test_a_scope_holds_within_the_search(working: Desk) -> None:
    ada = await working.person("ada")
    food = (await working.database.write(lambda c: add_collection(c, ada, "Food"))).id
    cheese, second = await working.read(ada, ("c.txt", CHEESE), ("c2.txt", f"{CHEESE} Also sold."), collection_id=food)
    (boats,) = await working.read(ada, ("boats.txt", BOATS))

    async def ids(scope: Scope, query: str = "Where does the cheese ripen, and when does the ferry leave?") -> set[str]:
        return {passage.document_id for passage in await working.find(ada, query, scope)}

    assert await ids(Scope()) == {cheese, second, boats}
    assert await ids(Scope(collection_ids=[food])) == {cheese, second}
    assert await ids(Scope(document_ids=[cheese])) == {cheese}
    assert await ids(Scope(collection_ids=[food], document_ids=[boats])) == {cheese, second, boats}
    assert await ids(Scope(collection_ids=[], document_ids=[])) == set()
    assert await ids(Scope(document_ids=[boats]), "cheese in a cave") <= {boats}


async def test_a_scope_of_someone_else_finds_nothing(working: Desk) -> None:
    ada, bob = await working.person("ada"), await working.person("bob")
    (hers,) = await working.read(ada, ("cheese.txt", CHEESE))
    await working.read(bob, ("boats.txt", BOATS))
    place = (await working.document(ada, hers)).collection_id
    for scope in (Scope(document_ids=[hers]), Scope(collection_ids=[place]), Scope([place], [hers])):
        assert await working.find(bob, "cheese ripens Fribourg ferries", scope) == []


class Liar:
    """An index that names everything there is, whoever asks."""

    def __init__(self, desk: Desk) -> None:
        self._database = desk.database

    async def nearest(self, *asked: object) -> list[tuple[str, float]]:
        return await self._database.read(
            lambda c: [(row[0], 0.9) for row in c.execute("SELECT id FROM chunks ORDER BY id")] + [("nothing", 0.99)]
        )


async def extract_here(path: Path, name: str, command: list[str]) -> Extracted:
    """Without a child process, which takes longer than a short text."""
    return extract(path, name)


async def test_fifty_owners_never_see_each_others_text(working: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "extract_in_child", extract_here)
    people = {name: await working.person(name) for name in (f"owner{at}" for at in range(50))}
    for name, id in people.items():
        await working.read(id, (f"{name}.txt", f"The secret word of this vault is canary{name}. {CHEESE}"))
    honest = working.search._index
    for index in (honest, Liar(working)):
        working.search._index = index  # type: ignore[assignment]
        for name, id in people.items():
            for query in ("secret word of the vault", "canaryowner7", f"canary{name}"):
                passages = await working.find(id, query)
                assert {passage.document_name for passage in passages} <= {f"{name}.txt"}
                assert "canary" not in "".join(passage.text for passage in passages).replace(f"canary{name}", "")
            assert passages


async def test_a_document_is_found_once_it_is_ready(working: Desk) -> None:
    ada = await working.person("ada")
    (id,) = await working.read(ada, ("cheese.txt", CHEESE))
    for status, there in (("embedding", False), ("failed", False), ("ready", True)):
        await working.database.write(lambda c: c.execute("UPDATE documents SET status = ?", (status,)))
        assert bool(await working.find(ada, "Where does the cheese ripen?")) is there
    assert id


async def test_the_passages_keep_to_the_budget(working: Desk) -> None:
    ada = await working.person("ada")
    text = " ".join(f"Ferry number {at} leaves the island for harbour {at * 3} at dawn." for at in range(300))
    await working.read(ada, ("boats.txt", text))
    for budget in (50, 300, 1500):
        passages = await working.find(ada, "When do ferries leave the island?", budget=budget)
        assert passages
        assert sum(len(passage.text.encode()) for passage in passages) <= budget * BYTES_PER_TOKEN


def test_neighbours_become_one_passage_in_the_place_of_the_better() -> None:
    passages = assemble([found(3, 6, 9, 0.9), found(0, 0, 2, 0.8), found(4, 10, 12, 0.7, gap="j")], 100, 10)
    assert spans(passages) == [(6, 12, "ghijkl"), (0, 2, "ab")]
    assert passages[0].id == "d3"
    assert passages[0].score == 0.9


def test_an_overlap_is_told_once() -> None:
    passages = assemble([found(1, 3, 8, 0.9), found(0, 0, 5, 0.8)], 100, 10)
    assert spans(passages) == [(0, 8, "abcdefgh")]


def test_a_chunk_between_two_passages_joins_them() -> None:
    passages = assemble([found(0, 0, 3, 0.9), found(2, 6, 9, 0.8), found(1, 3, 6, 0.7)], 100, 10)
    assert spans(passages) == [(0, 9, "abcdefghi")]


def test_a_passage_names_the_pages_it_crosses() -> None:
    first, second, third = found(0, 0, 3, 0.9), found(1, 3, 6, 0.8), found(5, 9, 12, 0.7)
    first.passage.page, second.passage.page, second.passage.page_end, third.passage.page = 1, 1, 2, 4
    passages = assemble([first, second, third], 100, 10)
    assert [(passage.page, passage.page_end) for passage in passages] == [(1, 2), (4, None)]


def test_a_long_way_apart_is_not_one_passage() -> None:
    passages = assemble([found(0, 0, 3, 0.9), found(1, 20, 22, 0.8, gap="-" * 1000)], 100, 10)
    assert len(passages) == 2


def test_chunks_of_two_documents_stay_two_passages() -> None:
    assert len(assemble([found(0, 0, 3, 0.9), found(1, 3, 6, 0.8, document="e")], 100, 10)) == 2


def test_what_does_not_fit_is_left_out_and_the_first_is_shortened() -> None:
    assert spans(assemble([found(0, 0, 9, 0.9), found(5, 10, 13, 0.8)], 12, 10)) == [
        (0, 9, "abcdefghi"),
        (10, 13, "klm"),
    ]
    assert spans(assemble([found(0, 0, 9, 0.9)], 4, 10)) == [(0, 4, "abcd")]


def test_there_are_no_more_passages_than_asked_for() -> None:
    many = [found(at, at * 2, at * 2 + 1, 1 - at / 10, gap="x" * 1000) for at in range(10)]
    assert len(assemble(many, 100, 3)) == 3


def test_what_is_hardly_relevant_does_not_come_first_by_a_neighbour() -> None:
    def long(seq: int, score: float) -> Found:
        each = found(seq, 0, 1, score)
        each.passage.start, each.passage.end, each.passage.text = seq * 3000, seq * 3000 + 3000, "x" * 3000
        return each

    passages = assemble([long(0, 0.9), long(7, 0.8), long(1, 0.1)], 100_000, 10)
    assert [(passage.start, passage.end) for passage in passages] == [(0, 3000), (21_000, 24_000), (3000, 6000)]
