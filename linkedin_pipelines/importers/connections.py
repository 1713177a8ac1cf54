"""Connections.csv: the people a member is connected to.

Two generations of header: with a URL column since mid-2023, without it before. A person without a profile address is
kept, since the name takes part in matching; a row without a name is refused, since nobody could be greeted by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import BinaryIO

import pandas as pd

from linkedin_pipelines.domain.identity import slug_of
from linkedin_pipelines.domain.records import NAME_LIMIT, ConnectionRow, RefusedRow
from linkedin_pipelines.importers.part import Part
from linkedin_pipelines.importers.people import email_of, fact, too_long, whole_name
from linkedin_pipelines.importers.tables import read_frames

REQUIRED = ("First Name", "Connected On")
_DATE_FORMS = ("%d %b %Y", "%d-%b-%y", "%d-%b-%Y", "%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y")
"""LinkedIn's own form first, then what spreadsheets make of it."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def read(part: Part, stream: BinaryIO) -> Iterator[ConnectionRow | RefusedRow]:
    """The connections of one file.

    Raises:
        RefusedFileError: the file has another header or cannot be read to its end.
    """
    refused: list[RefusedRow] = []
    undated = 0
    for frame in read_frames(part, stream, REQUIRED, refused):
        yield from refused
        refused.clear()
        for column in ("last name", "url", "email address", "company", "position"):
            if column not in frame:
                frame[column] = ""
        # Each distinct text once: days and companies repeat, people do not.
        dates = {text: connected_on(text) for text in frame["connected on"].unique()}
        facts = {text: fact(text) for text in pd.unique(frame[["company", "position"]].to_numpy().ravel())}
        newest = max((day for day in dates.values() if day is not None and day <= part.today), default=None)
        if newest is not None and (part.newest_connection is None or newest > part.newest_connection):
            part.newest_connection = newest
        columns = ("first name", "last name", "url", "email address", "company", "position", "connected on")
        for line, first, last, url, email, company, position, connected in zip(
            frame.index.tolist(), *(frame[column].tolist() for column in columns), strict=True
        ):
            day = dates[connected]
            undated += day is None and bool(connected.strip())
            full_name = whole_name(first, last)
            slug = slug_of(url)
            if reason := _refusal(full_name, url, slug):
                yield part.refuse(line, reason, f"{first},{last},{url},{email}")
                continue
            first_name = whole_name(first) or full_name
            yield ConnectionRow(
                line, slug, first_name, full_name, email_of(email), facts[company], facts[position], day
            )
    if undated:
        part.notes.append(f"{undated} people are kept without the day of connection: it has no form that is known")


def _refusal(full_name: str, url: str, slug: str | None) -> str | None:
    if not full_name:
        return "the row has no name"
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
