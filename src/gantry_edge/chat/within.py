"""Where words stand in the branch on screen of one conversation: anywhere in a word, as browsers find them."""

import re
import unicodedata

import msgspec

from gantry_edge.chat.schema import Hits, Part, Text
from gantry_edge.chat.store import BRANCH, WHOLE, get_conversation
from gantry_edge.storage.database import Connection

# as one row: each that is fetched lets go of the interpreter and waits for it again
READ = f"""{BRANCH}
SELECT json_group_array(json_array(m.id, m.role, json(m.parts)) ORDER BY depth DESC)
FROM branch JOIN messages m ON m.id = branch.id
"""
ACCENTS = re.compile("[\u0300-\u036f]+")
# what Markdown does not show: addresses of links and pictures, and its marks
ADDRESS = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
MARKS = str.maketrans("", "", "*_`~|")
BEGINNING = re.compile(r"^[ \t]*(?:#+|>|[-+]|\d+[.)])[ \t]", re.M)
_branch = msgspec.json.Decoder(list[tuple[str, str, list[Part]]]).decode


def find_within(connection: Connection, user_id: str, conversation_id: str, words: str) -> list[Hits]:
    """From the top down, messages with these words one after another, and how often they stand there."""
    leaf = get_conversation(connection, user_id, conversation_id).leaf_id
    wanted = spaced(plain(words))
    if not wanted or leaf is None:
        return []
    found = []
    for id, role, parts in _branch(connection.execute(READ, {"leaf": leaf, "limit": WHOLE}).fetchone()[0]):
        text = plain("".join(part.text for part in parts if isinstance(part, Text)))
        # most messages are told apart by this alone
        if not all(word in text for word in wanted.split()):
            continue
        if count := spaced(shown(text) if role == "assistant" else text).count(wanted):
            found.append(Hits(id, count))
    return found


def shown(markdown: str) -> str:
    text = ADDRESS.sub(r"\1", markdown) if "](" in markdown else markdown
    return BEGINNING.sub("", text.translate(MARKS))


def plain(text: str) -> str:
    """Without case and accents."""
    if not text.isascii():
        text = ACCENTS.sub("", unicodedata.normalize("NFD", text))
    return text.lower()


def spaced(text: str) -> str:
    """With one space for any white space."""
    return " ".join(text.split())
