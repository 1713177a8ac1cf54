"""Birthday calendars, and calendars that hold other things too."""

from __future__ import annotations

import pytest

from linkedin_pipelines.domain.states import FileKind
from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines_tests.member_files import read


def calendar(*events: str) -> str:
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}END:VCALENDAR\r\n"


def event(summary: str, start: str = "DTSTART;VALUE=DATE:19850412", *lines: str) -> str:
    return "\r\n".join([start, "RRULE:FREQ=YEARLY", f"SUMMARY:{summary}", *lines])


@pytest.mark.parametrize(
    "title",
    [
        "Zoë O'Brian Doe's Birthday",
        "Zoë O’Brian Doe’s birthday",
        "Birthday: Zoë O'Brian Doe",
        "Anniversaire de Zoë O'Brian Doe",
        "Zoë O'Brian Doe hat Geburtstag",
        "Geburtstag von Zoë O'Brian Doe",
        "Cumpleaños de Zoë O'Brian Doe",
        "🎂 Zoë O'Brian Doe's birthday (1985)",
    ],
)
def test_the_name_is_read_out_of_a_title_in_any_language(title: str) -> None:
    (stated,), _, _ = read(FileKind.ICALENDAR, calendar(event(title)))
    assert stated.name.replace("’", "'") == "Zoë O'Brian Doe"
    assert (stated.month, stated.day, stated.year) == (4, 12, 1985)


def test_a_name_that_the_calendar_states_apart_is_taken_over_its_title() -> None:
    mark = 'X-SABRE-BDAY;X-SABRE-VCARD-FN="Zoë Doe";X-SABRE-OMIT-YEAR=20\r\n 00:BDAY'
    (stated,), _, _ = read(FileKind.ICALENDAR, calendar(event("?", "DTSTART;VALUE=DATE:20001203", mark)))
    assert (stated.name, stated.month, stated.day, stated.year) == ("Zoë Doe", 12, 3, None)


def test_nextclouds_marks_are_understood() -> None:
    marks = ("X-NEXTCLOUD-BC-FIELD-TYPE:BDAY", "X-NEXTCLOUD-BC-UNKNOWN-YEAR:1")
    (stated,), _, _ = read(FileKind.ICALENDAR, calendar(event("🎂 Zoë Doe", "DTSTART;VALUE=DATE:19700412", *marks)))
    assert (stated.name, stated.year) == ("Zoë Doe", None)


def test_the_year_a_calendar_was_made_is_no_year_of_birth() -> None:
    (stated,), _, _ = read(FileKind.ICALENDAR, calendar(event("Zoë Doe's birthday", "DTSTART;VALUE=DATE:20260412")))
    assert (stated.month, stated.day, stated.year, stated.refusal) == (4, 12, None, None)


def test_meetings_weddings_and_undated_events_are_no_birthdays() -> None:
    text = calendar(
        event("Budget meeting"),
        event("Zoë Doe", "DTSTART;VALUE=DATE:20100412", 'X-SABRE-BDAY;X-SABRE-VCARD-FN="Zoë Doe":ANNIVERSARY'),
        event("Bo Roe's birthday", "DTSTART:20100412T090000Z"),
        "SUMMARY:Al Poe's birthday",
    )
    rows, refused, part = read(FileKind.ICALENDAR, text)
    assert [(row.name, row.month, row.day) for row in rows] == [("Bo Roe", 4, 12), ("Al Poe", None, None)]
    assert refused == []
    assert part.notes == ["2 events are no birthdays and were left alone"]


def test_an_event_whose_day_cannot_be_read_is_kept_with_its_refusal() -> None:
    text = calendar("DTSTART;VALUE=DATE:not-a-day\r\nSUMMARY:Al Poe's birthday", event("Bo Roe's birthday"))
    rows, refused, _ = read(FileKind.ICALENDAR, text)
    assert [(row.line, row.name, row.month) for row in rows] == [(3, "Al Poe", None), (7, "Bo Roe", 4)]
    assert rows[0].refusal
    assert refused == []


def test_a_file_without_events_is_refused() -> None:
    with pytest.raises(RefusedFileError, match="holds no event"):
        read(FileKind.ICALENDAR, calendar())
