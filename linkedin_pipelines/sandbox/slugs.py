"""Profile addresses as the site makes them of names."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_UNDECOMPOSED = str.maketrans({"ł": "l", "ø": "o", "ß": "ss", "ı": "i", "đ": "d", "æ": "ae", "œ": "oe"})


def slug_for(name: str, seed: str) -> str:
    """`frederic-lemoine-3f21a0b`: the name in plain letters and a few digits that `seed` decides."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_UNDECOMPOSED)).encode("ascii", "ignore").decode()
    digits = hashlib.sha256(f"{name} {seed}".encode()).hexdigest()[:7]
    return "-".join([*re.findall(r"[a-z0-9]+", plain), digits])
