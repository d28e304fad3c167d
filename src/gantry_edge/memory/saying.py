"""How an exchange is told: who said it, on which day, and the sentences of it that belong to a question. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from gantry_edge.documents.chunk import best_cut, sentences_of

ASSISTANT = "Assistant"
LONGEST = 400  # characters of a sentence; a longer one is a list, or code, and is cut
GAP = " … "  # between sentences that do not follow each other


class Span(NamedTuple):
    """Where a sentence stands, in the question or in the answer."""

    answered: bool
    start: int
    end: int


def day_of(at: int) -> str:
    """As people say it: 3 May 2026."""
    day = datetime.fromtimestamp(at / 1000, UTC)
    return f"{day.day} {day:%B %Y}"


def said_by(speaker: str, text: str) -> str:
    return f"{speaker}: {text}" if text else ""


def spans_of(question: str, answer: str) -> list[Span]:
    """The sentences of both, in order."""
    texts = ((False, question), (True, answer))
    return [
        Span(answered, *cut) for answered, text in texts for span in sentences_of(text) for cut in _cut(text, *span)
    ]


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST:
        middle = best_cut(text, start, start + LONGEST)
        yield start, middle
        start = middle
    yield start, end


def joined(text: str, spans: Iterable[Span]) -> list[int]:
    """Start and end of each run of sentences of that text, one after the other."""
    ends: list[int] = []
    for span in sorted(spans):
        if ends and not text[ends[-1] : span.start].strip():
            ends[-1] = span.end
        else:
            ends += span[1:]
    return ends


def told(speaker: str, question: str, answer: str, asked: Sequence[int], answered: Sequence[int]) -> str:
    """Those parts of both, as they are handed to the model."""
    first, second = _parts(question, asked), _parts(answer, answered)
    return "\n".join(filter(None, (said_by(speaker, first), said_by(ASSISTANT, second))))


def _parts(text: str, ends: Sequence[int]) -> str:
    return GAP.join(text[start:end] for start, end in zip(ends[::2], ends[1::2], strict=True))
