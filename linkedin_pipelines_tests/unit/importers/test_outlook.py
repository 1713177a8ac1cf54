"""Outlook and Thunderbird CSV."""

from __future__ import annotations

import pytest

from linkedin_pipelines.domain.states import FileKind
from linkedin_pipelines_tests.member_files import read, table

THUNDERBIRD: tuple[str, ...] = (
    "First Name",
    "Last Name",
    "Display Name",
    "Primary Email",
    "Web Page 1",
    "Birth Year",
    "Birth Month",
)
THUNDERBIRD += ("Birth Day",)
OUTLOOK = ("First Name", "Middle Name", "Last Name", "E-mail Address", "E-mail 2 Address", "Birthday", "Web Page")


def test_three_columns() -> None:
    row = {"First Name": "Jane", "Last Name": "Doe", "Birth Year": "1985", "Birth Month": "4", "Birth Day": "12"}
    row |= {"Primary Email": "jane@example.com", "Web Page 1": "https://www.linkedin.com/in/jane-doe"}
    rows, _, part = read(FileKind.OUTLOOK, table(THUNDERBIRD, row, {"Display Name": "Bo Roe"}))
    (stated,) = rows
    assert (stated.name, stated.month, stated.day, stated.year) == ("Jane Doe", 4, 12, 1985)
    assert (stated.slugs, stated.emails) == (("jane-doe",), ("jane@example.com",))
    assert part.notes == ["1 people have no birthday"]


def test_a_month_without_a_day_is_kept_with_its_refusal() -> None:
    rows, _, _ = read(FileKind.OUTLOOK, table(THUNDERBIRD, {"Display Name": "Bo Roe", "Birth Month": "4"}))
    assert [(row.name, row.raw, row.month) for row in rows] == [("Bo Roe", "?-4-?", None)]
    assert "names no full day" in rows[0].refusal


@pytest.mark.parametrize(
    ("written", "expected"),
    [("13/04/1985", (4, 13)), ("4/13/1985", (4, 13)), ("1985-04-13", (4, 13)), ("04/05/1985", (None, None))],
)
def test_one_column_is_read_only_where_day_and_month_cannot_be_mistaken(
    written: str, expected: tuple[int | None, int | None]
) -> None:
    (stated,), _, _ = read(FileKind.OUTLOOK, table(OUTLOOK, {"First Name": "Jane", "Birthday": written}))
    assert (stated.month, stated.day) == expected


def test_outlooks_zero_date_is_no_birthday() -> None:
    rows, refused, _ = read(FileKind.OUTLOOK, table(OUTLOOK, {"First Name": "Jane", "Birthday": "0/0/00"}))
    assert rows == refused == []
