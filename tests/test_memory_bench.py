"""The chats that recall is measured by hold what their questions say they hold."""

from collections import Counter
from statistics import mean

import pytest

from bench.memory.chats import KINDS, LONG, UNSEEN, Chat, load_chats
from bench.memory.scoring import share_inside
from gantry_edge.retrieval.hybrid import stems

CHATS = load_chats()


@pytest.mark.parametrize("chat", CHATS, ids=lambda chat: chat.name)
def test_evidence_stands_in_its_exchange_word_by_word(chat: Chat) -> None:
    texts = {exchange.id: (exchange.user, exchange.assistant) for exchange in chat.exchanges}
    wrong = [
        evidence
        for question in chat.questions
        for evidence in question.evidence
        if not any(evidence.words in text for text in texts[evidence.exchange])
    ]
    assert wrong == []


@pytest.mark.parametrize("chat", CHATS, ids=lambda chat: chat.name)
def test_only_what_was_never_said_has_no_evidence(chat: Chat) -> None:
    assert {question.kind for question in chat.questions if not question.evidence} == {"never"}
    assert all(not question.evidence for question in chat.questions if question.kind == "never")


@pytest.mark.parametrize("chat", CHATS, ids=lambda chat: chat.name)
def test_a_chat_is_long_and_goes_over_many_months(chat: Chat) -> None:
    begun = [session[0].at for session in chat.sessions]
    assert begun == sorted(begun)
    assert len(begun) >= 12
    assert (begun[-1] - begun[0]).days > 300
    assert len(chat.exchanges) >= 60


def test_there_are_enough_questions_of_each_kind() -> None:
    kinds = Counter(question.kind for chat in CHATS for question in chat.questions)
    assert set(kinds) == set(KINDS)
    assert min(kinds.values()) >= 25
    assert sum(kinds.values()) >= 120


def test_questions_are_not_asked_in_the_words_of_their_evidence() -> None:
    shares = [
        len(stems(question.text) & stems(" ".join(one.words for one in question.evidence))) / len(stems(question.text))
        for chat in CHATS
        for question in chat.questions
        if question.evidence
    ]
    assert mean(shares) < 0.35


def test_of_those_who_write_short_and_of_those_who_write_long_one_is_kept_unseen() -> None:
    unseen = {chat.name for chat in CHATS} & set(UNSEEN)
    assert unseen & set(LONG)
    assert unseen - set(LONG)


@pytest.mark.parametrize("name", LONG)
def test_who_writes_long_writes_of_many_things_at_once(name: str) -> None:
    (chat,) = [chat for chat in CHATS if chat.name == name]
    lengths = [len(exchange.user) for exchange in chat.exchanges]
    assert min(lengths) >= 400
    assert max(lengths) <= 1200


def test_a_cut_in_the_middle_of_the_evidence_counts_in_part() -> None:
    assert share_inside("the boat was mended in May", "so the boat was mended in May, I think") == 1.0
    assert share_inside("the boat was mended in May", "so the boat was") == 0.5
    assert share_inside("the boat was mended in May", "in May the boat") == 0.0
