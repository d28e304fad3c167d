"""The ways to say a thing that are understood: the pattern of a clause, and what it says. Pure.

Patterns match at the beginning of a clause of at most some hundred characters; names are taken behind them by hand.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from gantry_edge.facts.names import NO_NAME, is_person, name_at, words
from gantry_edge.facts.schema import ME, Kind, Mention, Predicate

Match = re.Match[str]


class Found(NamedTuple):
    subject: Mention
    predicate: Predicate
    object: Mention | None
    value: str
    confidence: float
    ended: bool = False


Rule = tuple[re.Pattern[str], Callable[[Match], list[Found]]]

ADVERB = r"(?:(?:now|currently|still|also|usually|mostly|mainly|always|generally|just|actually|really|often|only) )?"
# what may come behind a name that ends a statement
TAIL = re.compile(
    r"\s*(?:$|[,;)(–-])|\s+(?:and|as|in|at|for|since|now|with|but|because|where|which|who|near|so|right|currently|these"
    r"|every|again|too|already|together|last|this|on|from|to|until|while|though|by the way|\w+ly|full-time|part-time"
    r"|\w+ing)\b"
)
DATE = (
    r"(\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d\d)?|"
    r"(?:the )?\d{1,2}(?:st|nd|rd|th|\.)? (?:of )?MONTH(?:,? \d{4})?|"
    r"MONTH (?:the )?\d{1,2}(?:st|nd|rd|th)?(?:,? \d{4})?)"
).replace(
    "MONTH",
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul"
    r"|aug|sept?|oct|nov|dec)\b\.?",
)
ON_DATE = re.compile(
    rf"\s*(?:is|was|falls|has been moved to|moved to|is now)?\s*(?:due )?(?:on |by |until )?{DATE}", re.I
)
RELATIONS = (
    "manager|boss|wife|husband|partner|girlfriend|boyfriend|fiancée|fiancé|mother|mom|mum|father|dad|sister|brother|son"
    "|daughter|cousin|aunt|uncle|grandmother|grandfather|colleague|coworker|co-worker|teammate|assistant|mentor|friend"
    "|best friend|neighbour|neighbor|landlord|doctor|dentist|lawyer|accountant|dog|cat|supervisor|team lead|flatmate"
    "|roommate|business partner|client|teacher|student|intern"
)
JOBS = (
    "engineer|developer|programmer|nurse|doctor|teacher|lawyer|accountant|architect|designer|electrician|plumber"
    "|carpenter|baker|chef|cook|farmer|student|researcher|scientist|professor|librarian|journalist|editor|writer"
    "|translator|photographer|musician|artist|consultant|analyst|administrator|technician|mechanic|pharmacist|dentist"
    "|veterinarian|psychologist|therapist|midwife|surgeon|physician|economist|biologist|chemist|physicist|historian"
    "|mathematician|statistician|salesperson|recruiter|secretary|receptionist|pilot|driver|firefighter|paramedic"
    "|gardener|butcher|tailor|optician|notary|judge|auditor|banker|freelancer|trainer|coach|director|manager"
)
LANGUAGES = words(
    "english german french italian spanish portuguese dutch swedish danish norwegian finnish polish czech "
    "slovak hungarian romanian bulgarian greek turkish russian ukrainian serbian croatian slovenian "
    "albanian arabic hebrew persian farsi hindi urdu bengali tamil chinese mandarin cantonese japanese "
    "korean vietnamese thai indonesian malay swahili catalan basque irish welsh icelandic estonian "
    "latvian lithuanian romansh latin esperanto"
)
TOOLS = words(
    "linux windows macos mac android ios python rust java javascript typescript react vue angular "
    "postgres postgresql mysql sqlite docker kubernetes git github gitlab excel word outlook teams slack "
    "emacs vim"
)
VAGUE = re.compile(
    r"(?:not|that|this|these|those|it|its|them|him|her|you|your|option|version|variant|to be|if|when"
    r"|a different|another|something|nothing|one"
    r"|the (?:first|second|third|fourth|last|former|latter|other|one|old|new|short|long)\w*"
    r"|(?:number|answer|choice|solution|approach|variant|version) \w+)\b",
    re.IGNORECASE,
)
OVER = re.compile(r" (?:over|to|rather than|instead of|more than) ", re.IGNORECASE)


def rule(pattern: str, build: Callable[[Match], list[Found]]) -> Rule:
    return re.compile(pattern, re.IGNORECASE), build


def rest(match: Match) -> str:
    return match.string[match.end() :]


def named(match: Match, kind: Kind, *, loose: bool = False) -> Mention | None:
    """What is named behind a match, if the statement may end there."""
    name, end = name_at(rest(match))
    if not name or not (loose or TAIL.match(rest(match), end)):
        return None
    if kind == "person" and not is_person(name):
        return None
    return Mention(kind, name)


def about_me(predicate: Predicate, kind: Kind, sure: float) -> Callable[[Match], list[Found]]:
    def build(match: Match) -> list[Found]:
        thing = named(match, kind)
        if thing is None or (kind == "place" and thing.name.lower() in TOOLS):
            return []
        return [Found(ME, predicate, thing, "", sure)]

    return build


def my_name(sure: float) -> Callable[[Match], list[Found]]:
    def build(match: Match) -> list[Found]:
        name = named(match, "person")
        return [Found(ME, "name", None, name.name, sure)] if name else []

    return build


def bare_name(match: Match) -> list[Found]:
    """ "I'm Marta": could be anything, so nothing may follow, and it is only suggested."""
    name = named(match, "person")
    behind = rest(match)[len(name.name) :] if name else ""
    return [Found(ME, "name", None, name.name, 0.6)] if name and not behind.strip(" ,") else []


def my_place(match: Match) -> list[Found]:
    found = about_me("lives_in", "place", 0.9)(match)
    small = match[0][0] == "i" and re.fullmatch(r"[a-zà-ÿ]{4,20}", rest(match))  # by one who writes no capitals
    if not found and small and rest(match) not in NO_NAME:
        return [Found(ME, "lives_in", Mention("place", rest(match).capitalize()), "", 0.6)]
    return found


def my_place_for_years(match: Match) -> list[Found]:
    name, end = name_at(rest(match))
    lasting = re.match(r" (?:for|since) ", rest(match)[end:])
    return [Found(ME, "lives_in", Mention("place", name), "", 0.9)] if name and lasting else []


def my_job(match: Match) -> list[Found]:
    job = re.match(rf"((?:[\w-]+ ){{0,2}}(?:{JOBS}))(?=$|[ ,.])(?!'s)", rest(match), re.IGNORECASE)
    if not job or not (TAIL.match(rest(match), job.end())):
        return []
    return [Found(ME, "works_as", None, job[1], 0.85)]


def what_i_use(match: Match) -> list[Found]:
    name, end = name_at(rest(match))
    behind = rest(match)[end:]
    purpose = re.match(r" (?:for|as) (?!it\b|this\b|that\b|now\b|years?\b|\d)([^,.;]{3,60})$", behind)
    if name:
        if purpose:
            return [Found(ME, "uses", Mention("tool", name), purpose[1], 0.85)]
        return [Found(ME, "uses", Mention("tool", name), "", 0.8)] if TAIL.match(behind) else []
    small = re.match(r"(?!the |an? |it |this |that |them |my |our |some |your )([a-z][\w+#.-]{1,20}) for ", rest(match))
    purpose = small and re.match(r"(?!it\b|this\b|that\b|years?\b|\d)([^,.;]{3,60})$", rest(match)[small.end() :])
    return [Found(ME, "uses", Mention("tool", small[1]), purpose[1], 0.7)] if small and purpose else []


def what_i_prefer(match: Match) -> list[Found]:
    wish = rest(match).split(",")[0].strip()
    if VAGUE.match(wish) or not 3 <= len(wish) <= 80:
        return []
    chosen, *others = OVER.split(wish, maxsplit=1) if not wish.lower().startswith("to ") else [wish]
    if others and VAGUE.match(others[0]):
        return []
    contextual = chosen.lower().startswith(("the ", "my ", "our "))
    return [Found(ME, "prefers", None, wish, 0.6 if contextual else 0.85)]


def what_i_work_on(sure: float) -> Callable[[Match], list[Found]]:
    def build(match: Match) -> list[Found]:
        project = named(match, "project", loose=sure > 0.8)
        if project is None and (found := re.match(r"the (.{2,40}) project\b", rest(match))):
            name, end = name_at(found[1])
            project = Mention("project", name) if name and end == len(found[1]) else None
        return [Found(ME, "works_on", project, "", sure)] if project else []

    return build


def my_relation(match: Match) -> list[Found]:
    kind: Kind = "thing" if match["relation"].lower() in ("dog", "cat") else "person"
    someone = named(match, kind, loose=not match["link"].strip(" ,"))
    if someone is None or not is_person(someone.name):
        return []
    return [Found(ME, "relation", someone, match["relation"].lower(), 0.9)]


def is_my_relation(match: Match) -> list[Found]:
    name, end = name_at(match.string)
    link = re.compile(rf" is my (?P<relation>{RELATIONS})\b", re.IGNORECASE).match(match.string, end)
    if not name or not is_person(name) or not link or not TAIL.match(match.string, link.end()):
        return []
    kind: Kind = "thing" if link["relation"].lower() in ("dog", "cat") else "person"
    return [Found(ME, "relation", Mention(kind, name), link["relation"].lower(), 0.9)]


def my_languages(match: Match) -> list[Found]:
    said = re.sub(r"^(?:fluent|native|some|a little|a bit of|only|mainly) ", "", rest(match), flags=re.IGNORECASE)
    words = [word for word in re.split(r",\s*(?:and )?| and |\s", said) if word]
    count = next((at for at, word in enumerate(words) if word.lower() not in LANGUAGES), len(words))
    return [Found(ME, "speaks", None, word.capitalize(), 0.9) for word in words[:count]]


def allergy(match: Match) -> list[Found]:
    value = re.match(r"[\w -]{3,40}$", rest(match))
    return [Found(ME, "allergic_to", None, value[0].strip(), 0.9)] if value and not VAGUE.match(value[0]) else []


def my_birthday(match: Match) -> list[Found]:
    date = re.match(DATE + r"\s*$", rest(match), re.IGNORECASE)
    return [Found(ME, "birthday", None, date[1], 0.95)] if date else []


def deadline(match: Match) -> list[Found]:
    """ "the deadline of Borealis is 3 May"."""
    name, end = name_at(rest(match))
    if not name:
        plain = re.match(r"(?:the |our |my )?([a-z][\w -]{2,40}?)(?= is | has been moved | moved to )", rest(match))
        name, end = (plain[1], plain.end()) if plain and not VAGUE.match(plain[1]) else ("", 0)
    date = ON_DATE.match(rest(match), end)
    return [Found(Mention("project", name), "deadline", None, date[1], 0.85)] if name and date else []


def is_due(match: Match) -> list[Found]:
    thing = match["thing"]
    if VAGUE.match(thing) or thing.lower() in NO_NAME:
        return []
    return [Found(Mention("project", thing), "deadline", None, match[2], 0.85)]


BETWEEN: list[tuple[re.Pattern[str], Predicate, Kind, Kind]] = [
    (re.compile(r" (?:now |currently |still )?(?:works|is working) (?:at|for) "), "works_at", "person", "organisation"),
    (re.compile(r" (?:now |currently |still )?lives in "), "lives_in", "person", "place"),
    (re.compile(r" is (?:now )?(?:located|based|headquartered) in "), "located_in", "thing", "place"),
    (re.compile(r" (?:is (?:now )?(?:a )?part of|belongs to) "), "part_of", "thing", "thing"),
    (re.compile(r" (?:is|are) (?:also (?:called|known as)|short for) "), "also_called", "thing", "thing"),
    (re.compile(r" uses "), "uses", "thing", "tool"),
]


def third_party(match: Match) -> list[Found]:
    """Two names and what is between them. Suggested, unless it is about someone already known."""
    subject, end = name_at(match.string)
    if not subject:
        return []
    for pattern, predicate, one, other in BETWEEN:
        if link := pattern.match(match.string, end):
            thing, behind = name_at(match.string[link.end() :])
            if not thing or not TAIL.match(match.string[link.end() :], behind):
                return []
            if one == "person" and not is_person(subject):
                return []
            target = Mention(other, thing) if predicate != "also_called" else None
            return [Found(Mention(one, subject), predicate, target, "" if target else thing, 0.7)]
    return []


def their_birthday(match: Match) -> list[Found]:
    if not is_person(match["who"]) or match["who"].lower() in NO_NAME:
        return []
    return [Found(Mention("person", match["who"]), "birthday", None, match[2], 0.85)]


def switched(match: Match) -> list[Found]:
    old, end = name_at(rest(match))
    to = re.match(r" to ", rest(match)[end:])
    new, behind = name_at(rest(match)[end + 4 :]) if old and to else ("", 0)
    if not new or not TAIL.match(rest(match)[end + 4 :], behind):
        return []
    return [
        Found(ME, "uses", Mention("tool", old), "", 0.8, ended=True),
        Found(ME, "uses", Mention("tool", new), "", 0.8),
    ]


def no_more(predicate: Predicate, kind: Kind) -> Callable[[Match], list[Found]]:
    def build(match: Match) -> list[Found]:
        name, _ = name_at(rest(match))
        return [Found(ME, predicate, Mention(kind, name), "", 0.9, ended=True)] if name else []

    return build


def they_no_more(match: Match) -> list[Found]:
    subject, end = name_at(match.string)
    link = re.compile(
        r" (?:no longer|does not|doesn't|used to) (?P<verb>works?|lives?|uses?)(?: at| for| in)? "
        r"| is no longer (?P<part>part of|based in|located in) | (?:has )?left "
    ).match(match.string, end)
    if not subject or not link:
        return []
    thing, behind = name_at(match.string[link.end() :])
    plain = link["verb"] and ("does" in link[0]) and "any" not in match.string[link.end() + behind :]
    if not thing or plain:
        return []
    verbs: dict[str, tuple[Predicate, Kind, Kind]] = {
        "w": ("works_at", "person", "organisation"),
        "l": ("lives_in", "person", "place"),
        "u": ("uses", "thing", "tool"),
        "part of": ("part_of", "thing", "thing"),
        "based in": ("located_in", "thing", "place"),
        "located in": ("located_in", "thing", "place"),
    }
    predicate, one, other = verbs[link["part"] or (link["verb"] or "work")[0]]
    return [Found(Mention(one, subject), predicate, Mention(other, thing), "", 0.9, ended=True)]


ONE = rf"(?:i|we)(?:'m| am|'re| are|'ve been| have been)? {ADVERB}"
ENDED = r"(?:no longer|used to|(?:have |'ve )?stopped)"
GONE = r"(?:i|we)(?: am|'m| are|'re|'ve| have)? "
STILL_NOT = r"(?:i|we) (?:don't|do not) "

# what is true no more
ENDINGS: list[Rule] = [
    rule(rf"{GONE}{ENDED} (?:work|working|employed) (?:at|for|by) ", no_more("works_at", "organisation")),
    rule(rf"{STILL_NOT}work (?:at|for) (?=.* (?:any ?more|any longer)$)", no_more("works_at", "organisation")),
    rule(r"i(?: have|'ve)?(?: just| recently)? (?:left|quit) ", no_more("works_at", "organisation")),
    rule(rf"{GONE}{ENDED} (?:live|living|based) in ", no_more("lives_in", "place")),
    rule(rf"{STILL_NOT}live in (?=.* (?:any ?more|any longer)$)", no_more("lives_in", "place")),
    rule(rf"{GONE}{ENDED} (?:use|using) ", no_more("uses", "tool")),
    rule(rf"{STILL_NOT}use (?=.* (?:any ?more|any longer)$)", no_more("uses", "tool")),
    rule(rf"{GONE}{ENDED} (?:work|working) on (?:the )?(?:project )?", no_more("works_on", "project")),
    rule(r"(?:i|we)(?: have|'ve)?(?: just| recently)? switched from ", switched),
    rule(r"(?=[^\W_])(?!i\b|we\b)", they_no_more),
]
RULES: list[Rule] = [
    rule(r"my (?:full )?name(?:'s| is) ", my_name(0.95)),
    rule(r"(?:please )?call me |(?:i am|i'm) called |i go by ", my_name(0.85)),
    rule(
        rf"my (?P<relation>{RELATIONS})(?P<link>'s name is | is (?:called |named )|'s called | is |, | )", my_relation
    ),
    rule(rf"my job is (?:an? )?|{ONE}work(?:ing)? as (?:an? |the )?|(?:i am|i'm) (?:an? )(?!.*\bnot\b)", my_job),
    rule(
        rf"{ONE}(?:work|working|employed) (?:at|for|by) |my employer is (?:called )?|my company is called ",
        about_me("works_at", "organisation", 0.9),
    ),
    rule(
        r"i(?: have|'ve)? (?:just |recently )?(?:started (?:working )?at|joined) ",
        about_me("works_at", "organisation", 0.8),
    ),
    rule(rf"{ONE}(?:live|living|reside|based) in ", my_place),
    rule(r"i(?: have|'ve) lived in ", my_place_for_years),
    rule(
        r"(?:i|we)(?: have|'ve)? (?:just |recently )?moved (?:from [\w' -]{2,40} )?to ",
        about_me("lives_in", "place", 0.85),
    ),
    rule(
        r"i (?:originally )?come (?:originally )?from |(?:i am|i'm) originally from ",
        about_me("comes_from", "place", 0.85),
    ),
    rule(r"(?:i am|i'm) from ", about_me("comes_from", "place", 0.7)),
    rule(rf"{ONE}(?:use|using) ", what_i_use),
    rule(r"i (?:strongly |much |usually |generally |really |always )?prefer ", what_i_prefer),
    rule(r"(?:our|my) (?:[a-z]+ )?project(?: is)?(?: called| named|,)? ", what_i_work_on(0.85)),
    rule(rf"{ONE}work(?:ing)? on (?:the )?project (?:called |named )?", what_i_work_on(0.81)),
    rule(rf"{ONE}work(?:ing)? on ", what_i_work_on(0.65)),
    rule(r"i (?:also |can )?speak ", my_languages),
    rule(r"(?:i am|i'm) allergic to ", allergy),
    rule(r"my birthday is (?:on )?|i was born on ", my_birthday),
    rule(r"(?:the |our |my )?(?:new )?deadline (?:of|for) ", deadline),
    rule(
        rf"(?:the |our |my )?(?P<thing>[A-Za-z][\w -]{{1,40}}?) (?:is|are) (?:now )?due (?:on |by )?{DATE}\s*$", is_due
    ),
    rule(rf"(?P<who>[^\W\d_][\w-]+(?: [^\W\d_][\w-]+)?)'s birthday is (?:on )?{DATE}\s*$", their_birthday),
    rule(r"(?:i am|i'm) (?=[^\W_])", bare_name),
    rule(r"(?=[^\W_])(?!i\b|we\b)", is_my_relation),
    rule(r"(?=[^\W_])(?!i\b|we\b)", third_party),
]
