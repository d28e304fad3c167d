"""From a branch of messages, and what was found for its questions, to what the model is sent. Pure.

The order is fixed, what changes least first, so that the engine reads again only what is new: instructions, a summary
of what there is no room for, earlier messages, the question; each with what was found for it in front of it.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from gantry_edge.chat.beside import EXCERPTS, Above, Found, Kind, Segment, Summary, beside, summed_up, unmarked
from gantry_edge.chat.citing import without_citations
from gantry_edge.chat.schema import Attachment, Image, LeftOut, Memories, Message, Source, Sources, Text
from gantry_edge.errors import TooLarge
from gantry_edge.facts.known import Known
from gantry_edge.models.schema import ChatMessage, ChatRequest, Endpoint, Sampling

MARKS = re.compile(r"\*\*|__|`+|^[#>*-]+ ")  # of Markdown, which means nothing in a title

TICKS = re.compile(r"`{3,}")
CUT = "\n[…]\n"  # in place of the middle of a text that is longer than the window
LEAST = 16  # tokens of a question that are worth asking
STEP = 0.6  # of the room is filled when it overflowed: what follows then changes nothing above it for many turns


class Said(NamedTuple):
    """A message as the model is told it, and what was found for it. `cites`: numbers in it may mean sources."""

    id: str
    role: str
    text: str
    found: Found = Found()
    cites: bool = False
    pictures: Sequence[Image] = ()


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What may go into a prompt. `last` is the question to be answered.

    Turns before `first` do not; questions before `plain` go without what was found for them.
    """

    turns: Sequence[Said]
    last: int
    first: int = 0
    plain: int = 0
    system: str = ""
    summary: Summary | None = None
    note: str = EXCERPTS
    sees: bool = True  # who reads it takes pictures
    left_out: LeftOut = LeftOut()

    @property
    def found(self) -> Found:
        """For the question to be answered."""
        return self.turns[self.last].found if self.turns else Found()

    @property
    def above(self) -> list[Source]:
        """Those that stand above it, each once."""
        start = max(self.first, self.plain)
        found = [source for said in self.turns[start : self.last] for source in said.found.sources if source.text]
        return list({source.number: source for source in found}.values())

    def given(self, found: Found) -> "Draft":
        """With this found for it."""
        turns = [*self.turns]
        turns[self.last] = turns[self.last]._replace(found=found)
        return replace(self, turns=turns)


class Plan(msgspec.Struct, frozen=True):
    """What the model is sent: for each message its role and the pieces it is made of, in the order it is read."""

    said: list[tuple[str, list[Segment]]]

    @property
    def messages(self) -> list[ChatMessage]:
        return [ChatMessage(role, "\n\n".join(piece.text for piece in pieces)) for role, pieces in self.said]

    @property
    def pictures(self) -> list[list[str]]:
        """The ids of those that go with each message."""
        return [[picture.id for piece in pieces for picture in piece.pictures] for _, pieces in self.said]

    @property
    def segments(self) -> list[Segment]:
        return [piece for _, pieces in self.said for piece in pieces]

    @property
    def texts(self) -> list[list[str]]:
        return [[piece.text for piece in pieces] for _, pieces in self.said]


def draft(branch: Iterable[Message], facts: Mapping[str, Sequence[Known]] | None = None, **rest: Any) -> Draft:
    """Everything of a branch; `facts` that stood beside its questions, and `rest` is what goes with it."""
    turns: list[Said] = []
    last = 0
    for message in branch:
        if message.role == "user":
            last = len(turns)
            stood = Found((facts or {}).get(message.id, ()))
            pictures = [part for part in message.parts if isinstance(part, Image)]
            turns.append(Said(message.id, "user", unmarked(told(message)), stood, pictures=pictures))
            continue
        memories = [item for part in message.parts if isinstance(part, Memories) for item in part.items]
        sources = [item for part in message.parts if isinstance(part, Sources) for item in part.items]
        if memories or sources:
            found = replace(turns[last].found, memories=memories, sources=sources)
            turns[last] = turns[last]._replace(found=found)
        if text := text_of(message):
            turns.append(Said(message.id, "assistant", unmarked(text), cites=bool(sources)))
    return Draft(turns=turns, last=last, **rest)


