"""Chunks: whole sentences, never more than the encoder reads, nothing lost, offsets exact."""

from itertools import pairwise
from pathlib import PurePath

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gantry_edge.documents.chunk import SIZE, Chunk, chunk, context_line
from gantry_edge.documents.extract.result import Extracted, Heading
from gantry_edge.documents.sentences import sentences
from gantry_edge.retrieval.tokens import LIMIT, Tokens

TOKENS = Tokens()
STRANGE = [
    "\0",
    "\u200b",
    "🦆",
    "👩‍👩‍👧",
    "가",
    "각",
    "名",
    "é",
    "İ",
    "ﷺ",
    "a" * 101,
    " " * 50,
    "\n\n",
    ". ",
    "。",
    "- ",
    "\t",
    "|",
    "x.y.z",
]
TEXTS = st.lists(
    st.one_of(st.text(max_size=80), st.sampled_from(STRANGE), st.just("A plain sentence of words. ")), max_size=80
)


def read(
    text: str, name: str = "a.txt", headings: list[Heading] | None = None, pages: list[int] | None = None
) -> list[Chunk]:
    return chunk(Extracted("text", text, pages or [], headings or []), name, TOKENS)


def check(text: str, name: str, headings: list[Heading]) -> None:
    chunks = read(text, name, headings)
    covered = bytearray(len(text))
    for number, each in enumerate(chunks):
        assert each.seq == number
        assert each.text == text[each.start : each.end]
        assert each.text.strip() == each.text != ""
        assert TOKENS.count(context_line(name, each.heading) + each.text) <= LIMIT
        covered[each.start : each.end] = b"\1" * (each.end - each.start)
    assert not [place for place, char in enumerate(text) if not char.isspace() and not covered[place]]
    starts = [each.start for each in chunks]
    assert starts == sorted(starts)


@given(
    TEXTS,
    st.text(max_size=300),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 6), st.text(max_size=200)), max_size=8),
)
@example(["a" * 10_000], "a" * 300, [])
@example(["가" * 3000], "각" * 300, [(0, 1, "각" * 200)])
@example(["🦆" * 3000 + "\0" * 500], "🦆.pdf", [(5, 1, "🦆" * 200)])
@example(["名" * 5000, " " * 20_000, "。" * 600], "x", [])
@example(["a.b" * 4000], "b.a" * 100, [(0, 3, "c.d" * 60)])
@example([], "", [])
@settings(max_examples=150, deadline=None)
def test_no_chunk_is_beyond_the_limit_and_no_text_is_lost(
    parts: list[str], name: str, headings: list[tuple[int, int, str]]
) -> None:
    text = "".join(parts)
    check(text, name, [Heading(min(offset, len(text)), level, title) for offset, level, title in headings])


def test_a_long_text_is_cut_between_sentences() -> None:
    text = " ".join(f"Sentence number {number} says that Mr. Smith paid 3.50 for it." for number in range(200))
    chunks = read(text)
    assert len(chunks) > 10
    for each in chunks:
        assert each.text.startswith("Sentence number")
        assert each.text.endswith("for it.")
        assert TOKENS.count(each.text) <= SIZE


def test_passages_overlap_by_whole_sentences() -> None:
    chunks = read(" ".join(f"This is sentence {number}." for number in range(300)))
    for before, after in pairwise(chunks):
        assert before.start < after.start < before.end < after.end


def test_a_new_section_begins_a_new_chunk_without_overlap() -> None:
    body = "Some words that fill the section. " * 12
    text = f"First\n\n{body}\n\nSecond\n\n{body}"
    second = text.index("Second")
    chunks = read(text, headings=[Heading(0, 1, "First"), Heading(second, 1, "Second")])
    assert [(each.start, each.heading) for each in chunks] == [(0, "First"), (second, "Second")]


def test_small_sections_share_a_chunk() -> None:
    text = "A\n\nshort.\n\nB\n\nshort too."
    assert [each.text for each in read(text, headings=[Heading(0, 1, "A"), Heading(text.index("B"), 1, "B")])] == [text]


