from itertools import count
from typing import Any

import pytest

from gantry_edge.chat.beside import Found
from gantry_edge.chat.prompt import Draft, Plan, Ruler, compose, draft, lighten, title_of, trim
from gantry_edge.chat.schema import LeftOut, Message, Notice, Part, Reasoning, Source, Sources, Text
from gantry_edge.errors import TooLarge
from gantry_edge.memory.schema import Memory
from gantry_edge.models.schema import ChatMessage

numbers = count()
LEAVE = "Leave is 27 days."


def message(role: str, *parts: Part | str) -> Message:
    return Message(
        id=str(next(numbers)),
        conversation_id="",
        parent_id=None,
        role=role,  # type: ignore[arg-type]
        parts=[Text(part) if isinstance(part, str) else part for part in parts],
        created_at=0,
        siblings=[],
    )


def source(number: int) -> Source:
    return Source(number, f"c{number}", "d", "handbook.pdf", 3, "Leave", 10 * number, 10 * number + 17, LEAVE, 0.8)


def memory(text: str) -> Memory:
    return Memory("m", "exchange", "c", "m", "Tea", 0, text, 0.5)


def asked(branch: list[Message], found: Found, **rest: Any) -> Draft:
    """With what was found for its last question."""
    return draft(branch, **rest).given(found)


def size(text: str) -> int:
    return len(text.encode()) // 3


def fitted(branch: list[Message], room: int, **rest: Any) -> tuple[Draft, Plan]:
    kept = trim(draft(branch, **rest), Ruler(size, lambda messages: 0), room)
    return kept, compose(kept)


def long_talk() -> list[Message]:
    return [message("user" if n % 2 == 0 else "assistant", f"{n} " * 100) for n in range(9)]


def test_the_oldest_messages_are_left_out_and_counted() -> None:
    kept, plan = fitted(long_talk(), 400)
    assert kept.left_out.messages + len(plan.messages) == 9
    assert plan.messages[-1].content == "8 " * 100
    assert kept.left_out.messages > 0


def test_what_fits_is_left_as_it_is() -> None:
    kept, _ = fitted(long_talk(), 10_000)
    assert (kept.first, kept.left_out) == (0, LeftOut())


def test_an_overflow_makes_room_for_many_turns() -> None:
    _, plan = fitted(long_talk(), 500)
    assert sum(size(piece.text) for piece in plan.segments) <= 0.6 * 500


def test_without_room_the_passage_that_fits_least_goes_first() -> None:
    start = asked([message("user", "Q " * 50)], Found((), [memory("m" * 60)], [source(1), source(2)]))
    kept = trim(start, Ruler(size, lambda messages: 0), 210)
    assert [one.number for one in kept.found.sources] == [1]
    assert (kept.left_out.sources, kept.left_out.memories) == (1, 0)


def long_ago() -> list[Message]:
    """Each question had an excerpt of its own."""
    return [
        one
        for n in range(1, 9)
        for one in (message("user", f"Question {n}?"), message("assistant", Sources([source(n)]), f"Answer {n} [{n}]."))
    ]


def test_what_was_found_stands_with_its_question_and_is_not_told_again() -> None:
    start = asked([*long_ago(), message("user", "And now?")], Found(sources=[source(3), source(9)]))
    told = [m.content for m in compose(start).messages]
    assert [content.count("<excerpt") for content in told] == [*[1, 0] * 8, 1]
    assert "<excerpt [9]" in told[-1]
    assert told[1] == "Answer 1 [1]."


def test_a_question_whose_excerpts_all_stand_above_names_them() -> None:
    start = asked([*long_ago(), message("user", "And now?")], Found(sources=[source(3), source(5)]))
    assert compose(start).messages[-1].content == "Answer from what stands above in [3], [5].\n\nQuestion: And now?"


