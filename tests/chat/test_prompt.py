import pytest

from gantry_edge.chat.prompt import build, estimate_tokens, title_of
from gantry_edge.chat.schema import Message, Notice, Part, Reasoning, Text


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


def test_without_a_known_window_everything_is_sent() -> None:
    messages, left_out = build([message("user", "x" * 99_999), message("assistant", "a")] * 4, None)
    assert (len(messages), left_out) == (8, 0)


def test_the_oldest_messages_are_left_out_and_counted() -> None:
    branch = [message("user" if n % 2 == 0 else "assistant", f"{n} " * 100) for n in range(9)]
    messages, left_out = build(branch, 400)
    assert left_out + len(messages) == 9
    assert messages[-1].content == "8 " * 100
    assert left_out > 0


def test_what_is_sent_begins_with_a_person() -> None:
    branch = [message("user" if n % 2 == 0 else "assistant", f"{n} " * 100) for n in range(9)]
    for window in range(200, 1000, 50):
        assert build(branch, window)[0][0].role == "user"


def test_the_question_is_sent_even_when_it_does_not_fit() -> None:
    messages, left_out = build([message("user", "old"), message("assistant", "a"), message("user", "x" * 9999)], 100)
    assert (len(messages), left_out) == (1, 2)


def test_reasoning_notices_and_empty_answers_are_not_sent() -> None:
    branch = [
        message("user", "Q"),
        message("assistant", Reasoning("hm"), Notice("c", "t"), "A"),
        message("assistant"),
    ]
    assert [m.content for m in build(branch, None)[0]] == ["Q", "A"]


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
    messages, left_out = build([message("user", "Q"), message("assistant", "a" * 50_000)], 4096)
    assert [m.role for m in messages] == ["user", "assistant"]
    assert left_out == 0


def test_neighbours_of_one_role_are_sent_as_one() -> None:
    branch = [message("user", "One"), message("assistant"), message("user", "Two")]
    assert [m.content for m in build(branch, None)[0]] == ["One\n\nTwo"]
