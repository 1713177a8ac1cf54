"""A person whose profile address changed stays one contact, and what the member decided about them stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Contact, HandSentWish
from linkedin_pipelines.services.birthdays.lists import build_list
from linkedin_pipelines.services.privacy.opting_out import (
    decide_stop_request,
    set_do_not_contact,
    undecided_stop_requests,
)
from linkedin_pipelines_tests.builders import an_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.imports.importing import NOW, contact, imported
from linkedin_pipelines_tests.member_files import connection, connections_csv, messages_csv, sent, vcard, zip_of

CLOCK = ManualClock(NOW)
TODAY = NOW.date()


def export(folder: Path, day: str, *rows: dict[str, str], messages: str = "") -> Path:
    files = {"Connections.csv": connections_csv(*rows)} | ({"messages.csv": messages} if messages else {})
    return zip_of(folder / f"Complete_LinkedInDataExport_{day}.zip", files)


def mark(database: Database, slug: str) -> None:
    set_do_not_contact(database, CLOCK, "demo", slug, "a private matter")


def people(database: Database) -> dict[str | None, str | None]:
    """Every contact by its address, and why it is left alone."""
    with database.reading() as session:
        rows = session.execute(select(Contact.profile_slug, Contact.do_not_contact_reason))
        return {row.profile_slug: row.do_not_contact_reason for row in rows}


@pytest.mark.parametrize("newest_first", [False, True])
def test_do_not_contact_follows_a_person_to_another_address(
    database: Database, tmp_path: Path, newest_first: bool
) -> None:
    an_account(database)
    before = export(tmp_path, "01-10-2026", connection("Jo Doe", "jo-doe"), connection("Al Poe", "al"))
    after = export(
        tmp_path,
        "02-10-2026",
        connection("Jo Doe", "jo-roe"),
        connection("Al Poe", "al"),
        messages=messages_csv(sent("jo-roe")),
    )
    first, second = (after, before) if newest_first else (before, after)
    imported(database, first)
    mark(database, "jo-roe" if newest_first else "jo-doe")
    imported(database, second, at=NOW.replace(hour=13))
    assert people(database) == {"jo-roe": "a private matter", "al": None}
    with database.reading() as session:
        assert len(session.scalars(select(HandSentWish)).all()) == 1
    # Whoever names the person by the old address means them: an older file, an address book, the member.
    imported(database, export(tmp_path, "01-05-2026", connection("Jo Doe", "jo-doe")), at=NOW.replace(hour=14))
    card = tmp_path / "jo.vcf"
    card.write_text(vcard("Jo Doe", "BDAY:1980-11-23", "URL:https://www.linkedin.com/in/jo-doe"))
    imported(database, card, at=NOW.replace(hour=15))
    assert people(database) == {"jo-roe": "a private matter", "al": None}
    jo = contact(database, "jo-roe")
    assert (jo.birth_month, jo.birth_day) == (11, 23)
    view = build_list(database, CLOCK, "demo", TODAY, "run-1")
    assert [(entry.slug, str(entry.reason)) for entry in view.entries] == [("jo-roe", "do_not_contact")]
    set_do_not_contact(database, CLOCK, "demo", "jo-doe", None)
    assert people(database) == {"jo-roe": None, "al": None}


def test_where_it_may_be_the_same_person_the_mark_is_carried_over_and_the_member_is_asked(
    database: Database, tmp_path: Path
) -> None:
    an_account(database)
    imported(database, export(tmp_path, "01-10-2026", connection("Jo Doe", "jo-doe")))
    mark(database, "jo-doe")
    again = connection("Jo Doe", "jo-roe", connected_on="09 Feb 2026")
    imported(database, export(tmp_path, "02-10-2026", again), at=NOW.replace(hour=13))
    text = "Carried over from /in/jo-doe, which this export no longer shows: a private matter"
    assert people(database) == {"jo-doe": "a private matter", "jo-roe": text}
    assert [(each.slug, each.excerpt) for each in undecided_stop_requests(database, "demo")] == [("jo-roe", text)]
    assert decide_stop_request(database, CLOCK, "demo", "jo-roe", accept=False) == 1
    assert people(database) == {"jo-doe": "a private matter", "jo-roe": None}


def test_two_people_of_one_name_and_day_stay_two(database: Database, tmp_path: Path) -> None:
    an_account(database)
    imported(database, export(tmp_path, "01-10-2026", connection("Jo Doe", "jo-1")))
    mark(database, "jo-1")
    both = (connection("Jo Doe", "jo-1"), connection("Jo Doe", "jo-2"))
    imported(database, export(tmp_path, "02-10-2026", *both), at=NOW.replace(hour=13))
    assert people(database) == {"jo-1": "a private matter", "jo-2": None}


def test_an_address_that_somebody_else_took_over_is_theirs(database: Database, tmp_path: Path) -> None:
    an_account(database)
    imported(database, export(tmp_path, "01-10-2026", connection("Jo Doe", "jo")))
    mark(database, "jo")
    imported(database, export(tmp_path, "02-10-2026", connection("Jo Doe", "jo-doe")), at=NOW.replace(hour=13))
    third = (connection("Jo Doe", "jo-doe"), connection("Joan Poe", "jo", connected_on="09 Feb 2026"))
    imported(database, export(tmp_path, "03-10-2026", *third), at=NOW.replace(hour=14))
    assert people(database) == {"jo-doe": "a private matter", "jo": None}
