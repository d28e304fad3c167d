"""What the model saw for an answer: kept as references and numbers, told with the texts as they are now."""

import msgspec

from gantry_edge.chat import store
from gantry_edge.chat.answers import get_answer, read_persona
from gantry_edge.chat.planner import Counting
from gantry_edge.chat.prompt import Draft, Said, draft
from gantry_edge.chat.schema import Context, ContextSegment, LeftOut, Memories, Notice, Source, Sources
from gantry_edge.chat.sources import fill
from gantry_edge.errors import NotFound
from gantry_edge.facts.known import sentences_of
from gantry_edge.memory.schema import Memory
from gantry_edge.models.schema import Usage
from gantry_edge.personas.choice import instructions
from gantry_edge.storage.database import Connection

PROMPT_MESSAGES = 10_000  # of a branch, that a prompt is made from
PERSONA = "persona"  # stands for its instructions, kept with the answer, among the ids of messages
PROMPT_BYTES = 2_000_000  # of them; more than the window of any model


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


def save(connection: Connection, answer_id: str, kept: Kept) -> None:
    connection.execute(
        "INSERT INTO answer_contexts (id, context) SELECT id, ? FROM messages WHERE id = ?"
        " ON CONFLICT (id) DO UPDATE SET context = excluded.context",
        (msgspec.json.encode(kept).decode(), answer_id),
    )


def read_draft(connection: Connection, answer_id: str, window: int | None) -> Draft:
    """The branch an answer ends, from where the answer before it began: what has not moved is not read again."""
    branch, above = store.read_branch(connection, answer_id, PROMPT_MESSAGES, PROMPT_BYTES)
    if not branch:
        raise NotFound("The conversation was deleted")
    found = draft(branch, left_out=LeftOut(messages=above))
    before = [message.id for message in branch[:-1] if message.role == "assistant"]
    kept = _read(connection, before[-1]) if before else None
    if kept is None or kept.window != window:
        return found
    began = next((piece.ref for piece in kept.pieces if piece.kind in ("history", "question")), "")
    first = next((at for at, said in enumerate(found.turns) if said.id == began), 0)
    if not 0 < first <= found.last:
        return found
    left_out = LeftOut(messages=above + first)
    return msgspec.structs.replace(found, first=first, left_out=left_out)


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
    message, answer = get_answer(connection, user_id, answer_id)
    kept = _read(connection, answer_id)
    if kept is None:
        raise NotFound("What the model saw was not kept for this answer")
    fill(connection, user_id, [message])
    sources = {source.id: source for part in message.parts if isinstance(part, Sources) for source in part.items}
    memories = {memory.id: memory for part in message.parts if isinstance(part, Memories) for memory in part.items}
    branch, _ = store.read_branch(connection, answer_id, PROMPT_MESSAGES, PROMPT_BYTES)
    said = {one.id: one for one in draft(branch).turns}
    if persona := read_persona(connection, answer_id):
        said[PERSONA] = Said(PERSONA, "", instructions(persona, answer.model.partition("/")[2]))
    remembered = [piece.ref for piece in kept.pieces if piece.kind == "memory"]
    said |= {id: Said(id, "", text) for id, text in sentences_of(connection, user_id, remembered).items()}
    return Context(
        window=kept.window,
        exact=kept.exact,
        prompt_tokens=kept.prompt_tokens,
        cached_tokens=kept.cached_tokens,
        gather_ms=kept.gather_ms,
        left_out=kept.left_out,
        segments=[_segment(piece, said, sources, memories) for piece in kept.pieces],
    )


def _segment(
    piece: Piece, said: dict[str, Said], sources: dict[str, Source], memories: dict[str, Memory]
) -> ContextSegment:
    source, memory = sources.get(piece.ref), memories.get(piece.ref)
    if piece.kind == "memory" and memory is not None:
        return ContextSegment(piece.kind, piece.tokens, piece.ref, memory.text, label=memory.title)
    if piece.kind == "document" and source is not None:
        return ContextSegment(
            piece.kind, piece.tokens, piece.ref, source.text, document_id=source.document_id, label=source.document_name
        )
    one = said.get(PERSONA if piece.kind == "system" else piece.ref)
    return ContextSegment(piece.kind, piece.tokens, piece.ref, one.text if one else "", label=one.role if one else "")


def _read(connection: Connection, answer_id: str) -> Kept | None:
    row = connection.execute("SELECT context FROM answer_contexts WHERE id = ?", (answer_id,)).fetchone()
    return _kept.decode(row[0]) if row else None
