"""What was not matched is a page, and what the member settles on it outlives every later import."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.services.contacts.unmatched import as_csv, read_decisions, settle, unmatched_entries
from linkedin_pipelines_tests.builders import an_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.imports.importing import NOW, birthdays, import_text
from linkedin_pipelines_tests.member_files import connection, connections_csv, vcard

PEOPLE = connections_csv(connection("Robert Moss", "bob"), connection("Ada Moss", "ada"), connection("Cle Dahl", "cle"))
BOOK = vcard("Bob Moss", "BDAY:--0412") + vcard("Aunt Jo", "BDAY:--0501")


@pytest.fixture
def account(sqlite: Database, tmp_path: Path) -> Database:
    an_account(sqlite)
    import_text(sqlite, tmp_path, "Connections.csv", PEOPLE)
    import_text(sqlite, tmp_path, "book.vcf", BOOK)
    return sqlite


def decide(database: Database, **decided: str) -> None:
    entries = {each.name: each.entry for each in unmatched_entries(database, "demo")}
    settle(
        database, ManualClock(NOW), "demo", {entries[name.replace("_", " ")]: slug for name, slug in decided.items()}
    )


def test_the_likeliest_connections_stand_beside_an_unmatched_birthday(account: Database) -> None:
    aunt, bob = unmatched_entries(account, "demo")
    assert (aunt.name, aunt.likeliest) == ("Aunt Jo", ())
    assert {person.key for person in bob.likeliest} == {"bob", "ada"}
    assert bob.reason == "no connection is called Bob Moss"


def test_a_reviewed_table_settles_and_a_later_export_of_the_entry_follows_it(account: Database, tmp_path: Path) -> None:
    page = as_csv(unmatched_entries(account, "demo"))
    lines = page.splitlines()
    reviewed = "\n".join([lines[0], lines[1] + "none", lines[2] + "bob"])
    report = settle(account, ManualClock(NOW), "demo", read_decisions(reviewed))
    assert (report.settled, report.matched) == (2, 1)
    assert birthdays(account) == {"bob": [4, 12, None]}
    import_text(account, tmp_path, "again.vcf", vcard("Bob Moss", "BDAY:1985-04-13") + vcard("Aunt Jo", "BDAY:--0502"))
    assert birthdays(account) == {"bob": [4, 13, 1985]}
    (aunt,) = unmatched_entries(account, "demo")
    assert aunt.settled
    assert aunt.reason == "you settled that it is of none of your connections"


def test_a_decision_can_be_taken_back(account: Database) -> None:
    entry = next(each.entry for each in unmatched_entries(account, "demo") if each.name == "Bob Moss")
    decide(account, Bob_Moss="bob")
    report = settle(account, ManualClock(NOW), "demo", {entry: "rules"})
    assert report.taken_back == 1
    assert birthdays(account) == {}


@pytest.mark.parametrize("decided", [{"0" * 12: "bob"}, {"": "bob"}])
def test_an_entry_or_contact_that_is_not_known_settles_nothing(account: Database, decided: dict[str, str]) -> None:
    entry = unmatched_entries(account, "demo")[0].entry
    with pytest.raises(RefusedFileError, match="no entry is called"):
        settle(account, ManualClock(NOW), "demo", {entry: "bob"} | decided)
    with pytest.raises(RefusedFileError, match="none of your connections is 'gone'"):
        settle(account, ManualClock(NOW), "demo", {entry: "gone"})
    assert birthdays(account) == {}


def test_two_decisions_on_one_entry_are_refused() -> None:
    with pytest.raises(RefusedFileError, match="in two ways"):
        read_decisions("entry,decision\nabc,bob\nabc,ada\n")
    with pytest.raises(RefusedFileError, match="needs the columns"):
        read_decisions("a,b\n1,2\n")


def test_who_has_died_is_listed_by_no_source_until_the_entry_no_longer_says_so(
    account: Database, tmp_path: Path
) -> None:
    import_text(account, tmp_path, "google.csv", "Name,Given Name,Family Name,Birthday\nAda Moss,Ada,Moss,1985-04-15\n")
    assert birthdays(account) == {"ada": [4, 15, 1985]}
    import_text(account, tmp_path, "dead.vcf", vcard("Ada Moss", "DEATHDATE:20230301"))
    assert birthdays(account) == {}
    event = "BEGIN:VEVENT\nSUMMARY:Ada Moss's birthday\nDTSTART;VALUE=DATE:19850415\nRRULE:FREQ=YEARLY\nEND:VEVENT\n"
    import_text(account, tmp_path, "a.ics", f"BEGIN:VCALENDAR\n{event}END:VCALENDAR\n")
    assert birthdays(account) == {}
    import_text(account, tmp_path, "alive.vcf", vcard("Ada Moss", "BDAY:1985-04-15"))
    assert birthdays(account) == {"ada": [4, 15, 1985]}


def test_a_death_in_a_calendar_is_one_too(account: Database, tmp_path: Path) -> None:
    import_text(account, tmp_path, "book2.vcf", vcard("Cle Dahl", "BDAY:--0412"))
    event = "BEGIN:VEVENT\nSUMMARY:Todestag von Cle Dahl\nDTSTART;VALUE=DATE:20200415\nRRULE:FREQ=YEARLY\nEND:VEVENT\n"
    import_text(account, tmp_path, "a.ics", f"BEGIN:VCALENDAR\n{event}END:VCALENDAR\n")
    assert birthdays(account) == {}
