"""The encoder's own word pieces: where they lie in a text, and how many there are."""

import hashlib
import re
from collections.abc import Iterator
from importlib import resources
from typing import Any

from gantry_edge.errors import GantryError

LIMIT = 254  # word pieces the encoder reads of a text, without the two special ones
PINNED = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
PIECE = 50_000  # characters encoded at once; a whole book would take hundreds of MB
BREAK = re.compile(r"\s")


class ModelDamaged(GantryError):
    code, status, title = "model_damaged", 503, "The search model is damaged"


class Tokens:
    """The tokenizer that belongs to the encoder. Nothing is cut and nothing is padded."""

    def __init__(self) -> None:
        from tokenizers import Tokenizer

        data = resources.files("gantry_edge.retrieval").joinpath("model", "tokenizer.json").read_bytes()
        if hashlib.sha256(data).hexdigest() != PINNED:
            raise ModelDamaged("The search model's tokenizer is damaged; install Gantry Edge again")
        self._tokenizer = Tokenizer.from_str(data.decode())
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._tokenizer.encode_special_tokens = True  # "[SEP]" in a document is five characters, not a command

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Character offsets of each word piece."""
        found: list[tuple[int, int]] = []
        for start, piece in _pieces(text):
            offsets = self._encode(piece).offsets
            found += [(start + a, start + b) for a, b in offsets] if start else offsets
        return found

    def count(self, text: str) -> int:
        return sum(len(self._encode(piece)) for _, piece in _pieces(text))

    def ids(self, text: str) -> list[int]:
        """What the encoder reads, with its two special pieces."""
        return list(self._encode(text, framed=True).ids)

    def _encode(self, text: str, *, framed: bool = False) -> Any:
        """As a batch of one: `encode` keeps the interpreter's lock, and everybody else, for 50 ms."""
        return self._tokenizer.encode_batch([text], add_special_tokens=framed)[0]


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The text in pieces that end at white space, where no word piece can be torn."""
    start = 0
    while len(text) - start > PIECE:
        found = BREAK.search(text, start + PIECE, start + 2 * PIECE)
        end = found.end() if found else start + PIECE
        yield start, text[start:end]
        start = end
    yield start, text[start:]
