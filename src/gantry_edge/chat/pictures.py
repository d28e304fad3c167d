"""What a picture is made of: taken apart and put together again without what nobody sees. Pure.

Nothing is drawn here, so no picture is too large to unfold. What comes out begins and ends as its kind does, and holds
no place where it was taken, no name, no comment, and nothing behind its end.
"""

import zlib
from typing import NamedTuple

from gantry_edge.errors import BadRequest

MOST_SIDE = 16_384  # pixels
PNG = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"acTL", b"fcTL", b"fdAT"}
WEBP_KEPT = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"}
SIZES = {0xC0, 0xC1, 0xC2, 0xC3}  # frames of a JPEG that say how large it is
ALONE = {0x01, *range(0xD0, 0xD8)}  # markers without a length
ADOBE, JFIF = 0xEE, 0xE0  # say how colours are meant
ANIMATION = b"NETSCAPE2.0"
BROKEN = "This picture is damaged, or no PNG, JPEG, WebP or GIF"


class Picture(NamedTuple):
    media: str
    width: int
    height: int
    data: bytes


def clean(data: bytes) -> Picture:
    """BadRequest for whatever is no whole picture of the four kinds."""
    try:
        if data.startswith(PNG):
            picture = _png(data)
        elif data.startswith(b"\xff\xd8\xff"):
            picture = _jpeg(data)
        elif data.startswith((b"GIF87a", b"GIF89a")):
            picture = _gif(data)
        elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            picture = _webp(data)
        else:
            raise BadRequest(BROKEN)
    except IndexError:
        raise BadRequest(BROKEN) from None
    if not (0 < picture.width <= MOST_SIDE and 0 < picture.height <= MOST_SIDE):
        raise BadRequest(f"A picture may be up to {MOST_SIDE:,} pixels wide and high")
    return picture


def _big(data: bytes, at: int, length: int = 4) -> int:
    return int.from_bytes(_slice(data, at, length), "big")


def _little(data: bytes, at: int, length: int) -> int:
    return int.from_bytes(_slice(data, at, length), "little")


def _slice(data: bytes, at: int, length: int) -> bytes:
    if at + length > len(data):
        raise IndexError
    return data[at : at + length]


def _png(data: bytes) -> Picture:
    pieces, at = [PNG], len(PNG)
    while True:
        length, kind = _big(data, at), _slice(data, at + 4, 4)
        whole = _slice(data, at, length + 12)
        if zlib.crc32(whole[4:-4]) != int.from_bytes(whole[-4:], "big") or (at == 8) is not (kind == b"IHDR"):
            raise IndexError
        if kind in PNG_KEPT:
            pieces.append(whole)
        at += length + 12
        if kind == b"IEND":
            return Picture("image/png", _big(data, 16), _big(data, 20), b"".join(pieces))


def _jpeg(data: bytes) -> Picture:
    pieces, at, size = [data[:2]], 2, (0, 0)
    while True:
        while data[at] == 0xFF and data[at + 1] == 0xFF:  # filling
            at += 1
        if data[at] != 0xFF:
            raise IndexError
        kind = data[at + 1]
        if kind == 0xD9:
            return Picture("image/jpeg", *size, b"".join([*pieces, data[at : at + 2]]))
        if kind in ALONE:
            pieces.append(data[at : at + 2])
            at += 2
            continue
        whole = _slice(data, at, 2 + _big(data, at + 2, 2))
        at += len(whole)
        if kind in SIZES and size == (0, 0):
            size = _big(whole, 7, 2), _big(whole, 5, 2)
        if kind == 0xDA:  # what is drawn follows, up to the next marker
            end = _end_of_scan(data, at)
            pieces.append(whole + data[at:end])
            at = end
        elif not (0xE0 <= kind <= 0xEF or kind == 0xFE) or kind in (ADOBE, JFIF):
            pieces.append(whole)


def _end_of_scan(data: bytes, at: int) -> int:
    while True:
        at = data.find(b"\xff", at)
        if at < 0:
            raise IndexError
        if data[at + 1] != 0 and data[at + 1] not in ALONE:
            return at
        at += 2


def _gif(data: bytes) -> Picture:
    at = 13 + _colours(data, 10)
    pieces = [_slice(data, 0, at)]
    while data[at] != 0x3B:
        start = at
        if data[at] == 0x2C:
            at = _blocks(data, at + 11 + _colours(data, at + 9))
            pieces.append(data[start:at])
        elif data[at] == 0x21:
            kept = data[at + 1] == 0xF9 or _slice(data, at + 3, 11) == ANIMATION
            at = _blocks(data, at + 2)
            if kept:
                pieces.append(data[start:at])
        else:
            raise IndexError
    return Picture("image/gif", _little(data, 6, 2), _little(data, 8, 2), b"".join([*pieces, b"\x3b"]))


def _colours(data: bytes, at: int) -> int:
    """Bytes of the table that this flag announces."""
    return 3 << ((data[at] & 7) + 1) if data[at] & 0x80 else 0


def _blocks(data: bytes, at: int) -> int:
    """Behind the blocks that begin here."""
    while data[at]:
        at += data[at] + 1
    return at + 1


def _webp(data: bytes) -> Picture:
    pieces, at, size = [], 12, (0, 0)
    end = 8 + _little(data, 4, 4)
    if end > len(data):
        raise IndexError
    while at < end:
        kind, length = _slice(data, at, 4), _little(data, at + 4, 4)
        whole = _slice(data, at, 8 + length + (length & 1))
        at += len(whole)
        if kind == b"VP8X":
            size = _little(whole, 12, 3) + 1, _little(whole, 15, 3) + 1
            whole = whole[:8] + bytes([whole[8] & 0b0001_0010]) + whole[9:]  # without profile and metadata
        elif kind == b"VP8 " and size == (0, 0):
            size = _little(whole, 14, 2) & 0x3FFF, _little(whole, 16, 2) & 0x3FFF
        elif kind == b"VP8L" and size == (0, 0):
            bits = _little(whole, 9, 4)
            size = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        if kind in WEBP_KEPT:
            pieces.append(whole)
    body = b"WEBP" + b"".join(pieces)
    return Picture("image/webp", *size, b"RIFF" + len(body).to_bytes(4, "little") + body)
