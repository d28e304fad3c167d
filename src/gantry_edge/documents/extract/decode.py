"""Bytes to text when nobody says in which encoding."""

import codecs
import re
from collections import Counter

MARKS = (  # the longer first: the mark of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# charset-normalizer with every encoding it knows is wrong on short texts more often than with these.
PLAUSIBLE = ["cp1252", "shift_jis", "cp932", "gb18030", "big5", "euc_kr", "cp949"]
PLAUSIBLE += ["cp1251", "euc_jp", "koi8_r", "cp1253", "cp1255", "cp1256"]
# What is declared, and what is meant by it; https://encoding.spec.whatwg.org has the reasons.
MEANT = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-9": "cp1254",
}
# What the languages of Latin letters have beyond ASCII: a text has the letters of one of them in its own encoding only.
ALPHABETS = {
    "cp1252": ("àâæçèéêëîïôùûüÿœ", "äöüß", "áéíñóúü¿¡", "àáâãçéêíóôõúü", "àèéìíîòóùú", "åäöéæø", "áéíóúýþðæö"),
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž"),
    "cp1254": ("âçğıîiöşûü",),
}
ALPHABETS["iso8859_2"] = ALPHABETS["cp1250"]
SIGNS = frozenset("’‘“”„‚«»–—…•°©®™§€\xa0\xad")
_DECLARED = re.compile(rb"""<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_IN_WORD = re.compile(rb"(?<=[A-Za-z\x80-\xff])[\x80-\xff]|[\x80-\xff](?=[A-Za-z\x80-\xff])")
_ROW = re.compile(rb"[\x80-\xff]{5}")
_NEIGHBOURS = re.compile(rb"[\x80-\xff]{2}")
SAMPLE = 200_000  # bytes that are enough to know an encoding


def is_binary(data: bytes) -> bool:
    """Zero bytes that no mark and no pattern of UTF-16 explains."""
    return b"\0" in data and not data.startswith(tuple(mark for mark, _ in MARKS)) and _utf16(data) is None


def decode(data: bytes, declared: str = "") -> str:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    if utf16 := _utf16(data):
        return data.decode(utf16, "replace")
    if b"\x1b$" in data[:SAMPLE]:
        return data.decode("iso2022_jp", "replace")
    for encoding in filter(None, ("utf-8", _meant(declared))):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            pass
    return data.decode("utf-8" if _broken_utf8(data) else _guess(data), "replace")


def decode_markup(data: bytes) -> str:
    declared = _DECLARED.search(data[:4096])
    return decode(data, declared[1].decode("ascii") if declared else "")


def _meant(declared: str) -> str:
    try:
        name = codecs.lookup(declared.strip("\"' ")).name if declared.strip() else ""
    except (LookupError, ValueError):
        return ""
    return MEANT.get(name, "" if name.startswith(("utf-7", "utf-16", "utf-32")) else name)


def _utf16(data: bytes) -> str | None:
    """Text of most languages has many zero bytes in UTF-16, nearly all of them in the same half of its pairs."""
    data = data[:SAMPLE]
    even, odd = data[::2].count(0), data[1::2].count(0)
    pairs = len(data) // 2
    if max(even, odd) < max(2, 0.01 * pairs) or min(even, odd) > max(1, 0.1 * max(even, odd)):
        return None
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    text = data[: pairs * 2].decode(encoding, "replace")
    strange = sum(not (char.isprintable() or char.isspace()) for char in text)
    return encoding if strange <= 0.02 * len(text) else None


def _broken_utf8(data: bytes) -> bool:
    """Cut in a character, or with a few bad bytes among many good characters."""
    text = data[:SAMPLE].decode("utf-8", "replace")
    good = len(re.findall("[\x80-\ufffc\ufffe-\U0010ffff]", text))
    return good >= 2 and text.count("\ufffd") <= max(1, good // 10)


def _guess(data: bytes) -> str:
    latin, explained = _latin(data)
    if explained and not _ROW.search(data):
        return latin
    if not _NEIGHBOURS.search(data):  # single letters among ASCII: in the other scripts they come in rows
        return latin
    from charset_normalizer import from_bytes

    best = from_bytes(data[:SAMPLE], cp_isolation=PLAUSIBLE, enable_fallback=False).best()
    found = best.encoding if best else "cp1252"
    return latin if found == "cp1252" else MEANT.get(codecs.lookup(found).name, found)


def _latin(data: bytes) -> tuple[str, bool]:
    """Western, Central European or Turkish: whichever has one language's letters in the words. Has it no others?"""
    counts = Counter(b"".join(_IN_WORD.findall(data[:SAMPLE])))

    def fit(encoding: str) -> int:
        letters = {byte: bytes([byte]).decode(encoding, "replace").lower() for byte in counts}
        return max(
            sum(
                count if letters[byte] in alphabet or letters[byte] in SIGNS else -count
                for byte, count in counts.items()
            )
            for alphabet in ALPHABETS[encoding]
        )

    best = max(ALPHABETS, key=fit)  # the first of equals
    return best, fit(best) == counts.total()