def test_what_was_found_for_the_oldest_questions_goes_before_any_message() -> None:
    kept = trim(asked([*long_ago(), message("user", "And now?")], Found()), Ruler(size, lambda messages: 0), 400)
    told = [m.content for m in compose(kept).messages]
    assert kept.left_out == LeftOut()
    assert len(told) == 17
    assert told[:2] == ["Question 1?", "Answer 1."]  # nor a number that means nothing any more
    assert "<excerpt [8]" in told[-3]
    assert sum(map(size, told)) < 0.65 * 400


def test_in_the_widest_window_only_so_much_of_what_was_found_stands() -> None:
    start = asked([*long_ago(), message("user", "And now?")], Found(sources=[source(9)]))
    said = sum(len(m.content) for m in compose(asked([message("user", "?")], Found(sources=[source(9)]))).messages)
    kept = lighten(start, said * 5)
    assert [m.content.count("<excerpt") for m in compose(kept).messages][::2] == [0] * 6 + [1] * 3
    assert lighten(start, said * 20) == start


def test_an_excerpt_that_left_with_its_question_comes_back_with_the_next_that_needs_it() -> None:
    start = asked([*long_ago(), message("user", "And now?")], Found(sources=[source(1)]), plain=4)
    assert "<excerpt [1]" in compose(start).messages[-1].content


def test_a_question_longer_than_the_window_loses_its_middle() -> None:
    kept, plan = fitted([message("user", "begin " + "x" * 9999 + " end")], 100, system="Be kind.")
    text = plan.messages[-1].content
    assert text.startswith("begin ")
    assert text.endswith(" end")
    assert sum(size(piece.text) for piece in plan.segments) <= 100
    assert kept.left_out.characters > 9000
    assert plan.messages[0] == ChatMessage("system", "Be kind.")


def test_instructions_that_leave_no_room_are_told_so() -> None:
    with pytest.raises(TooLarge, match="no room for a question"):
        fitted([message("user", "Q " * 100)], 100, system="x" * 400)


def test_what_is_sent_begins_with_a_person() -> None:
    for room in range(150, 750, 50):
        assert fitted(long_talk(), room)[1].messages[0].role == "user"


def test_reasoning_notices_and_empty_answers_are_not_sent() -> None:
    branch = [
        message("user", "Q"),
        message("assistant", Reasoning("hm"), Notice("c", "t"), "A"),
        message("assistant"),
    ]
    assert [m.content for m in compose(draft(branch)).messages] == ["Q", "A"]


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
    kept, plan = fitted([message("user", "Q"), message("assistant", "a" * 50_000 + " and so")], 1000)
    assert [m.role for m in plan.messages] == ["user", "assistant"]
    assert plan.messages[-1].content.endswith(" and so")
    assert kept.left_out.messages == 0


def test_neighbours_of_one_role_are_sent_as_one() -> None:
    branch = [message("user", "One"), message("assistant"), message("user", "Two")]
    assert [m.content for m in compose(draft(branch)).messages] == ["One\n\nTwo"]


def test_what_changes_least_stands_first() -> None:
    branch = [message("user", "One"), message("assistant", "Two"), message("user", "Three")]
    start = asked(branch, Found((), [memory("You like tea")], [source(1)]), system="Be kind")
    plan = compose(start)
    assert [piece.kind for piece in plan.segments] == [
        *("system", "history", "history"),
        *("memory", "document", "document", "question"),
    ]
    assert [m.role for m in plan.messages] == ["system", "user", "assistant", "user"]


def test_all_that_is_sent_belongs_to_a_segment() -> None:
    branch = [message("user", "One"), message("assistant", "Two"), message("user", "Three"), message("assistant", "F")]
    plan = compose(asked(branch, Found(sources=[source(1)]), system="Be kind"))
    told = "".join(m.content for m in plan.messages).replace("\n\n", "")
    assert told == "".join(piece.text for piece in plan.segments).replace("\n\n", "")
    assert [piece.kind for piece in plan.segments][-1] == "answer"
