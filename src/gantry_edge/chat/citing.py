"""Citations in a streamed answer: behind a sentence whose words stand in a source comes that source's number. Pure.

Large models cite by themselves, and what they cite is left as it is; small ones do not, however they are asked. A
number that is put in here stands behind a narrow space, by which it is known again.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from gantry_edge.chat.schema import Source
from gantry_edge.retrieval.hybrid import stems

ENDS = frozenset(".!?…。！？")
WIDE_ENDS = frozenset("。！？")  # no space follows them
CLOSERS = frozenset("\"'”’»)]*_")
SHARE = 0.7  # of a sentence's words stand in the source
SURE = 3  # so few words must all stand there
WINDOW = 40  # words of a source that a sentence is held against
SPACE = "\u202f"  # narrow, and no line breaks there
CITED = re.compile(r"\s?\[(\d{1,3})\](?!\()")
WORD = re.compile(r"\w+")
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
SAYING = stems("according answer document documents excerpt excerpts mention mentions question says states text")
PLAIN = re.compile(r"^\s{0,3}(?:[#|>]|```|~~~)")  # headings, tables, quotations and code are left alone


class Window(NamedTuple):
    """Some words of a source."""

    source: int
    words: set[str]
    numbers: set[str]


class Citer:
    """Fed with the answer as it comes; holds back no more than the end of a sentence."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._windows = [window for source in sources for window in _windows(source)]
        self._sentence = ""
        self._line = ""
        self._held = ""  # the end of a sentence, until it is known to be one
        self._in_code = False
        self.cited = False  # by the model or here

    def feed(self, text: str) -> str:
        """What of the answer may be told now."""
        return "".join(self._tell(text)) if self._windows else text

    def end(self, *, whole: bool) -> str:
        """The rest; `whole` when the model had said all."""
        cited = self._cite() if whole and "?" not in self._held else ""
        held, self._held = self._held, ""
        return cited + held

    def _tell(self, text: str) -> Iterator[str]:
        for character in text:
            if self._held:
                if character in ENDS or character in CLOSERS or character == " ":
                    self._held += character
                    continue
                yield self._settle(character)
            if character in ENDS:
                self._held = character
                continue
            if character == "\n":
                yield self._break_line()
            yield character
            self._sentence += character
            self._line = "" if character == "\n" else self._line + character

    def _settle(self, following: str) -> str:
        """What was held, now that it is known what follows it."""
        held, self._held = self._held, ""
        ended = held[-1] == " " or held[-1] in WIDE_ENDS or following == "\n"
        self._line += held
        if not ended:
            self._sentence += held
            return held
        cited = self._cite() if following != "[" and "?" not in held else ""
        self.cited |= following == "["
        self._sentence = ""
        return cited + held

    def _break_line(self) -> str:
        if self._line.lstrip().startswith(("```", "~~~")):
            self._in_code = not self._in_code
            self._sentence = ""
        cited = self._cite()
        self._sentence = ""
        return cited

    def _cite(self) -> str:
        if self._in_code or PLAIN.match(self._line):
            return ""
        if CITED.search(self._sentence):
            self.cited = True
            return ""
        number = find_source(self._sentence, self._windows)
        self.cited |= number is not None
        return f"{SPACE}[{number}]" if number else ""


def find_source(sentence: str, windows: Sequence[Window]) -> int | None:
    """The source whose words these are, the best first; None when no source has most of them and all numbers."""
    wanted, numbers = stems(sentence) - SAYING, set(NUMBER.findall(sentence))
    if not wanted or (len(wanted) == 1 and not numbers):
        return None
    least = 1.0 if len(wanted) <= SURE else SHARE
    best: tuple[float, int] | None = None
    for window in windows:
        share = len(wanted & window.words) / len(wanted)
        if share >= least and numbers <= window.numbers and (best is None or share > best[0]):
            best = share, window.source
    return best[1] if best else None


def numbers_in(text: str) -> set[int]:
    return {int(number) for number in CITED.findall(text)}


def without_citations(text: str, gone: Collection[int]) -> str:
    """As the model said it, but for numbers of excerpts that are no longer there: they mislead the next answer."""

    def kept(cited: re.Match[str]) -> str:
        return "" if cited[0].startswith(SPACE) or int(cited[1]) in gone else cited[0]

    return CITED.sub(kept, text) if "[" in text else text


def _windows(source: Source) -> Iterator[Window]:
    starts = [match.start() for match in WORD.finditer(source.text)]
    for first in range(0, max(len(starts) - WINDOW // 2, 1), WINDOW // 2):
        end = starts[first + WINDOW] if first + WINDOW < len(starts) else None
        text = source.text[starts[first] if starts else 0 : end]
        yield Window(source.number, stems(text), set(NUMBER.findall(text)))
