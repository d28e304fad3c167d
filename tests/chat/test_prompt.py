import pytest

from gantry_edge.chat.prompt import Segment, build, estimate_tokens, title_of
from gantry_edge.chat.schema import Message, Notice, Part, Reasoning, Source, Text


def message(role: str, *parts: Part | str) -> Message:
    return Message(
        id="",
        conversation_id="",
        parent_id=None,
        role=role,  # type: ignore[arg-type]
        parts=[Text(part) if isinstance(part, str) else part for part in parts],
        created_at=0,
        siblings=[],
    )


def source() -> Source:
    return Source(1, "c", "d", "handbook.pdf", 3, "Leave", 10, 27, "Leave is 27 days.", 0.8)


def test_without_a_known_window_everything_is_sent() -> None:
    plan = build([message("user", "x" * 99_999), message("assistant", "a")] * 4, None)
    assert (len(plan.messages), plan.left_out) == (8, 0)


def test_the_oldest_messages_are_left_out_and_counted() -> None:
    branch = [message("user" if n % 2 == 0 else "assistant", f"{n} " * 100) for n in range(9)]
    plan = build(branch, 400)
    assert plan.left_out + len(plan.messages) == 9
    assert plan.messages[-1].content == "8 " * 100
    assert plan.left_out > 0


def test_what_is_sent_begins_with_a_person() -> None:
    branch = [message("user" if n % 2 == 0 else "assistant", f"{n} " * 100) for n in range(9)]
    for window in range(200, 1000, 50):
        assert build(branch, window).messages[0].role == "user"


def test_the_question_is_sent_even_when_it_does_not_fit() -> None:
    plan = build([message("user", "old"), message("assistant", "a"), message("user", "x" * 9999)], 100)
    assert (len(plan.messages), plan.left_out) == (1, 2)


def test_reasoning_notices_and_empty_answers_are_not_sent() -> None:
    branch = [
        message("user", "Q"),
        message("assistant", Reasoning("hm"), Notice("c", "t"), "A"),
        message("assistant"),
    ]
    assert [m.content for m in build(branch, None).messages] == ["Q", "A"]


def test_the_estimate_errs_to_the_safe_side_for_plain_english() -> None:
    text = "The quick brown fox jumps over the lazy dog. " * 10
    assert estimate_tokens(text) >= len(text.split()) * 1.2


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ("Hello", "Hello"),
        ("  two\n lines ", "two lines"),
        ("word " * 20, "word " * 11 + "word…"),
        ("x" * 100, "x" * 60 + "…"),
        ("\n", "New conversation"),
        ("# A **bold** `plan`", "A bold plan"),
        ("```\n```", "New conversation"),
        ("my_snake_name - a * b", "my_snake_name - a * b"),
    ],
)
def test_the_title_is_the_first_words_cut_at_a_word(content: str, title: str) -> None:
    assert title_of(content) == title


def test_a_long_answer_is_continued_with_its_question() -> None:
    plan = build([message("user", "Q"), message("assistant", "a" * 50_000)], 4096)
    assert [m.role for m in plan.messages] == ["user", "assistant"]
    assert plan.left_out == 0


def test_neighbours_of_one_role_are_sent_as_one() -> None:
    branch = [message("user", "One"), message("assistant"), message("user", "Two")]
    assert [m.content for m in build(branch, None).messages] == ["One\n\nTwo"]


def test_what_changes_least_stands_first() -> None:
    branch = [message("user", "One"), message("assistant", "Two"), message("user", "Three")]
    memory = Segment("memory", "You like tea", "m")
    plan = build(branch, None, system="Be kind", summary="We met", memories=[memory], sources=[source()])
    assert [piece.kind for piece in plan.segments] == [
        *("system", "summary", "history", "history"),
        *("memory", "document", "document", "question"),
    ]
    assert [m.role for m in plan.messages] == ["system", "user", "assistant", "user"]


def test_all_that_is_sent_belongs_to_a_segment() -> None:
    branch = [message("user", "One"), message("assistant", "Two"), message("user", "Three"), message("assistant", "F")]
    plan = build(branch, None, system="Be kind", sources=[source()])
    told = "".join(m.content for m in plan.messages).replace("\n\n", "")
    assert told == "".join(piece.text for piece in plan.segments).replace("\n\n", "")
    assert [piece.kind for piece in plan.segments][-1] == "answer"
