"""Who is who: the slug of a profile address, and names made comparable.

Source: LinkedIn's profile addresses as they occur in exports (mixed case, country hosts, percent-encoding, tracking
queries). An old `/pub/…` address holds no slug that still leads anywhere, so it identifies nobody.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote, urlsplit

_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u00b4": "'"})


def slug_of(url: str) -> str | None:
    """The identity in a LinkedIn profile address: percent-decoded, lower-cased, without query and slash.

    Accepts a full address, one without a scheme, or a path (`/in/jane-doe`); the host is not checked, since the
    sandbox has another. None if the address is not one of a profile.
    """
    text = url.strip()
    if "//" not in text and not text.startswith("/"):
        text = "//" + text
    try:
        path = urlsplit(text).path
    except ValueError:
        return None
    match = re.match(r"/in/([^/]+)", path, re.IGNORECASE)
    if match is None:
        return None
    slug = unicodedata.normalize("NFC", unquote(match[1])).strip().lower()
    if not slug or any(character.isspace() or ord(character) < 32 or character in "/\\?#" for character in slug):
        return None
    return slug


def tidy(text: str) -> str:
    """The text with its white space (no-break and narrow ones too) folded to single blanks, and NFC."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def without_credentials(name: str) -> str:
    """`Jane Doe, PhD` is `Jane Doe`: what follows the first comma is no part of a name."""
    return tidy(name.split(",", 1)[0])


def name_key(name: str) -> str:
    """A full name made comparable: compatibility forms, case, apostrophes and white space folded, credentials dropped.

    Accents stay: `Muller` and `Müller` are two people until a profile address says otherwise.
    """
    folded = unicodedata.normalize("NFKC", without_credentials(name)).translate(_APOSTROPHES)
    return unicodedata.normalize("NFC", tidy(folded).casefold())
