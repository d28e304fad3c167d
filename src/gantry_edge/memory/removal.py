"""Takes away all that is remembered of a person who leaves. The front door for that."""

from gantry_edge.memory.store import set_enabled, vault_of
from gantry_edge.retrieval.store import delete_some, delete_vault
from gantry_edge.storage.database import Connection

PORTION = 50  # rows of one write


def begin(connection: Connection, user_id: str) -> None:
    """Nothing more is remembered from here on."""
    set_enabled(connection, user_id, enabled=False)


def remove_some(connection: Connection, user_id: str) -> bool:
    """Whether there may be more."""
    if delete_some(connection, vault_of(user_id), PORTION):
        return True
    some = "SELECT id FROM exchanges WHERE user_id = ? LIMIT ?"
    return connection.execute(f"DELETE FROM exchanges WHERE id IN ({some})", (user_id, PORTION)).rowcount > 0


def finish(connection: Connection, user_id: str) -> None:
    """The place for them in the index, too: there is no way back."""
    delete_vault(connection, vault_of(user_id))
