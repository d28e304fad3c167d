import random
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import minilm
import numpy as np
import pytest

from gantry_edge.retrieval import weights
from gantry_edge.retrieval.embedder import Embedder
from gantry_edge.retrieval.tokens import LIMIT, ModelDamaged

TEXTS = [
    "",
    "🎉",
    "The rent is 1,200 euros in the third year.",
    "Wie hoch ist die Miete im dritten Jahr?",
    "def f(x):\n    return x ** 2",
    "東京は日本の首都です。",
    "word " * LIMIT,
    "A much longer sentence about gardens, soil and the patience that both of them ask of people. " * 8,
]

PARTS = [
    "The tenant pays the rent of 1,250 euros by the third working day of the month, or the landlord may ask for more.",
    "How do I get my deposit back when the flat was damaged by a flood that nobody could have foreseen?",
    "In 1887 the harbour froze for eleven weeks, and the ships that lay in it were unloaded by sledge.",
    "Revenue grew by 18.4 % to $4,987 million, while the operating margin fell from 9.1 % to 8.0 %.",
    "Patients with a creatinine clearance below 30 mL/min should receive half of the usual dose.",
    "WHEREAS the Licensor owns all right, title and interest in the Software (as defined in Section 1.4);",
    "lol ok see u tmrw 😂😂 btw did u get the TICKETS???",
    "Die Gemeindeverwaltung weist darauf hin, dass die Straße während der Bauarbeiten gesperrt bleibt.",
    "Le conseil a approuvé le budget de l'année prochaine malgré l'opposition de trois de ses membres.",
    "Квартира сдаётся на длительный срок, оплата производится ежемесячно до пятого числа.",
    "東京は日本の首都であり、世界最大の都市圏の一つです。人口は約一千四百万人です。",
    "يجب دفع الإيجار في بداية كل شهر، وإلا فسيتم فرض غرامة على المستأجر.",
    "किराया हर महीने की पहली तारीख को देना होता है।",
    "for (int i = 0; i < n; ++i) { sum += a[i] * b[i]; } // O(n)",
    "SELECT name, count(*) FROM orders WHERE total > 100 GROUP BY name ORDER BY 2 DESC;",
    "def parse(line: str) -> dict[str, int]:\n    key, _, value = line.partition('=')\n    return {key: int(value)}",
    "| Year | Units | Price |\n|------|-------|-------|\n| 2023 | 4,211 | 12.50 |\n| 2024 | 4,987 | 11.95 |",
    "https://example.org/a/very/long/path?with=query&and=more#fragment e3b0c44298fc1c149afbf4c8996fb92427ae41e4",
    "=== !!! ... --- *** §§§ €€€ ±±± ∑∫√ α β γ → ← ↑ ↓",
    "Chapter VII. Of the keeper, his daughter, and the chest beneath the stairs that nobody was to open.",
]


def test_a_text_becomes_one_row_of_length_one(embedder: Embedder) -> None:
    rows = embedder.embed(TEXTS)
    assert rows.shape == (len(TEXTS), 384)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_no_text_is_no_row(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, 384)


def test_a_text_is_embedded_the_same_in_any_company(embedder: Embedder) -> None:
    together = embedder.embed(TEXTS)
    alone = np.concatenate([embedder.embed([text]) for text in TEXTS])
    order = list(range(len(TEXTS)))
    random.Random(1).shuffle(order)
    shuffled = embedder.embed([TEXTS[place] for place in order])
    assert (together == alone).all()
    assert (together[order] == shuffled).all()


def test_what_means_the_same_is_near(embedder: Embedder) -> None:
    question, near, far = embedder.embed(
        ["How much is the rent?", "The tenant pays 900 euros each month.", "Whales are mammals that live in the sea."]
    )
    assert question @ near > question @ far + 0.2


def test_a_text_beyond_the_limit_is_an_error_and_never_cut(embedder: Embedder) -> None:
    embedder.embed(["word " * LIMIT])
    with pytest.raises(ValueError, match="text 1 has 255 word pieces, and the encoder reads 254"):
        embedder.embed(["fine", "word " * (LIMIT + 1)])


def test_threads_may_embed_at_once(embedder: Embedder) -> None:
    expected = embedder.embed(TEXTS)
    results: list[float] = []

    def work() -> None:
        results.append(float(np.abs(embedder.embed(TEXTS) - expected).max()))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    assert max(results) < 1e-5


