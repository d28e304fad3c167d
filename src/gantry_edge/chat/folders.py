"""SQL of folders that conversations lie in. Each asks for the owner; a foreign id looks like none."""

from gantry_edge.chat.schema import Folder
from gantry_edge.errors import BadRequest, NotFound
from gantry_edge.ids import new_id, now
from gantry_edge.storage.database import Connection

MOST = 1000  # of one person
LIST = """
SELECT f.id, f.name, f.created_at, (
    SELECT count(*) FROM conversations c
    WHERE c.user_id = f.user_id AND c.folder_id = f.id AND c.place = 'current' AND c.pinned = 0
) FROM folders f WHERE f.user_id = ? AND f.deleted_at IS NULL
"""


def list_folders(connection: Connection, user_id: str) -> list[Folder]:
    """By name."""
    rows = connection.execute(LIST, (user_id,))
    return sorted((Folder(*row) for row in rows), key=lambda folder: (folder.name.casefold(), folder.id))


def get_folder(connection: Connection, user_id: str, id: str) -> Folder:
    row = connection.execute(f"{LIST} AND f.id = ?", (user_id, id)).fetchone()
    if row is None:
        raise NotFound("There is no such folder")
    return Folder(*row)


def add_folder(connection: Connection, user_id: str, name: str) -> Folder:
    _check_room(connection, user_id)
    folder = Folder(new_id(), name, now())
    connection.execute(
        "INSERT INTO folders (id, user_id, name, created_at) VALUES (?, ?, ?, ?)",
        (folder.id, user_id, folder.name, folder.created_at),
    )
    return folder


def rename_folder(connection: Connection, user_id: str, id: str, name: str) -> Folder:
    get_folder(connection, user_id, id)
    connection.execute("UPDATE folders SET name = ? WHERE id = ?", (name, id))
    return get_folder(connection, user_id, id)


def delete_folder(connection: Connection, user_id: str, id: str) -> None:
    """What lies in it stays, outside of any folder; for a day it can be restored."""
    get_folder(connection, user_id, id)
    connection.execute("UPDATE folders SET deleted_at = ? WHERE id = ?", (now(), id))
    connection.execute(
        "UPDATE conversations SET folder_id = NULL, left_folder_id = ?1 WHERE folder_id = ?1",
        (id,),
    )


def restore_folder(connection: Connection, user_id: str, id: str) -> Folder:
    """With what lay in it and was put nowhere else since."""
    _check_room(connection, user_id)
    connection.execute("UPDATE folders SET deleted_at = NULL WHERE id = ? AND user_id = ?", (id, user_id))
    get_folder(connection, user_id, id)
    connection.execute(
        "UPDATE conversations SET folder_id = coalesce(folder_id, ?1), left_folder_id = NULL WHERE left_folder_id = ?1",
        (id,),
    )
    return get_folder(connection, user_id, id)


def forget_folders(connection: Connection, deleted_before: int) -> int:
    return connection.execute("DELETE FROM folders WHERE deleted_at < ?", (deleted_before,)).rowcount


def _check_room(connection: Connection, user_id: str) -> None:
    if len(list_folders(connection, user_id)) >= MOST:
        raise BadRequest(f"There are {MOST} folders already; delete one first")
