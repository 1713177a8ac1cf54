"""Rows of CSV files keep the number of the line they start on, whatever stands in their cells."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkedin_pipelines.domain.records import RefusedRow
from linkedin_pipelines.domain.states import FileKind
from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.importers import tables
from linkedin_pipelines.importers.part import Part
from linkedin_pipelines.importers.text import LINE_LIMIT
from linkedin_pipelines_tests.member_files import PREAMBLE

HEADER = "First Name,Last Name,Connected On\n"


def rows_of(
    content: str | bytes, required: tuple[str, ...] = ("First Name", "Connected On")
) -> tuple[list[Any], list[Any]]:
    part = Part(FileKind.CONNECTIONS, "Connections.csv", "demo-member", date(2026, 1, 1))
    refused: list[RefusedRow] = []
    stream = io.BytesIO(content.encode() if isinstance(content, str) else content)
    rows = []
    for frame in tables.read_frames(part, stream, required, refused):
        rows += [(line, *cells) for line, cells in zip(frame.index.tolist(), frame.to_numpy().tolist(), strict=True)]
    return rows, refused


def test_the_header_is_the_first_parsed_row_with_both_columns_not_a_fixed_line() -> None:
    for before in ("", PREAMBLE, ",,\n,,\n", "\n\n\n", 'Notes:\n"two\nlines"\n\n'):
        rows, _ = rows_of(before + HEADER + "Jo,Doe,08 Feb 2026\n")
        assert [row[1:] for row in rows] == [("Jo", "Doe", "08 Feb 2026")]


def test_a_line_number_is_that_of_the_file_even_below_cells_with_line_breaks() -> None:
    rows, _ = rows_of(PREAMBLE + HEADER + '"J\no",Doe,x\n\n,,\nAna,"D""o\r\ne",y\nLast,One,z')
    assert [(row[0], row[1]) for row in rows] == [(5, "J\no"), (9, "Ana"), (11, "Last")]


def test_crlf_bom_and_a_missing_last_line_end_change_nothing() -> None:
    plain = HEADER + "Jo,Doe,x\nAna,Roe,y\n"
    for other in (plain.replace("\n", "\r\n"), "\ufeff" + plain, plain.rstrip("\n"), plain.replace("\n", "\r")):
        assert rows_of(other) == rows_of(plain)


def test_a_row_with_other_cells_than_the_header_is_refused_not_guessed_at() -> None:
    rows, refused = rows_of(HEADER + "Jo,Doe\nAna,Roe,x,y\nBo,Zoe,x,,\n")
    assert [row[1] for row in rows] == ["Bo"]
    assert [(row.line, row.reason) for row in refused] == [
        (2, "the row has 2 cells, the header 3"),
        (3, "the row has 4 cells, the header 3"),
    ]


@pytest.mark.parametrize(
    ("content", "fact"),
    [
        ("Prénom,Nom,Entré en relation\nJo,Doe,x\n", "the first table row reads: Prénom, Nom, Entré en relation"),
        ("First Name;Last Name;Connected On\nJo;Doe;x\n", "semicolons"),
        ("", "empty or no such table"),
        ("just a line\n", "empty or no such table"),
        (b"First Name,Connected On\nJos\xe9,x\n", "not UTF-8"),
        ((HEADER + "Jo,Doe,x\n").encode("utf-16"), "UTF-16"),
        ((HEADER + "Jo,Doe,x\n").encode("utf-16-le"), "UTF-16"),
        (HEADER + "Jo\0,Doe,x\n", "NUL"),
        ("<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
        (HEADER + "Jo," + "x" * (LINE_LIMIT + 1) + ",y\n", "longer than"),
        (HEADER + 'Jo,"' + "x\n" * 100_000 + '",y\n', "cannot be read (field larger"),
        (HEADER + 'Jo,"Doe,x\nAna,Roe,y\n', "is never closed"),
    ],
    ids=[
        "localized",
        "semicolons",
        "empty",
        "prose",
        "cp1252",
        "utf16",
        "utf16le",
        "nul",
        "html",
        "line",
        "cell",
        "quote",
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_in_one_line(content: str | bytes, fact: str) -> None:
    with pytest.raises(RefusedFileError) as caught:
        rows_of(content)
    assert fact in str(caught.value)
    assert str(caught.value).startswith("Connections.csv: ")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_a_row_of_many_cells_is_bounded_too() -> None:
    row = ",".join(['"' + "x\n" * 10_000 + '"'] * 60)
    with pytest.raises(RefusedFileError, match="the row at line 2 is longer than"):
        rows_of(HEADER + row + "\n")


@given(
    st.lists(
        st.tuples(*[st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)] * 2),
        max_size=6,
    )
)
def test_whatever_a_csv_writer_writes_is_read_back_with_its_line(pairs: list[tuple[str, str]]) -> None:
    """Line ends inside quotes are what tells a careless reader from a careful one."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["First Name", "Connected On"])
    starts = []
    for pair in pairs:
        starts.append(1 + len(io.StringIO(text.getvalue(), newline="").readlines()))
        writer.writerow(pair)
    rows, refused = rows_of(text.getvalue())
    kept = [(line, *pair) for line, pair in zip(starts, pairs, strict=True) if any(cell.strip() for cell in pair)]
    assert rows == kept
    assert refused == []
