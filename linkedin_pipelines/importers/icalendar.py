"""Birthday calendars (iCalendar and vCalendar): one event a person.

Calendars that programs derive from an address book mark their events (SabreDAV, Nextcloud) and carry the name apart;
other calendars have a title alone, in some language. An ordinary calendar holds meetings too: what is not, for certain,
a birthday is left alone and counted. Guests of an event are guests: nothing is read out of ATTENDEE and ORGANIZER.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import BinaryIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from linkedin_pipelines.domain.birth_dates import EMPTY_DATES, BirthDate, RefusedDate, read_birth_date
from linkedin_pipelines.domain.names import display_name
from linkedin_pipelines.domain.records import RefusedRow, StatedBirthday
from linkedin_pipelines.domain.states import BirthdaySource
from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.importers import event_titles
from linkedin_pipelines.importers.components import Component, read_components
from linkedin_pipelines.importers.content_lines import Property
from linkedin_pipelines.importers.part import Part
from linkedin_pipelines.importers.people import distinct, profile_slugs, visible
from linkedin_pipelines.importers.stated import stated_birthday

YOUNGEST_MEMBER_YEARS = 13
"""An event that began less than this ago began with the calendar, not with the person: its year is none of birth."""

_MARKS = ("X-SABRE-BDAY", "X-NEXTCLOUD-BC-FIELD-TYPE")
_UNKNOWN_YEAR = "X-NEXTCLOUD-BC-UNKNOWN-YEAR"
_YEAR = "X-NEXTCLOUD-BC-YEAR"
_ALL_DAY = "X-MICROSOFT-CDO-ALLDAYEVENT"
_PROPERTIES = frozenset(
    {"SUMMARY", "DTSTART", "DTEND", "RRULE", "STATUS", "RECURRENCE-ID", "URL", _UNKNOWN_YEAR, _YEAR, _ALL_DAY, *_MARKS}
)
_STAMP = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?:T([0-9]{2}):?([0-9]{2}):?([0-9]{2})?(Z)?)?")
_OLD_YEARLY = re.compile(r"Y[MD]([0-9]+)\b(.*)", re.DOTALL)
"""vCalendar 1.0: `YM1 #0`, every year, for ever; `#3` three times."""


def read(part: Part, stream: BinaryIO) -> Iterator[StatedBirthday | RefusedRow]:
    """The birthdays and deaths of one calendar.

    Raises:
        RefusedFileError: the file holds no event.
    """
    left: Counter[str] = Counter()
    for event in read_components(part, stream, "VEVENT", _PROPERTIES):
        if event.damage is not None:
            yield part.refuse(event.line, event.damage, event.excerpt)
            continue
        told = _told(event)
        if told is None:
            left["are no birthdays"] += 1
            continue
        when = _When(event, part.zone)
        if not told.died and (reason := when.is_no_birthday(part.today, marked=told.marked)):
            left[reason] += 1
            continue
        names = tuple(dict.fromkeys(each for name in told.names for each in display_name(visible(name))))
        yield stated_birthday(
            part,
            event.line,
            BirthdaySource.ICALENDAR,
            name=names[0] if names else "",
            other_names=names[1:],
            slugs=distinct(slug for each in event.all("URL") for slug in profile_slugs(each.text)),
            emails=(),
            birthday=RefusedDate("the calendar says that this person has died")
            if told.died
            else _birthday(event, when, told, part.today),
            raw=when.written,
            died=told.died,
        )
    if not part.rows:
        raise RefusedFileError(f"{part.name}: holds no event; export the birthday calendar again")
    for reason, count in left.items():
        part.notes.append(f"{count} events {reason} and were left alone")


@dataclass(frozen=True)
class _Told:
    names: tuple[str, ...]
    """The likeliest first; none if the event does not say."""
    died: bool
    marked: bool
    title_year: int | None


def _told(event: Component) -> _Told | None:
    """Whose birthday or death the event is; the name is empty if it does not say, None if it is neither."""
    marks = [mark for name in _MARKS for mark in event.all(name)]
    kinds = {mark.text.strip().upper() for mark in marks}
    title = event.first("SUMMARY")
    plain, year = event_titles.plain_title(title.text if title else "")
    dead = "DEATHDATE" in kinds or event_titles.died(plain) is not None
    if marks and not dead and "BDAY" not in kinds:  # a wedding
        return None
    for mark in marks:
        if name := " ".join(mark.params.get("X-SABRE-VCARD-FN", [])).strip():
            return _Told((name,), dead, marked=True, title_year=year)
    of_death = event_titles.died(plain) if dead else None
    found = (of_death,) if of_death else event_titles.born(plain) or ((plain,) if marks else ())
    return _Told(found, dead, bool(marks), year) if found else None


class _When:
    """When an event is, as far as that tells of a birthday."""

    def __init__(self, event: Component, zone: tzinfo) -> None:
        start = event.first("DTSTART")
        self._event = event
        self._zone = zone
        self.written = start.text.strip() if start else ""
        self._start, self.whole_day = _moment(start, zone)
        self.yearly, self._ended_after = self._rule()

    @property
    def day(self) -> date | None:
        """The day in the account's own calendar; None if there is none to be read."""
        if self._start is None:
            return None
        if self.whole_day:
            return self._start.date()
        end, _ = _moment(self._event.first("DTEND"), self._zone)
        days = end is None or (end - self._start) % timedelta(days=1) == timedelta(0)
        stated = _STAMP.fullmatch(self.written)
        if stated and stated[7] and stated[4] == stated[5] == "00" and days and not _is_midnight(self._start):
            return date(int(stated[1]), int(stated[2]), int(stated[3]))  # a day, written as midnight in UTC
        return self._start.date()

    @property
    def moved(self) -> bool:
        """Whether this is one instance of a series, put on another day than its own."""
        own, _ = _moment(self._event.first("RECURRENCE-ID"), self._zone)
        return own is not None and self._start is not None and own.date() != self._start.date()

    @property
    def instance(self) -> bool:
        """Whether it is one instance of a series, whose year is that of the instance."""
        return self._event.first("RECURRENCE-ID") is not None or not self.yearly

    def is_no_birthday(self, today: date, *, marked: bool) -> str | None:  # noqa: PLR0911 -- a nature a return
        """Why an event with a birthday's title is none: it tells so by its nature."""
        status = self._event.first("STATUS")
        if status is not None and status.text.strip().upper() == "CANCELLED":
            return "are cancelled"
        if self.moved:
            return "are moved instances of a series"
        if self._ended_after is not None and self._ended_after < today:
            return "belong to a series that has ended"
        if self._start is None or marked:
            return None
        rule = self._event.first("RRULE")
        if rule is not None and not self.yearly and "COUNT=1" not in rule.text.upper().replace(" ", ""):
            return "recur otherwise than every year"
        end, _ = _moment(self._event.first("DTEND"), self._zone)
        if end is not None and end - self._start > timedelta(days=1):
            return "last longer than a day"
        if not self.yearly and not self._lasts_a_day(end):
            return "have an hour and no yearly rule, as parties have,"
        return None

    def _lasts_a_day(self, end: datetime | None) -> bool:
        mark = self._event.first(_ALL_DAY)
        if self.whole_day or (mark is not None and mark.text.strip().upper() == "TRUE"):
            return True
        assert self._start is not None
        return _is_midnight(self._start) and (end is None or end - self._start == timedelta(days=1))

    def _rule(self) -> tuple[bool, date | None]:
        rule = self._event.first("RRULE")
        if rule is None:
            return False, None
        text = rule.text.strip().upper()
        if old := _OLD_YEARLY.match(text):
            count = re.search(r"#([0-9]+)", old[2])
            times = int(count[1]) if count else 2
            until = _STAMP.search(old[2])
            last = date(int(until[1]), int(until[2]), int(until[3])) if until else None
            return True, last or (self._last(times, int(old[1])) if times else None)
        fields = dict(field.partition("=")[::2] for field in text.split(";"))
        if fields.get("FREQ") != "YEARLY":
            return False, None
        last = None
        if until := _STAMP.match(fields.get("UNTIL", "")):
            try:
                last = date(int(until[1]), int(until[2]), int(until[3]))
            except ValueError:
                last = None
        elif fields.get("COUNT", "").isdigit():
            interval = fields.get("INTERVAL", "1")
            last = self._last(int(fields["COUNT"]), int(interval) if interval.isdigit() else 1)
        return True, last

    def _last(self, times: int, interval: int) -> date | None:
        if self._start is None or times < 1:
            return None
        return date(min(9999, self._start.year + (times - 1) * interval), 12, 31)