def test_headings_are_a_path() -> None:
    text = "Book\n\nPart\n\nWords here.\n\nNext\n\nMore."
    headings = [Heading(0, 1, "Book"), Heading(6, 2, "Part"), Heading(text.index("Next"), 2, "Next")]
    long = chunk(Extracted("text", text + " filler words." * 400, [], headings), "a.txt", TOKENS)
    assert long[0].heading == "Book"
    assert long[-1].heading == "Book > Next"


def test_pages_are_counted_from_one() -> None:
    text = "Words of a page. " * 100
    chunks = read(text, pages=[0, len(text) // 2])
    assert chunks[0].page == 1
    assert chunks[-1].page == 2
    assert {each.page for each in read(text)} == {None}


def test_a_chunk_that_crosses_pages_names_the_last_too() -> None:
    text = "Words of a page. " * 6
    (crossing,) = read(text, pages=[0, len(text) // 2])
    assert (crossing.page, crossing.page_end) == (1, 2)
    (whole,) = read(text, pages=[0, len(text) - 1])  # what follows is white space
    assert (whole.page, whole.page_end) == (1, None)


@pytest.mark.parametrize(
    ("name", "heading", "line"),
    [
        ("annual_report.pdf", "", "annual report\n"),
        ("a.tar.gz", "One > Two", "a.tar: One > Two\n"),
        ("v1.2 final", "", "v1.2 final\n"),
        ("../x\\y.md", "", "y\n"),
        ("", "", ""),
    ],
)
def test_the_context_line(name: str, heading: str, line: str) -> None:
    assert context_line(name, heading) == line


@given(st.text(max_size=500), st.text(max_size=500))
@example("ﷺ" * 200, "각" * 500)
def test_the_context_never_takes_more_than_half(name: str, heading: str) -> None:
    assert TOKENS.count(context_line(name, heading)) <= LIMIT // 2
    assert context_line(name, heading).count("\n") <= 1


@pytest.mark.parametrize(
    "pieces",
    [
        [
            "Mr. Smith met Dr. J. R. Jones in the U.S. Embassy at 3.5 p.m. on 4 Jan. 2020.",
            "They spoke, e.g. about cats.",
        ],
        ['"Really?" she asked.', "Yes!", "No…", "Why not?"],
        ["a deferred tax.", "as of december 31, 2017, the company grew."],
        ["1. First item is here", "2. Second item", "- Third"],
        ["Name | Age", "Ann | 3", "Bob | 4"],
        ["def f(x):", "return x", "class A:"],
        ["Er kam z.B. nach Bonn, usw. und blieb.", "Das war gut."],
        ["See Fig. 3 and Smith et al. 2019 for more.", "Next."],
    ],
)
def test_sentences(pieces: list[str]) -> None:
    code = pieces[0].endswith((":", "here", "Age"))
    text = ("\n    " if "def" in pieces[0] else "\n" if code else " ").join(pieces)
    assert [text[start:end] for start, end in sentences(text)] == pieces


def test_sentences_without_spaces() -> None:
    text = "今日は天気がいい。明日は雨です！「はい。」と言った。"
    assert [text[a:b] for a, b in sentences(text)] == [
        "今日は天気がいい。",
        "明日は雨です！",
        "「はい。」",
        "と言った。",
    ]


def test_a_wrapped_line_is_no_end() -> None:
    text = "This is a line that goes on to the next one because it is wrapped\nat some place. Then it ends."
    assert [text[a:b] for a, b in sentences(text)] == [text[: text.index(" Then")], "Then it ends."]


@pytest.mark.parametrize("text", ["." * 300_000, '."' * 150_000, " \n" * 150_000 + "x", "Mr. " * 20_000, "1," * 50_000])
def test_a_text_without_sentences_comes_to_an_end(text: str) -> None:
    assert all(TOKENS.count(each.text) <= LIMIT for each in read(text)[:20])


def test_this_very_file_is_cut_between_lines() -> None:
    text = PurePath(__file__).name + "\n" + "def f():\n    x = 1\n" * 300
    assert all(each.text.endswith(("x = 1", "f():")) for each in read(text, "test.py"))
