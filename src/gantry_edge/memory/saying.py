"""How an exchange is told: who said it, on which day, and the part of it that belongs to a question. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime

from gantry_edge.documents.chunk import sentences_of
from gantry_edge.retrieval import hybrid

ASSISTANT = "Assistant"
LONGEST = 600  # characters handed on of a question, and of an answer
ELLIPSIS = "…"


def day_of(at: int) -> str:
    """As people say it: 3 May 2026."""
    day = datetime.fromtimestamp(at / 1000, UTC)
    return f"{day.day} {day:%B %Y}"


def said_by(speaker: str, text: str) -> str:
    return f"{speaker}: {text}" if text else ""


def best_part(text: str, query: str) -> tuple[int, int]:
    """Where whole sentences of it stand that have most of the query's words, no more than LONGEST characters."""
    if len(text) <= LONGEST:
        return 0, len(text)
    wanted = hybrid.stems(query)
    spans = sentences_of(text)
    counts = [len(wanted & hybrid.stems(text[start:end])) for start, end in spans]
    best, most = (0, 0), -1
    for first, (start, _) in enumerate(spans):
        last = first
        while last + 1 < len(spans) and spans[last + 1][1] - start <= LONGEST:
            last += 1
        if (found := sum(counts[first : last + 1])) > most:
            best, most = (start, min(spans[last][1], start + LONGEST)), found
    return best


def told(speaker: str, question: str, answer: str, spans: Sequence[int]) -> str:
    """Those parts of both, as they are handed to the model."""
    first, second = _part(question, spans[:2]), _part(answer, spans[2:])
    return "\n".join(filter(None, (said_by(speaker, first), said_by(ASSISTANT, second))))


def _part(text: str, span: Sequence[int]) -> str:
    start, end = span
    part = text[start:end]
    if not part:
        return ""
    return f"{ELLIPSIS if start else ''}{part}{ELLIPSIS if end < len(text) else ''}"
