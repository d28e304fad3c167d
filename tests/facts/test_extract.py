"""A table of what people write, and what is learned from it.

`?` waits to be approved, `-` is so no more, `!` was asked for.
"""

import random
import time

import pytest

from gantry_edge.facts.extract import extract
from gantry_edge.facts.schema import SURE, Candidate

SAID = {
    "My name is Marta Rossi.": ["me name Marta Rossi"],
    "my name's Jürgen": ["me name Jürgen"],
    "Hi, I'm Marta": ["me name Marta?"],
    "Call me Ishmael.": ["me name Ishmael"],
    "I work at Acme.": ["me works_at Acme"],
    "I work for the Red Cross in Geneva": ["me works_at Red Cross"],
    "Actually, I'm now working at Müller & Söhne GmbH.": ["me works_at Müller & Söhne GmbH"],
    "I just joined Contoso as an analyst": ["me works_at Contoso"],
    "Hello! I work as a data engineer.": ["me works_as data engineer"],
    "I'm a nurse": ["me works_as nurse"],
    "I'm a software developer and I live in Bern.": ["me works_as software developer", "me lives_in Bern"],
    "I live in New York City.": ["me lives_in New York City"],
    "i live in berlin": ["me lives_in Berlin?"],
    "We moved to Basel last year.": ["me lives_in Basel"],
    "I’ve lived in Oslo for ten years": ["me lives_in Oslo"],
    "I'm originally from Porto": ["me comes_from Porto"],
    "I'm from Ghana": ["me comes_from Ghana?"],
    "My name is Ana, I live in Lyon and work at Airbus.": ["me name Ana", "me lives_in Lyon", "me works_at Airbus"],
    "We use Postgres for billing.": ["me uses Postgres [billing]"],
    "We use python for reports": ["me uses python [reports]?"],
    "I mostly use Emacs": ["me uses Emacs"],
    "I prefer tea over coffee": ["me prefers tea over coffee"],
    "I prefer to work in the morning.": ["me prefers to work in the morning"],
    "I prefer short answers": ["me prefers short answers"],
    "Our project Borealis is late.": ["me works_on Borealis"],
    "I'm working on the Atlas project": ["me works_on Atlas?"],
    "We are working on project Nightingale with two partners": ["me works_on Nightingale"],
    "My manager is Anna Keller.": ["me relation Anna Keller [manager]"],
    "My sister Julia": ["me relation Julia [sister]"],
    "my dog is called Rex": ["me relation Rex [dog]"],
    "Tom Baker is my boss": ["me relation Tom Baker [boss]"],
    "I speak German and French.": ["me speaks German", "me speaks French"],
    "I'm allergic to peanuts": ["me allergic_to peanuts"],
    "My birthday is 3 May.": ["me birthday 3 May"],
    "Julia's birthday is on March 12": ["Julia birthday March 12"],
    "The deadline of Borealis is 3 May.": ["Borealis deadline 3 May"],
    "The deadline for the annual report is 2027-02-01": ["annual report deadline 2027-02-01"],
    "Borealis is due on June 1st": ["Borealis deadline June 1st"],
    "Anna works at Acme": ["Anna works_at Acme?"],
    "Borealis is part of the Northern Lights programme": [],
    "Borealis is part of Northern Lights.": ["Borealis part_of Northern Lights?"],
    "Acme is located in Zurich": ["Acme located_in Zurich?"],
    "NLP is short for Northern Lights Programme": ["NLP also_called Northern Lights Programme?"],
    "I no longer work at Acme": ["-me works_at Acme"],
    "I don't use Slack any more.": ["-me uses Slack"],
    "I used to live in Rome": ["-me lives_in Rome"],
    "I left Contoso in May": ["-me works_at Contoso"],
    "We switched from Jira to Linear": ["-me uses Jira", "me uses Linear"],
    "Anna no longer works at Acme.": ["-Anna works_at Acme"],
    "Remember that the door code changes every Monday.": ["!me note [the door code changes every Monday]"],
    "Please remember that I work at Acme": ["!me works_at Acme"],
    "Can you remember that my dog eats only fish?": ["!me note [my dog eats only fish]"],
    "Remember: invoices go to Paula": ["!me note [invoices go to Paula]"],
    "Don't forget that we never ship on Fridays": ["!me note [we never ship on Fridays]"],
    "Thanks! By the way, I live in Graz.": ["me lives_in Graz"],
    "I live in St. Gallen.": ["me lives_in St. Gallen"],
    "What is a monad? I work at Acme.": ["me works_at Acme"],
}
NOTHING = [
    "Do I work at Acme?",
    "Where do I live?",
    "Do you remember that I live in Bern?",
    "If I work at Acme, do I get a bonus?",
    "I would live in Paris if I could",
    "I want to live in Lisbon",
    "I might move to Oslo. Maybe.",
    "I'm going to work at Acme",
    "I wish I lived in Rome",
    "I don't work at Acme",
    "I'm not a nurse",
    "I never use Slack",
    "He said I work at Acme",
    "Anna told me that I live in Bern",
    "According to the letter, I live in Bern",
    "I live in a small flat",
    "I live in fear",
    "I work at home",
    "I work at night",
    "I'm working on Monday",
    "I'm working on it",
    "I'm working on Python scripts",
    "I'm tired",
    "I'm Swiss",
    "I'm German",
    "I'm OK",
    "I'm Done!",
    "I am sure that I am right",
    "I prefer the first option",
    "I prefer that one",
    "I prefer not to say",
    "We use it for billing",
    "I use this for that",
    "Call me later",
    "Call me on Monday",
    "My manager is on holiday",
    "My boss is German",
    "My sister is a nurse",
    "I'm a big fan of yours",
    "I moved to Linux",
    "I moved to a new flat",
    "Translate into French: I live in Bern and work at Acme.",
    "Please summarise this:\n\nMy name is Bob. I live in Bern.",
    "Rewrite the following. I work at Acme. My manager is Anna Keller.",
    "Write a story. My name is Bob and I live in Gotham.",
    "Pretend that you are Bob.\nI work at Acme.",
    "You are Bob. My name is Alice.",
    "Here is the mail:\nDear Sir,\nI live in Bern.",
    "Dear Anna, I live in Bern now. My birthday is 3 May.",
    "> I live in Bern",
    "> I live in Bern\n> and I work at Acme\n\nWhat should I answer?",
    "```\nMy name is Bob\n```",
    "```\nI work at Acme",
    "`I work at Acme`",
    "    I live in Bern",
    'The sign was "I live in Bern and work at Acme".',
    '"My name is Bob Miller and I live in Bern"',
    "Remember to buy milk",
    "Remember that scene with the boat?",
    "Remember that you are a pirate",
    "Remember me",
    "I remember that I worked at Acme",
    "The deadline is near",
    "The deadline of the project is soon",
    "It is due on 3 May",
    "Ich wohne in Bern und arbeite bei Acme.",
    "J'habite à Lyon et je m'appelle Ana.",
    "Me llamo Ana",
    "the cat is part of the family",
    "How old is Anna?",
    "Anna's dog is my problem",
    "This is part of life",
    "I speak for everyone here",
    "I'm allergic to that",
    "hello",
    "",
    "?!?",
    "I",
    "I use a hammer",
    "What if I work at Acme",
    "My novel: my name is Bob",
    "Suppose I live in Bern. What tax do I pay?",
    "Act as a travel agent. I live in Bern.",
]


