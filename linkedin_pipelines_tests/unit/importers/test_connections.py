"""Connections.csv in all the shapes it was ever seen in."""

from __future__ import annotations

from datetime import date

import pytest

from linkedin_pipelines.domain.records import ConnectionRow
from linkedin_pipelines.domain.states import FileKind
from linkedin_pipelines_tests.member_files import PREAMBLE, connection, connections_csv, read, table


def only(content: str) -> ConnectionRow:
    rows, refused, _ = read(FileKind.CONNECTIONS, content, "Connections.csv")
    assert refused == []
    assert len(rows) == 1
    row = rows[0]
    assert isinstance(row, ConnectionRow)
    return row


def test_a_whole_row_is_read() -> None:
    row = only(
        connections_csv(
            connection(
                "Jane Doe", "jane-doe", email_address=" Jane@Example.com ", company="  Spaces Ltd  ", position="CEO"
            )
        )
    )
    assert row == ConnectionRow(
        5, "jane-doe", "Jane", "Jane Doe", "jane@example.com", "Spaces Ltd", "CEO", date(2026, 2, 8)
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://www.linkedin.com/in/jane-doe-1234",
        "https://www.linkedin.com/in/jane-doe-1234/",
        "HTTPS://WWW.LINKEDIN.COM/in/Jane-Doe-1234",
        "https://fr.linkedin.com/in/jane-doe-1234?trk=contact",
        "www.linkedin.com/in/jane-doe-1234",
        "https://www.linkedin.com/in/jane%2Ddoe%2D1234",
    ],
)
def test_one_person_is_one_slug_however_the_address_is_written(url: str) -> None:
    assert only(connections_csv(connection("Jane Doe") | {"URL": url})).slug == "jane-doe-1234"


def test_credentials_are_no_part_of_a_name() -> None:
    row = only(connections_csv({"First Name": "Jane", "Last Name": "Doe, PhD, MBA", "Connected On": "08 Feb 2026"}))
    assert (row.first_name, row.full_name) == ("Jane", "Jane Doe")


def test_a_person_without_last_name_address_or_readable_day_is_kept() -> None:
    rows, refused, part = read(
        FileKind.CONNECTIONS, connections_csv({"First Name": "さくら", "Connected On": "sometime"}), "Connections.csv"
    )
    assert refused == []
    assert rows == [ConnectionRow(5, None, "さくら", "さくら", None, None, None, None)]
    assert part.notes == ["1 people are kept without the day of connection: it has no form that is known"]


def test_old_pub_addresses_identify_nobody_but_the_person_is_kept() -> None:
    row = only(connections_csv(connection("Jane Doe") | {"URL": "https://www.linkedin.com/pub/jane-doe/1/2/3"}))
    assert row.slug is None


def test_rows_without_a_name_are_refused_and_empty_ones_are_no_rows() -> None:
    rows, refused, part = read(
        FileKind.CONNECTIONS, connections_csv({}, connection("", "somebody"), {}, connection("Jo Doe", "jo")), "C"
    )
    assert [row.slug for row in rows] == ["jo"]
    assert [(row.line, row.reason) for row in refused] == [(6, "the row has no name")]
    assert part.rows == 2


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (connection("J" * 401, "jo"), "the name is longer than 400 characters"),
        (connection("ß" * 300, "jo"), "the name is longer than 400 characters"),
        (connection("Jo Doe", "j" * 401), "the profile address is longer than 400 characters"),
        (connection("Jo Doe") | {"URL": "https://example.com/jo"}, "the URL is not the address of a profile"),
    ],
    ids=["long name", "name that grows when compared", "long slug", "other site"],
)
def test_what_cannot_be_kept_whole_is_refused(cells: dict[str, str], reason: str) -> None:
    rows, refused, _ = read(FileKind.CONNECTIONS, connections_csv(cells), "C")
    assert rows == []
    assert [row.reason for row in refused] == [reason]


@pytest.mark.parametrize("day", ["08 Feb 2026", "8-Feb-26", "08-Feb-2026", "2026-02-08", "02/08/2026", "2/8/26"])
def test_the_day_of_connection_is_read_as_linkedin_and_spreadsheets_write_it(day: str) -> None:
    assert only(connections_csv(connection("Jo Doe", "jo", connected_on=day))).connected_on == date(2026, 2, 8)


def test_the_header_before_mid_2023_has_no_address() -> None:
    header = ("First Name", "Last Name", "Email Address", "Company", "Position", "Connected On")
    row = only(table(header, {"First Name": "Jo", "Last Name": "Doe", "Connected On": "08 Feb 2019"}))
    assert (row.line, row.slug, row.full_name) == (2, None, "Jo Doe")


def test_quotes_commas_line_breaks_and_emoji_stay_in_their_cells() -> None:
    row = only(connections_csv(connection("Jo O’Brian", "jo", company='The "Best",\nInc.', position="Coach 🎂")))
    assert (row.full_name, row.company, row.position) == ("Jo O’Brian", 'The "Best", Inc.', "Coach 🎂")


def test_the_newest_connection_tells_how_old_an_undated_file_is() -> None:
    _, _, part = read(
        FileKind.CONNECTIONS,
        PREAMBLE + "First Name,Connected On\nA,08 Feb 2026\nB,09 Feb 2026\nC,01 Jan 2020\n",
        "C",
    )
    assert part.newest_connection == date(2026, 2, 9)
