"""From a message to what its person says of themselves and their world, by rules. Pure; English.

Each rule knows one way to say one thing and is sure of it, or it is silent. In other languages all are silent.
"""

import re
from collections.abc import Iterator

from gantry_edge.facts.own_words import own_sentences
from gantry_edge.facts.rules import ENDINGS, RULES, Found
from gantry_edge.facts.schema import ME, Candidate

MOST = 20  # of one message
NOTE = 300  # characters

LEAD = re.compile(
    r"(?:(?:actually|well|hi|hello|hey|so|by the way|btw|fyi|also|and|but|oh|yes|no|nope|ok|okay|just so you know"
    r"|for your information|for context|for the record|update|correction|sorry|please note|thanks|thank you)"
    r"(?: there| again)?[,:!.]? +)",
    re.IGNORECASE,
)
# "and work at Acme": the one who speaks is not said again
CLAUSE = re.compile(
    r"(?:\s*[,;–-]\s*(?:(?:and|but|so) )?|\s+(?:and|but|so) )(?=(?:i|we|my|our)\b)"
    r"|\s+and (?=(?:also )?(?:work|live|use|speak|prefer)\b)",
    re.IGNORECASE,
)
ELIDED = re.compile(r"(?:also )?(?:work|live|use|speak|prefer)\b", re.IGNORECASE)
DENIED = re.compile(r"\b(?:not|never|neither|nor|hardly|without|cannot)\b|n't\b", re.IGNORECASE)
REMEMBER = re.compile(
    r"(?:please |pls |also )*(?:(?:can|could|will|would) you (?:please |also )*)?"
    r"(?:(?:remember|don't forget|do not forget|make a note|take a note)(?: for (?:later|the future|next time))?"
    r"(?: that |: ?| (?=(?:my|our|i|we|i'm)\b))|for future reference[,:] )",
    re.IGNORECASE,
)
NO_STATEMENT = re.compile(
    r"(?:you|you're|your|time|day|one|scene|movie|film|guy|song|moment|episode|the time|when|how|what|who|where|to)\b",
    re.IGNORECASE,
)


def extract(text: str) -> list[Candidate]:
    """What a message says, in the order it is said."""
    found: list[Candidate] = []
    for sentence in own_sentences(text):
        said = sentence.text
        at = _skip(LEAD, said, 0)
        if asked := REMEMBER.match(said, at):
            found += _remembered(text, sentence.start, said, asked.end())
        elif not sentence.doubtful:
            found += _stated(sentence.start, said, at)
        if len(found) >= MOST:
            break
    return found[:MOST]


def _remembered(text: str, start: int, said: str, at: int) -> Iterator[Candidate]:
    """Taken apart where a rule knows how, else word for word."""
    inner = said[at:].rstrip(" .!?")
    if len(inner.split()) < 2 or NO_STATEMENT.match(inner) or "\n" in inner:
        return
    typed = list(_stated(start, said[: at + len(inner)], at))
    if len(typed) == 1 or (typed and CLAUSE.search(inner)):
        yield from (candidate._replace(confidence=1.0, explicit=True) for candidate in typed)
    elif len(inner) <= NOTE:
        begins = start + at
        words = text[begins : begins + len(inner)]
        yield Candidate(ME, "note", None, words, begins, begins + len(inner), 1.0, explicit=True)


def _stated(start: int, said: str, at: int) -> Iterator[Candidate]:
    first = ""
    while at < len(said):
        cut = CLAUSE.search(said, at)
        end = cut.start() if cut else len(said)
        clause = said[at:end].rstrip(" .!")
        spoken = f"{first} {clause}" if first and ELIDED.match(clause) else clause
        for found in _findings(spoken):
            place = (start + at, start + at + len(clause))
            yield Candidate(*found[:4], *place, found.confidence, ended=found.ended)
        first = clause.split(" ", 1)[0].removesuffix("'m") if clause[:2].lower() in ("i ", "i'", "we") else ""
        if not cut:
            return
        at = _skip(LEAD, said, cut.end())


def _findings(clause: str) -> list[Found]:
    for rules in (ENDINGS,) if DENIED.search(clause) else (ENDINGS, RULES):
        for pattern, build in rules:
            if (match := pattern.match(clause)) and (found := build(match)):
                return found
    return []


def _skip(pattern: re.Pattern[str], text: str, at: int) -> int:
    while found := pattern.match(text, at):
        at = found.end()
    return at
