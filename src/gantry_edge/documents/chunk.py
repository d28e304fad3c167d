"""Cuts a document into passages of whole sentences that the encoder reads to their end. Pure."""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from pathlib import PurePath

import msgspec

from gantry_edge.documents.extract.result import Extracted, Heading
from gantry_edge.documents.sentences import sentences
from gantry_edge.retrieval.tokens import LIMIT, Tokens

SIZE = 180  # word pieces of a passage; docs/decisions/0015-chunks.md has the measurement
OVERLAP = 24  # word pieces of the passage before, in whole sentences
LEAST = 60  # a heading ends a passage that has at least so many
WIDEST = 12  # characters that weigh as a word piece: an endless word is one piece, and white space none
SEGMENT = 50_000  # characters tokenised at once
LONGEST = 4000  # characters of a sentence; a longer one is cut before it is tokenised
NAME = 48  # characters of the context line, and of its heading:
TITLE = 72  # in the worst case each is a word piece, which still leaves half of the limit
CUTS = ("\n", ". ", "; ", ", ", "，", "、", "；", "：", " ", "\t")  # where a long sentence is cut, the best first


class Chunk(msgspec.Struct):
    seq: int
    start: int
    end: int
    page: int | None
    page_end: int | None  # if it is another
    heading: str
    text: str


class Unit(msgspec.Struct, frozen=True):
    """A sentence, or a part of one that is too long."""

    start: int
    end: int
    weight: int
    opens: bool  # a section


def chunk(extracted: Extracted, name: str, tokens: Tokens) -> list[Chunk]:
    """Each chunk with its `context_line` before it has at most LIMIT word pieces. Together they hold all the text."""
    text = extracted.text
    path_at = heading_paths(extracted.headings)
    rooms: dict[str, int] = {}

    def room(offset: int) -> int:
        heading = path_at(offset)
        if heading not in rooms:
            rooms[heading] = LIMIT - tokens.count(context_line(name, heading))
        return rooms[heading]

    openings = sorted({heading.offset for heading in extracted.headings})
    chunks: list[Chunk] = []
    for first, last in pack(units(text, openings, tokens), room):
        for start, end in fit(text, first, last, room(first), tokens):
            page, last = bisect_right(extracted.pages, start), bisect_left(extracted.pages, end)
            page_end = last if last > page else None
            chunks.append(Chunk(len(chunks), start, end, page or None, page_end, path_at(start), text[start:end]))
    return chunks


def cut(text: str, tokens: Tokens) -> list[str]:
    """The passages of a text that is no document."""
    return [each.text for each in chunk(Extracted("text", text), "", tokens)]


def sentences_of(text: str) -> list[tuple[int, int]]:
    return list(_short_enough(text, sentences(text)))


def context_line(name: str, heading: str) -> str:
    """What is put before the text of a chunk when it is embedded: the file's name and where in it the chunk stands."""
    path = PurePath(name.replace("\\", "/"))
    stem = path.stem if 1 < len(path.suffix) <= 6 else path.name
    title = " ".join(stem.replace("_", " ").split())
    line = ": ".join(filter(None, (_shortened(title, NAME), _shortened(" ".join(heading.split()), TITLE))))
    return f"{line}\n" if line else ""


def _shortened(text: str, most: int) -> str:
    """At most so many characters once accents and syllables are taken apart, as the encoder does."""
    for place, length in enumerate(_lengths(text)):
        if length > most:
            return text[:place].rstrip()
    return text


def _lengths(text: str) -> Iterator[int]:
    length = 0
    for char in text:
        length += len(unicodedata.normalize("NFD", char))
        yield length


def heading_paths(headings: Sequence[Heading]) -> Callable[[int], str]:
    """A function from an offset to the headings it stands under, as `Chapter > Section`."""
    offsets: list[int] = []
    paths: list[str] = [""]
    stack: list[Heading] = []
    for heading in sorted(headings, key=lambda heading: heading.offset):
        while stack and stack[-1].level >= heading.level:
            stack.pop()
        stack.append(heading)
        offsets.append(heading.offset)
        paths.append(" > ".join(above.title for above in stack))
    return lambda offset: paths[bisect_right(offsets, offset)]


