"""What to call somebody, if that can be told for certain.

Profile names hold titles, credentials, emoji, nicknames, slogans and initials. A wish that opens with any of them
shows that nobody looked; a wish without a name is always right. So: a first name that is surely one, or none.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from linkedin_pipelines.domain.identity import tidy

_TITLES = frozenset({"dr", "prof", "professor", "mr", "mrs", "ms", "mme", "mlle", "herr", "frau", "dipl.-ing", "dra"})
_DOTTED_TITLES = frozenset(
    {"m", "ing", "ir", "eng", "med", "jur", "mag", "sr", "sra", "srta", "rev", "hon", "arq", "lic"}
)
"""Titles only where a dot follows: without it they may be names or parts of them."""
_CREDENTIALS = frozenset(
    {
        "phd",
        "mba",
        "md",
        "cpa",
        "pmp",
        "cfa",
        "msc",
        "bsc",
        "esq",
        "rn",
        "ma",
        "ba",
        "jd",
        "llm",
        "cissp",
        "dds",
        "pe",
        "shrm",
    }
)
_NO_NAMES = frozenset(
    {
        "linkedin",
        "member",
        "membre",
        "mitglied",
        "miembro",
        "team",
        "recruiting",
        "recruiter",
        "recruitment",
        "hr",
        "rh",
    }
    | {"info", "office", "support", "sales", "marketing", "contact", "admin", "test", "unknown", "user", "private"}
)
_LONGEST = 30
_MOST_PARTS = 3
_BRACKETED = re.compile(r"\([^)]*\)?|\[[^\]]*\]?|“[^”]*”?|«[^»]*»?|\"[^\"]*\"?|(?<!\w)'[^']*'(?!\w)")
_SEPARATED = re.compile(r"[,|/•·–—:;~]| - ")
_VOWELS = frozenset("aeiouyàáâãäåæèéêëìíîïòóôõöøœùúûüýÿ")


@lru_cache(maxsize=4096)
def safe_first_name(first_name: str) -> str | None:
    """The name to greet somebody by, from the first name of a profile; None if that is not certain.

    Removed: emoji, titles, credentials, nicknames in quotes and brackets, whatever follows a comma or a bar, trailing
    initials. `JANE` becomes `Jane`. Initials, digits, addresses and words that are no names give None.
    """
    text = unicodedata.normalize("NFKC", first_name).replace("’", "'").replace("‘", "'").replace("`", "'")
    text = "".join(" " if _is_ornament(character) else character for character in text)
    text = _SEPARATED.split(_BRACKETED.sub(" ", text), maxsplit=1)[0]
    words = [word for word in tidy(text).split() if not _is_title(word)]
    while words and (_is_initial(words[-1]) or _is_credential(words[-1])):
        words.pop()
    if not words or len(words) > _MOST_PARTS or any(not _is_name(word) for word in words):
        return None
    name = " ".join(_cased(word) for word in words)
    return name if len(name) <= _LONGEST else None


def _is_ornament(character: str) -> bool:
    """Emoji, their modifiers and joiners, and other signs that are no part of a word."""
    return unicodedata.category(character) in {"So", "Sk", "Cf", "Co", "Cn", "Cs"} or character in "\ufe0e\ufe0f*★™®"


def _is_title(word: str) -> bool:
    bare = word.rstrip(".").lower()
    return bare in _TITLES or (word.endswith(".") and bare in _DOTTED_TITLES)


def _is_credential(word: str) -> bool:
    return word.replace(".", "").lower() in _CREDENTIALS and (word.isupper() or "." in word or not word.istitle())


def _is_initial(word: str) -> bool:
    """`J`, `J.`, `J.R.`; a single ideograph is a name, since such scripts have no capitals."""
    letters = word.replace(".", "")
    return word.endswith(".") or "." in word or (len(letters) == 1 and letters.lower() != letters.upper())


def _is_name(word: str) -> bool:
    parts = re.split(r"[-']", word)
    if word.lower() in _NO_NAMES or not any(parts) or not parts[0] or not parts[-1]:
        return False
    if any(unicodedata.category(character)[0] not in "LM" for part in parts for character in part):
        return False
    if _is_initial(word):
        return False
    latin = word.isascii()
    if latin and word.isupper() and len(word) == 2:
        return False  # JP, TJ: initials by which somebody may or may not go
    return not latin or any(character in _VOWELS for character in word.lower())


def _cased(word: str) -> str:
    """`JEAN-PIERRE` and `jean-pierre` as `Jean-Pierre`; mixed case is the bearer's own choice and stays."""
    if not (word.isupper() or word.islower()):
        return word
    cased = re.sub(r"[^\W\d_]+", lambda part: part[0][:1].upper() + part[0][1:].lower(), word)
    return cased.replace("i\u0307", "i")  # what lower() makes of a Turkish capital I with a dot
