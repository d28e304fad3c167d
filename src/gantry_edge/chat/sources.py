"""From passages to the sources of an answer, and what these, and memories, say now."""

from collections.abc import Iterable, Sequence

import msgspec

from gantry_edge.chat.schema import Memories, Message, Part, Source, Sources
from gantry_edge.documents.schema import Passage
from gantry_edge.documents.search import Span, read_spans
from gantry_edge.memory import recall
from gantry_edge.storage.database import Connection


def sources_of(passages: Iterable[Passage]) -> list[Source]:
    return [
        Source(
            number=number,
            id=passage.id,
            document_id=passage.document_id,
            document_name=passage.document_name,
            page=passage.page,
            page_end=passage.page_end,
            heading=passage.heading,
            start=passage.start,
            end=passage.end,
            text=passage.text,
            score=passage.score,
        )
        for number, passage in enumerate(passages, 1)
    ]


def bare(part: Part) -> Part:
    """As it is stored: where it stands, not what it says. Who deletes that deletes all of its text."""
    if isinstance(part, Sources):
        return Sources([msgspec.structs.replace(source, heading="", text="") for source in part.items])
    if isinstance(part, Memories):
        return Memories([msgspec.structs.replace(memory, title="", text="") for memory in part.items])
    return part


def fill(connection: Connection, user_id: str, messages: Sequence[Message]) -> None:
    """Give sources and memories their text again; one without any was deleted."""
    fill_sources(connection, user_id, messages)
    fill_memories(connection, user_id, messages)


def fill_memories(connection: Connection, user_id: str, messages: Sequence[Message]) -> None:
    for message in messages:
        message.parts = [
            Memories(recall.fill(connection, user_id, part.items)) if isinstance(part, Memories) else part
            for part in message.parts
        ]


def fill_sources(connection: Connection, user_id: str, messages: Sequence[Message]) -> None:
    found = [part for message in messages for part in message.parts if isinstance(part, Sources)]
    spans = [Span(source.document_id, source.id, source.start, source.end) for part in found for source in part.items]
    if not spans:
        return
    said = iter(read_spans(connection, user_id, spans))
    for message in messages:
        message.parts = [
            Sources([_filled(source, *next(said)) for source in part.items]) if isinstance(part, Sources) else part
            for part in message.parts
        ]


def _filled(source: Source, heading: str, text: str) -> Source:
    return msgspec.structs.replace(source, heading=heading, text=text)
