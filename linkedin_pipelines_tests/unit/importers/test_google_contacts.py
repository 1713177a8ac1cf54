"""Google Contacts CSV before and since October 2024."""

from __future__ import annotations

from linkedin_pipelines.domain.states import FileKind
from linkedin_pipelines_tests.member_files import read, table

NEW: tuple[str, ...] = (
    "First Name",
    "Middle Name",
    "Last Name",
    "File As",
    "Birthday",
    "Labels",
    "E-mail 1 - Label",
    "E-mail 1 - Value",
)
NEW += ("Website 1 - Label", "Website 1 - Value", "Custom Field 1 - Label", "Custom Field 1 - Value")
OLD: tuple[str, ...] = (
    "Name",
    "Given Name",
    "Additional Name",
    "Family Name",
    "Birthday",
    "E-mail 1 - Type",
    "E-mail 1 - Value",
)
OLD += ("Website 1 - Type", "Website 1 - Value")


def test_the_newer_generation() -> None:
    row = {
        "First Name": "Jane",
        "Middle Name": "Q",
        "Last Name": "Doe, PhD",
        "Birthday": " --02-29",
        "E-mail 1 - Value": "Jane@Example.com ::: jane@work.example",
        "Website 1 - Value": "https://example.com ::: https://www.linkedin.com/in/jane-doe",
        "Custom Field 1 - Value": "linkedin.com/in/jane-doe-2",
    }
    (stated,), refused, part = read(FileKind.GOOGLE, table(NEW, row, {"First Name": "Bo"}))
    assert refused == []
    assert (stated.line, stated.name, stated.month, stated.day, stated.year) == (2, "Jane Q Doe", 2, 29, None)
    assert stated.emails == ("jane@example.com", "jane@work.example")
    assert stated.slugs == ("jane-doe", "jane-doe-2")
    assert part.notes == ["1 people have no birthday"]


def test_the_older_generation() -> None:
    row = {"Name": "Jane Doe", "Given Name": "Jane", "Family Name": "Doe", "Birthday": "1985-04-12"}
    row["Website 1 - Value"] = "http://www.linkedin.com/in/jane-doe"
    (stated,), _, _ = read(FileKind.GOOGLE, table(OLD, row))
    assert (stated.name, stated.slugs, stated.year) == ("Jane Doe", ("jane-doe",), 1985)


def test_a_name_in_one_column_alone_is_enough_and_a_birthday_of_nobody_is_refused() -> None:
    rows, refused, _ = read(
        FileKind.GOOGLE, table(OLD, {"Name": "Jane Doe", "Birthday": "1985-04-12"}, {"Birthday": "1985-04-12"})
    )
    assert [row.name for row in rows] == ["Jane Doe"]
    assert [(row.line, row.reason) for row in refused] == [
        (3, "the birthday belongs to nobody: no name, no e-mail, no profile address")
    ]
