"""However a file is broken, every card, event and row of it is taken, refused with its line, or counted as left out."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkedin_pipelines.domain.birth_dates import EMPTY_DATES, NO_YEAR
from linkedin_pipelines.domain.identity import name_key
from linkedin_pipelines.domain.names import may_be_one_person, name_forms
from linkedin_pipelines.domain.states import FileKind
from linkedin_pipelines.importers import sniffing
from linkedin_pipelines.importers.content_lines import parse
from linkedin_pipelines_tests.member_files import CONNECTIONS, DATA, read, vcard

GOOD = vcard("Ada Moss", "BDAY:1985-04-15")
PIECES = {
    "good": GOOD,
    "mark": "\ufeff" + GOOD,
    "spaced": GOOD.replace("BEGIN:VCARD", "BEGIN: VCARD"),
    "small": GOOD.lower().replace("ada moss", "Ada Moss"),
    "agent": GOOD.replace("END:VCARD", "AGENT:\r\nBEGIN:VCARD\r\nFN:X Y\r\nBDAY:19700202\r\nEND:VCARD\r\nEND:VCARD"),
    "photo": GOOD.replace("END:VCARD", "PHOTO:" + "A" * 1_100_000 + "\r\nEND:VCARD"),
}
DAMAGED = {
    "stray": "what is this\r\n",
    "unended": GOOD.replace("END:VCARD\r\n", ""),
    "no colon": GOOD.replace("BDAY:", "BDAY "),
    "nul": GOOD.replace("Moss", "Mo\0ss"),
}
_letters = st.text(st.characters(codec="utf-8", categories=["Lu", "Ll", "Lo", "Mn"]), min_size=1, max_size=12)


@given(st.lists(st.sampled_from([*PIECES, *DAMAGED]), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_good_cards_are_taken_whatever_stands_beside_them(pieces: list[str]) -> None:
    pieces = [piece for at, piece in enumerate(pieces) if piece != "stray" or pieces[at - 1 : at] != ["stray"]]
    text = "".join((PIECES | DAMAGED)[piece] for piece in pieces)
    taken, refused, part = read(FileKind.VCARD, text)
    assert len(taken) == sum(piece in PIECES for piece in pieces)
    assert {one.name for one in taken} <= {"Ada Moss"}
    inside = sum(p == "stray" and at > 0 and pieces[at - 1] == "unended" for at, p in enumerate(pieces))
    assert len(refused) == sum(piece in DAMAGED for piece in pieces) - inside
    assert all(row.line >= 1 and row.reason for row in refused)
    assert len(taken) + len(refused) == part.rows


@given(_letters, st.sampled_from(["utf-8", "latin-1", "cp1252", "cp1251", "iso8859-2"]), st.booleans())
@settings(deadline=None)
def test_a_declared_character_set_is_read_in_any_spelling(text: str, charset: str, small: bool) -> None:
    try:
        data = text.encode(charset)
    except UnicodeEncodeError:
        return
    coded = "".join(f"={byte:02X}" for byte in data)
    encoding = "quoted-printable" if small else "QUOTED-PRINTABLE"
    assert parse([f"FN;CHARSET={charset};ENCODING={encoding}:{coded}"]).value == text.strip()
    if charset == "utf-8":
        assert parse([f"FN;{encoding}:{coded}"]).value == text.strip()


@given(_letters, _letters)
def test_a_name_is_one_persons_with_itself_and_its_forms_begin_with_it(first: str, last: str) -> None:
    key = name_key(f"{first} {last}")
    assert may_be_one_person(key, key)
    assert next(name_forms(key)) == key
    for mark in ("\u200f", "\u200b", "\U0001f389"):
        assert name_key(f"{mark}{first} {last}{mark}") == key


_CORPUS = sorted(path for path in DATA.rglob("*") if path.suffix in {".vcf", ".csv", ".ics"})
_BEGINS = {FileKind.VCARD: "VCARD", FileKind.ICALENDAR: "VEVENT"}


@pytest.mark.parametrize("path", _CORPUS, ids=lambda path: "/".join(path.parts[-2:]))
def test_every_row_of_the_samples_is_taken_refused_or_counted_as_left_out(path: Path) -> None:
    """Counted a second time by other means: marks of a beginning, rows with any text in them."""
    with path.open("rb") as stream:
        kind = sniffing.kind_of(stream, path)
    data = path.read_bytes()
    taken, refused, part = read(kind, data)
    text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig", "replace")
    left_out = sum(int(number) for note in part.notes for number in re.findall(r"^(\d+) .*(?:no birthday)", note))
    if kind in _BEGINS:
        begins = len(re.findall(rf"(?im)^[\s\ufeff]*BEGIN\s*:\s*{_BEGINS[kind]}\s*$", text))
        agents = len(re.findall(r"(?im)^AGENT", text))
        assert part.rows >= begins - agents
    else:
        filled = sum(any(cell.strip() for cell in row) for row in csv.reader(io.StringIO(text, newline="")))
        assert 1 <= filled - part.rows <= 3  # the header, and LinkedIn's two lines above it
        assert len(taken) + len(refused) + left_out == part.rows
    assert len(taken) + len(refused) <= part.rows
    lines = text.count("\n") + text.count("\r") + 1
    assert all(1 <= row.line <= lines for row in (*taken, *refused))


@given(
    st.dates(min_value=date(1905, 1, 1), max_value=date(2026, 11, 22)), st.sampled_from(["", "T00:00:00Z", "T000000"])
)
@settings(deadline=None)
def test_a_day_is_the_same_day_in_every_form_and_every_kind_of_file(day: date, time: str) -> None:
    """Whatever a program writes behind the day, it is that day or it is refused; never the day beside it."""
    year = None if day.year in NO_YEAR else day.year
    forms = {
        FileKind.VCARD: tuple(vcard("Ada Moss", f"BDAY:{form}{time}") for form in (f"{day:%Y-%m-%d}", f"{day:%Y%m%d}")),
        FileKind.GOOGLE: (f"Name,Given Name,Family Name,Birthday\nAda Moss,Ada,Moss,{day:%Y-%m-%d}\n",),
        FileKind.OUTLOOK: (
            f"First Name,Last Name,Birth Year,Birth Month,Birth Day\nAda,Moss,{day.year},{day.month},{day.day}\n",
            f"Vorname,Nachname,Geburtstag\nAda,Moss,{day:%d.%m.%Y}\nBo,Roe,31.12.1980\n",
        ),
        FileKind.ICALENDAR: (
            (
                f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:{day:%Y%m%d}\nRRULE:FREQ=YEARLY\n"
                "SUMMARY:Ada Moss's birthday\nEND:VEVENT\nEND:VCALENDAR\n"
            ),
        ),
    }
    for kind, texts in forms.items():
        for text in texts:
            taken, _, part = read(kind, text)
            (ada,) = [row for row in taken if row.name == "Ada Moss"]
            assert part.rows >= 1
            if ada.refusal is None:
                assert (ada.month, ada.day) == (day.month, day.day), text
                assert ada.year in {year, None}
            else:
                assert (day.year, day.month, day.day) in EMPTY_DATES, (text, ada.refusal)


@given(st.lists(st.sampled_from(["jo", "bad date", "short", "long", "empty", "nameless"]), max_size=12))
@settings(deadline=None)
def test_broken_rows_of_a_table_cost_themselves_alone(pieces: list[str]) -> None:
    rows = {
        "jo": "Jo,Doe,,,,,08 Feb 2026",
        "bad date": "Jo,Doe,,,,,someday",
        "short": "Jo,Doe",
        "long": "Jo,Doe,,,,,08 Feb 2026,more,cells",
        "empty": ",,,,,,",
        "nameless": ",,https://www.linkedin.com/in/jo,,,,08 Feb 2026",
    }
    text = ",".join(CONNECTIONS) + "\n" + "".join(rows[piece] + "\n" for piece in pieces)
    taken, refused, part = read(FileKind.CONNECTIONS, text)
    assert len(taken) == sum(piece in {"jo", "bad date"} for piece in pieces)
    assert len(refused) == sum(piece in {"short", "long", "nameless"} for piece in pieces)
    assert part.rows == len(taken) + len(refused)
