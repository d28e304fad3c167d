"""A fact as a sentence, and the words a question finds it by. Pure."""

from collections.abc import Iterable
from typing import Literal

from gantry_edge.facts.schema import Predicate
from gantry_edge.retrieval.hybrid import stems

Speaker = Literal["You", "I"]

# what is said of oneself, and of others
PHRASES: dict[Predicate, tuple[str, str]] = {
    "works_at": ("work at {object}", "works at {object}"),
    "lives_in": ("live in {object}", "lives in {object}"),
    "comes_from": ("come from {object}", "comes from {object}"),
    "located_in": ("are located in {object}", "is located in {object}"),
    "part_of": ("are part of {object}", "is part of {object}"),
    "uses": ("use {object}", "uses {object}"),
    "works_on": ("work on {object}", "works on {object}"),
    "works_as": ("work as {value}", "works as {value}"),
    "prefers": ("prefer {value}", "prefers {value}"),
    "speaks": ("speak {value}", "speaks {value}"),
    "allergic_to": ("have an allergy to {value}", "has an allergy to {value}"),
    "also_called": ("are also called {value}", "is also called {value}"),
}
LABELS: dict[Predicate, str] = {
    "works_at": "works at",
    "lives_in": "lives in",
    "comes_from": "comes from",
    "located_in": "is in",
    "part_of": "is part of",
    "uses": "uses",
    "works_on": "works on",
}
# what else a question about it may say
TOPICS: dict[Predicate, str] = {
    "name": "name called",
    "works_at": "work job employer company office",
    "works_as": "work job profession",
    "lives_in": "live home city town address",
    "comes_from": "origin country home come",
    "prefers": "prefer preference favourite like",
    "speaks": "language speak",
    "allergic_to": "allergy allergic eat food cook recipe",
    "birthday": "birthday born age",
    "deadline": "deadline due",
    "works_on": "project",
}
NAMED, MENTIONED = 2, 1  # weights; a question finds what it shares 2 with


def sentence(predicate: Predicate, subject: str, object: str, value: str, *, me: bool, speaker: Speaker = "You") -> str:
    """`subject` is left out for what is said of `me`, in the words of the `speaker`."""
    who = speaker if me else subject
    whose = {"You": "Your", "I": "My"}[speaker] if me else f"{subject}'s"
    if predicate in ("name", "birthday"):
        return f"{whose} {predicate} is {value}"
    if predicate == "relation":
        return f"{object} is {whose[0].lower() + whose[1:] if me else whose} {value}"
    if predicate == "deadline":
        return f"The deadline of {subject} is {value}"
    if predicate == "note":
        return value[:1].upper() + value[1:]
    said = PHRASES[predicate][0 if me else 1].format(object=object, value=value)
    purpose = f" for {value}" if predicate == "uses" and value else ""
    return f"{who} {said}{purpose}"


def label(predicate: Predicate, value: str) -> str:
    """What stands at a line between two."""
    return value if predicate == "relation" else LABELS.get(predicate, predicate.replace("_", " "))


def words_of(predicate: Predicate, names: Iterable[str], value: str, text: str | None, *, me: bool) -> dict[str, int]:
    """Each with its weight."""
    found = dict.fromkeys(stems(f"{value} {text or ''}"), MENTIONED)
    if len(found) == 1 or predicate in ("relation", "speaks", "also_called"):
        found = dict.fromkeys(found, NAMED)
    if me:
        found |= dict.fromkeys(stems(TOPICS.get(predicate, "")), NAMED)
    for name in names:
        found |= dict.fromkeys(stems(name), NAMED)
    return found
