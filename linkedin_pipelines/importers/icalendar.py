"""Birthday calendars (iCalendar): one event a person.

Calendars that programs derive from an address book mark their events (SabreDAV, Nextcloud) and carry the name apart;
other calendars have a title alone, in some language. An ordinary calendar holds meetings too: what is not, for certain,
a birthday is left alone and counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, BinaryIO

from icalendar import Event

from linkedin_pipelines.domain.birth_dates import BirthDate, RefusedDate, read_birth_date
from linkedin_pipelines.domain.records import RefusedRow, StatedBirthday
from linkedin_pipelines.domain.states import BirthdaySource
from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.importers.components import read_components
from linkedin_pipelines.importers.part import Part
from linkedin_pipelines.importers.people import distinct, email_of, profile_slug, whole_name
from linkedin_pipelines.importers.stated import stated_birthday

YOUNGEST_MEMBER_YEARS = 13
"""An event that began less than this ago began with the calendar, not with the person: its year is none of birth."""

TITLES: dict[str, tuple[str, ...]] = {
    "en": (r"(?P<name>.+?)'s? birthday", r"birthday(?: of|:| -) (?P<name>.+)", r"(?P<name>.+?) ?[-–—:] birthday"),
    "fr": (r"anniversaire (?:de |d'|: ?)(?P<name>.+)", r"(?P<name>.+?) ?[-–—:] anniversaire"),
    "de": (r"(?P<name>.+?) hat geburtstag", r"geburtstag(?: von|:| -) (?P<name>.+)", r"(?P<name>.+?)' geburtstag"),
    "es": (r"cumpleaños(?: de|:| -) (?P<name>.+)",),
    "it": (r"compleanno(?: di|:| -) (?P<name>.+)",),
    "pt": (r"(?:aniversário|niver)(?: de| do| da|:| -) (?P<name>.+)",),
    "nl": (r"verjaardag(?: van|:| -) (?P<name>.+)", r"(?P<name>.+?) is jarig"),
}
"""Titles of a birthday event, one entry a language; case, the kind of apostrophe and a cake before do not matter."""

_MARKS = ("X-SABRE-BDAY", "X-NEXTCLOUD-BC-FIELD-TYPE")
_UNKNOWN_YEAR = "X-NEXTCLOUD-BC-UNKNOWN-YEAR"
_PROPERTIES = frozenset({"SUMMARY", "DTSTART", "URL", "ATTENDEE", _UNKNOWN_YEAR, *_MARKS})
_TITLE = [re.compile(pattern, re.IGNORECASE) for patterns in TITLES.values() for pattern in patterns]
_ORNAMENT = re.compile(r"^[\s\U0001F380-\U0001F389\u2B50*]+|\s*\((?:\d{4}|\*\s*\d{4}|\d{1,3})\)\s*$")


def read(part: Part, stream: BinaryIO) -> Iterator[StatedBirthday | RefusedRow]:
    """The birthdays of one calendar.

    Raises:
        RefusedFileError: the file holds no event, or one that is cut off.
    """
    others = 0
    for line, text in read_components(part, stream, "VEVENT", _PROPERTIES):
        try:
            event = Event.from_ical(text)
            name = _person(event)
            start = event.decoded("DTSTART", None)
        except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            yield part.refuse(line, f"the event cannot be read ({type(error).__name__})", text)
            continue
        if name is None:
            others += 1
            continue
        day = start.date() if isinstance(start, datetime) else start if isinstance(start, date) else None
        written = day.isoformat() if day else str(event.get("DTSTART", ""))
        yield stated_birthday(
            part,
            line,
            BirthdaySource.ICALENDAR,
            name=name,
            slugs=distinct(profile_slug(str(value)) for value in _all(event, "URL")),
            emails=distinct(email_of(str(value)) for value in _all(event, "ATTENDEE")),
            birthday=_birthday(event, day, written, part.today),
            raw=written,
        )
    if not part.rows:
        raise RefusedFileError(f"{part.name}: holds no event; export the birthday calendar again")
    if others:
        part.notes.append(f"{others} events are no birthdays and were left alone")


def _person(event: Any) -> str | None:
    """Whose birthday the event is; empty if it does not say, None if it is none."""
    marks = [mark for name in _MARKS for mark in _all(event, name)]
    if marks and all(str(mark).upper() != "BDAY" for mark in marks):  # a wedding or a death
        return None
    for mark in marks:
        if name := whole_name(str(mark.params.get("X-SABRE-VCARD-FN", ""))):
            return name
    title = " ".join(str(event.get("SUMMARY", ""))[:1000].replace("\u2019", "'").split())
    bare = _ORNAMENT.sub("", _ORNAMENT.sub("", title))
    for pattern in _TITLE:
        if match := pattern.fullmatch(bare):
            return whole_name(match["name"])
    return whole_name(bare) if marks else None


def _birthday(event: Any, day: date | None, written: str, today: date) -> BirthDate | RefusedDate:
    omitted = any("X-SABRE-OMIT-YEAR" in mark.params for mark in _all(event, "X-SABRE-BDAY"))
    omitted = omitted or any(str(value) == "1" for value in _all(event, _UNKNOWN_YEAR))
    recent = day is not None and day.year > today.year - YOUNGEST_MEMBER_YEARS
    return read_birth_date(written, today=today, year_omitted=omitted or recent)


def _all(event: Any, name: str) -> list[Any]:
    """Every value of a property; none is an empty list, one is a list of one."""
    values = event.get(name)
    return [] if values is None else values if isinstance(values, list) else [values]
