"""User names: which ones are allowed, and when two of them are the same to a reader."""

import unicodedata

LONGEST_NAME = 64
JOINERS = "\u200c\u200d"  # Persian, Indic scripts and emoji need them
UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}


def clean_name(name: str) -> str:
    """The name as it is stored; ValueError with a sentence when it cannot be one."""
    name = unicodedata.normalize("NFC", name.strip())
    if not name_key(name):
        raise ValueError("A name needs at least one character")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"A name has at most {LONGEST_NAME} characters")
    if any(unicodedata.category(letter) in UNSEEN and letter not in JOINERS for letter in name):
        raise ValueError("A name has no control or invisible characters")
    return name


def name_key(name: str) -> str:
    """Equal for names that look alike: case, width and composed letters do not count."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(letter for letter in folded if unicodedata.category(letter) != "Cf").strip()
