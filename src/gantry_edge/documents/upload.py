"""Files out of a multipart request, straight to the disk: nothing is held but one piece of one file."""

import asyncio
import errno
from collections.abc import AsyncIterator

from multipart import (
    MultipartError,
    MultipartSegment,
    ParserLimitReached,
    PushMultipartParser,
    parse_options_header,
)

from gantry_edge.documents.store import Received, quota_sentence
from gantry_edge.errors import BadRequest, DiskFull, NotMultipart, QuotaReached, TooLarge
from gantry_edge.storage.files import Files, Incoming

PARTS = 20
PIECE = 512 * 1024  # bytes handed to the disk at once
FIELD = 1000  # bytes of a field that is no file
LONGEST_NAME = 255
PER_PART = 10_000  # bytes of headers and boundaries around a file


class Upload:
    """The parts of one request. Unless they are kept, leaving it discards them."""

    def __init__(self, files: Files, *, most_each: int, quota: int, used: int) -> None:
        self.collection_id: str | None = None
        self._files = files
        self._most_each = most_each
        self._quota = quota
        self._room = quota - used
        self._received: list[tuple[str, Incoming]] = []
        self._field: tuple[str, bytearray] | None = None
        self._waiting = bytearray()

    async def __aenter__(self) -> "Upload":
        return self

    async def __aexit__(self, *error: object) -> None:
        await asyncio.shield(asyncio.to_thread(self._discard))

    async def read(self, content_type: str, content_length: int | None, body: AsyncIterator[bytes]) -> None:
        """Every part; the errors say which limit was met."""
        if content_length is not None:
            self._check_length(content_length)
        parser = open_parser(content_type)
        length = 0
        try:
            async for piece in body:
                length += len(piece)
                self._check_length(length)
                for event in parser.parse(piece) if piece else ():
                    await self._take(event)
            parser.close()
        except ParserLimitReached as error:
            raise BadRequest(f"An upload may have up to {PARTS} parts, each with a short name") from error
        except MultipartError as error:
            raise BadRequest("The upload is not whole; send it again") from error
        except OSError as error:
            raise _disk_error(error) from error
        if not self._received:
            raise BadRequest("There is no file in the upload; send at least one as `file`")

    @property
    def digests(self) -> list[str]:
        return [incoming.digest for _, incoming in self._received]

    async def keep(self) -> list[Received]:
        """Put the files in their places. The caller holds the lock of the files until it has stored their rows."""
        try:
            return await asyncio.to_thread(self._keep)
        except OSError as error:
            raise _disk_error(error) from error

    def _keep(self) -> list[Received]:
        return [Received(name, incoming.keep(), incoming.size) for name, incoming in self._received]

    def _discard(self) -> None:
        for _, incoming in self._received:
            incoming.discard()

    def _check_length(self, length: int) -> None:
        """Refuse before reading on what cannot fit."""
        if length > PARTS * (self._most_each + PER_PART):
            raise TooLarge(f"A file may have up to {self._most_each // 1_000_000} MB")
        if length > max(0, self._room) + PARTS * PER_PART:
            raise QuotaReached(quota_sentence(self._quota))

    async def _take(self, event: MultipartSegment | bytearray | bytes | None) -> None:
        if isinstance(event, MultipartSegment):
            self._begin(event)
        elif event is None:
            await self._end()
        elif self._field is not None:
            self._field[1].extend(event)
            if len(self._field[1]) > FIELD:
                raise BadRequest(f"The field `{self._field[0]}` is too long")
        else:
            self._waiting += event
            if len(self._waiting) >= PIECE:
                await self._write()

    def _begin(self, segment: MultipartSegment) -> None:
        if segment.filename:
            self._received.append((clean_name(segment.filename), self._files.receive(self._most_each)))
        else:  # a field that is no file, or the file field of a form in which none was chosen
            self._field = ((segment.name or "")[:40], bytearray())

    async def _end(self) -> None:
        if self._field is None:
            await self._write()
            return
        name, value = self._field
        self._field = None
        if name == "collection_id":
            self.collection_id = value.decode("utf-8", "replace").strip() or None

    async def _write(self) -> None:
        data, self._waiting = bytes(self._waiting), bytearray()
        self._room -= len(data)
        if self._room < 0:
            raise QuotaReached(quota_sentence(self._quota))
        self._files.room.check(len(data))
        await asyncio.to_thread(self._received[-1][1].write, data)


def open_parser(content_type: str) -> PushMultipartParser:
    kind, options = parse_options_header(content_type)
    if kind != "multipart/form-data" or not options.get("boundary"):
        raise NotMultipart("Send the files as multipart/form-data")
    try:
        return PushMultipartParser(options["boundary"], max_segment_count=PARTS)
    except MultipartError as error:
        raise BadRequest("The upload's boundary is not valid") from error


def clean_name(name: str) -> str:
    """A file's name as text to show: no control or direction characters, never empty. It names no file of ours."""
    shown = "".join(c if c.isprintable() or c == " " else " " for c in name).strip()
    return shown[:LONGEST_NAME] or "Unnamed"


def _disk_error(error: OSError) -> Exception:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    return DiskFull("The disk of this machine is full; nothing was stored") if full else error
