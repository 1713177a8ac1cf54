"""What a file is, is told by its content; only where contents are alike, by its name."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from linkedin_pipelines.domain.states import FileKind
from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.importers.sniffing import kind_of, refuse_private
from linkedin_pipelines_tests.member_files import connection, connections_csv, messages_csv, sent, vcard


def kind(content: str | bytes, name: str) -> FileKind:
    return kind_of(io.BytesIO(content.encode() if isinstance(content, str) else content), Path(name))


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (connections_csv(connection("Jo Doe", "jo")), "people (3).csv", FileKind.CONNECTIONS),
        (messages_csv(sent("jo")), "messages.csv", FileKind.MESSAGES),
        (messages_csv(sent("jo")), "Messages (1).csv", FileKind.MESSAGES),
        ("From,To,Sent At,Message,Direction\n", "x.csv", FileKind.INVITATIONS),
        ("\ufeff\r\n" + vcard("Jo", "BDAY:--0412"), "x.txt", FileKind.VCARD),
        ("begin:vcalendar\n", "x", FileKind.ICALENDAR),
        ("First Name,File As,Birthday,E-mail 1 - Value\n", "x", FileKind.GOOGLE),
        ("Name,Given Name,Birthday\n", "x", FileKind.GOOGLE),
        ("First Name,Last Name,Birth Year,Birth Month,Birth Day\n", "x", FileKind.OUTLOOK),
        ("First Name,Last Name,E-mail Address,Birthday\n", "x", FileKind.OUTLOOK),
        (b"PK\x05\x06" + bytes(18), "x", FileKind.ARCHIVE),
    ],
)
def test_kinds(content: str | bytes, name: str, expected: FileKind) -> None:
    assert kind(content, name) is expected


@pytest.mark.parametrize("name", ["guide_messages.csv", "learning_role_play_messages.csv", "my messages.csv"])
def test_files_with_the_columns_of_messages_and_another_name_are_not_taken_for_it(name: str) -> None:
    with pytest.raises(RefusedFileError, match=r"call the file messages\.csv"):
        kind(messages_csv(sent("jo")), name)


@pytest.mark.parametrize(
    ("content", "fact"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("Some,Other,Table\n1,2,3\n", "its first table row reads: Some, Other, Table"),
        (b"\x89PNG\r\n\x1a\n" + bytes(10), "binary, not UTF-8"),
        (b"%PDF-1.7\n\x80\x81", "none of the files that can be imported"),
        ("<html>", "web page"),
        ('{"a": 1}', "none of the files that can be imported"),
    ],
)
def test_other_files_are_refused_in_one_line(content: str | bytes, fact: str) -> None:
    with pytest.raises(RefusedFileError, match=fact) as caught:
        kind(content, "some file.csv")
    assert "\n" not in str(caught.value)


def test_a_localized_connections_file_is_left_to_its_reader_to_refuse() -> None:
    assert kind("Prénom,Nom\nJo,Doe\n", "Connections.csv") is FileKind.CONNECTIONS


@pytest.mark.parametrize("name", ["Email Addresses.csv", "email_addresses.csv", "Registration.csv", "PhoneNumbers.csv"])
def test_private_files_are_refused_by_name_alone(name: str) -> None:
    with pytest.raises(RefusedFileError, match="never reads it"):
        refuse_private(Path("/nowhere") / name)
