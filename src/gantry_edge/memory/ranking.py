"""How near what was said is to a question: whole exchanges first, then their sentences. Pure.

docs/decisions/0029-recall.md has the measurement of every number here.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from math import log
from typing import TYPE_CHECKING, NamedTuple

from gantry_edge.memory.saying import Span
from gantry_edge.memory.schema import Candidate, Past
from gantry_edge.retrieval.hybrid import STOP_WORDS, stems

if TYPE_CHECKING:
    from gantry_edge.retrieval.embedder import Vectors

WORDS = 0.5  # of an exchange with all words of the question, beside a cosine of 1
FADING = 0.05  # of the score, that what was said a year ago has lost
LONG_AGO = 365 * 24 * 3600 * 1000  # milliseconds

AROUND = 0.9  # of its exchange's score counts for a sentence
ANSWERED = 0.33  # less for what was answered: people look for what they said themselves
ASKED = 0.1  # less for a question: it tells nothing
OF_KIND = 0.06  # more with a name where people ask who, and with a number where they ask when or how many
LENGTH = 0.0007  # less for each character, as they take room
NAMED = 0.15  # more for a sentence with a name that the best ones bring up
TELLING = 3  # sentences, whose names are looked for

LEAST = 0.3  # of a sentence's score
# of the best one's score, or nothing is recalled
OWN = 0.5  # where people ask for what is theirs, or name whom they have named before
ASKING = 0.7  # beside any other question
REST = 0.85  # beside what is no question, like "Write a haiku"

CIVIL = stems("hello hi hey ok okay yes thanks thank welcome sorry please help good morning evening night great sure")
WORD = re.compile(r"[^\W\d_]\w+")
OPENING = '.!?…:;"“„('  # what stands before a word that is written large wherever it stands
# of the languages most people here write in; in others a question mark and names have to do
MINE = re.compile(
    r"\b(?:i|my|mine|we|our|ours|us|ich|mein\w*|mir|mich|wir|uns|unser\w*|je|mon|ma|mes|nous|notre|nos|yo|mis?|nuestr\w+|"
    r"io|mi[oae]|noi|nostr\w|eu|meus?|minhas?|nosso?s?|ik|mijn|wij|ons|onze)\b|\bj'",
    re.IGNORECASE,
)
WHO = re.compile(r"\b(?:who|whose|whom|name|called)\b", re.IGNORECASE)
HOW_MANY = re.compile(
    r"\b(?:when|how (?:much|many|long|old|large|fast|heavy|often)|(?:what|which) (?:day|date|time|month|year))\b",
    re.IGNORECASE,
)
NUMBER = re.compile(r"\d")
YOURS = re.compile(r"\b(?:did|have) you\b|\byou (?:told|said|suggest|advis|recommend|warn|gave|propos)", re.IGNORECASE)

Sentences = Mapping[str, tuple[list[Span], bytes]]
Texts = Mapping[str, Past]


class Found(NamedTuple):
    """An exchange, and how near it is to the question."""

    row: Candidate
    score: float


class Sentence(NamedTuple):
    row: Past
    span: Span
    score: float

    @property
    def text(self) -> str:
        return text_at(self.row, self.span)


def text_at(row: Past, span: Span) -> str:
    return (row.answer if span.answered else row.question)[span.start : span.end]


class Asked:
    """A question, beside the exchanges at hand: the fewer of them have a word, the more it is worth."""

    def __init__(
        self, query: str, vector: "Vectors", cosines: Mapping[str, float], rows: Sequence[Candidate], at: int
    ) -> None:
        self._query = query
        self._vector = vector
        self._cosines = cosines
        self._at = at
        self._said = {row.id: frozenset(row.words.split()) for row in rows}
        self._words = {word: self._worth(word) for word in stems(query) - CIVIL}
        self._worth_of_all = sum(self._words.values())
        self._who, self._how_many = WHO.search(query), HOW_MANY.search(query)
        self._answered = 0.0 if YOURS.search(query) else ANSWERED
        self._last = min(cosines.values(), default=0.0)  # of what is not among the nearest it is no more

    def _worth(self, word: str) -> float:
        return log(1 + len(self._said) / max(1, sum(word in words for words in self._said.values())))

    def rank(self, rows: Sequence[Candidate]) -> list[Found]:
        """The best first; what is old counts a little less."""
        found = []
        for row in rows:
            cosine = self._cosines.get(row.id, self._last)
            common = self._words.keys() & (self._said.get(row.id) or row.words.split())
            share = sum(self._words[word] for word in common) / self._worth_of_all if common else 0.0
            age = min(1.0, max(0, self._at - row.said_at) / LONG_AGO)
            found.append(Found(row, (cosine + WORDS * share) * (1 - FADING * age)))
        return sorted(found, key=lambda each: -each.score)

    def weigh(self, found: Sequence[Found], texts: Texts, read: Sentences) -> list[Sentence]:
        """The sentences of these exchanges, the best first."""
        from gantry_edge.retrieval.packed import products

        here = [(each, *read[each.row.id]) for each in found if each.row.id in read and each.row.id in texts]
        near = iter(products([packed for _, _, packed in here], self._vector))
        sentences = []
        for each, spans, _ in here:
            row = texts[each.row.id]
            for span in spans:
                text = text_at(row, span)
                less = self._answered * span.answered + ASKED * text.endswith(("?", "？")) + LENGTH * len(text)
                more = AROUND * each.score + OF_KIND * self._is_of_kind(text)
                sentences.append(Sentence(row, span, next(near) + more - less))
        return sorted(sentences, key=lambda each: -each.score)

    def _is_of_kind(self, text: str) -> bool:
        return bool((self._who and any(_names(text))) or (self._how_many and NUMBER.search(text)))

    def suffices(self, best: Sentence) -> bool:
        """Whether the past has anything to do with it: what is said of nobody in particular needs more to show that."""
        if MINE.search(self._query) or self._names_known():
            return best.score >= OWN
        return best.score >= (ASKING if self._query.endswith(("?", "？")) else REST)

    def _names_known(self) -> bool:
        names = {stem for name in names_in(self._query) for stem in stems(name)}
        return any(not names.isdisjoint(words) for words in self._said.values())

    def lift(self, sentences: Iterable[Sentence], names: Collection[str]) -> list[Sentence]:
        """The same, those that have one of the names before others; a rare one counts more."""
        most = log(1 + len(self._said))
        worth = {name: NAMED * self._worth(min(stems(name), default="")) / most for name in names}
        lifted = [
            each._replace(
                score=each.score + max((more for name, more in worth.items() if name in each.text), default=0.0)
            )
            for each in sentences
        ]
        return sorted(lifted, key=lambda each: -each.score)


def newest_of_each(found: Sequence[Found]) -> list[Found]:
    """Of a question asked several times the one answered last."""
    newest: dict[str, int] = {}
    for each in found:
        newest[each.row.asked] = max(newest.get(each.row.asked, 0), each.row.said_at)
    return [each for each in found if each.row.said_at == newest[each.row.asked]]


def names_of(query: str, sentences: Sequence[Sentence]) -> set[str]:
    """Names that the best sentences bring up, and the question does not."""
    asked = {word.lower() for word in WORD.findall(query)}
    names = {name for sentence in sentences[:TELLING] for name in names_in(sentence.text)}
    return {name for name in names if name.lower() not in asked}


def names_in(text: str) -> set[str]:
    """What is written large where nothing begins."""
    return set(_names(text))


def _names(text: str) -> Iterator[str]:
    for found in WORD.finditer(text):
        if found[0][0].isupper() and found[0].lower() not in STOP_WORDS:
            before = text[: found.start()].rstrip()
            if before and before[-1] not in OPENING:
                yield found[0]
