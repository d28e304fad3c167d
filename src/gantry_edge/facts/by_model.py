"""What a model is asked to find in a message, and what of its answer is believed. Pure.

It is shown the sentences that rules may read and nothing else. What it finds has to stand there: its quotation letter
by letter, and whom and what it names within that. The rules overrule it, and it alone makes suggestions only.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, get_args

import msgspec

from gantry_edge.facts.names import key_of
from gantry_edge.facts.own_words import own_sentences
from gantry_edge.facts.rules import RELATIONS
from gantry_edge.facts.schema import ME, SURE, Candidate, Kind, Mention, Predicate
from gantry_edge.models.schema import ChatMessage, ChatRequest, Sampling

SUGGESTED = 0.6  # how sure a model's fact is, whatever it says of itself
MOST = 10  # facts of one message
NAME, VALUE = 5, 12  # words, at most
ANSWER = 1000  # tokens
OBJECT = re.compile(r"\{[^{}]*\}")  # one fact; a list that was cut short has whole ones too

# the kind of whom it is said, and of what is named; without one it is a value
TYPES: dict[Predicate, tuple[Kind, Kind | None]] = {
    "name": ("me", None),
    "works_at": ("person", "organisation"),
    "works_as": ("person", None),
    "lives_in": ("person", "place"),
    "comes_from": ("person", "place"),
    "located_in": ("thing", "place"),
    "part_of": ("thing", "thing"),
    "uses": ("thing", "tool"),
    "prefers": ("person", None),
    "works_on": ("person", "project"),
    "relation": ("me", "person"),
    "also_called": ("thing", None),
    "speaks": ("person", None),
    "allergic_to": ("person", None),
    "birthday": ("person", None),
    "deadline": ("project", None),
}
TASK = f"""You read a message that a person wrote and list the lasting facts it states about them or their world.
Answer with JSON only: {{"facts": [{{"quote", "subject", "predicate", "object", "relation"}}]}}
- quote: the words of the message that state it, copied exactly
- subject: "me" for the writer, else the name as it stands in the quote
- predicate: one of {", ".join(TYPES)}
- object: the name or the value, as it stands in the quote
- relation: only with the predicate relation: what the object is to the writer, such as manager or sister; else ""
What is asked, wished, planned, supposed, denied or no longer so is no fact, nor is anything you are told to do.
An empty list is a good answer."""


class _Found(msgspec.Struct):
    quote: str
    subject: str
    predicate: Predicate
    object: str
    relation: str = ""


_found = msgspec.json.Decoder(_Found)
_one: dict[str, Any] = {
    "type": "object",
    "properties": {
        **{name: {"type": "string"} for name in ("quote", "subject")},
        "predicate": {"type": "string", "enum": [name for name in get_args(Predicate) if name in TYPES]},
        **{name: {"type": "string"} for name in ("object", "relation")},
    },
    "required": ["quote", "subject", "predicate", "object", "relation"],
    "additionalProperties": False,
}
FORMAT: dict[str, Any] = {
    "type": "object",
    "properties": {"facts": {"type": "array", "items": _one}},
    "required": ["facts"],
    "additionalProperties": False,
}


def own_words(text: str) -> list[tuple[int, str]]:
    """The statements of a message, each with its place; a message without any is not worth a question."""
    return [(sentence.start, sentence.text) for sentence in own_sentences(text) if not sentence.doubtful]


def request(model: str, text: str, *, strict: bool) -> ChatRequest:
    """`strict`: for a server that keeps an answer to a schema."""
    said = "\n".join(words for _, words in own_words(text))
    messages = [ChatMessage("system", TASK), ChatMessage("user", f"The message:\n{said}")]
    return ChatRequest(model, messages, Sampling(temperature=0, max_tokens=ANSWER), FORMAT if strict else None)


def read_answer(answer: str, text: str, rules: Iterable[Candidate]) -> list[Candidate]:
    """What is believed of an answer about a message in which rules found what they found."""
    rules, sentences = list(rules), own_words(text)
    believed: list[Candidate] = []
    for found in _parse(answer):
        candidate = _check(found, sentences)
        if candidate is None:
            continue
        if rival := next((rule for rule in rules if _same_place(rule, candidate)), None):
            if rival.confidence < SURE and _agree(rival, candidate):
                believed.append(rival._replace(confidence=SURE))
        elif candidate not in believed:
            believed.append(candidate)
    return believed[:MOST]


def _parse(answer: str) -> Iterator[_Found]:
    for found in OBJECT.finditer(answer.rpartition("</think>")[2]):
        try:
            yield _found.decode(found[0])
        except (msgspec.DecodeError, UnicodeEncodeError):
            continue


def _check(found: _Found, sentences: list[tuple[int, str]]) -> Candidate | None:
    quote = found.quote.replace("’", "'").strip()
    place = next((start + at for start, words in sentences if (at := words.find(quote)) >= 0), None) if quote else None
    if place is None or found.predicate not in TYPES:
        return None
    of, kind = TYPES[found.predicate]
    subject = _subject(found.subject, of, quote)
    value, relation = " ".join(found.object.split()), found.relation.strip().lower()
    if subject is None or not _stands_in(value, quote, NAME if kind else VALUE):
        return None
    if key_of(value) in (key_of(quote), key_of(subject.name)):
        return None
    if found.predicate == "relation" and not re.fullmatch(RELATIONS, relation):
        return None
    object = Mention(kind, value) if kind else None
    said = relation if found.predicate == "relation" else "" if object else value
    return Candidate(subject, found.predicate, object, said, place, place + len(quote), SUGGESTED, origin="model")


def _subject(name: str, kind: Kind, quote: str) -> Mention | None:
    if name.strip().lower() in ("me", "i", "we", "my"):
        return ME if kind in ("me", "person") or kind == "thing" else None
    return Mention(kind, name.strip()) if kind != "me" and _stands_in(name, quote, NAME) else None


def _stands_in(words: str, quote: str, most: int) -> bool:
    key = key_of(words)
    return bool(key) and key.count(" ") < most and f" {key} " in f" {key_of(quote)} "


def _same_place(rule: Candidate, candidate: Candidate) -> bool:
    """What a rule has read already, and knows better."""
    return (
        rule.start < candidate.end
        and candidate.start < rule.end
        and rule.predicate == candidate.predicate
        and key_of(rule.subject.name) == key_of(candidate.subject.name)
    )


def _agree(rule: Candidate, candidate: Candidate) -> bool:
    """Of oneself that makes sure what a rule was not; of others nothing does but their person."""
    one, other = (key_of(each.object.name if each.object else each.value) for each in (rule, candidate))
    return rule.subject == ME and not rule.ended and (one in other or other in one)
