"""Who is on the list, when exports of several days and generations meet."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import pytest

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.states import ContactStatus
from linkedin_pipelines.services.contacts.imports import import_files, list_birthdays
from linkedin_pipelines_tests.builders import an_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.imports.importing import (
    birthdays,
    contact,
    everything,
    import_text,
    imported,
)
from linkedin_pipelines_tests.member_files import (
    connection,
    connections_csv,
    messages_csv,
    sent,
    table,
    vcard,
    written,
    zip_of,
)

OLD_HEADER = ("First Name", "Last Name", "Email Address", "Company", "Position", "Connected On")


def export(folder: Path, day: str, *rows: dict[str, str]) -> Path:
    return zip_of(folder / f"Complete_LinkedInDataExport_{day}.zip", {"Connections.csv": connections_csv(*rows)})


def test_the_newer_export_stands_whichever_came_first(database: Database, tmp_path: Path) -> None:
    older = export(tmp_path, "01-10-2026", connection("Jo Doe", "jo", email_address="jo@example.com", company="Old"))
    newer = export(tmp_path, "02-10-2026", connection("Jo Roe", "jo", company="New"))
    an_account(database)
    imported(database, newer)
    report = imported(database, older)
    jo = contact(database, "jo")
    assert (jo.full_name, jo.email, jo.company, jo.facts_as_of) == ("Jo Roe", None, "New", date(2026, 2, 10))
    (part,) = report.files[0].parts
    assert (part.rows_changed, part.rows_unchanged) == (0, 1)
    assert "2026-02-10 are known already" in part.notes[0]


def test_people_missing_from_a_newer_export_are_kept_and_told_of(sqlite: Database, tmp_path: Path) -> None:
    an_account(sqlite)
    imported(sqlite, export(tmp_path, "01-10-2026", connection("Jo Doe", "jo"), connection("Al Poe", "al")))
    report = imported(sqlite, export(tmp_path, "02-10-2026", connection("Jo Doe", "jo")))
    assert report.totals.contacts == 2
    assert "1 people imported before are not in this file; they are kept" in report.files[0].parts[0].notes[0]


def test_a_repeated_person_is_one_person(sqlite: Database, tmp_path: Path) -> None:
    an_account(sqlite)
    rows = [connection("Jo Doe", "jo"), connection("Jo Doe", "JO/", company="Acme"), connection("Jo Doe", "jo?x=1")]
    for number, order in enumerate(itertools.permutations(rows)):
        import_text(sqlite, tmp_path, f"Connections ({number}).csv", connections_csv(*order))
        assert contact(sqlite, "jo").company == "Acme"
    assert everything(sqlite)["rows of contacts"] == [1]


@pytest.mark.parametrize("first", ["old", "new"])
def test_an_export_without_addresses_does_not_make_everybody_two_people(
    database: Database, tmp_path: Path, first: str
) -> None:
    """Before mid-2023 exports had no addresses: counting both rows would make every name ambiguous."""
    an_account(database)
    old = table(OLD_HEADER, {"First Name": "Jo", "Last Name": "Doe", "Connected On": "08 Feb 2019"})
    new = connections_csv(connection("Jo Doe", "jo", connected_on="08 Feb 2019"))
    book = vcard("Jo Doe", "BDAY:--0412")
    for content in (old, new) if first == "old" else (new, old):
        import_text(database, tmp_path / str(len(content)), "Connections.csv", content)
    import_text(database, tmp_path, "book.vcf", book)
    assert birthdays(database) == {"jo": [4, 12, None]}
    assert contact(database, "name:jo doe").status is ContactStatus.KNOWN


def test_a_namesake_without_address_of_another_day_is_another_person(sqlite: Database, tmp_path: Path) -> None:
    an_account(sqlite)
    rows = connection("Jo Doe", "jo"), connection("Jo Doe", connected_on="09 Mar 2020")
    import_text(sqlite, tmp_path, "Connections.csv", connections_csv(*rows))
    import_text(sqlite, tmp_path, "book.vcf", vcard("Jo Doe", "BDAY:--0412"))
    assert birthdays(sqlite) == {}


def test_people_known_from_messages_alone_take_no_part_in_matching(database: Database, tmp_path: Path) -> None:
    an_account(database)
    import_text(database, tmp_path, "messages.csv", messages_csv(sent("jo-doe")))
    import_text(database, tmp_path, "book.vcf", vcard("Jo Doe", "BDAY:--0412", "URL:linkedin.com/in/jo-doe"))
    assert birthdays(database) == {}
    assert contact(database, "jo-doe").status is ContactStatus.KNOWN
    report = import_text(database, tmp_path, "Connections.csv", connections_csv(connection("Jo Doe", "jo-doe")))
    assert contact(database, "jo-doe").status is ContactStatus.CONNECTED
    assert birthdays(database) == {"jo-doe": [4, 12, None]}
    assert report.files[0].parts[0].rows_changed == 1


def test_accounts_keep_to_themselves(database: Database, tmp_path: Path) -> None:
    """The same file in two accounts is two imports, and neither sees the other's people."""
    for slug in ("demo", "other"):
        an_account(database, slug, profile_url="https://www.linkedin.com/in/demo-member")
    path = written(tmp_path / "Connections.csv", connections_csv(connection("Jo Doe", "jo")))
    book = written(tmp_path / "book.vcf", vcard("Jo Doe", "BDAY:--0412"))
    imported(database, path, book)
    assert list_birthdays(database, "other", on=None, everyone=True) == []
    report = import_files(database, ManualClock(), "other", [path])
    assert (report.files[0].outcome, report.totals.contacts, report.totals.birthdays) == ("imported", 1, 0)