def units(text: str, openings: Sequence[int], tokens: Tokens) -> Iterator[Unit]:
    """The sentences with their weights, tokenised a segment at a time: the pieces of a whole book take much memory."""
    opened = 0
    segment: list[tuple[int, int]] = []
    for span in _short_enough(text, sentences(text, openings)):
        segment.append(span)
        if span[1] - segment[0][0] >= SEGMENT:
            opened = yield from _weighed(text, segment, openings, opened, tokens)
            segment = []
    if segment:
        yield from _weighed(text, segment, openings, opened, tokens)


def _short_enough(text: str, spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for start, end in spans:
        while end - start > LONGEST:
            cut = best_cut(text, start, start + LONGEST)
            if span := _trim(text, start, cut):
                yield span
            start = cut
        if span := _trim(text, start, end):
            yield span


def _weighed(
    text: str, segment: list[tuple[int, int]], openings: Sequence[int], opened: int, tokens: Tokens
) -> Generator[Unit, None, int]:
    first = segment[0][0]
    pieces = [first + start for start, _ in tokens.spans(text[first : segment[-1][1]])]
    for start, end in segment:
        now = bisect_right(openings, start)
        for place, (left, right) in enumerate(_divided(text, start, end, pieces)):
            yield Unit(left, right, _weight(left, right, pieces), now > opened and place == 0)
        opened = now
    return opened


def _weight(start: int, end: int, pieces: list[int]) -> int:
    return max(bisect_left(pieces, end) - bisect_left(pieces, start), (end - start) // WIDEST, 1)


def _divided(text: str, start: int, end: int, pieces: list[int]) -> Iterator[tuple[int, int]]:
    """A sentence of more than SIZE in parts, between clauses or words where that is possible."""
    while _weight(start, end, pieces) > SIZE:
        beyond = bisect_left(pieces, start) + SIZE
        stop = min(start + SIZE * WIDEST, pieces[beyond] if beyond < len(pieces) else end)
        cut = best_cut(text, start, stop)
        if span := _trim(text, start, cut):
            yield span
        start = cut
    if span := _trim(text, start, end):
        yield span


def best_cut(text: str, start: int, stop: int) -> int:
    """A place to cut in the second half of what lies between; `stop` itself if there is nothing better."""
    half = start + (stop - start) // 2
    for mark in CUTS:
        found = text.rfind(mark, half, stop)
        if found > start:
            return found + len(mark)
    return max(stop, start + 1)


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def pack(parts: Iterable[Unit], room: Callable[[int], int]) -> Iterator[tuple[int, int]]:
    """Passages of as many units as there is room for; a section begins a new one unless the passage is still small."""
    source = iter(parts)
    passage: list[Unit] = []
    coming = next(source, None)
    while coming is not None:
        most = min(SIZE, room((passage or [coming])[0].start))
        weight = sum(unit.weight for unit in passage)
        while coming is not None and (not passage or _belongs(coming, weight, most)):
            passage.append(coming)
            weight += coming.weight
            coming = next(source, None)
        yield passage[0].start, passage[-1].end
        passage = _carried(passage, coming, most)


def _belongs(unit: Unit, weight: int, most: int) -> bool:
    return weight + unit.weight <= most and not (unit.opens and weight >= LEAST)


def _carried(passage: list[Unit], coming: Unit | None, most: int) -> list[Unit]:
    """The last sentences, which the next passage says again; never those of a section before."""
    if coming is None or coming.opens:
        return []
    left = min(OVERLAP, most - coming.weight)
    place = len(passage)
    while place > 1 and passage[place - 1].weight <= left and not (place < len(passage) and passage[place].opens):
        place -= 1
        left -= passage[place].weight
    return passage[place:]


def fit(text: str, start: int, end: int, room: int, tokens: Tokens) -> Iterator[tuple[int, int]]:
    """The passage, or its halves: a word that was cut may have more pieces than it had as a whole."""
    if end - start == 1 or tokens.count(text[start:end]) <= room:
        yield start, end
        return
    cut = best_cut(text, start, start + (end - start + 1) // 2)
    for half in (_trim(text, start, cut), _trim(text, cut, end)):
        if half:
            yield from fit(text, *half, room, tokens)
