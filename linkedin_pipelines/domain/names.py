"""Names of people as address books write them, and whether two of them may be one person's.

What belongs here: reading a display name (titles, "Last, First", initials), the forms under which a connection may
bear the same name, and the contradictions that no e-mail address overrules. What does not: who bears them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from linkedin_pipelines.domain.identity import name_key, tidy, without_credentials

_TITLES = frozenset(
    [
        "dr",
        "prof",
        "professor",
        "mr",
        "mrs",
        "ms",
        "miss",
        "mme",
        "mlle",
        "m.",
        "herr",
        "frau",
        "sir",
        "dame",
        "rev",
        "fr.",
        "ing",
        "dipl.-ing",
        "dra",
        "dott",
        "dott.ssa",
        "ir",
        "mag",
        "hr",
        "fru",
        "sr.",
        "sra",
        "srta",
        "don",
        "dona",
    ]
)
_SUFFIXES = frozenset(
    [
        "jr",
        "sr",
        "ii",
        "iii",
        "iv",
        "phd",
        "ph.d",
        "md",
        "m.d",
        "mba",
        "msc",
        "bsc",
        "ma",
        "ba",
        "cpa",
        "cfa",
        "pmp",
        "esq",
        "rn",
        "jd",
        "llm",
        "dds",
        "pe",
        "cissp",
        "frcs",
        "obe",
        "mbe",
        "cbe",
        "dphil",
        "med",
        "mph",
        "mpa",
        "shrm",
        "pharmd",
        "edd",
        "dba",
        "aca",
        "acca",
        "facp",
        "faap",
        "pt",
        "dpt",
        "bs",
        "ms",
        "mfa",
        "mps",
        "dvm",
        "lcsw",
        "bcba",
        "pmi",
        "csm",
    ]
)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]+")
_HAN_OR_HANGUL = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]+")
DEATH_MARKS = re.compile(r"[\u2020\u271d\u26b0\U0001faa6]")
"""A dagger, a cross, a coffin or a headstone beside a name."""


def display_name(text: str) -> tuple[str, ...]:
    """The names that a display name may stand for, the likeliest first; none if it is empty.

    `Moss, Ada` is `Ada Moss`; `Jane Doe, PhD` is `Jane Doe`; `Dr. Ada Moss Sr.` is `Ada Moss` too.
    """
    text = tidy(text)
    head, comma, tail = text.partition(",")
    if comma and tail.strip():
        rest = [part.strip() for part in tail.split(",") if part.strip()]
        names = [part for part in rest if not all(_is_suffix(word) for word in part.split())]
        if names and len(names) == 1 and head.strip():
            text = f"{names[0]} {head.strip()}"
        elif names:
            return ()  # "A, B, C" may be anybody
        else:
            text = head
    elif comma:
        text = head
    text = tidy(text)
    bare = without_titles(text)
    return tuple(dict.fromkeys(name for name in (bare, text) if name))


def without_titles(text: str) -> str:
    """The name without titles before it and suffixes after it; whole if nothing else would be left."""
    words = text.split()
    start, end = 0, len(words)
    while start < end - 1 and (words[start].casefold().rstrip(".") in _TITLES or words[start].casefold() in _TITLES):
        start += 1
    while end > start + 1 and _is_suffix(words[end - 1]) and end - start > 2:
        end -= 1
    return " ".join(words[start:end])


def _is_suffix(word: str) -> bool:
    return word.casefold().rstrip(".").replace("(", "").replace(")", "") in _SUFFIXES


def short_name(given: str, family: str) -> str:
    """First name and family name without the middle; empty unless both are there."""
    words = [word for position, word in enumerate(given.split()) if position == 0 or not is_initial(word)]
    return tidy(f"{' '.join(words)} {family}") if words and family.strip() else ""


class CardName(NamedTuple):
    """A name as a card bears witness to it."""

    name: str
    others: tuple[str, ...] = ()
    short: str = ""


def structured_name(given: str, middle: str, family: str, shown: tuple[str, ...]) -> CardName:
    """The name out of its fields, which decide; what is shown counts only where it says the same in the same order."""
    given, middle, family = (without_credentials(part) for part in (given, middle, family))
    full = " ".join(part for part in (given, middle, family) if part)
    if not (given and family):
        if shown and len(shown[0].split()) > 1:
            return CardName(*_shown(shown))
        return CardName(*_shown(display_name(full) or shown))
    words = full.casefold().split()
    others = []
    for other in shown:
        parts = other.casefold().split()
        if sorted(parts) != sorted(words) and parts and (parts[0] == words[0] or parts[-1] == words[-1]):
            others.append(other)
    return CardName(full, tuple(others), short_name(given, family))


def _shown(shown: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    return (shown[0], shown[1:]) if shown else ("", ())


def is_initial(word: str) -> bool:
    """Whether it is `M` or `M.`; an ideograph is a name."""
    bare = word.rstrip(".")
    return len(bare) == 1 and bare.isalpha() and not _CJK.fullmatch(bare)


def without_initials(key: str) -> str:
    """A name key without initials between the first and the last word."""
    words = key.split()
    return " ".join(
        word for position, word in enumerate(words) if position in {0, len(words) - 1} or not is_initial(word)
    )


def middle_agrees(key: str, other: str, short: str) -> bool:
    """Whether what stands in two name keys besides the `short` one may be of one middle name."""
    left, right = _rest(key, short), _rest(other, short)
    return not left or not right or all(one[0] == two[0] for one, two in zip(left, right, strict=False))


def _rest(key: str, short: str) -> list[str]:
    gone = short.split()
    rest = []
    for word in key.split():
        if word in gone:
            gone.remove(word)
        else:
            rest.append(word)
    return rest


def is_whole(key: str) -> bool:
    """Whether a name key can tell a person: a lone first name cannot."""
    words = [word for word in key.split() if any(character.isalpha() for character in word)]
    if len(words) == 1:
        return bool(_HAN_OR_HANGUL.fullmatch(words[0])) and len(words[0]) >= 2
    return len(words) > 1 and not all(is_initial(word) for word in words)


def name_forms(key: str) -> Iterator[str]:
    """The name keys under which a connection may bear this name; the key itself first.

    Chinese, Japanese and Korean names are written with or without a blank, and with the family name first or last.
    """
    yield key
    words = key.split()
    if not words or not all(_CJK.fullmatch(word) for word in words):
        return
    if len(words) == 2:
        yield from (f"{words[1]} {words[0]}", "".join(words), words[1] + words[0])
    elif len(words) == 1 and 2 <= len(words[0]) <= 5:
        for at in range(1, len(words[0])):
            yield from (f"{words[0][:at]} {words[0][at:]}", f"{words[0][at:]} {words[0][:at]}")


def may_be_one_person(name: str, other: str) -> bool:
    """Whether two names may be of one person who was told by an e-mail address: that address may be a family's.

    A missing name contradicts nothing. A first name that is another does, whatever the family name; so does another
    family name beside a first name that is only alike.
    """
    left, right = _plain(name), _plain(other)
    if not left or not right or sorted(left) == sorted(right):
        return True
    first = _alike(left[0], right[0])
    if not first:
        return False
    if len(left) == 1 or len(right) == 1:
        return True
    if any(_alike(one, two) for one in left[1:] for two in right[1:]):
        return True
    return left[0] == right[0] and len(left[0]) > 2


def _alike(one: str, two: str) -> bool:
    if one == two or (len(one) == 1 and two.startswith(one)) or (len(two) == 1 and one.startswith(two)):
        return True
    shorter, longer = sorted((one, two), key=len)
    return len(shorter) >= 3 and longer.startswith(shorter)


def _plain(name: str) -> list[str]:
    decomposed = unicodedata.normalize("NFD", name_key(without_titles(tidy(name))))
    bare = "".join(each for each in decomposed if not unicodedata.combining(each))
    return [word for word in re.split(r"[\s.\-]+", bare.replace("ß", "ss")) if word]