def compose(draft: Draft) -> Plan:
    """Neighbours of one role become one message, as after an answer that failed: some templates refuse them apart."""
    plan: list[tuple[str, list[Segment]]] = []
    if draft.system:
        plan.append(("system", [Segment("system", unmarked(draft.system))]))
    for said, pieces in _told(draft):
        if plan and plan[-1][0] == said.role:
            plan[-1][1].extend(pieces)
        else:
            plan.append((said.role, pieces))
    return Plan(plan)


def _told(draft: Draft) -> Iterable[tuple[Said, list[Segment]]]:
    """Each message with the pieces it is told in; its own words are the last of them."""
    above = Above()
    numbers: set[int] = set()  # that ever meant something
    for at, said in enumerate(draft.turns):
        numbers.update(source.number for source in said.found.sources)
        if at < draft.first:
            continue
        pieces = beside(said.found, above, draft.note) if at >= draft.plain else []
        if at == draft.first and draft.summary:
            pieces = [summed_up(draft.summary), *pieces]
        text = without_citations(said.text, numbers - above.numbers) if said.cites else said.text
        text = f"Question: {text}" if pieces else text
        yield said, [*pieces, Segment(_kind(at, draft.last), text, said.id, said.pictures if draft.sees else ())]


def lighten(draft: Draft, most: int) -> Draft:
    """Without what was found for the oldest questions, where all of it is more than so many bytes in whatever window:
    too much makes answers worse, and costs."""
    sizes = [sum(len(piece.text.encode()) for piece in pieces[:-1]) for _, pieces in _told(draft)]
    total = sum(sizes)
    if total <= most:
        return draft
    for at, size in enumerate(sizes[: draft.last - draft.first], draft.first + 1):
        total -= size
        if total <= STEP * most:
            return replace(draft, plain=max(at, draft.plain))
    return replace(draft, plain=draft.last)


class Ruler(NamedTuple):
    """Tokens of a text, and of a template around so many messages."""

    size: Callable[[str], int]
    around: Callable[[int], int]

    def total(self, draft: Draft) -> int:
        plan = compose(draft)
        return self.sum(plan.segments) + self.around(len(plan.said))

    def sum(self, pieces: Iterable[Segment]) -> int:
        return sum(self.size(piece.text) + piece.seen for piece in pieces)


def trim(draft: Draft, ruler: Ruler, room: int) -> Draft:
    """Less of it, until it fits into so many tokens: first what was found for the oldest questions, then the oldest
    messages, and many of them at once.

    The instructions stay whole, and of the question as much as there is room for.
    """
    while draft.plain < draft.last and ruler.total(draft) > room:
        draft = replace(draft, plain=_later_plain(draft, ruler, room))
    draft = start_at(draft, _later_start(draft, ruler, room))
    while (over := ruler.total(draft) - room) > 0:
        new = _new(draft)
        if not new and draft.summary:
            draft = replace(draft, summary=None)
            continue
        if not new:
            return _cut(draft, ruler, over)
        left = draft.left_out
        left = replace(left, sources=left.sources + 1) if new.sources else replace(left, memories=left.memories + 1)
        draft = replace(draft.given(draft.found.without_last(new)), left_out=left)
    return draft


def start_at(draft: Draft, first: int) -> Draft:
    left_out = replace(draft.left_out, messages=draft.left_out.messages + first - draft.first)
    return replace(draft, first=first, left_out=left_out)


def _later_plain(draft: Draft, ruler: Ruler, room: int) -> int:
    """From where on questions keep what was found for them, so that there is room again for a while."""
    total = ruler.total(draft)
    for at, (_, pieces) in enumerate(_told(draft), draft.first):
        if at >= draft.last:
            break
        total -= ruler.sum(pieces[:-1])
        if total <= STEP * room and at >= draft.plain:
            return at + 1
    return draft.last


