"""Five mixed days of an account, and every surface tells the same numbers of each."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from linkedin_pipelines.domain.messaging import Recipient
from linkedin_pipelines.domain.outcomes import told as told_as
from linkedin_pipelines.domain.states import InteractionStatus, Reason
from linkedin_pipelines.errors import ProfileGoneError, StopSignError
from linkedin_pipelines.services.accounts.registry import resume as resume_account
from linkedin_pipelines.services.figures.quotas import quota_bar
from linkedin_pipelines.services.reporting.reports import InteractionView, account_status, interactions_of
from linkedin_pipelines_tests.builders import contacts
from linkedin_pipelines_tests.dagster_defs.stage import TODAY, Stage, metadata_of, rows_of

QUOTA = 3
DAYS = [TODAY + timedelta(days=shift) for shift in range(5)]
BIRTHDAYS = {
    0: ["ada-byron", "grace-hopper", "mary-jackson", "joan-clarke", "edith-clarke"],  # two more than there is room for
    1: ["wei-by-hand"],
    2: ["iris-gone", "lise-meitner"],
    3: ["emmy-noether", "sofia-stop"],
    4: ["rosa-doubt"],
}


@pytest.fixture
def story(stage: Stage) -> Stage:
    """A site on which one person is gone, one was wished by hand, one meets a stop sign and one cannot be proven."""
    quotas = {"birthday_message": {"per_run": QUOTA, "per_day": QUOTA, "per_week": 40}}
    account = stage.account(timezone="UTC", quotas=quotas)
    for shift, slugs in BIRTHDAYS.items():
        for slug in slugs:
            day = DAYS[shift]
            contacts(stage.database, account, [slug], birth_month=day.month, birth_day=day.day)
    stage.site.say("wei-by-hand", "Happy birthday Wei, all the best!", DAYS[1])
    stage.site.unproven.add("rosa-doubt")

    def trouble(to: Recipient) -> None:
        if to.profile_slug == "iris-gone":
            raise ProfileGoneError("there is no such profile any more.")
        if to.profile_slug == "sofia-stop" and stage.clock.now().date() == DAYS[3]:
            raise StopSignError("checkpoint", "Stop sign: the site wants to know that it is you.")

    stage.site.hooks["open"] = trouble
    return stage


def messages(stage: Stage) -> list[InteractionView]:
    return [row for row in interactions_of(stage.database, "demo") if row.kind == "birthday_message"]


def told(metadata: dict[str, Any], table: str, column: str) -> dict[str, int]:
    """How often each value of a table's column occurs."""
    return dict(sorted(Counter(row[column] for row in rows_of(metadata[table].records)).items()))


def word_for(row: InteractionView) -> str:
    return told_as(InteractionStatus(row.status), Reason(row.reason) if row.reason else None).value


def agree(stage: Stage, result: Any, day: date) -> dict[str, int]:
    """Compare every surface's numbers of the day; the report's."""
    listed, report = metadata_of(result, "birthday_list"), metadata_of(result, "campaign_report")
    done, ledger = metadata_of(result, "birthday_messages"), metadata_of(result, "interactions")
    assert listed["outcomes"] == told(listed, "people", "outcome")
    assert listed["planned"] == len(rows_of(listed["letters"].records)) == done["dagster/row_count"]
    assert done["outcomes"] == told(done, "people", "outcome")

    ours = [row for row in messages(stage) if row.origin == "campaign"]
    that_day = Counter(str(row.status) for row in ours if row.list_date == day)
    as_told = Counter(word_for(row) for row in ours if row.list_date == day)
    rows = rows_of(ledger["interactions"].records)
    shown = Counter(row["status"] for row in rows if row["kind"] == "birthday_message")
    assert ledger["dagster/row_count"] == len(rows)
    by_hand = Counter(r.status for r in messages(stage) if r.origin != "campaign" and r.list_date == day)
    assert shown == that_day + by_hand

    assert report["counts"] == told(report, "people", "status")
    for status in ("sent", "failed", "in_doubt"):
        assert report["counts"].get(status, 0) == as_told[status] == report[status], status
        assert done["outcomes"].get(status, 0) == as_told[status], status
    assert report["sent_in_four_weeks"] == sum(row.status == "sent" for row in ours)

    [quota] = [
        each for each in account_status(stage.database, stage.clock, "demo").quotas if each.kind == "birthday_message"
    ]
    occupied = [row for row in messages(stage) if row.status in ("sent", "in_doubt")]
    assert quota.used_today == sum(row.claimed_at.date() == day for row in occupied) <= QUOTA
    assert quota.used_in_week == len(occupied)
    assert (report["quota_left_today"], report["quota_left_in_week"]) == (quota.left_today, quota.left_in_week)
    bars = {row["period"]: row["bar"] for row in rows_of(report["quotas"].records) if row["kind"] == quota.kind}
    in_run = sum(row.run_id == result.run_id for row in occupied)
    assert bars == {
        "run": quota_bar(in_run, quota.per_run),
        "day": quota_bar(quota.used_today, quota.per_day),
        "7 days": quota_bar(quota.used_in_week, quota.per_week),
    }

    proven = [(row.slug, row.body) for row in ours if row.status in ("sent", "in_doubt")]
    assert sorted(proven) == sorted(stage.site.deliveries)
    return dict(report["counts"])


def months_agree(stage: Stage, month: dict[str, Any], seen: list[dict[str, int]]) -> None:
    """Compare the month's numbers with the days' reports so far, and with the ledger."""
    ours = [row for row in messages(stage) if row.origin == "campaign"]
    days = sum(map(Counter, seen), Counter[str]())
    outcomes = rows_of(month["outcomes"].records)
    assert {row["outcome"]: row["times"] for row in outcomes if row["kind"] == "birthday_message"} == days
    assert {word: month[word] for word in days} == days
    assert month["sent"] == sum(row.status == "sent" for row in ours)
    assert month["sent_by_hand"] == len(messages(stage)) - len(ours)
    assert sum(row["sent"] for row in rows_of(month["weeks"].records)) == month["sent"]
    occupied = [row for row in messages(stage) if row.status in ("sent", "in_doubt")]
    assert month["birthday_message_quota_used"] == len(occupied)
    [day, week] = [row for row in rows_of(month["quotas"].records) if row["kind"] == "birthday_message"]
    assert day["left"] == QUOTA - max(Counter(row.claimed_at.date() for row in occupied).values())
    assert week["bar"].endswith(f" {len(occupied)} of 40")  # the five days lie within seven


def test_five_mixed_days_are_the_same_story_on_every_surface(story: Stage) -> None:
    seen = []
    for day in DAYS:
        story.clock.set(datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC))
        if day == DAYS[4]:
            resume_account(story.database, story.clock, "demo", "answered", "test")
        result = story.run(day=day, live=True)
        assert result.success, day
        seen.append(agree(story, result, day))
        month = story.run_month()
        assert month.success
        months_agree(story, metadata_of(month, "monthly_report"), seen)
    assert seen == [
        {"sent": 3, "deferred": 2},
        {"sent": 2, "skipped": 4},
        {"sent": 1, "skipped": 7},
        {"failed": 1, "deferred": 2, "skipped": 7},
        {"sent": 2, "deferred": 1, "skipped": 8},
    ]