def _moment(written: Property | None, zone: tzinfo) -> tuple[datetime | None, bool]:
    """A moment in the account's zone, without it, and whether it is a whole day."""
    match = _STAMP.fullmatch(written.text.strip()) if written is not None else None
    if match is None or written is None:
        return None, False
    try:
        moment = datetime(  # noqa: DTZ001 -- the zone comes next
            int(match[1]), int(match[2]), int(match[3]), int(match[4] or 0), int(match[5] or 0), int(match[6] or 0)
        )
        if match[4] is None:
            return moment, True
        if match[7]:
            moment = moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None)
        elif written.param("TZID"):
            there = _zone(written.params["TZID"][0])
            if there is not None and not _is_midnight(moment):
                moment = moment.replace(tzinfo=there).astimezone(zone).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None, False
    return moment, False


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None  # a name of Microsoft's: the hour stays as it is written


def _is_midnight(moment: datetime) -> bool:
    return moment.hour == moment.minute == moment.second == 0


def _birthday(event: Component, when: _When, told: _Told, today: date) -> BirthDate | RefusedDate:
    day = when.day
    if day is None:
        return read_birth_date(when.written, today=today)
    unknown = any(each.text.strip() == "1" for each in event.all(_UNKNOWN_YEAR))
    omitted = unknown or any("X-SABRE-OMIT-YEAR" in mark.params for mark in event.all("X-SABRE-BDAY"))
    stated = event.first(_YEAR)
    year = int(stated.text) if stated is not None and re.fullmatch(r"[0-9]{4}", stated.text.strip()) else None
    if year is None and (day.year == 1970 or told.marked):
        year = told.title_year
    if omitted:
        year = None
    elif year is not None and 1850 <= year <= today.year:
        return read_birth_date(f"{year:04}-{day.month:02}-{day.day:02}", today=today)
    if not omitted and (day.year, day.month, day.day) in EMPTY_DATES:
        return read_birth_date(day.isoformat(), today=today)
    recent = day.year > today.year - YOUNGEST_MEMBER_YEARS
    return read_birth_date(day.isoformat(), today=today, year_omitted=omitted or recent or when.instance)
