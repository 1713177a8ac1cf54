"""The birthday feed."""

from __future__ import annotations

from datetime import date

from click.testing import CliRunner
from fastapi.testclient import TestClient
from icalendar import Calendar

from linkedin_pipelines.cli.context import CliContext
from linkedin_pipelines.cli.status import command
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.states import ContactStatus
from linkedin_pipelines.services.reporting.calendar_feed import secret_of
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import LONG_AGO, a_contact, an_account
from linkedin_pipelines_tests.doubles import ManualClock


def test_the_feed_has_the_connections_birthdays_at_an_address_of_its_own(
    client: TestClient, database: Database, settings: Settings, account: int
) -> None:
    other = an_account(database, "other")
    a_contact(database, account, "anna-arendt")
    a_contact(database, account, "leap-lang", birth_month=2, birth_day=29)
    a_contact(database, account, "known-kant", status=ContactStatus.KNOWN)
    a_contact(database, account, "quiet-quinn", do_not_contact_since=LONG_AGO, do_not_contact_reason="asked to")
    a_contact(database, other, "other-otto")
    del client.headers["Authorization"]
    answer = client.get(f"/calendar/{secret_of(settings, 'demo')}.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    events = {str(event["summary"]): event for event in Calendar.from_ical(answer.text).walk("VEVENT")}
    assert set(events) == {"Birthday of Anna Arendt", "Birthday of Leap Lang"}
    assert events["Birthday of Anna Arendt"]["dtstart"].dt == date(2026, 3, 18)
    assert events["Birthday of Leap Lang"]["rrule"].to_ical() == b"FREQ=YEARLY;BYMONTHDAY=-1;BYMONTH=2"


def test_the_command_line_tells_the_address(settings: Settings, clock: ManualClock) -> None:
    database = Database(settings.database_url)
    database.upgrade()
    an_account(database)
    database.dispose()
    around = CliContext(settings, clock, debug=False)
    told = CliRunner().invoke(command, ["demo", "--calendar"], obj=around)
    assert told.output == f"/calendar/{secret_of(settings, 'demo')}.ics\n"
    assert CliRunner().invoke(command, ["--calendar"], obj=around).exit_code == 2


def test_other_addresses_have_no_feed(client: TestClient, account: int, settings: Settings) -> None:
    for wrong in ("demo", "0" * 40, secret_of(settings, "elsewhere"), "é"):
        assert client.get(f"/calendar/{wrong}.ics").status_code == 404
