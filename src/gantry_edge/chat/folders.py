"""SQL of folders that conversations lie in. Each asks for the owner; a foreign id looks like none."""

from gantry_edge.chat.schema import Folder
from gantry_edge.errors import BadRequest, NotFound
from gantry_edge.ids import new_id, now
from gantry_edge.storage.database import Connection

MOST = 1000  # of one person


def list_folders(connection: Connection, user_id: str) -> list[Folder]:
    """By name."""
    rows = connection.execute("SELECT id, name, created_at FROM folders WHERE user_id = ?", (user_id,))
    return sorted((Folder(*row) for row in rows), key=lambda folder: (folder.name.casefold(), folder.id))


def get_folder(connection: Connection, user_id: str, id: str) -> Folder:
    row = connection.execute(
        "SELECT id, name, created_at FROM folders WHERE id = ? AND user_id = ?", (id, user_id)
    ).fetchone()
    if row is None:
        raise NotFound("There is no such folder")
    return Folder(*row)


def add_folder(connection: Connection, user_id: str, name: str) -> Folder:
    if connection.execute("SELECT count(*) FROM folders WHERE user_id = ?", (user_id,)).fetchone()[0] >= MOST:
        raise BadRequest(f"There are {MOST} folders already; delete one first")
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
    """What lies in it stays, outside of any folder."""
    get_folder(connection, user_id, id)
    connection.execute("DELETE FROM folders WHERE id = ?", (id,))
