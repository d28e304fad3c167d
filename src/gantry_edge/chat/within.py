"""Where words stand in the branch on screen of one conversation: anywhere in a word, as browsers find them."""

import re
import unicodedata

from gantry_edge.chat.prompt import text_of
from gantry_edge.chat.schema import Hits
from gantry_edge.chat.store import branch_ids, get_any_message, get_conversation
from gantry_edge.storage.database import Connection

WHOLE = 2**62  # messages
ACCENTS = re.compile("[\u0300-\u036f]+")
# what Markdown does not show: addresses of links and pictures, and its marks
ADDRESS = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
MARKS = re.compile(r"[*_`~|]+|^[ \t]*(?:#+|>|[-+]|\d+[.)])[ \t]", re.M)
SPACE = re.compile(r"\s+")


def find_within(connection: Connection, user_id: str, conversation_id: str, words: str) -> list[Hits]:
    """From the top down, messages with these words one after another, and how often they stand there."""
    leaf = get_conversation(connection, user_id, conversation_id).leaf_id
    wanted = folded(words).strip()
    if not wanted or leaf is None:
        return []
    found = []
    for id in reversed(branch_ids(connection, leaf, WHOLE)):
        message = get_any_message(connection, id)
        text = text_of(message)
        if count := folded(shown(text) if message.role == "assistant" else text).count(wanted):
            found.append(Hits(id, count))
    return found


def shown(markdown: str) -> str:
    return MARKS.sub("", ADDRESS.sub(r"\1", markdown))


def folded(text: str) -> str:
    """Without case, accents and the breadth of white space."""
    if not text.isascii():
        text = ACCENTS.sub("", unicodedata.normalize("NFD", text))
    return SPACE.sub(" ", text.lower())
