import pytest

from gantry_edge.retrieval import tokens as module
from gantry_edge.retrieval.tokens import Tokens


@pytest.fixture(scope="module")
def tokens() -> Tokens:
    return Tokens()


def test_every_word_piece_says_where_it_lies(tokens: Tokens) -> None:
    text = "Naïve unbelievability, 東京 🎉!"
    spans = tokens.spans(text)
    assert len(spans) == tokens.count(text)
    assert [text[a:b] for a, b in spans][:1] == ["Naïve"]
    assert "".join(text[a:b] for a, b in spans) == text.replace(" ", "")


def test_a_long_text_is_neither_cut_nor_padded(tokens: Tokens) -> None:
    assert tokens.count("") == 0
    assert tokens.count("word " * 1000) == 1000
    assert len(tokens.ids("word")) == 3


def test_a_book_counted_in_pieces_counts_the_same(tokens: Tokens, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Ausführliche Sätze, with punctuation; and\nlines. " * 40
    whole = tokens.spans(text)
    monkeypatch.setattr(module, "PIECE", 100)
    assert tokens.spans(text) == whole
    assert tokens.count(text) == len(whole)


def test_a_text_without_a_space_ends_too(tokens: Tokens, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE", 100)
    assert tokens.spans("x," * 500)[-1][1] == 1000


def test_what_looks_like_a_special_piece_is_text(tokens: Tokens) -> None:
    assert tokens.count("[SEP]") == 3
    assert tokens.ids("[SEP] [PAD]").count(102) == 1
