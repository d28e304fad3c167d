"""Two lists of hits made one, and the words of a question. Pure."""

import re

BEST = 100  # of each list take part
BETTER = 0.25  # what one list alone is sure of; docs/decisions/0015-chunks.md has the measurement
MOST_WORDS = 64  # of a question

# docs/decisions/0012-the-embedder.md has the measurement
FLOOR = 0.38  # cosine of the nearest chunk
SHARE = 0.4  # of the question's words in one chunk

WORD = re.compile(r"\w+")
STOP_WORDS = frozenset(
    WORD.findall(
        "a about above after again all also am an and any are as at be because been before being below between both "
        "but by can could did do does doing down during each few for from further had has have having he her here "
        "hers him his how i if in into is it its itself just me more most my no nor not of off on once only or other "
        "our out over own please s same she should so some such t tell than that the their them then there these they "
        "this those through to too under until up us very was we were what when where which while who whom why will "
        "with would you your "
    )
)


def fuse(
    dense: list[tuple[str, float]], words: list[tuple[str, float]], limit: int, *, lean: float = 0.5
) -> list[tuple[str, float]]:
    """Half and half, each scaled over its own best, and some weight on the better of the two.

    In both lists a higher score is a better one. `lean` is the weight of the dense one.
    """
    near = {id: 2 * lean * score for id, score in _scale(dense)}
    said = {id: 2 * (1 - lean) * score for id, score in _scale(words)}
    scores = []
    for id in near | said:
        one, other = near.get(id, 0.0), said.get(id, 0.0)
        scores.append((-((1 - BETTER) * (one + other) / 2 + BETTER * (one if one > other else other)), id))
    return [(id, -score) for score, id in sorted(scores)[:limit]]


def words_of(text: str) -> list[str]:
    """What is looked for, each once."""
    return list(dict.fromkeys(word for word in WORD.findall(text.lower()) if word not in STOP_WORDS))[:MOST_WORDS]


def found(cosine: float, share: float) -> bool:
    """Whether anything relevant was found, by the nearest chunk and by the one with most of the words."""
    return cosine >= FLOOR or share >= SHARE


def share_of_words(question: str, text: str) -> float:
    """How many of the question's words stand in the text, whatever their endings. One of several proves nothing."""
    wanted = stems(question)
    common = len(wanted & stems(text))
    return common / len(wanted) if common > 1 or common == len(wanted) > 0 else 0.0


def stems(text: str) -> set[str]:
    words = (word for word in WORD.findall(text.lower()) if word not in STOP_WORDS)
    words = (word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words)
    return {word if len(word) <= 4 else word[: max(4, len(word) - 3)] for word in words}


def _scale(hits: list[tuple[str, float]]) -> list[tuple[str, float]]:
    best = sorted(hits, key=lambda hit: -hit[1])[:BEST]
    if not best:
        return []
    high, low = best[0][1], best[-1][1]
    return [(id, (score - low) / (high - low) if high > low else 1.0) for id, score in best]
