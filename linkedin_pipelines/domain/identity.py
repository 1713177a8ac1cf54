"""Who is who: the slug of a profile address, and names made comparable.

Source: LinkedIn's profile addresses as they occur in exports and mails (mixed case, country hosts, percent-encoding,
tracking queries, `/comm/in/` and `/mwlite/in/`). An old `/pub/…` address holds no slug that still leads anywhere, so it
identifies nobody.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote, urlsplit

_FOLDED = str.maketrans(
    dict.fromkeys("\u2019\u2018\u02bc\u00b4`", "'")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\u00ad\u2043", "-")
    | {"\u0131": "i", "\u00ad": None}
)
"""Apostrophes and hyphens of every kind are one each; a Turkish dotless i is an i, since capitals hide the dot."""
_USUAL_ADDRESS = re.compile(r"https://www\.linkedin\.com/in/([a-z0-9-]+)/?")
_PROFILE_PATH = re.compile(r"/(?:(?:comm|mwlite|m)/)?in/([^/]+)", re.IGNORECASE)
_IGNORABLE = frozenset({"Cf", "So", "Sk", "Co", "Cn", "Cs", "Cc"})
"""Categories of emoji, direction marks, joiners and other signs that are no part of a name."""


def slug_of(url: str) -> str | None:
    """The identity in a LinkedIn profile address: percent-decoded, lower-cased, without query and slash.

    Accepts a full address, one without a scheme, or a path (`/in/jane-doe`); the host is not checked, since the
    sandbox has another. None if the address is not one of a profile.
    """
    if usual := _USUAL_ADDRESS.fullmatch(url):
        return usual[1]
    text = url.strip()
    if not text:
        return None
    if "//" not in text and not text.startswith("/"):
        text = "//" + text
    try:
        path = urlsplit(text).path
    except ValueError:
        return None
    match = _PROFILE_PATH.match(path)
    if match is None:
        return None
    slug = unicodedata.normalize("NFC", unquote(match[1])).strip().lower()
    if not slug or any(character.isspace() or ord(character) < 32 or character in "/\\?#" for character in slug):
        return None
    return slug


def tidy(text: str) -> str:
    """The text with its white space (no-break and narrow ones too) folded to single blanks, and NFC."""
    return " ".join(text.split() if text.isascii() else unicodedata.normalize("NFC", text).split())


def without_credentials(name: str) -> str:
    """`Jane Doe, PhD` is `Jane Doe`: what follows the first comma is no part of a connection's name."""
    return tidy(name.partition(",")[0] if "," in name else name)


def name_key(name: str) -> str:
    """A full name made comparable: credentials dropped, and everything folded that the eye does not tell apart.

    That is compatibility forms, case, apostrophes, hyphens, white space, ornaments and what cannot be seen.
    Accents stay: `Muller` and `Müller` are two people until a profile address says otherwise.
    """
    if name.isascii():  # most are, and an import makes a million keys
        bare = name.partition(",")[0] if "," in name else name
        return " ".join(bare.split()).replace("`", "'").lower()
    bare = without_credentials(name)
    folded = unicodedata.normalize("NFKC", bare)
    seen = "".join(" " if unicodedata.category(each) in {"So", "Sk"} else each for each in folded if _is_kept(each))
    key = tidy((tidy(seen) or folded).casefold().replace("i\u0307", "i").translate(_FOLDED))
    return unicodedata.normalize("NFC", key)


def _is_kept(character: str) -> bool:
    category = unicodedata.category(character)
    return category not in _IGNORABLE or category in {"So", "Sk"} or character.isspace()
