"""What the encoder makes of an exchange: how it may be asked for, and what each of its sentences says.

docs/decisions/0029-recall.md has the measurement of these.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from gantry_edge.memory.saying import ASSISTANT, Span, said_by, spans_of
from gantry_edge.retrieval.hybrid import stems

if TYPE_CHECKING:
    from gantry_edge.memory.store import Said
    from gantry_edge.retrieval.embedder import Embedder, Vectors

MOST_VIEWS = 40  # of one exchange, some 25,000 characters; an answer longer than that is a document
MOST_SENTENCES = 100  # of one exchange
BEFORE = 400  # characters of the question before it
BESIDE = 200  # characters of the sentence before one
WITH = 0.4  # of what a sentence says it says with the one before it


class Read(NamedTuple):
    """Embeddings of an exchange, and those of its sentences, packed; its words by their stems."""

    text: str
    views: list[bytes]
    spans: list[Span]
    sentences: bytes
    words: str


def read_closely(said: "Said", embedder: "Embedder") -> Read:
    text = f"{said_by(said.speaker, said.question)}\n{said_by(ASSISTANT, said.answer)}"
    spans = spans_of(said.question, said.answer)[:MOST_SENTENCES]
    words = " ".join(sorted(stems(said.question) | stems(said.answer)))
    views = [embedder.embed([view])[0].tobytes() for view in _views(said, text, embedder)]
    from gantry_edge.retrieval.packed import pack

    return Read(text, views, spans, pack(_embed_sentences(said, spans, embedder)), words)


def _views(said: "Said", text: str, embedder: "Embedder") -> list[str]:
    """By what was said behind what it went on from, and by question and answer together."""
    from gantry_edge.documents.chunk import cut

    texts = [f"{said.before[-BEFORE:]} {said.question}".strip()]
    if said.answer:
        texts.append(text)
    return list(dict.fromkeys(view for text in texts for view in cut(text, embedder.tokens)))[:MOST_VIEWS]


def _embed_sentences(said: "Said", spans: Sequence[Span], embedder: "Embedder") -> "Vectors":
    """Each by itself, and a little as it goes on from the one before it: "She has one, too" says nothing alone."""
    sentences = [(said.answer if span.answered else said.question)[span.start : span.end] for span in spans]
    beside = [f"{before[-BESIDE:]} {one}".strip() for before, one in pairwise([said.before, *sentences])]
    alone, together = (embedder.embed([embedder.shortened(text) for text in texts]) for texts in (sentences, beside))
    mixed: Vectors = (1 - WITH) * alone + WITH * together
    return mixed
