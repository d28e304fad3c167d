"""An answer as events, and events as parts and as bytes of an event stream. Pure."""

from collections.abc import Iterable

import msgspec

from gantry_edge.chat.schema import Answer, Memories, Notice, Part, Reasoning, Sources, Started, Text
from gantry_edge.models.schema import Place
from gantry_edge.sse import HEARTBEAT, encode_event
from gantry_edge.storage.events import TEXTS, Event

_encode = msgspec.json.Encoder().encode
_notice = msgspec.json.Decoder(Notice)
_sources = msgspec.json.Decoder(Sources)
_memories = msgspec.json.Decoder(Memories)


def tell(started: Started, parts: Iterable[Part]) -> list[Event]:
    """The events that lead to these parts, at the positions they had when they happened."""
    return [Event(1, "start", _encode(started).decode()), *events_of(parts, 1)]


def events_of(parts: Iterable[Part], position: int = 0) -> list[Event]:
    """The events behind `position` that leave these parts behind."""
    events: list[Event] = []
    for part in parts:
        match part:
            case Text(text):
                events.append(Event(position + len(text), "delta", text))
            case Reasoning(text):
                events.append(Event(position + len(text), "reasoning", text))
            case Notice():
                events.append(Event(position + 1, "notice", _encode(part).decode()))
            case Sources():
                events.append(Event(position + 1, "sources", _encode(part).decode()))
            case Memories():
                events.append(Event(position + 1, "memories", _encode(part).decode()))
        position = events[-1].position
    return events


def parts_of(events: Iterable[Event]) -> list[Part]:
    """What events (neighbouring texts joined) leave behind."""
    parts: list[Part] = []
    for event in events:
        match event.type:
            case "delta":
                parts.append(Text(event.data))
            case "reasoning":
                parts.append(Reasoning(event.data))
            case "notice":
                parts.append(_notice.decode(event.data))
            case "sources":
                parts.append(_sources.decode(event.data))
            case "memories":
                parts.append(_memories.decode(event.data))
    return parts


def ending(answer: Answer) -> tuple[str, str]:
    """Type and data of the last event."""
    type = answer.status if answer.status in ("done", "stopped") else "failed"
    return type, _encode(answer).decode()


def waiting(place: Place | None) -> bytes:
    """Where an answer stands in line; null once it is being written. It is no event of the log: it has no position."""
    return encode_event("waiting", _encode(place))


def encode(events: Iterable[Event]) -> bytes:
    """As `text/event-stream`; no events is a heartbeat."""
    return b"".join(map(_encode_event, events)) or HEARTBEAT


def _encode_event(event: Event) -> bytes:
    data = b'{"text":%b}' % _encode(event.data) if event.type in TEXTS else event.data.encode()
    return encode_event(event.type, data, event.position)
