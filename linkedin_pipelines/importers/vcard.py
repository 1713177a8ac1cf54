"""vCard 2.1, 3 and 4, as Apple, Google, Outlook and phones write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from linkedin_pipelines.domain.birth_dates import BirthDate, RefusedDate, read_birth_date
from linkedin_pipelines.domain.names import DEATH_MARKS, CardName, display_name, structured_name
from linkedin_pipelines.domain.records import RefusedRow, StatedBirthday
from linkedin_pipelines.domain.states import BirthdaySource
from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.importers.components import Component, read_components
from linkedin_pipelines.importers.content_lines import Property
from linkedin_pipelines.importers.part import Part
from linkedin_pipelines.importers.people import distinct, email_of, profile_slugs, visible
from linkedin_pipelines.importers.stated import stated_birthday

_ADDRESSES = ("URL", "X-SOCIALPROFILE", "SOCIALPROFILE", "IMPP", "X-LINKEDIN", "X-LINKEDIN-URL")
_DEATH = ("DEATHDATE", "X-DEATHDATE", "DEATHPLACE")
_PROPERTIES = frozenset({"FN", "N", "BDAY", "EMAIL", *_ADDRESSES, *_DEATH})
_DIED = RefusedDate("the card says that this person has died")
_SLUG = re.compile(r"[\w%-]+")


def read(part: Part, stream: BinaryIO) -> Iterator[StatedBirthday | RefusedRow]:
    """The birthdays of one address book; cards without a birthday are counted and left out.

    Two birthdays of one card are two statements. A card that tells of a death is a statement even without a birthday.

    Raises:
        RefusedFileError: the file holds no card.
    """
    without = 0
    for card in read_components(part, stream, "VCARD", _PROPERTIES):
        if card.damage is not None:
            yield part.refuse(card.line, card.damage, card.excerpt)
            continue
        name = _name(card)
        died = any(card.all(death) for death in _DEATH) or any(
            DEATH_MARKS.search(each.value) for each in card.all("FN") + card.all("N")
        )
        born = {each.value: _birthday(each, part) for each in card.all("BDAY")}
        if not born and not died:
            without += 1
            continue
        days = {(each.month, each.day) for each in born.values() if isinstance(each, BirthDate)}
        if len(born) > 1 and len(days) == 1:  # the same day in two forms; the one with a year says more
            best = max(born.items(), key=lambda each: isinstance(each[1], BirthDate) and each[1].year is not None)
            born = dict([best])
        part.rows += max(0, len(born) - 1)
        for written, birthday in (born or {"": _DIED}).items():
            yield stated_birthday(
                part,
                card.line,
                BirthdaySource.VCARD,
                name=name.name,
                other_names=name.others,
                short_name=name.short,
                slugs=distinct(slug for each in _addresses(card) for slug in profile_slugs(each)),
                emails=distinct(email_of(each.text) for each in card.all("EMAIL")),
                birthday=birthday,
                raw=written,
                died=died,
            )
    if not part.rows:
        raise RefusedFileError(f"{part.name}: holds no card; export the address book as vCard again")
    if without:
        part.notes.append(f"{without} cards have no birthday")


def _birthday(born: Property, part: Part) -> BirthDate | RefusedDate:
    omitted = born.param("X-APPLE-OMIT-YEAR")
    return read_birth_date(
        born.text,
        today=part.today,
        zone=part.zone,
        free_text=born.param("VALUE") == "text",
        omitted_year=int(omitted) if re.fullmatch(r"[0-9]{1,4}", omitted) else None,
    )


def _name(card: Component) -> CardName:
    shown = next(filter(None, (display_name(visible(each.text)) for each in card.all("FN"))), ())
    shown = tuple(name for name in (visible(DEATH_MARKS.sub(" ", each)) for each in shown) if name)
    for each in card.all("N"):
        pieces = [*each.pieces(), "", "", ""]
        if any(piece.strip() for piece in pieces[:3]):
            return structured_name(
                visible(pieces[1]), visible(pieces[2]), visible(DEATH_MARKS.sub(" ", pieces[0])), shown
            )
    return structured_name("", "", "", shown)


def _addresses(card: Component) -> Iterator[str]:
    for name in _ADDRESSES:
        for each in card.all(name):
            yield each.text
            service = each.param("SERVICE-TYPE") or each.param("X-SERVICE-TYPE")
            if (
                name == "X-LINKEDIN"
                or service == "linkedin"
                or "linkedin" in {value.lower() for value in each.params.get("TYPE", [])}
            ):
                users = [*each.params.get("X-USER", []), *each.params.get("USERNAME", []), each.text.strip()]
                yield from (f"https://www.linkedin.com/in/{user}" for user in users if _SLUG.fullmatch(user))
