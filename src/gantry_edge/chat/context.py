"""What the model saw for an answer: kept as references and numbers, told with the texts as they are now."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from gantry_edge.chat import store
from gantry_edge.chat.answers import get_answer, read_persona
from gantry_edge.chat.beside import Found, Summary
from gantry_edge.chat.planner import Counting
from gantry_edge.chat.prompt import Draft, Said, draft
from gantry_edge.chat.schema import Context, ContextSegment, LeftOut, Message, Notice
from gantry_edge.chat.sources import fill, fill_memories, fill_sources
from gantry_edge.chat.summaries import read_summary, want
from gantry_edge.errors import NotFound
from gantry_edge.facts.known import Known, sentences_of
from gantry_edge.models.schema import Usage
from gantry_edge.personas.choice import instructions
from gantry_edge.storage.database import Connection

PROMPT_MESSAGES = 10_000  # of a branch, that a prompt is made from
PERSONA = "persona"  # stands for its instructions, kept with the answer, among the ids of messages
PROMPT_BYTES = 2_000_000  # of them; more than the window of any model
TALK = ("history", "question", "answer")


class Piece(msgspec.Struct, frozen=True, array_like=True):
    kind: str
    ref: str
    tokens: int


class Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """As it is stored: no text of a document or a memory, so that deleting these deletes all of it."""

    pieces: list[Piece]
    window: int | None = None
    exact: bool = False
    prompt_tokens: int | None = None
    cached_tokens: int | None = None
    gather_ms: int = 0
    left_out: LeftOut = LeftOut()

    @property
    def begin(self) -> str:
        """The message it begins with."""
        return next((piece.ref for piece in self.pieces if piece.kind in TALK), "")


_kept = msgspec.json.Decoder(Kept)


def keep(counting: Counting, usage: Usage | None, gather_ms: int) -> Kept:
    """The tokens of all pieces are those the engine reported, where it did."""
    fitted, counted = counting.fitted, counting.counted
    pieces = [
        Piece(segment.kind, segment.ref, tokens)
        for segment, tokens in zip(fitted.plan.segments, counted.texts, strict=True)
    ]
    pieces.append(Piece("template", "", counted.template))
    reported = usage.prompt_tokens if usage else None
    exact = fitted.counted is not None and reported in (None, counted.total)
    if reported and not exact:
        pieces = _scaled(pieces, reported)
    cached = usage.cached_tokens if usage else None
    return Kept(pieces, fitted.window, exact, reported, cached, gather_ms, fitted.draft.left_out)


def _scaled(pieces: list[Piece], total: int) -> list[Piece]:
    """The same shares of another sum; what rounding leaves is the template's."""
    estimated = sum(piece.tokens for piece in pieces) or 1
    *texts, template = [msgspec.structs.replace(p, tokens=p.tokens * total // estimated) for p in pieces]
    return [*texts, msgspec.structs.replace(template, tokens=total - sum(piece.tokens for piece in texts))]


def save(connection: Connection, answer_id: str, model: str, kept: Kept) -> None:
    """What there was no room for is wanted as a summary by the next."""
    connection.execute(
        "INSERT INTO answer_contexts (id, context) SELECT id, ? FROM messages WHERE id = ?"
        " ON CONFLICT (id) DO UPDATE SET context = excluded.context",
        (msgspec.json.encode(kept).decode(), answer_id),
    )
    if kept.left_out.messages:
        want(connection, kept.begin, model)


class Reach(NamedTuple):
    """Whether earlier questions keep what was found for them: only as long as both may be looked at."""

    documents: bool
    memory: bool


def read_draft(connection: Connection, user_id: str, answer_id: str, window: int | None, reach: Reach) -> Draft:
    """The branch an answer ends, as the answer before it was told: what has not moved is not read again."""
    branch, above = store.read_branch(connection, answer_id, PROMPT_MESSAGES, PROMPT_BYTES)
    if not branch:
        raise NotFound("The conversation was deleted")
    kept = _kept_before(connection, branch, window)
    stood = _stood(kept.pieces) if kept else {}
    from_ = next((at for at, message in enumerate(branch) if message.id in stood), len(branch))
    if reach.documents:
        fill_sources(connection, user_id, branch[from_:])
    if reach.memory:
        fill_memories(connection, user_id, branch[from_:])
    found = draft(branch, _facts(connection, user_id, stood) if reach.memory else {})
    ids = [said.id for said in found.turns]
    plain = next((at for at, id in enumerate(ids) if id in stood), found.last)
    began = kept.begin if kept else ""
    first = ids.index(began) if began in ids[: found.last + 1] else 0
    summary = read_summary(connection, found.turns[first].id) if first or above else None
    return msgspec.structs.replace(
        found, first=first, plain=plain, summary=summary, left_out=LeftOut(messages=above + first)
    )


def _kept_before(connection: Connection, branch: list[Message], window: int | None) -> Kept | None:
    """What was kept of the last answer before this one, if it was told within the same window."""
    for message in branch[-2::-1]:
        if message.role == "assistant" and (kept := _read(connection, message.id)):
            return kept if kept.window == window else None
    return None


def _stood(pieces: list[Piece]) -> dict[str, list[str]]:
    """By the id of each question: what of memories and documents stood beside it."""
    stood: dict[str, list[str]] = {}
    refs: list[str] = []
    for piece in pieces:
        if piece.kind in ("memory", "document"):
            refs.append(piece.ref)
        elif refs:
            stood[piece.ref], refs = refs, []
    return stood


def _facts(connection: Connection, user_id: str, stood: dict[str, list[str]]) -> dict[str, list[Known]]:
    """Those that stood beside earlier questions, as they are now."""
    sentences = sentences_of(connection, user_id, [ref for refs in stood.values() for ref in refs if ref])
    return {id: [Known(ref, sentences[ref]) for ref in refs if ref in sentences] for id, refs in stood.items()}


def notices(left_out: LeftOut) -> list[Notice]:
    """What the person is told of it."""
    told = []
    if left_out.messages:
        told.append(f"{left_out.messages} older messages did not fit and were left out")
    if left_out.sources or left_out.memories:
        told.append(f"{left_out.sources + left_out.memories} of the passages found did not fit and were left out")
    if left_out.characters:
        told.append(f"{left_out.characters} characters in the middle of the last message did not fit")
    return [Notice("left_out", text) for text in told]


def read_context(connection: Connection, user_id: str, answer_id: str) -> Context:
    _, answer = get_answer(connection, user_id, answer_id)
    kept = _read(connection, answer_id)
    if kept is None:
        raise NotFound("What the model saw was not kept for this answer")
    branch, _ = store.read_branch(connection, answer_id, PROMPT_MESSAGES, PROMPT_BYTES)
    stood = _stood(kept.pieces)
    from_ = next((at for at, message in enumerate(branch) if message.id in stood), len(branch))
    fill(connection, user_id, branch[from_:])
    said = {one.id: one for one in draft(branch).turns}
    if persona := read_persona(connection, answer_id):
        said[PERSONA] = Said(PERSONA, "", instructions(persona, answer.model.partition("/")[2]))
    facts = sentences_of(connection, user_id, [ref for refs in stood.values() for ref in refs if ref])
    summed_up = next((piece.ref for piece in kept.pieces if piece.kind == "summary"), None)
    summary = read_summary(connection, summed_up) if summed_up else None
    return Context(
        window=kept.window,
        exact=kept.exact,
        prompt_tokens=kept.prompt_tokens,
        cached_tokens=kept.cached_tokens,
        gather_ms=kept.gather_ms,
        left_out=kept.left_out,
        segments=list(_segments(kept.pieces, said, facts, summary)),
    )


def _segments(
    pieces: list[Piece], said: dict[str, Said], facts: dict[str, str], summary: Summary | None
) -> Iterator[ContextSegment]:
    """What stands beside a question comes before it."""
    owner, owners = "", []
    for piece in reversed(pieces):
        owner = piece.ref if piece.kind in TALK else owner
        owners.append(said.get(owner))
    for piece, asked in zip(pieces, reversed(owners), strict=True):
        found = asked.found if asked else Found()
        if piece.kind == "memory":
            yield _memory(piece, found, facts)
        elif piece.kind == "document":
            yield _document(piece, found)
        elif piece.kind == "summary":
            yield ContextSegment(piece.kind, piece.tokens, piece.ref, summary.text if summary else "")
        else:
            one = said.get(PERSONA if piece.kind == "system" else piece.ref)
            text, label = (one.text, one.role) if one else ("", "")
            yield ContextSegment(piece.kind, piece.tokens, piece.ref, text, label)


def _memory(piece: Piece, found: Found, facts: dict[str, str]) -> ContextSegment:
    memory = next((memory for memory in found.memories if memory.id == piece.ref), None)
    text, label = (memory.text, memory.title) if memory else (facts.get(piece.ref, ""), "")
    return ContextSegment(piece.kind, piece.tokens, piece.ref, text, label)


def _document(piece: Piece, found: Found) -> ContextSegment:
    same = [source for source in found.sources if source.id == piece.ref]
    if not same:
        return ContextSegment(piece.kind, piece.tokens, piece.ref, "")
    source = max(same, key=lambda source: source.number)  # what came last is what was told
    return ContextSegment(
        piece.kind, piece.tokens, piece.ref, source.text, source.document_name, document_id=source.document_id
    )


def _read(connection: Connection, answer_id: str) -> Kept | None:
    row = connection.execute("SELECT context FROM answer_contexts WHERE id = ?", (answer_id,)).fetchone()
    return _kept.decode(row[0]) if row else None
