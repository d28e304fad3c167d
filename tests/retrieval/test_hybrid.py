from gantry_edge.retrieval.hybrid import FLOOR, found, fuse, share_of_words, words_of


def test_a_hit_of_both_lists_comes_first() -> None:
    dense = [("a", 0.9), ("b", 0.8), ("c", 0.1)]
    words = [("d", 12.0), ("b", 11.0), ("e", 1.0)]
    assert [id for id, _ in fuse(dense, words, 3)] == ["b", "a", "d"]


def test_what_one_list_is_sure_of_is_not_outvoted() -> None:
    dense = [("a", 1.0), ("b", 0.55), ("c", 0.0)]
    words = [("d", 9.0), ("b", 5.0), ("e", 1.0)]
    assert [id for id, _ in fuse(dense, words, 3)] == ["a", "d", "b"]


def test_one_list_alone_keeps_its_order() -> None:
    dense = [("a", 0.9), ("b", 0.8), ("c", 0.7)]
    assert [id for id, _ in fuse(dense, [], 2)] == ["a", "b"]
    assert [id for id, _ in fuse([], dense, 5)] == ["a", "b", "c"]
    assert fuse([], [], 5) == []


def test_scores_lie_between_nothing_and_one() -> None:
    hits = fuse([("a", 0.5)], [("a", 3.0), ("b", 1.0)], 5)
    assert hits == [("a", 1.0), ("b", 0.0)]


def test_a_question_becomes_its_words() -> None:
    assert words_of("What is the Rent in the third YEAR?") == ["rent", "third", "year"]
    assert words_of("What is it?") == []
    assert words_of("") == []


def test_something_is_found_when_it_is_near_or_has_the_words() -> None:
    assert found(FLOOR, 0.0)
    assert found(0.2, share_of_words("the rents of 1998", "Rent in 1998: 400"))
    assert not found(0.2, share_of_words("How do I bake a bread?", "The rent is due on Monday."))
    assert share_of_words("what is it", "it is") == 0.0


def test_one_word_of_several_is_no_reason_to_think_it_found() -> None:
    assert share_of_words("How do I tune a guitar?", "A fine tune.") == 0.0
    assert share_of_words("Fribourg?", "in Fribourg") == 1.0
    assert share_of_words("the spare key", "Spare keys hang here.") == 1.0
