"""Invitations.csv tells whose export this is; its rows are counted and nothing more."""

from __future__ import annotations

import pytest

from linkedin_pipelines.domain.states import FileKind
from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines_tests.member_files import OWN_URL, read, table

HEADER = ("From", "To", "Sent At", "Message", "Direction", "inviterProfileUrl", "inviteeProfileUrl")


def row(direction: str = "OUTGOING", inviter: str = OWN_URL) -> dict[str, str]:
    return {"Sent At": "1/19/26, 9:15\u202fAM", "Direction": direction, "inviterProfileUrl": inviter}


def test_rows_are_counted() -> None:
    records, refused, part = read(
        FileKind.INVITATIONS, table(HEADER, row(), row("INCOMING", "x"), row("SIDEWAYS")), "I"
    )
    assert records == []
    assert [(each.line, each.reason) for each in refused] == [(4, "the row is neither OUTGOING nor INCOMING")]
    assert part.notes == ["1 invitations sent and 1 received; they are counted, not imported"]


def test_an_outgoing_invitation_of_somebody_else_refuses_the_file() -> None:
    other = row(inviter="https://www.linkedin.com/in/somebody-else")
    with pytest.raises(RefusedFileError, match=r"line 3 .* /in/somebody-else, but the account is /in/demo-member"):
        read(FileKind.INVITATIONS, table(HEADER, row(), other), "Invitations.csv")


def test_the_older_header_names_no_owner_and_is_taken() -> None:
    _, refused, part = read(FileKind.INVITATIONS, table(HEADER[:5], {"Sent At": "x", "Direction": "outgoing"}), "I")
    assert refused == []
    assert part.rows == 1
