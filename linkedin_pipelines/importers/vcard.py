"""vCard 3 and 4, as Apple, Google, Outlook and phones write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import vobject
from vobject.base import VObjectError

from linkedin_pipelines.domain.birth_dates import read_birth_date
from linkedin_pipelines.domain.records import RefusedRow, StatedBirthday
from linkedin_pipelines.domain.states import BirthdaySource
from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.importers.components import read_components
from linkedin_pipelines.importers.part import Part
from linkedin_pipelines.importers.people import distinct, email_of, profile_slug, whole_name
from linkedin_pipelines.importers.stated import stated_birthday

_ADDRESSES = ("url", "x-socialprofile", "socialprofile", "impp", "x-linkedin", "x-linkedin-url")
_PROPERTIES = frozenset({"FN", "N", "BDAY", "EMAIL", *(name.upper() for name in _ADDRESSES)})


def read(part: Part, stream: BinaryIO) -> Iterator[StatedBirthday | RefusedRow]:
    """The birthdays of one address book; cards without a birthday are counted and left out.

    Raises:
        RefusedFileError: the file holds no card, or one that is cut off.
    """
    without = 0
    for line, text in read_components(part, stream, "VCARD", _PROPERTIES):
        try:
            card = next(vobject.readComponents(text, allowQP=_quoted_printable(text)))
        except (VObjectError, StopIteration, ValueError, LookupError, AttributeError) as error:
            yield part.refuse(line, f"the card cannot be read ({type(error).__name__})", text)
            continue
        born = card.contents.get("bday")
        if not born:
            without += 1
            continue
        written, params = str(born[0].value), born[0].params
        omitted = (params.get("X-APPLE-OMIT-YEAR") or [""])[0].strip()
        birthday = read_birth_date(
            written,
            today=part.today,
            free_text="text" in {value.lower() for value in params.get("VALUE", [])},
            omitted_year=int(omitted) if re.fullmatch(r"[0-9]{1,4}", omitted) else None,
        )
        yield stated_birthday(
            part,
            line,
            BirthdaySource.VCARD,
            name=_name(card),
            slugs=distinct(profile_slug(value) for value in _values(card, _ADDRESSES)),
            emails=distinct(email_of(value) for value in _values(card, ("email",))),
            birthday=birthday,
            raw=written,
        )
    if not part.rows:
        raise RefusedFileError(f"{part.name}: holds no card; export the address book as vCard again")
    if without:
        part.notes.append(f"{without} cards have no birthday")


def _quoted_printable(text: str) -> bool:
    return "QUOTED-PRINTABLE" in text.upper()


def _name(card: Any) -> str:
    for line in card.contents.get("fn", []):
        if name := whole_name(str(line.value)):
            return name
    for line in card.contents.get("n", []):
        value = line.value
        pieces = [getattr(value, piece, "") for piece in ("given", "additional", "family")]
        if name := whole_name(*(" ".join(piece) if isinstance(piece, list) else str(piece) for piece in pieces)):
            return name
    return ""


def _values(card: Any, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        for line in card.contents.get(name, []):
            yield str(line.value)
            yield from (f"https://www.linkedin.com/in/{user}" for user in _users(name, line))


def _users(name: str, line: Any) -> list[str]:
    """`X-SOCIALPROFILE;TYPE=linkedin;X-USER=jane-doe:x-apple:jane-doe`: Apple may give the slug alone."""
    if name != "x-socialprofile" or "linkedin" not in {value.lower() for value in line.params.get("TYPE", [])}:
        return []
    return [user for user in line.params.get("X-USER", []) if re.fullmatch(r"[\w%-]+", user)]
