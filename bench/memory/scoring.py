"""How much of the words that answer a question stands in what is handed over. Pure."""

from collections.abc import Iterable, Mapping
from statistics import mean

from bench.memory.chats import Question

LEAST = 3  # words in a row; fewer of them are found anywhere


def evidence_found(question: Question, text: str) -> float:
    """The share of the gold words, each piece of evidence counting the same."""
    return mean(share_inside(evidence.words, text) for evidence in question.evidence)


def share_inside(words: str, text: str) -> float:
    """The longest run of them that stands in the text, so that a cut in the middle counts in part."""
    if words in text:
        return 1.0
    parts = words.split()
    for length in range(len(parts) - 1, LEAST - 1, -1):
        if any(" ".join(parts[at : at + length]) in text for at in range(len(parts) - length + 1)):
            return length / len(parts)
    return 0.0


def by_kind(shares: Iterable[tuple[str, float]]) -> Mapping[str, float]:
    """The mean of each kind, and of all."""
    found: dict[str, list[float]] = {"all": []}
    for kind, share in shares:
        found["all"].append(share)
        found.setdefault(kind, []).append(share)
    return {kind: mean(each) for kind, each in found.items() if each}