def _later_start(draft: Draft, ruler: Ruler, room: int) -> int:
    """Where to begin so that there is room again for a while."""
    total = ruler.total(draft)
    if total <= room:
        return draft.first
    message = ruler.around(1) - ruler.around(0)
    for at in range(draft.first + 1, draft.last + 1):
        total -= ruler.size(draft.turns[at - 1].text) + message
        # templates expect a person to speak first
        if total <= STEP * room and draft.turns[at].role == "user":
            return at
    return draft.last


def _new(draft: Draft) -> Found:
    """What the question brings that does not stand above it."""
    above = Above()
    for at, said in enumerate(draft.turns[draft.first : draft.last], draft.first):
        if at >= draft.plain:
            above.add(above.lacks(said.found))
    return above.lacks(draft.found)


def _cut(draft: Draft, ruler: Ruler, over: int) -> Draft:
    """Without the middle of the longest text that has to be there: what is asked stands at an end of it."""
    sizes = {
        piece.ref: ruler.size(piece.text) for piece in compose(draft).segments if piece.kind in ("question", "answer")
    }
    at = max(range(draft.last, len(draft.turns)), key=lambda at: sizes[draft.turns[at].id])
    said = draft.turns[at]
    whole = sizes[said.id]
    if whole - over < LEAST:
        raise TooLarge("The instructions leave no room for a question to this model; shorten them or choose another")
    keep = max(LEAST, int(len(said.text) * (whole - over) / whole * 0.95) - len(CUT))
    text = said.text[: keep // 2] + CUT + said.text[len(said.text) - (keep - keep // 2) :]
    turns = [*draft.turns[:at], said._replace(text=text), *draft.turns[at + 1 :]]
    cut = draft.left_out.characters + len(said.text) - keep
    return replace(draft, turns=turns, left_out=replace(draft.left_out, characters=cut))


def _kind(at: int, last: int) -> Kind:
    if at == last:
        return "question"
    return "history" if at < last else "answer"


def request(
    endpoint: Endpoint,
    model: str,
    plan: Plan,
    sampling: Sampling | None = None,
    *,
    grounded: bool,
    longest: int | None = None,
) -> ChatRequest:
    """`grounded` is an answer from sources: a small model is kept from inventing, and may repeat what it reads.

    `longest` are the tokens there is room for: an answer is asked for that long only where a length is asked for.
    """
    sampling = sampling or Sampling()
    if grounded and endpoint.small:
        sampling = Sampling(temperature=0.0, frequency_penalty=0.0).but(sampling)
    if lengths := [length for length in (sampling.max_tokens, endpoint.max_tokens) if length]:
        sampling = replace(sampling, max_tokens=min(*lengths, longest or lengths[0]))
    return ChatRequest(model, plan.messages, sampling)


def text_of(message: Message) -> str:
    return "".join(part.text for part in message.parts if isinstance(part, Text))


def told(message: Message) -> str:
    """A question with the texts that go with it, each under its name, and the names of its pictures."""
    attached = [part for part in message.parts if isinstance(part, Attachment)]
    pieces = [f"Attachment “{' '.join(one.name.split())}”:\n{in_ticks(one.text)}" for one in attached]
    pictures = [part.name for part in message.parts if isinstance(part, Image)]
    pieces += [f"Picture “{' '.join(name.split())}”" for name in pictures]
    return "\n\n".join(piece for piece in (text_of(message), *pieces) if piece)


def in_ticks(text: str) -> str:
    """Between fences that do not stand in it."""
    longest = max((len(run) for run in TICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def title_of(content: str) -> str:
    """The first words, at most 60 characters, cut at a word."""
    line = MARKS.sub("", " ".join(content.split())).strip()
    if not line:
        return "New conversation"
    if len(line) <= 60:
        return line
    return line[:60].rsplit(" ", 1)[0].rstrip(",;:.") + "…"
