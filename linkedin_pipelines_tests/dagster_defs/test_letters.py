"""What a member reads of a list: the sum of it first, then the letters, who gets none, and the fortnight ahead."""

from __future__ import annotations

from datetime import date

import dagster as dg
import pytest

from linkedin_pipelines_tests.builders import a_contact, contacts, edit_account
from linkedin_pipelines_tests.dagster_defs.stage import Stage, metadata_of, rows_of

QUOTAS = {"birthday_message": {"per_run": 2, "per_day": 2, "per_week": 5}}
NAMES = ["ada-byron", "grace-hopper", "mary-jackson", "joan-clarke", "edith-clarke"]


@pytest.fixture
def read(stage: Stage) -> Stage:
    """Five people on their day, two slots a day, and one who asked to be left alone."""
    account = stage.account(approval="manual", quotas=QUOTAS)
    contacts(stage.database, account, NAMES)
    a_contact(
        stage.database, account, "left-alone", do_not_contact_reason="asked", do_not_contact_since=stage.clock.now()
    )
    a_contact(stage.database, account, "next-week", birth_month=3, birth_day=25)
    return stage


def test_a_list_begins_with_what_it_comes_to_and_the_letters(read: Stage) -> None:
    told = metadata_of(read.run("birthday_list"), "birthday_list")
    assert list(told)[:5] == ["summary", "approve_at", "letters", "not_now", "fortnight"]
    assert told["summary"].startswith(
        "2 to send, 3 wait, 2 of them until 19 March, the last until 20 March, 1 left out. To approve the letters, "
    )
    assert told["approve_at"] == dg.AssetKey("approved_messages")
    letters = rows_of(told["letters"].records)
    assert [set(row) for row in letters] == [{"person", "text", "birthday"}] * 2
    assert all(row["text"] and row["birthday"] == "18 March" for row in letters)
    assert [row["earliest"] for row in rows_of(told["not_now"].records)] == ["19 March", "19 March", "20 March", ""]
    assert all(row["why"] for row in rows_of(told["not_now"].records))


def test_the_fortnight_spreads_the_backlog_over_the_limits(read: Stage) -> None:
    told = metadata_of(read.run("birthday_list"), "birthday_list")
    days = rows_of(told["fortnight"].records)
    assert (len(days), days[0]["day"]) == (14, "Wed 18 March")
    first, second, third, fourth = days[:4]
    assert [(d["birthdays"], d["waiting"], d["room"], d["sent"]) for d in (first, second, third)] == [
        (2, 3, 2, 2),
        (0, 3, 2, 2),
        (0, 1, 1, 1),  # five in seven days
    ]
    assert (fourth["waiting"], fourth["room"]) == (0, 0)
    assert [(d["day"], d["sent"]) for d in days if d["birthdays"]][1:] == [("Wed 25 March", 1)]


def test_a_rehearsing_or_automatic_account_is_told_so(stage: Stage) -> None:
    contacts(stage.database, stage.account(mode="rehearsal", approval="automatic"), NAMES[:1])
    told = metadata_of(stage.run("birthday_list"), "birthday_list")
    assert told["summary"] == (
        "1 to send. The account approves by itself: the letters go out with the scheduled run. "
        "The account rehearses: everything is done but the last click."
    )


def test_a_day_without_birthdays_says_so(stage: Stage) -> None:
    stage.account()
    told = metadata_of(stage.run("birthday_list"), "birthday_list")
    assert told["summary"] == "No birthday is due. There is nothing to approve."


def test_an_approval_shows_all_that_it_holds(stage: Stage) -> None:
    """Who was approved and has to wait after all stays approved, so the reserve is shown as well."""
    account = stage.account(approval="manual")
    contacts(stage.database, account, NAMES)
    stage.run("birthday_list")
    stage.run("approved_messages")
    edit_account(stage.database, account, quotas=QUOTAS)
    stage.run("birthday_list")
    told = metadata_of(stage.run("approved_messages"), "approved_messages")
    assert list(told)[:2] == ["summary", "letters"]
    assert told["summary"].startswith("2 approved to be sent now, and 3 in reserve, whom the next run with room takes.")
    when = [row["when"] for row in rows_of(told["letters"].records)]
    reserve = "in reserve, from "
    assert when == ["now", "now", f"{reserve}19 March", f"{reserve}19 March", f"{reserve}20 March"]
    assert told["dagster/row_count"] == 5


def test_who_expires_is_told_on_the_last_day_on_which_there_was_no_room(stage: Stage) -> None:
    quotas = {"birthday_message": {"per_run": 1, "per_day": 1, "per_week": 1}}
    account = stage.account(quotas=quotas, late={"max_days": 3})
    contacts(stage.database, account, NAMES[:3])
    days = rows_of(metadata_of(stage.run("birthday_list"), "birthday_list")["fortnight"].records)
    assert {d["day"]: d["too_late"] for d in days if d["too_late"]} == {f"{date(2026, 3, 21):%a} 21 March": 2}
