"""From a branch of messages to what the model is sent. Pure: knows no database, no network."""

import re
from collections.abc import Sequence

from gantry_edge.chat.schema import Message, Text
from gantry_edge.models.schema import ChatMessage

BYTES_PER_TOKEN = 3  # low for English, about right for other scripts: an estimate that errs to the safe side
TOKENS_PER_MESSAGE = 8  # role and separators of a chat template
MARKS = re.compile(r"\*\*|__|`+|^[#>*-]+ ")  # of Markdown, which means nothing in a title
ANSWER_SHARE = 4  # a quarter of the window is kept free for the answer


def build(branch: Sequence[Message], window: int | None) -> tuple[list[ChatMessage], int]:
    """What fits into a window of tokens, and how many of the oldest messages were left out.

    The last message always goes in: an engine that cannot take it says so itself.
    """
    messages = [ChatMessage(message.role, content) for message in branch if (content := text_of(message))]
    if window is None:
        return messages, 0
    budget = window - window // ANSWER_SHARE
    first = len(messages)
    for at in range(len(messages) - 1, -1, -1):
        budget -= estimate_tokens(messages[at].content)
        if budget < 0 and at < len(messages) - 1:
            break
        first = at
    if 0 < first < len(messages) and messages[first].role == "assistant":
        first += 1  # templates expect a person to speak first
    return messages[first:], first


def text_of(message: Message) -> str:
    return "".join(part.text for part in message.parts if isinstance(part, Text))


def estimate_tokens(text: str) -> int:
    return len(text.encode()) // BYTES_PER_TOKEN + TOKENS_PER_MESSAGE


def title_of(content: str) -> str:
    """The first words, at most 60 characters, cut at a word."""
    line = MARKS.sub("", " ".join(content.split())).strip()
    if not line:
        return "New conversation"
    if len(line) <= 60:
        return line
    return line[:60].rsplit(" ", 1)[0].rstrip(",;:.") + "…"
