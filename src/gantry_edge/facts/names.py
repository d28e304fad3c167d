"""Names at the beginning of a text, and what makes two of them the same. Pure."""

import re
import unicodedata

MOST = 5  # words of a name


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WORD = re.compile(r"&(?= )|[^\W_](?:[\w'&.+#/-]{0,40}[\w+#])?")
PARTICLES = words("de da di del van von der den la le du of the and & for zu")
SHORTENED = frozenset({"St", "Mt", "Ft", "Dr", "Prof"})
LEGAL = words("ltd limited inc incorporated gmbh ag llc plc corp corporation co company sa srl bv kg")
DAYS = words(
    "monday tuesday wednesday thursday friday saturday sunday today tomorrow january february march april "
    "may june july august september october november december christmas easter"
)
# what a capital letter does not make a name of
NO_NAME = DAYS | words(
    "i me my we us you your he she it they them this that these those here there home ok okay yes no not "
    "sure sorry done back fine happy next english english-speaking please thanks all any some something "
    "anything nothing everyone it's a an the covid ceo cto cfo coo hr pm vp it phd nb ps fyi asap"
)
# of people, so not their names
NATIONAL = re.compile(
    r"(?:\w+(?:ish|ese)|\w{2,}(?:ssian|alian|razilian|anadian|ndian|orwegian|ustrian|ustralian|ungarian|omanian|ulgarian"
    r"|rainian|roatian|erbian|gyptian|estonian|atvian|uanian|sian|tian)|american|african|european|mexican|korean|german"
    r"|french|dutch|swiss|greek|czech|thai|arab|catholic|muslim|jewish|hindu|buddhist|christian|protestant|atheist"
    r"|dyslexic|vegan|vegetarian|gay|deaf|blind)",
    re.IGNORECASE,
)


def name_at(text: str) -> tuple[str, int]:
    """The run of capitalised words a text begins with, and where it ends; empty when there is none."""
    at = begins = 4 if text[:4].lower() == "the " else 0
    end = taken = 0
    while taken < MOST and (found := WORD.match(text, at)):
        word = found[0]
        if word.lower() in PARTICLES and taken:
            at, taken = found.end() + 1, taken + 1
            if text[found.end() : at] == " ":
                continue
            break
        if not (word[0].isupper() or (taken and word[0].isdigit()) or _has_capital(word)):
            break
        if word.lower() in NO_NAME and (not taken or word.lower() in DAYS or word == "I"):
            break
        if word.lower().endswith("'s"):
            return "", 0  # of someone: what is named comes behind
        end, taken = found.end(), taken + 1
        if word in SHORTENED and text[end : end + 2] == ". ":
            end += 1
        if text[end : end + 1] != " ":
            break
        at = end + 1
    name = text[begins:end].rstrip(".")
    return (name, begins + len(name)) if len(name) > 1 else ("", 0)


def is_person(name: str) -> bool:
    words = name.split()
    return len(words) <= 3 and not any(re.search(r"[\d/+#&]", w) or NATIONAL.fullmatch(w) for w in words)


def key_of(name: str) -> str:
    """The same for two ways to write one name."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    words = re.findall(r"[\w+#]+", "".join(c for c in folded if not unicodedata.combining(c)).replace("'", ""))
    if words[:1] == ["the"] and len(words) > 1:
        words = words[1:]
    while len(words) > 1 and words[-1] in LEGAL:
        words.pop()
    return " ".join(words)


def _has_capital(word: str) -> bool:
    """As in iPhone and eBay."""
    return any(c.isupper() for c in word[1:])