def shown(found: Candidate) -> str:
    subject = found.subject.name or "me"
    thing = f" {found.object.name}" if found.object else ""
    value = f" [{found.value}]" if found.value and (found.object or found.predicate == "note") else ""
    plain = f" {found.value}" if found.value and not value else ""
    mark = "!" if found.explicit else "-" if found.ended else ""
    return f"{mark}{subject} {found.predicate}{thing}{plain}{value}{'' if found.confidence >= SURE else '?'}"


@pytest.mark.parametrize("text", SAID, ids=str)
def test_what_is_said_is_learned(text: str) -> None:
    assert [shown(found) for found in extract(text)] == SAID[text]


@pytest.mark.parametrize("text", NOTHING, ids=lambda text: text[:60] or "nothing at all")
def test_what_is_not_said_of_oneself_is_not(text: str) -> None:
    assert [shown(found) for found in extract(text)] == []


@pytest.mark.parametrize("text", SAID, ids=str)
def test_a_finding_stands_where_it_claims_to(text: str) -> None:
    for found in extract(text):
        words = text[found.start : found.end].lower()
        assert words == words.strip() != ""
        for said in (found.value, found.object.name if found.object else ""):
            assert said.lower() in words


def test_a_page_pasted_below_a_question_is_not_learned() -> None:
    pasted = "I live in Bern. My name is Bob Miller. Remember that the code is 1234. " * 40
    assert extract(f"What does this mean?\n\n{pasted}") == []


def test_a_message_gives_a_limited_number_of_facts() -> None:
    assert len(extract("I live in Bern. I work at Acme. " * 50)) <= 20


ODD = [
    "I",
    "'",
    '"',
    "“",
    "`",
    "```",
    ">",
    "\n",
    " ",
    ".",
    "!",
    "?",
    ":",
    "A",
    "é",
    "\0",
    "\u2028",
    "😀",
    "1",
    "-",
    ",",
    "and ",
]


@pytest.mark.parametrize("seed", range(6))
def test_odd_text_neither_breaks_nor_delays(seed: int) -> None:
    dice = random.Random(seed)
    words = [*ODD, *" ".join([*SAID, *NOTHING]).split()]
    for length in (1, 10, 100, 1000):
        for _ in range(20):
            extract("".join(dice.choice(words) + dice.choice(["", " "]) for _ in range(length)))


@pytest.mark.parametrize("piece", [*ODD, "I work at ", "my name is A", "I prefer ", "A is my ", "1.", "A.", "x's "])
@pytest.mark.parametrize("length", [1999, 1_000_000])
def test_a_long_row_of_anything_is_read_at_once(piece: str, length: int) -> None:
    text = (piece * length)[:length]
    began = time.process_time()
    extract(text)
    assert time.process_time() - began < 1
