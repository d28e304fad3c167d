import random
import threading
from pathlib import Path

import numpy as np
import pytest

from gantry_edge.retrieval import embedder as module
from gantry_edge.retrieval import weights
from gantry_edge.retrieval.embedder import Embedder, batches, open_session
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
    assert np.abs(together - alone).max() < 1e-5
    assert np.abs(together[order] - shuffled).max() < 1e-5


def test_what_means_the_same_is_near(embedder: Embedder) -> None:
    question, near, far = embedder.embed(
        ["How much is the rent?", "The tenant pays 900 euros each month.", "Whales are mammals that live in the sea."]
    )
    assert question @ near > question @ far + 0.2


def test_a_text_beyond_the_limit_is_an_error_and_never_cut(embedder: Embedder) -> None:
    embedder.embed(["word " * LIMIT])
    with pytest.raises(ValueError, match="text 1 has 255 word pieces, and the encoder reads 254"):
        embedder.embed(["fine", "word " * (LIMIT + 1)])


def test_batches_hold_every_text_once_and_few_tokens() -> None:
    lengths = [random.Random(2).randrange(2, 257) for _ in range(300)]
    made = list(batches(lengths))
    assert sorted(place for batch in made for place in batch) == list(range(300))
    assert max(len(batch) * max(lengths[place] for place in batch) for batch in made) <= module.BATCH_TOKENS


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


def test_the_unfolded_weights_say_what_the_shipped_ones_say(embedder: Embedder) -> None:
    shipped = Embedder(Path("unused"), threads=1)
    shipped._session = open_session(weights.shipped_weights(), 1)
    cosines = (embedder.embed(TEXTS) * shipped.embed(TEXTS)).sum(axis=1)
    assert cosines.min() > 0.99999


@pytest.fixture
def unfolded(embedder: Embedder, kept: Path) -> Path:
    embedder.load()
    return next((kept / "embedder").glob("*.onnx"))


def test_the_unfolded_weights_are_kept(unfolded: Path) -> None:
    before = unfolded.stat().st_mtime_ns
    assert weights.find_weights(unfolded.parent) == unfolded
    assert unfolded.stat().st_mtime_ns == before


@pytest.mark.parametrize("damage", ["cut", "noise", "no sidecar", "odd sidecar", "other model", "killed"])
def test_damaged_weights_are_made_anew(unfolded: Path, damage: str, embedder: Embedder) -> None:
    right = weights.hash_of(unfolded)
    sidecar = unfolded.with_name(unfolded.name + ".sha256")
    if damage == "cut":
        with unfolded.open("r+b") as file:
            file.truncate(1_000_000)
    elif damage == "noise":
        with unfolded.open("r+b") as file:
            file.seek(40_000_000)
            file.write(b"\xff" * 4096)
    elif damage == "no sidecar":
        sidecar.unlink()
    elif damage == "odd sidecar":
        sidecar.write_bytes(b"\xff\xfe\x00")
    elif damage == "other model":
        unfolded.rename(unfolded.with_name("0123456789abcdef.float32.onnx"))
    else:  # between the sidecar and the rename
        unfolded.rename(unfolded.with_name(unfolded.name + ".part"))
    fresh = Embedder(unfolded.parent.parent, threads=1)
    assert np.abs(fresh.embed(TEXTS) - embedder.embed(TEXTS)).max() < 1e-5
    assert weights.hash_of(unfolded) == right
    assert {path.name for path in unfolded.parent.iterdir()} == {unfolded.name, sidecar.name}


def test_without_room_for_them_the_shipped_weights_are_used(tmp_path: Path) -> None:
    (tmp_path / "embedder").write_text("in the way")
    assert weights.find_weights(tmp_path / "embedder") == weights.shipped_weights()


def test_foreign_weights_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(weights, "PINNED", "0" * 64)
    with pytest.raises(ModelDamaged, match="damaged"):
        weights.find_weights(tmp_path)
    monkeypatch.setattr(weights, "PACKAGE", "no_such_package")
    with pytest.raises(ModelDamaged, match="missing"):
        weights.find_weights(tmp_path)
