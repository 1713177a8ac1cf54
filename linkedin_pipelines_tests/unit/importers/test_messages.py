"""messages.csv proves wishes that were sent by hand and requests to stop, and nothing else is taken from it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from linkedin_pipelines.domain.records import SentWish, StopReply
from linkedin_pipelines.domain.states import FileKind
from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.importers.messages import moment_of
from linkedin_pipelines_tests.member_files import MESSAGES, OWN_URL, messages_csv, read, received, sent, table


def taken(*rows: dict[str, str]) -> tuple[list[Any], list[Any], list[str]]:
    records, refused, part = read(FileKind.MESSAGES, messages_csv(*rows), "messages.csv")
    return records, refused, part.notes


def test_a_wish_and_a_request_are_taken_with_person_moment_and_words() -> None:
    records, _, _ = taken(sent("jane-doe", "Happy birthday Jane!"), received("jo-roe", "Please stop messaging me."))
    assert records == [
        SentWish(2, "jane-doe", "Jane Doe", datetime(2026, 3, 18, 9, tzinfo=UTC), "Happy birthday Jane!"),
        StopReply(3, "jo-roe", "Jo Roe", datetime(2026, 3, 18, 10, tzinfo=UTC), "Please stop messaging me."),
    ]


def test_drafts_are_no_messages() -> None:
    records, _, notes = taken(sent("jane-doe", **{"IS MESSAGE DRAFT": "Yes"}), sent("jo-roe", "Lunch?"))
    assert records == []
    assert notes == ["1 drafts are no messages and were left out"]


def test_whose_a_message_is_is_told_by_the_address_not_by_the_name() -> None:
    records, _, _ = taken(received("demo-member-2", "Happy birthday!", FROM="Demo Member"), sent("jane-doe"))
    assert [record.slug for record in records] == ["jane-doe"]


def test_a_wish_to_a_group_is_to_nobody_alone() -> None:
    several = "https://www.linkedin.com/in/jane-doe,https://www.linkedin.com/in/jo-roe"
    records, _, notes = taken(
        sent("jane-doe", **{"RECIPIENT PROFILE URLS": several}),
        received("jo-roe", "Stop messaging me", **{"RECIPIENT PROFILE URLS": f"{OWN_URL} https://x.com/in/jane-doe"}),
    )
    assert records == []
    assert notes == ["2 wishes or requests in group conversations are to nobody alone and were left out"]


def test_a_recipient_whose_name_holds_a_comma_is_still_one_person() -> None:
    records, _, _ = taken(sent("jane-doe", TO="Jane Doe, PhD"))
    assert [(record.slug, record.name) for record in records] == [("jane-doe", "Jane Doe")]


def test_a_wish_to_somebody_without_an_address_is_refused_not_lost() -> None:
    records, refused, _ = taken(sent("jane-doe", **{"RECIPIENT PROFILE URLS": ""}))
    assert records == []
    assert [row.reason for row in refused] == ["a wish to somebody without a profile address"]


@pytest.mark.parametrize("moment", ["yesterday", "", "1985-01-01 00:00:00 UTC", "2031-01-01 00:00:00 UTC"])
def test_a_wish_without_a_believable_date_is_refused(moment: str) -> None:
    records, refused, _ = taken(sent("jane-doe", on=moment))
    assert records == []
    assert "no believable date" in refused[0].reason


def test_columns_are_read_by_name_and_older_files_lack_some() -> None:
    header = [column for column in reversed(MESSAGES) if column not in {"IS MESSAGE DRAFT", "ATTACHMENTS"}]
    row = {key: value for key, value in sent("jane-doe").items() if key in header}
    records, _, _ = read(FileKind.MESSAGES, table([*header, "IS CONVERSATION ARCHIVED"], row), "messages.csv")
    assert [record.slug for record in records] == ["jane-doe"]


def test_markup_of_exported_messages_is_not_what_people_said() -> None:
    records, _, _ = taken(sent("jane-doe", "<p class='x'>Happy&nbsp;birthday, Jane!</p>"))
    assert [record.text for record in records] == ["Happy\u00a0birthday, Jane!"]


def test_messages_that_never_involve_the_member_are_anothers_export() -> None:
    other = sent("jane-doe", **{"SENDER PROFILE URL": "https://www.linkedin.com/in/somebody-else"})
    with pytest.raises(RefusedFileError, match="another member's export"):
        taken(other)
    taken(other, received("jo-roe", "Hello"))  # one of their own is enough: groups show others' messages too


@pytest.mark.parametrize(
    "text", ["2026-09-19 13:28:00 UTC", "2026-09-19T13:28:00Z", "2026-09-19T15:28:00+02:00", "2026-09-19 13:28:00"]
)
def test_moments_have_a_zone(text: str) -> None:
    assert moment_of(text) == datetime(2026, 9, 19, 13, 28, tzinfo=UTC)
