"""SQL of what a person chose for a conversation. Whose that is has been asked."""

import msgspec
from msgspec import UNSET

from gantry_edge.chat.folders import get_folder
from gantry_edge.chat.pins import pin
from gantry_edge.chat.schema import Conversation, Order
from gantry_edge.documents.schema import Scope
from gantry_edge.errors import Conflict
from gantry_edge.facts import known
from gantry_edge.ids import now
from gantry_edge.memory.forgetting import forget_conversation, remember_conversation
from gantry_edge.personas import choice
from gantry_edge.storage.database import Connection


def set_scope(connection: Connection, conversation: Conversation, scope: Scope | None) -> None:
    """Whose documents these are is asked when they are searched."""
    conversation.scope = scope
    text = msgspec.json.encode(scope).decode() if scope is not None else None
    connection.execute("UPDATE conversations SET scope = ? WHERE id = ?", (text, conversation.id))


def set_persona(connection: Connection, user_id: str, conversation: Conversation, persona_id: str | None) -> None:
    if persona_id is not None:
        choice.check_persona(connection, user_id, persona_id)
    conversation.persona_id = persona_id
    connection.execute("UPDATE conversations SET persona_id = ? WHERE id = ?", (persona_id, conversation.id))


def set_memory(connection: Connection, conversation: Conversation, memory: bool) -> None:
    """Off: all of it is forgotten, though it stays here. On: its exchanges are remembered, and facts are learned of
    what is said from then on: one that was forgotten does not come back. Never of a temporary one.
    """
    memory = memory and conversation.place != "temporary"
    if memory == conversation.memory:
        return
    conversation.memory = memory
    connection.execute("UPDATE conversations SET memory = ? WHERE id = ?", (int(memory), conversation.id))
    if memory:
        remember_conversation(connection, conversation.id)
    else:
        forget_conversation(connection, conversation.id)
        known.forget_conversation(connection, conversation.id)


def set_order(connection: Connection, user_id: str, conversation: Conversation, change: Order) -> None:
    """Where it lies. What goes away is pinned no longer."""
    if change.folder_id is not UNSET:
        if change.folder_id is not None:
            get_folder(connection, user_id, change.folder_id)
        conversation.folder_id = change.folder_id
    if change.pinned is not UNSET:
        conversation.pinned = change.pinned
    if change.pinned_above is not UNSET:
        conversation.pinned = True
    if change.place is not UNSET:
        conversation.place = change.place
    conversation.pinned = conversation.pinned and conversation.place == "current"
    connection.execute(
        "UPDATE conversations SET moved_at = CASE WHEN place = ?1 THEN moved_at ELSE ?2 END,"
        " place = ?1, pinned = CASE WHEN ?3 THEN pinned ELSE 0 END, folder_id = ?4 WHERE id = ?5",
        (conversation.place, now(), conversation.pinned, conversation.folder_id, conversation.id),
    )
    if conversation.pinned:
        pin(connection, user_id, conversation.id, change.pinned_above)


def set_temporary(connection: Connection, conversation: Conversation) -> None:
    """In no list, and never remembered or learned from."""
    conversation.place, conversation.memory = "temporary", False
    connection.execute("UPDATE conversations SET place = 'temporary', memory = 0 WHERE id = ?", (conversation.id,))


def take_out(connection: Connection, conversation: Conversation) -> None:
    """What is gone on with is at hand again, unless it was thrown away."""
    if conversation.place == "trash":
        raise Conflict("This conversation is in the trash; restore it first")
    if conversation.place == "archived":
        conversation.place = "current"
        connection.execute("UPDATE conversations SET place = 'current' WHERE id = ?", (conversation.id,))
