"""vCards as Apple, Google and phones write them."""

from __future__ import annotations

import pytest

from linkedin_pipelines.domain.states import FileKind
from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.importers.components import COMPONENT_LIMIT
from linkedin_pipelines_tests.member_files import read, vcard


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("BDAY:--0412", (4, 12, None)),
        ("BDAY:1985-04-12", (4, 12, 1985)),
        ("BDAY;VALUE=DATE:19850412", (4, 12, 1985)),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-09", (5, 9, None)),
        ("BDAY;X-APPLE-OMIT-YEAR=1604;VALUE=DATE:16040509", (5, 9, None)),
        ("BDAY;VALUE=date;X-APPLE-OMIT-YEAR=2000:2000-05-09", (5, 9, None)),
        ("BDAY:1604-05-09", (5, 9, None)),
        ("item1.BDAY:1985-04-12", (4, 12, 1985)),
        ("BDAY;VALUE=text:circa 1800", None),
        ("BDAY:1985-04", None),
        ("BDAY:---12", None),
        ("BDAY:1962-02-29", None),
    ],
)
def test_birthdays_of_cards(line: str, expected: tuple[int, int, int | None] | None) -> None:
    (stated,), refused, _ = read(FileKind.VCARD, vcard("Jane Doe", line))
    assert refused == []
    if expected is None:
        assert stated.refusal
        assert (stated.month, stated.day, stated.year) == (None, None, None)
    else:
        assert stated.refusal is None
        assert (stated.month, stated.day, stated.year) == expected


def test_name_addresses_and_emails_are_found_whatever_property_holds_them() -> None:
    card = vcard(
        "Jane Doe\\, PhD",
        "BDAY:--0412",
        "EMAIL;TYPE=INTERNET:Jane@Example.com",
        "item1.URL:https://www.linkedin.com/in/Jane-Doe/",
        "URL:https://example.com/in/not-this",
        "X-SOCIALPROFILE;TYPE=linkedin:https://www.linkedin.com/in/jane-",
        " doe-2",
        "X-SOCIALPROFILE;TYPE=twitter:https://twitter.com/in/jane",
    )
    (stated,), _, _ = read(FileKind.VCARD, card)
    assert (stated.name, stated.slugs, stated.emails) == ("Jane Doe", ("jane-doe", "jane-doe-2"), ("jane@example.com",))


def test_a_name_without_formatted_name_is_put_together() -> None:
    text = "BEGIN:VCARD\nVERSION:3.0\nN:Doe;Jane;Q;;\nBDAY:--0412\nEND:VCARD\n"
    (stated,), _, _ = read(FileKind.VCARD, text)
    assert stated.name == "Jane Q Doe"


def test_quoted_printable_cards_of_old_phones_are_read() -> None:
    text = (
        "BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Zo=C3=AB =\r\nDoe\r\n"
        "NOTE;ENCODING=QUOTED-PRINTABLE:a note =\r\nBDAY:20000101 is no birthday\r\n"
        "BDAY:19850412\r\nEND:VCARD\r\n"
    )
    (stated,), _, _ = read(FileKind.VCARD, text)
    assert stated.name == "Zoë Doe"


def test_an_indented_beginning_is_one_all_the_same() -> None:
    taken, refused, _ = read(FileKind.VCARD, " " + vcard("Jane Doe", "BDAY:--0412"))
    assert [(one.month, one.day) for one in taken] == [(4, 12)]
    assert refused == []


def test_a_broken_card_is_refused_with_its_line_and_the_others_are_taken() -> None:
    broken = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:X\r\nBDAY\r\nEND:VCARD\r\n"
    nobody = vcard("", "BDAY:--0412")
    text = vcard("A", "BDAY:--0412") + broken + nobody + vcard("B", "BDAY:--0413") + vcard("C", "NOTE:x")
    records, refused, part = read(FileKind.VCARD, text)
    assert [record.name for record in records] == ["A", "B"]
    assert [(row.line, row.reason) for row in refused] == [
        (6, "the VCARD cannot be read: its BDAY has no colon"),
        (11, "the birthday belongs to nobody: no name, no e-mail, no profile address"),
    ]
    assert part.rows == 5
    assert part.notes == ["1 cards have no birthday"]


def test_a_damaged_note_is_no_reason_to_lose_a_birthday() -> None:
    records, refused, _ = read(
        FileKind.VCARD, vcard("A", "BDAY:--0412", "NOTE:first line", "second, not folded", ":::")
    )
    assert [record.name for record in records] == ["A"]
    assert refused == []


def test_photos_are_not_held_and_a_card_without_end_is_refused() -> None:
    photo = "PHOTO;ENCODING=b;TYPE=JPEG:" + "\r\n ".join(["A" * 74] * 8_000)
    (stated,), _, _ = read(FileKind.VCARD, vcard("Jane Doe", "BDAY:--0412", photo, "EMAIL:jane@example.com"))
    assert stated.emails == ("jane@example.com",)
    large = vcard("Jane Doe", "BDAY:--0412", *["URL:" + "x" * 70] * (COMPONENT_LIMIT // 70))
    cut_off = vcard("Bo Roe", "BDAY:--0412").removesuffix("END:VCARD\r\n")
    taken, refused, _ = read(FileKind.VCARD, large + vcard("Al Poe", "BDAY:--0412") + cut_off)
    assert [one.name for one in taken] == ["Al Poe"]
    assert ["larger than" in refused[0].reason, "is never ended" in refused[1].reason] == [True, True]
    with pytest.raises(RefusedFileError, match="holds no card"):
        read(FileKind.VCARD, "\n")
