"""The documents of one person as files: the originals as they came, and a list of them. See docs/export.md."""

import shutil
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

import msgspec

from gantry_edge.storage.database import Connection, Row
from gantry_edge.storage.files import Files
from gantry_edge.storage.packing import Packing, safe_name

FORMAT, VERSION = "gantry-edge/documents", 1
COLLECTIONS = """
SELECT id, name, is_default, created_at, updated_at FROM collections
WHERE user_id = ? AND deleted_at IS NULL ORDER BY id
"""
DOCUMENTS = """
SELECT id, name, kind, bytes, sha256, status, pages, created_at, updated_at FROM documents
WHERE collection_id = ? AND user_id = ? AND deleted_at IS NULL ORDER BY id
"""
LONGEST_SUFFIX = 20


class Exported(NamedTuple):
    """`missing` originals are in the database and not on the disk."""

    collections: int = 0
    documents: int = 0
    missing: int = 0


def export_documents(connection: Connection, user_id: str, files: Files, packing: Packing) -> Exported:
    documents, missing = 0, set()
    for _, shelf in _shelves(connection, user_id):
        for name, row in shelf:
            documents += 1
            try:
                with files.path(row["sha256"]).open("rb") as source, packing.open(name) as target:
                    shutil.copyfileobj(source, target, 1 << 20)
            except FileNotFoundError:
                missing.add(row["id"])
    return Exported(_write_list(connection, user_id, packing, missing), documents, len(missing))


def _shelves(connection: Connection, user_id: str) -> Iterator[tuple[Row, Iterator[tuple[str, Row]]]]:
    """Each collection with its documents, and where their originals go."""
    for number, collection in enumerate(connection.execute(COLLECTIONS, (user_id,)), 1):
        folder = f"documents/{number:04} {safe_name(collection['name'])}".rstrip()
        rows = connection.execute(DOCUMENTS, (collection["id"], user_id))
        yield collection, ((f"{folder}/{_file_name(at, row['name'])}", row) for at, row in enumerate(rows, 1))


def _file_name(number: int, name: str) -> str:
    suffix = PurePosixPath(name).suffix
    if len(suffix) > LONGEST_SUFFIX:
        suffix = ""
    return f"{number:05} {safe_name(name.removesuffix(suffix), suffix)}".rstrip()


def _write_list(connection: Connection, user_id: str, packing: Packing, missing: set[str]) -> int:
    """How many collections there are."""
    collections = 0
    with packing.open("documents.json") as file:
        file.write(b'{"format":"%b","version":%d,"collections":[' % (FORMAT.encode(), VERSION))
        for collections, (collection, shelf) in enumerate(_shelves(connection, user_id), 1):
            head = {**dict(collection), "is_default": bool(collection["is_default"])}
            file.write((b",\n" if collections > 1 else b"\n") + msgspec.json.encode(head)[:-1] + b',"documents":[')
            for at, (name, row) in enumerate(shelf):
                listed = {**dict(row), "file": None if row["id"] in missing else name}
                file.write((b",\n" if at else b"\n") + msgspec.json.encode(listed))
            file.write(b"]}")
        file.write(b"\n]}\n")
    return collections
