"""Server-sent events as bytes."""

HEARTBEAT = b": ping\n\n"
# legal inside a line, but the line readers of several languages break at them
LINE_BREAKS = [(character.encode(), b"\\u%04x" % ord(character)) for character in "\u0085\u2028\u2029"]


def encode_event(type: str, data: bytes, id: int | None = None) -> bytes:
    """`data` is JSON without line feeds."""
    for character, escape in LINE_BREAKS:
        data = data.replace(character, escape)
    head = b"" if id is None else b"id: %d\n" % id
    return b"%bevent: %b\ndata: %b\n\n" % (head, type.encode(), data)
