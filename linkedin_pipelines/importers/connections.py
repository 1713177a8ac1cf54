"""Connections.csv: the people a member is connected to.

Two generations of header: with a URL column since mid-2023, without it before. A person without a profile address is
kept, since the name takes part in matching; a row without a name is refused, since nobody could be greeted by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import BinaryIO

from linkedin_pipelines.domain.identity import slug_of
from linkedin_pipelines.domain.records import NAME_LIMIT, ConnectionRow, RefusedRow
from linkedin_pipelines.importers.part import Part
from linkedin_pipelines.importers.people import email_of, fact, too_long, whole_name
from linkedin_pipelines.importers.tables import Table

REQUIRED = ("First Name", "Connected On")
_DATE_FORMS = ("%d %b %Y", "%d-%b-%y", "%d-%b-%Y", "%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y")
"""LinkedIn's own form first, then what spreadsheets make of it."""
_COLUMNS = ("first name", "last name", "url", "email address", "company", "position", "connected on")
_SURELY_SHORT = NAME_LIMIT // 20
"""Characters of a name whose comparable form cannot be too long, however it grows."""
_REMEMBERED = 50_000
"""Texts whose reading is remembered; then memory begins anew."""
_TIME = re.compile(r",? +\d{1,2}:\d{2}(?::\d{2})?(?: ?[AP]M)?$", re.IGNORECASE)
"""Exports of 2018 write `11/3/18, 5:33 AM`, month first as in the United States."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def read(part: Part, stream: BinaryIO) -> Iterator[ConnectionRow | RefusedRow]:
    """The connections of one file.

    Raises:
        RefusedFileError: the file has another header or cannot be read to its end.
    """
    refused: list[RefusedRow] = []
    undated = 0
    table = Table(part, stream, REQUIRED, refused)
    places = [table.columns.index(column) if column in table.columns else -1 for column in _COLUMNS]
    facts: dict[str, str | None] = {"": None}  # companies and positions repeat, people do not
    days: dict[str, date | None] = {"": None}
    for line, cells in table:
        if refused:
            yield from refused
            refused.clear()
        if not cells:
            continue
        first, last, url, email, company, position, connected = [cells[place] if place >= 0 else "" for place in places]
        if connected not in days:
            days[connected] = _day(part, connected, days)
        day = days[connected]
        undated += day is None and bool(connected.strip())
        for text in (company, position):
            if text not in facts:
                if len(facts) > _REMEMBERED:
                    facts.clear()
                    facts[""] = None
                facts[text] = fact(text)
        first_name = whole_name(first)
        last_name = whole_name(last)
        full_name = f"{first_name} {last_name}" if first_name and last_name else first_name or last_name
        slug = slug_of(url) if url else None
        if reason := _refusal(full_name, url, slug):
            yield part.refuse(line, reason, f"{first},{last},{url},{email}")
            continue
        yield ConnectionRow(
            line,
            slug,
            first_name or full_name,
            full_name,
            email_of(email) if email else None,
            facts[company] if company in facts else fact(company),
            facts[position],
            day,
        )
    yield from refused
    if undated:
        part.notes.append(f"{undated} people are kept without the day of connection: it has no form that is known")


def _day(part: Part, text: str, days: dict[str, date | None]) -> date | None:
    if len(days) > _REMEMBERED:
        days.clear()
    day = connected_on(text)
    if day is not None and day <= part.today and (part.newest_connection is None or day > part.newest_connection):
        part.newest_connection = day
    return day


def _refusal(full_name: str, url: str, slug: str | None) -> str | None:
    if not full_name:
        return "the row has no name"
    if len(full_name) < _SURELY_SHORT and (slug is not None and len(slug) < NAME_LIMIT):
        return None
    if reason := too_long(full_name):
        return reason
    if slug is not None and len(slug) > NAME_LIMIT:
        return f"the profile address is longer than {NAME_LIMIT} characters"
    if url.strip() and slug is None and "/pub/" not in url.lower():
        return "the URL is not the address of a profile"
    return None


def connected_on(text: str) -> date | None:
    """The day of connection, in any form that LinkedIn or a spreadsheet writes; None if it is none of them."""
    text = text.strip()
    if len(text) > 30:
        return None
    text = _TIME.sub("", text)
    for month in _MONTHS:  # month names are English whatever this machine's locale
        if month in text.lower():
            number = _MONTHS.index(month) + 1
            text = text.lower().replace(month, f"{number:02}", 1)
            break
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(text, form.replace("%b", "%m")).date()  # noqa: DTZ007 -- a day has no zone
        except ValueError:
            continue
    return None
