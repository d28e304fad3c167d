"""Where sentences, list items, rows and lines of code begin and end. Offsets into the text, which stays as it is."""

import re
from collections.abc import Iterator, Sequence

# Ends that are none: what comes before a point, in small letters. A sentence too long is better than half of one.
_ABBREVIATIONS = """
    mr mrs ms dr prof rev hon gen col sgt capt lt rep sen gov st ave jr sr inc ltd co corp dept univ vs etc al eg ie cf
    ca approx est fig figs eq eqs sec ch vol vols no nos pp ed eds art par ref refs tab app min max avg jan feb mar apr
    jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun bzw usw nr abs hr fr str bspw evtl ggf inkl vgl zb dh
    ua mio mrd tel mme mlle sra srta ud uds pág núm av dott sig
"""
ABBREVIATIONS = frozenset(_ABBREVIATIONS.split())
_CANDIDATE = re.compile(
    r"""(?P<paragraph>\n[^\S\n]*\n\s*)
      | (?P<end>(?<![.!?…])[.!?…]++["'”’»)\]*_]*)(?P<space>\s+)
      | (?P<full>[。！？｡]+[」』）”’"]*)\s*
      | (?P<line>\n)""",
    re.VERBOSE,
)
_ITEM = re.compile(r"[ \t]*(?:[-*+•·–—▪◦‣>]|\#{1,6}|\(?\d{1,3}[.):]|\(?[A-Za-z][.)])[ \t]+\S|[ \t]*\||[ \t]{2,}\S|\t")
_WORD_BEFORE = re.compile(r"[^\s\"'“‘«(\[]*$")
_NUMBER_ALONE = re.compile(r"(?:^|\n)[ \t]*\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})$")
SHORT = 45  # characters; a line that ends earlier and opens no sentence is a title, a verse, an address


def sentences(text: str, breaks: Sequence[int] = ()) -> Iterator[tuple[int, int]]:
    """(start, end) of each, in order, without the white space around it. `breaks` are places where one begins."""
    start = 0
    for end in (*sorted(breaks), len(text)):
        if end > start:
            yield from _between(text, start, end)
            start = end


def _between(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for found in _CANDIDATE.finditer(text, start, end):
        if _is_boundary(text, begin, found, end):
            if span := _trim(text, begin, found.end()):
                yield span
            begin = found.end()
    if span := _trim(text, begin, end):
        yield span


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    return (start + left, start + right) if right > left else None


def _is_boundary(text: str, begin: int, found: re.Match[str], end: int) -> bool:
    if found["paragraph"] or found["full"]:
        return True
    if found["line"]:
        return _line_ends(text, begin, found.start(), found.end(), end)
    if "\n" in found["space"] and (found["space"].count("\n") > 1 or _ITEM.match(text, found.end(), end)):
        return True
    return _sentence_ends(text, begin, found)


def _line_ends(text: str, begin: int, at: int, after: int, end: int) -> bool:
    line_start = max(begin, text.rfind("\n", begin, at) + 1)
    line = text[line_start:at].rstrip()
    if not line or line[-1] in ":;{}|" or " | " in line or "\t" in line or _ITEM.match(text, after, end):
        return True
    following = text[after : after + 1]
    return len(line) < SHORT and line[-1] not in ",-–" and (following.isupper() or following.isdigit())


def _sentence_ends(text: str, begin: int, found: re.Match[str]) -> bool:
    at = found.start("end")
    following = text[found.end() : found.end() + 1]
    if found["end"][0] != "." or found["end"].startswith(".."):
        return not following.islower()
    if _NUMBER_ALONE.search(text, max(begin - 1, at - 8, 0), at) or following in {",", ";", ")"}:
        return False
    before = _WORD_BEFORE.search(text, max(begin, at - 20), at)
    word = before[0] if before else ""
    if len(word) == 1 and word.isalpha():  # an initial
        return False
    if "." in word and len(word.replace(".", "")) <= 4:  # e.g., U.S., z.B.
        return False
    return word.replace(".", "").lower() not in ABBREVIATIONS
