import pytest

from gantry_edge.chat.citing import SPACE, Citer, without_citations
from gantry_edge.chat.schema import Source

LEAVE = "Annual leave\nEvery employee has 27 days of paid leave a year. Leave that is not taken lapses on 31 March."
COFFEE = "The coffee machine in the kitchen is descaled on the first Monday of each month by the office team."


def source(number: int, text: str) -> Source:
    return Source(number, "c", "d", "handbook.pdf", None, "", 0, len(text), text, 0.8)


def cite(answer: str, *texts: str, step: int = 3) -> str:
    citer = Citer([source(number, text) for number, text in enumerate(texts or (LEAVE, COFFEE), 1)])
    told = [citer.feed(answer[at : at + step]) for at in range(0, len(answer), step)]
    return ("".join(told) + citer.end(whole=True)).replace(SPACE, " ")


@pytest.mark.parametrize("step", [1, 2, 5, 1000])
def test_a_sentence_is_cited_before_its_full_stop_however_it_arrives(step: int) -> None:
    answer = "Employees have 27 days of paid leave. The coffee machine is descaled each month."
    cited = "Employees have 27 days of paid leave [1]. The coffee machine is descaled each month [2]."
    assert cite(answer, step=step) == cited


def test_what_no_source_says_is_not_cited() -> None:
    answer = "I am sorry, I do not know when the office opens. Please ask your manager."
    assert cite(answer) == answer


def test_a_wrong_number_is_not_cited() -> None:
    answer = "Every employee has 30 days of paid leave a year."
    assert cite(answer) == answer


def test_parts_of_another_number_are_not_that_number() -> None:
    answer = "The marine barograph costs 1.2 pounds."
    assert cite(answer, "2 marine barographs at 1890 pounds, 1 aneroid") == answer


def test_a_question_is_not_cited() -> None:
    answer = "How many employees have 27 days of paid leave? How many"
    assert cite(answer) == answer


def test_a_few_words_must_all_stand_there() -> None:
    assert cite("27 days.") == "27 days [1]."
    assert cite("According to the document, the answer is 27.").endswith("27 [1].")
    assert cite("27 bananas.") == "27 bananas."
    assert cite("Leave.") == "Leave."


@pytest.mark.parametrize(
    "answer", ["Employees have 27 days of paid leave [2].", "Employees have 27 days of paid leave. [2]"]
)
def test_what_the_model_cites_itself_stays_as_it_is(answer: str) -> None:
    assert cite(answer) == answer


def test_a_decimal_point_ends_no_sentence() -> None:
    assert cite("The fee is 3.5 percent of the sum.", "The fee is 3.5 percent of the sum.") == (
        "The fee is 3.5 percent of the sum [1]."
    )


def test_the_items_of_a_list_are_cited() -> None:
    assert cite("- 27 days of paid leave\n- coffee machine descaled\n") == (
        "- 27 days of paid leave [1]\n- coffee machine descaled [2]\n"
    )


@pytest.mark.parametrize(
    "answer",
    [
        "```\n27 days of paid leave.\n```\n",
        "# Paid leave 27 days\n",
        "| paid leave | 27 days |\n| coffee machine | kitchen |\n",
    ],
)
def test_code_headings_and_tables_are_left_alone(answer: str) -> None:
    assert cite(answer) == answer


def test_text_behind_code_is_cited_again() -> None:
    assert cite("```\nx\n```\nEmployees have 27 days of paid leave.").endswith("paid leave [1].")


def test_without_sources_nothing_is_held_back() -> None:
    citer = Citer([])
    assert citer.feed("Done.") == "Done."


def test_an_answer_cut_short_keeps_every_character_and_gains_none() -> None:
    citer = Citer([source(1, LEAVE)])
    told = citer.feed("Employees have 27 days of paid leave.")
    assert told + citer.end(whole=False) == "Employees have 27 days of paid leave."


def test_words_far_apart_in_a_long_source_do_not_make_a_citation() -> None:
    apart = "employees " + "and so on with other things " * 60 + " 27 " + "and other matters too " * 60 + "paid leave"
    answer = "Employees have 27 days of paid leave."
    assert cite(answer, apart) == answer


def test_citations_can_be_taken_out_again() -> None:
    assert without_citations("Leave is 27 days [1]. See [2](x).", {1, 2}) == "Leave is 27 days. See [2](x)."


def test_what_the_model_cited_stays_while_its_source_stands_and_what_it_did_not_say_goes() -> None:
    said = f"Leave is 27 days [1]. It lapses{SPACE}[2]. It is paid [3]."
    assert without_citations(said, {3}) == "Leave is 27 days [1]. It lapses. It is paid."
