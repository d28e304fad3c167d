"""Pictures that go with messages: taken in clean, kept under their content, shown to their owner alone, erased with
the last message that has them."""

import asyncio
import base64
import logging
from collections.abc import Sequence
from pathlib import Path

from gantry_edge.chat.pictures import Picture, clean
from gantry_edge.chat.schema import Image, ImageFile, NewImage
from gantry_edge.errors import NotFound, QuotaReached
from gantry_edge.ids import new_id, now
from gantry_edge.storage.database import Connection, Database, DatabaseError
from gantry_edge.storage.files import Files

MOST_BYTES = 8_000_000  # a body holds a third more of it
UNSENT = 24 * 3600 * 1000  # milliseconds that a picture waits for its message
EVERY = 20.0  # seconds
MISSING = "There is no such picture"

GET = "SELECT id, sha256, media, bytes, width, height, created_at FROM images WHERE id = ? AND user_id = ?"
ADD = """
INSERT INTO images (id, user_id, sha256, media, bytes, width, height, created_at)
VALUES (:id, :user, :sha256, :media, :bytes, :width, :height, :at)
"""
DROP = """
DELETE FROM images WHERE created_at < ? AND NOT EXISTS (SELECT 1 FROM message_images WHERE image_id = images.id)
"""
FREE = "SELECT sha256 FROM lost_files WHERE sha256 NOT IN (SELECT sha256 FROM files_in_use)"

log = logging.getLogger(__name__)


class Images:
    """`quota` of a person's documents and pictures together, in bytes."""

    def __init__(self, database: Database, files: Files, quota: int) -> None:
        self._database = database
        self._files = files
        self._quota = quota

    async def add(self, user_id: str, data: bytes) -> ImageFile:
        """Without what nobody sees of it. It is dropped when no message has it a day later."""
        picture = await asyncio.to_thread(clean, data)
        async with self._files.lock:
            digest = await asyncio.to_thread(self._keep, picture.data)
            return await self._database.write(lambda c: add_image(c, user_id, digest, picture, self._quota))

    async def find(self, user_id: str, id: str) -> tuple[ImageFile, Path]:
        image, digest = await self._database.read(lambda c: get_image(c, user_id, id))
        path = self._files.path(digest)
        if not path.is_file():
            raise NotFound("The file of this picture is lost")
        return image, path

    async def urls(self, user_id: str, ids: Sequence[str]) -> dict[str, str]:
        """As models are sent them; those that are lost are left out."""
        urls = {}
        for id in dict.fromkeys(ids):
            try:
                image, path = await self.find(user_id, id)
            except NotFound:
                continue
            data = base64.b64encode(await asyncio.to_thread(path.read_bytes)).decode()
            urls[id] = f"data:{image.media};base64,{data}"
        return urls

    async def erase_forever(self) -> None:
        while True:
            try:
                await self._database.write(lambda c: c.execute(DROP, (now() - UNSENT,)))
                await self.erase_lost()
            except (DatabaseError, OSError) as error:
                log.error("pictures that were deleted are there still: %s", error)
            await asyncio.sleep(EVERY)

    async def erase_lost(self) -> None:
        """The files that no row refers to any more."""
        async with self._files.lock:
            lost = await self._database.read(lambda c: [row[0] for row in c.execute(FREE)])
            for digest in lost:
                await asyncio.to_thread(self._files.delete, digest)
            if lost:
                rows = [(digest,) for digest in lost]
                await self._database.write(lambda c: c.executemany("DELETE FROM lost_files WHERE sha256 = ?", rows))

    def _keep(self, data: bytes) -> str:
        incoming = self._files.receive(MOST_BYTES)
        try:
            incoming.write(data)
            return incoming.keep()
        finally:
            incoming.discard()


def add_image(connection: Connection, user_id: str, digest: str, picture: Picture, quota: int) -> ImageFile:
    values = {"id": new_id(), "user": user_id, "sha256": digest, "bytes": len(picture.data), "at": now()}
    connection.execute(ADD, {**values, "media": picture.media, "width": picture.width, "height": picture.height})
    used = connection.execute("SELECT sum(bytes) FROM bytes_in_use WHERE user_id = ?", (user_id,)).fetchone()[0]
    if used > quota:
        raise QuotaReached(f"Your documents and pictures may take {quota // 1_000_000} MB in all; delete some first")
    return get_image(connection, user_id, str(values["id"]))[0]


def get_image(connection: Connection, user_id: str, id: str) -> tuple[ImageFile, str]:
    row = connection.execute(GET, (id, user_id)).fetchone()
    if row is None:
        raise NotFound(MISSING)
    fields = dict(row)
    digest = fields.pop("sha256")
    return ImageFile(**fields), digest


def parts_of(connection: Connection, user_id: str, images: Sequence[NewImage]) -> list[Image]:
    """NotFound for one that is somebody else's."""
    found = [(one, get_image(connection, user_id, one.id)[0]) for one in images]
    return [Image(one.id, one.name, file.media, file.width, file.height) for one, file in found]


def keep_with(connection: Connection, message_id: str, images: Sequence[Image]) -> None:
    rows = {(message_id, image.id) for image in images}
    connection.executemany("INSERT INTO message_images (message_id, image_id) VALUES (?, ?)", rows)


def copy_with(connection: Connection, original: str, copy: str) -> None:
    connection.execute(
        "INSERT INTO message_images (message_id, image_id) SELECT ?, image_id FROM message_images WHERE message_id = ?",
        (copy, original),
    )
