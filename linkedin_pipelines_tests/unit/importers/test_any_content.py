"""Whatever a file holds, a reader takes rows or refuses; it never breaks."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkedin_pipelines.domain.states import FileKind
from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.importers import sniffing
from linkedin_pipelines.importers.registry import READERS
from linkedin_pipelines_tests.member_files import (
    SAMPLES,
    connection,
    connections_csv,
    messages_csv,
    read,
    received,
    sent,
    vcard,
)

WHOLE = {
    FileKind.CONNECTIONS: connections_csv(
        connection("Jane Doe", "jane-doe"), connection("", "x"), connection("Bo Roe")
    ),
    FileKind.MESSAGES: messages_csv(sent("jane-doe"), received("bo-roe", "Please stop messaging me")),
    FileKind.INVITATIONS: "From,Sent At,Direction,inviterProfileUrl\nA,x,OUTGOING,https://www.linkedin.com/in/demo-member\n",
    FileKind.VCARD: vcard("Jane Doe", "BDAY:--0412", "URL:https://www.linkedin.com/in/jane-doe") * 2,
    FileKind.GOOGLE: "Name,Given Name,Birthday,E-mail 1 - Value\nJane Doe,Jane,--0412,j@example.com\n",
    FileKind.OUTLOOK: "First Name,Last Name,Birth Year,Birth Month,Birth Day\nJane,Doe,1985,4,12\n",
    FileKind.ICALENDAR: (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:19850412\nRRULE:FREQ=YEARLY\nSUMMARY:Jo's birthday\n"
        'X-SABRE-BDAY;X-SABRE-VCARD-FN="Jo Doe":BDAY\nEND:VEVENT\nEND:VCALENDAR\n'
    ),
}
_junk = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    [
        '"',
        ",",
        "\n",
        "\r",
        ";",
        ":",
        "\0",
        "BEGIN:VCARD\n",
        "END:VEVENT\n",
        "\ufeff",
        "=",
        " ",
        "--",
        "/in/",
        "%ff",
        "DTSTART:",
    ]
)


@pytest.mark.parametrize("kind", READERS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(kind: FileKind, data: st.DataObject) -> None:
    content = WHOLE[kind]
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        cut = data.draw(st.integers(0, 10))
        content = content[:at] + data.draw(_junk) + content[at + cut :]
    with contextlib.suppress(RefusedFileError):
        taken, refused, part = read(kind, content)
        assert len(taken) + len(refused) <= part.rows


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_no_bytes_break_the_look_at_what_a_file_is(content: bytes) -> None:
    with contextlib.suppress(RefusedFileError):
        sniffing.kind_of(io.BytesIO(content), Path("some.csv"))


def test_every_sample_is_recognised() -> None:
    kinds = {}
    for path in SAMPLES:
        with path.open("rb") as stream:
            kinds[path.name] = sniffing.kind_of(stream, path)
    assert kinds == {
        "Basic_LinkedInDataExport_11-19-2026.zip": FileKind.ARCHIVE,
        "Complete_LinkedInDataExport_11-20-2026.zip": FileKind.ARCHIVE,
        "birthdays.ics": FileKind.ICALENDAR,
        "contacts.vcf": FileKind.VCARD,
        "google_contacts.csv": FileKind.GOOGLE,
    }
