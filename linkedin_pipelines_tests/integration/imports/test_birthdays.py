"""Which contact a stated birthday is of, and which of several statements stands."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import pytest

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.services.contacts.imports import import_files, list_birthdays, list_unmatched
from linkedin_pipelines_tests.builders import an_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.imports.importing import birthdays, contact, import_text
from linkedin_pipelines_tests.member_files import connection, connections_csv, table, vcard

PEOPLE = connections_csv(
    connection("Jane Doe", "jane", email_address="jane@example.com"),
    connection("Jane Doe", "jane-2"),
    connection("Bo O’Roe, PhD", "bo"),
    connection("Al Poe", "al", email_address="shared@example.com"),
    connection("Cy Poe", "cy", email_address="shared@example.com"),
)
GOOGLE = ("Name", "Given Name", "Birthday")


@pytest.fixture
def people(sqlite: Database, tmp_path: Path) -> Database:
    an_account(sqlite)
    import_text(sqlite, tmp_path, "Connections.csv", PEOPLE)
    return sqlite


@pytest.mark.parametrize(
    ("card", "found"),
    [
        (vcard("Somebody Else", "BDAY:--0412", "URL:https://www.linkedin.com/in/JANE/"), "jane"),
        (
            vcard("Bo O'Roe", "BDAY:--0412", "URL:https://www.linkedin.com/in/jane-2", "EMAIL:jane@example.com"),
            "jane-2",
        ),
        (vcard("J. Doe", "BDAY:--0412", "EMAIL:JANE@example.com"), "jane"),
        (vcard("bo o'roe", "BDAY:--0412"), "bo"),
        (vcard("BO  O’ROE\\, MBA", "BDAY:--0412", "URL:https://example.com/in/gone"), "bo"),
    ],
    ids=["address", "address before e-mail and name", "e-mail", "name", "name beside an address elsewhere"],
)
def test_address_then_email_then_a_name_that_one_person_bears(
    people: Database, tmp_path: Path, card: str, found: str
) -> None:
    import_text(people, tmp_path, "book.vcf", card)
    assert birthdays(people) == {found: [4, 12, None]}


@pytest.mark.parametrize(
    ("card", "reason"),
    [
        (vcard("Jane Doe", "BDAY:--0412"), "two of your connections are called Jane Doe"),
        (vcard("Nobody Here", "BDAY:--0412"), "no connection is called Nobody Here"),
        (vcard("Somebody Else", "BDAY:--0412", "EMAIL:JANE@example.com"), "shown by Jane Doe, whose name is another"),
        (vcard("Bo O'Roe", "BDAY:--0412", "URL:https://www.linkedin.com/in/gone"), "known by the profile address bo"),
        (vcard("Jane", "BDAY:--0412"), "Jane alone is no full name"),
        (vcard("Al Poe", "BDAY:--0412", "EMAIL:shared@example.com"), "its e-mail addresses are shown by two of"),
        (
            vcard("X", "BDAY:--0412", "URL:linkedin.com/in/al", "URL:linkedin.com/in/cy"),
            "its profile addresses are those of two of your connections",
        ),
        (vcard("", "BDAY:--0412", "EMAIL:no@example.com"), "it has no name, and no connection has its e-mail"),
    ],
)
def test_what_stays_unmatched_says_why(people: Database, tmp_path: Path, card: str, reason: str) -> None:
    import_text(people, tmp_path, "book.vcf", card)
    assert birthdays(people) == {}
    (unmatched,) = list_unmatched(people, "demo")
    assert reason in unmatched.reason


def test_an_entry_exported_again_with_another_date_replaces_what_it_said(people: Database, tmp_path: Path) -> None:
    import_text(people, tmp_path, "old.vcf", vcard("Bo O'Roe", "BDAY:--0412"))
    import_text(people, tmp_path, "new.vcf", vcard("Bo O'Roe", "BDAY:1985-04-13"))
    assert birthdays(people) == {"bo": [4, 13, 1985]}
    assert not contact(people, "bo").birthday_disputed
    assert list_unmatched(people, "demo") == []


def test_sources_that_name_different_days_are_disputed_and_their_order_does_not_matter(
    database: Database, tmp_path: Path
) -> None:
    an_account(database)
    files = {
        "Connections.csv": PEOPLE,
        "book.vcf": vcard("Bo O'Roe", "BDAY:--0412"),
        "google.csv": table(GOOGLE, {"Name": "Bo O'Roe", "Birthday": "1985-05-01"}),
    }
    for number, order in enumerate(itertools.permutations(files)):
        slug = f"demo{number}"
        an_account(database, slug, profile_url="https://www.linkedin.com/in/demo-member")
        for name in order:
            folder = tmp_path / slug
            folder.mkdir(exist_ok=True)
            (folder / name).write_text(files[name], "utf-8")
            import_files(database, ManualClock(), slug, [folder / name])
        (row,) = list_birthdays(database, slug, on=None, everyone=True)
        assert (row.slug, row.month, row.day, row.year, row.source, row.disputed) == ("bo", 4, 12, None, "vcard", True)


def test_a_stronger_match_beats_a_nearer_source_and_a_year_is_borrowed_only_from_the_same_day(
    people: Database, tmp_path: Path
) -> None:
    header = (*GOOGLE, "Website 1 - Value")
    row = {"Name": "X", "Birthday": "--05-01", "Website 1 - Value": "linkedin.com/in/bo"}
    import_text(people, tmp_path, "book.vcf", vcard("Bo O'Roe", "BDAY:1985-04-12"))
    import_text(people, tmp_path, "google.csv", table(header, row))
    assert birthdays(people) == {"bo": [5, 1, None]}
    assert contact(people, "bo").birthday_disputed
    import_text(people, tmp_path, "more.vcf", vcard("Bo O'Roe", "BDAY:1985-05-01"))
    assert birthdays(people) == {"bo": [5, 1, 1985]}


def test_a_name_that_becomes_ambiguous_gives_its_birthday_back(people: Database, tmp_path: Path) -> None:
    import_text(people, tmp_path, "book.vcf", vcard("Bo O'Roe", "BDAY:--0412"))
    import_text(people, tmp_path, "Connections2.csv", connections_csv(connection("Bo O'Roe", "bo-2")))
    assert birthdays(people) == {}
    assert [row.reason for row in list_unmatched(people, "demo")] == ["two of your connections are called Bo O'Roe"]


def test_a_refused_date_is_kept_and_shown_and_gives_no_birthday(people: Database, tmp_path: Path) -> None:
    report = import_text(
        people, tmp_path, "book.vcf", vcard("Nobody", "BDAY;VALUE=text:circa 1800") + vcard("Bo O'Roe", "BDAY:--04")
    )
    assert birthdays(people) == {}
    (unmatched,) = list_unmatched(people, "demo")
    assert unmatched.reason.endswith("the birthday is a free text, not a date: circa 1800")
    assert [(row.line, row.reason, row.excerpt) for row in report.files[0].refused_rows] == [
        (1, "the birthday is a free text, not a date: circa 1800", "Nobody"),
        (6, "the birthday names no full day: --04", "Bo O'Roe"),
    ]


def test_birthdays_of_days_follow_the_leap_day_rule_and_the_turn_of_the_year(sqlite: Database, tmp_path: Path) -> None:
    an_account(sqlite, leap_day="mar1")
    import_text(
        sqlite, tmp_path, "Connections.csv", connections_csv(connection("Le Ap", "le"), connection("Ny Day", "ny"))
    )
    import_text(sqlite, tmp_path, "book.vcf", vcard("Le Ap", "BDAY:--0229") + vcard("Ny Day", "BDAY:--0101"))

    def kept(on: date, days: int | None = None) -> list[tuple[str, str | None]]:
        return [(row.slug, row.occurs_on) for row in list_birthdays(sqlite, "demo", on=on, days=days)]

    assert kept(date(2026, 2, 28)) == []
    assert kept(date(2026, 3, 1)) == [("le", "2026-03-01")]
    assert kept(date(2028, 2, 29), 1) == [("le", "2028-02-29")]
    assert kept(date(2026, 12, 31), 2) == [("ny", "2027-01-01")]
    assert kept(date(2026, 12, 31), 365) == [("ny", "2027-01-01"), ("le", "2027-03-01")]