@pytest.fixture
def runs(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many pieces each text had that the encoder has read."""
    run, seen = embedder._run, list[int]()

    def count(ids: list[int]) -> np.ndarray:
        seen.append(len(ids))
        return run(ids)

    monkeypatch.setattr(embedder, "_run", count)
    monkeypatch.setattr(embedder, "_asked", OrderedDict())
    return seen


def test_a_question_asked_again_is_not_read_again(embedder: Embedder, runs: list[int]) -> None:
    first, again = embedder.embed_question("Where is it?"), embedder.embed_question("Where is it?")
    assert len(runs) == 1
    assert np.array_equal(first, again)
    assert np.array_equal(first, embedder.embed(["Where is it?"])[0])


def test_people_who_ask_the_same_at_once_share_the_work(embedder: Embedder, runs: list[int]) -> None:
    with ThreadPoolExecutor(8) as pool:
        vectors = list(pool.map(embedder.embed_question, ["Where is it?"] * 8))
    assert len(runs) == 1
    assert all(np.array_equal(vector, vectors[0]) for vector in vectors)


def test_only_the_last_questions_are_kept(embedder: Embedder, runs: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gantry_edge.retrieval.embedder.QUESTIONS", 2)
    for text in ("a", "b", "a", "c", "a", "b"):
        embedder.embed_question(text)
    assert len(runs) == 4


def test_a_question_that_could_not_be_read_is_read_the_next_time(
    embedder: Embedder, runs: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(embedder, "_run", lambda texts: (_ for _ in ()).throw(ModelDamaged("damaged")))
        with pytest.raises(ModelDamaged):
            embedder.embed_question("Where is it?")
    assert embedder.embed_question("Where is it?").shape == (384,)


def test_of_a_long_question_the_beginning_is_read(embedder: Embedder, runs: list[int]) -> None:
    embedder.embed_question("word " * 1000)
    assert runs == [LIMIT + 2]


@pytest.mark.slow
def test_the_shipped_form_stays_near_the_original_in_float32(embedder: Embedder) -> None:
    weights = minilm.original_weights()
    texts = varied_texts(200)
    exact = minilm.embed(weights, [embedder.tokens.ids(text) for text in texts])
    cosines = (embedder.embed(texts) * exact).sum(axis=1)
    assert cosines.mean() >= 0.999
    assert cosines.min() >= 0.995


def varied_texts(count: int) -> list[str]:
    """From nothing to full length: prose, questions, tables, code, signs, several scripts and mixtures of them."""
    dice = random.Random(3)
    made = ["", "?", "🎉", "a", "1 2 3", "word " * LIMIT]
    while len(made) < count:
        parts = [dice.choice(PARTS) for _ in range(dice.choice([1, 1, 1, 2, 3, 8]))]
        words = " ".join(parts).split(" ")
        start = dice.randrange(len(words))
        made.append(" ".join(words[start : start + dice.choice([4, 8, 16, 40, 120])])[: dice.choice([60, 300, 500])])
    return made


@pytest.mark.parametrize("damage", ["cut", "noise", "gone"])
def test_a_damaged_model_is_refused(damage: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    copy = tmp_path / "encoder.onnx"
    data = bytearray(weights.PATH.read_bytes())
    if damage == "noise":
        data[9_000_000] ^= 1
    if damage != "gone":
        copy.write_bytes(data[:1_000_000] if damage == "cut" else data)
    monkeypatch.setattr(weights, "PATH", copy)
    with pytest.raises(ModelDamaged, match="install Gantry Edge again"):
        Embedder(threads=1).load()


def test_what_is_foreseen_is_read_once(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[list[int]] = []
    run = embedder._run

    def count(ids: list[int]) -> Any:
        read.append(ids)
        return run(ids)

    monkeypatch.setattr(embedder, "_run", count)
    embedder.foresee("A question that nobody has asked before")
    embedder.embed_question("A question that nobody has asked before")
    embedder._ahead.submit(int).result()
    assert len(read) == 1


def test_what_nobody_waits_for_gives_way(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gantry_edge.retrieval.embedder.GIVE_WAY", 60)
    embedder.load()
    with ThreadPoolExecutor(1) as behind:
        with embedder.hurry(), embedder.hurry():
            read = behind.submit(embedder.embed, ["A page of a book"])
            embedder.embed_question("What did I say of the boat?")
            assert not read.done()
        assert len(read.result(30)) == 1


def test_what_nobody_waits_for_is_read_in_the_end(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gantry_edge.retrieval.embedder.GIVE_WAY", 0.01)
    with embedder.hurry():
        assert len(embedder.embed(["A page of a book"])) == 1
