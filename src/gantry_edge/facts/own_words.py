"""The sentences of a message that its person says of the world, with their places. Pure.

What they quote, paste, ask, suppose, report of others or give as material to a task is not among them. Precision before
recall: a fact that was missed can be told again, a wrong one is believed.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

LONG = 2000  # characters; more was hardly typed, and only its first paragraph is looked at
PARAGRAPH = 600
SENTENCE = 300
CURTAIN = "\0"  # in place of each character of a quotation

FENCE = re.compile(r"(?:```|~~~).*?(?:```|~~~|\Z)", re.DOTALL)
CODE = re.compile(r"`[^`\n]{1,300}`")
QUOTED_LINE = re.compile(r"^[ \t]{0,8}(?:>|\||    |\t).*$", re.MULTILINE)
QUOTATION = re.compile(r'"[^"\n]{1,300}"|“[^”\n]{1,300}”|«[^»\n]{1,300}»|„[^“”\n]{1,300}[“”]')
LINK = re.compile(r"https?://\S{1,300}")
END = re.compile(r"[.!?]+(?=\s|$)|\n")
ABBREVIATION = re.compile(r"(?:\b(?:Dr|Mr|Mrs|Ms|Prof|St|Inc|Ltd|Co|No|e\.g|i\.e|ca|vs)|\b[A-Z]|\b\d{1,2})\.$")

# from here on a message is material to work on, or a part to play
TASK = re.compile(
    r"(?:please |now |then |can you |could you |help me )*(?:translate|rewrite|rephrase|paraphrase|summari[sz]e|shorten"
    r"|correct|proofread|edit|improve|polish|write|draft|compose|continue|complete|finish|classify|analy[sz]e|pretend"
    r"|imagine|suppose|act|play|role-?play|simulate|say|repeat|reply|respond|answer|convert|format|extract|explain"
    r"|generate|create|fix|check|review|parse|turn|make up|invent|tell me a|give me a|here is|here's|here are|below is"
    r"|this is (?:a|an|the|my) (?:text|mail|e-?mail|letter|message|draft|story|article|transcript|speech|review"
    r"|paragraph|sentence|poem|cv|resume|bio|biography|example|sample|prompt)"
    r"|you are|you're|your name is|your role|from now on you)\b"
    r"|(?:dear|to whom it may concern|subject:|from:|to:|cc:|date:|sent:|begin forwarded|hi all|hello all|q:|a:)",
    re.IGNORECASE,
)
QUESTION = re.compile(
    r"(?:who|whom|whose|what|where|when|why|how|which|is|are|am|was|were|do|does|did|can|could|would|will|should"
    r"|shall|has|have|had|may|might|isn't|aren't|don't|doesn't|didn't)\b(?!:)",
    re.IGNORECASE,
)
SUPPOSED = re.compile(
    r"\b(?:if|would|could|might|maybe|perhaps|probably|possibly|suppose|supposing|imagine|pretend|assum\w+|unless"
    r"|wish\w*|hop(?:e|ing)|should|let's say|as though|for example|for instance|e\.g|thinking|plan(?:s|ned|ning)?|want"
    r"\w*|considering|going to|gonna|will|dream\w*|jok(?:e|ing)|kidding|fiction\w*|story|character|novel|someone|sure"
    r"|almost|nearly|about to|whether|as soon as|until|either|soon|apparently|supposedly|guess|feels? like|lyrics"
    r"|example|title|sentence|phrase|says?|said|told|tells|asked|asks|wrote|writes|claim\w*|thinks|thought|believes?"
    r"|heard|according|quot\w+|reads?|sings?|sang)\b|'ll\b|'d\b",
    re.IGNORECASE,
)
MODAL_MAY = re.compile(r"\bmay\b")  # the month has a capital


class Sentence(NamedTuple):
    start: int
    text: str
    doubtful: bool  # asked, supposed or reported: no statement of the person's own


def own_sentences(text: str) -> Iterator[Sentence]:
    """Those up to the first that begins a task, or hands over what follows it."""
    if len(text) > LONG:
        text = text[:PARAGRAPH].split("\n\n", 1)[0]
    text = text.replace("’", "'")
    shown = _without_others(text)
    for start, end in _spans(shown):
        said = shown[start:end]
        if TASK.match(said):
            return
        if len(said) <= SENTENCE:
            yield Sentence(start, said, _is_doubtful(said))
        if said.endswith(":"):
            return


def _without_others(text: str) -> str:
    """Code and quoted lines blank, quotations of several words behind a curtain; every place stays where it is."""
    for pattern in (FENCE, CODE, QUOTED_LINE, LINK):
        text = pattern.sub(lambda found: "\n" * len(found[0]), text)
    return QUOTATION.sub(lambda found: CURTAIN * len(found[0]) if found[0].count(" ") > 1 else found[0], text)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in END.finditer(text):
        if found[0] == "." and ABBREVIATION.search(text[max(start, found.end() - 8) : found.end()]):
            continue
        yield from _trimmed(text, start, found.end())
        start = found.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    said = text[start:end]
    body = said.strip().lstrip("-*• ")
    if body:
        start += said.index(body)
        yield start, start + len(body)


def _is_doubtful(said: str) -> bool:
    return bool(
        said.endswith("?") or CURTAIN in said or QUESTION.match(said) or SUPPOSED.search(said) or MODAL_MAY.search(said)
    )
