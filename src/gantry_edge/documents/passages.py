"""From the chunks that were found to the passages that are shown. Pure."""

from collections.abc import Iterable, Iterator

import msgspec

from gantry_edge.documents.schema import Passage
from gantry_edge.storage.database import Row

MOST_GAP = 200  # characters between two chunks of one passage
TIER = 6000  # characters of the best chunks among which neighbours are joined; see `assemble`


class Found(msgspec.Struct):
    """A chunk as a passage of its own; `gap` is the text between the chunk before it and this one."""

    seq: int
    gap: str
    passage: Passage


def found_of(row: Row, score: float) -> Found:
    passage = Passage(
        id=row["id"],
        document_id=row["document_id"],
        document_name=row["name"],
        collection_id=row["collection_id"],
        page=row["page"],
        page_end=row["page_end"],
        heading=row["heading"],
        start=row["begins"],
        end=row["ends"],
        text=row["text"],
        score=score,
    )
    return Found(row["seq"], row["gap"], passage)


def whole_of(row: Row) -> Passage:
    """A document as one passage."""
    pages = row["pages"]
    return Passage(
        id=row["id"],
        document_id=row["document_id"],
        document_name=row["name"],
        collection_id=row["collection_id"],
        page=1 if pages else None,
        page_end=pages if pages and pages > 1 else None,
        heading="",
        start=0,
        end=len(row["text"]),
        text=row["text"],
        score=1.0,
    )


def assemble(found: Iterable[Found], most_bytes: int, limit: int) -> list[Passage]:
    """What the room holds of the best chunks, which come first: neighbours as one, in the place of the better.

    Joined are neighbours of about the same rank only. Of a hundred chunks of one book most have a neighbour, and
    joining them all would put what is hardly relevant before what is.
    """
    passages: list[Passage] = []
    for tier in tiers(choose(found, most_bytes)):
        passages += join_neighbours(tier, limit - len(passages))
    return passages


def tiers(chosen: Iterable[Found]) -> Iterator[list[Found]]:
    tier: list[Found] = []
    size = 0
    for each in chosen:
        tier.append(each)
        size += len(each.passage.text)
        if size >= TIER:
            yield tier
            tier, size = [], 0
    yield tier


def join_neighbours(chosen: list[Found], limit: int) -> list[Passage]:
    groups: list[list[Found]] = []
    for each in chosen:
        beside = [group for group in groups if any(_touch(each, other) for other in group)]
        if not beside and len(groups) >= limit:
            continue
        if beside:
            beside[0] += [each, *(other for group in beside[1:] for other in group)]
            groups = [group for group in groups if group not in beside[1:]]
        else:
            groups.append([each])
    return [join(group) for group in groups]


def choose(found: Iterable[Found], most_bytes: int) -> list[Found]:
    """The best that fit. One is there at least, shortened if need be: something relevant was found."""
    chosen: list[Found] = []
    for each in found:
        size = len(each.passage.text.encode("utf-8", "replace"))
        if size > most_bytes and not chosen:
            shorten(each.passage, most_bytes)
            return [each]
        if size <= most_bytes:
            chosen.append(each)
            most_bytes -= size
    return chosen


def shorten(passage: Passage, most_bytes: int) -> None:
    """To its beginning, cut at a word."""
    text = passage.text.encode("utf-8", "replace")[: max(most_bytes, 1)].decode("utf-8", "ignore")
    passage.text = text[: text.rfind(" ") if " " in text else len(text)]
    passage.end = passage.start + len(passage.text)


def join(group: list[Found]) -> Passage:
    """Neighbours as one passage with the best one's id, page and score; its text is the document's, without a hole."""
    passage = max(group, key=lambda each: each.passage.score).passage
    group.sort(key=lambda each: each.seq)
    text, end = group[0].passage.text, group[0].passage.end
    for each in group[1:]:
        if each.passage.start >= end:
            text += each.gap + each.passage.text
        else:
            text += each.passage.text[end - each.passage.start :]
        end = max(end, each.passage.end)
    first = group[0].passage
    last = max((each.passage.page_end or each.passage.page or 0 for each in group), default=0)
    page_end = last if first.page is not None and last > first.page else None
    return msgspec.structs.replace(
        passage, page=first.page, page_end=page_end, heading=first.heading, start=first.start, end=end, text=text
    )


def _touch(one: Found, other: Found) -> bool:
    later = one if one.seq > other.seq else other
    same = one.passage.document_id == other.passage.document_id
    return same and abs(one.seq - other.seq) == 1 and len(later.gap) <= MOST_GAP
