"""A month's report: its partitions, its numbers, and what it says of the month after."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

from linkedin_pipelines.db.contacts.stop_requests import propose
from linkedin_pipelines.orchestrator.partitions import campaigns, days_of_month, month_key, months
from linkedin_pipelines_tests.builders import contacts
from linkedin_pipelines_tests.dagster_defs.stage import TODAY, Stage, metadata_of, rows_of


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def test_a_month_without_anything_is_reported_too(stage: Stage) -> None:
    stage.account(timezone="UTC")
    told = metadata_of(stage.run_month(), "monthly_report")
    assert told["summary"] == "March 2026 so far: no list had anybody on it. 0 birthdays in April."
    assert [told[name] for name in ("sent", "deferred", "birthdays_ahead", "birthday_message_quota_used")] == [0] * 4
    assert [len(told[name].records) for name in ("outcomes", "reasons", "quotas", "ahead")] == [0] * 4
    assert rows_of(told["weeks"].records)[0] == {
        "begins": "2026-02-23", "sent": 0, "deferred": 0, "failed": 0, "in_doubt": 0
    }  # fmt: skip


def test_the_month_names_outcomes_reasons_quotas_and_the_birthdays_ahead(stage: Stage) -> None:
    account = stage.account(timezone="UTC", quotas={"birthday_message": {"per_run": 1, "per_day": 1, "per_week": 10}})
    contacts(stage.database, account, ["ada-byron", "grace-hopper"])
    contacts(stage.database, account, ["mary-jackson"], birth_month=4, birth_day=30)
    contacts(stage.database, account, ["joan-clarke"], birth_month=5, birth_day=1)
    for shift in range(2):
        stage.clock.set(at(TODAY + timedelta(days=shift)))
        assert stage.run(day=TODAY + timedelta(days=shift), live=True).success
    stage.clock.set(at(date(2026, 4, 1)))

    told = metadata_of(stage.run_month(), "monthly_report")
    assert told["summary"] == "March 2026: 1 deferred, 2 sent, 1 skipped. 1 birthday in April."
    assert told["days"].startswith("![sent, deferred and failed wishes of each day of the month](data:image/svg+xml;")
    assert rows_of(told["outcomes"].records) == [
        {"kind": "birthday_message", "outcome": "sent", "times": 2, "people": 2},
        {"kind": "birthday_message", "outcome": "deferred", "times": 1, "people": 1},
        {"kind": "birthday_message", "outcome": "skipped", "times": 1, "people": 1},
    ]
    assert rows_of(told["reasons"].records) == [
        {"reason": "day_quota", "outcome": "deferred", "times": 1, "people": 1},
        {"reason": "already_wished", "outcome": "skipped", "times": 1, "people": 1},
    ]
    assert [row for row in rows_of(told["quotas"].records) if row["kind"] == "birthday_message"] == [
        {"kind": "birthday_message", "period": "day 18 Mar", "bar": "██████████ 1 of 1", "left": 0},
        {"kind": "birthday_message", "period": "7 days to 19 Mar", "bar": "██░░░░░░░░ 2 of 10", "left": 8},
    ]
    assert rows_of(told["ahead"].records) == [{"day": "2026-04-30", "birthdays": 1, "people": "Mary Jackson"}]


def test_a_week_that_began_in_the_month_before_counts_whole_against_its_limit(stage: Stage) -> None:
    account = stage.account(timezone="UTC")
    for slug, day in (("ada-byron", date(2026, 2, 27)), ("grace-hopper", date(2026, 3, 2))):
        contacts(stage.database, account, [slug], birth_month=day.month, birth_day=day.day)
        stage.clock.set(at(day))
        assert stage.run(day=day, live=True).success
    told = metadata_of(stage.run_month(), "monthly_report")
    assert told["birthday_message_quota_used"] == told["sent"] == 1
    [_, week] = [row for row in rows_of(told["quotas"].records) if row["kind"] == "birthday_message"]
    assert (week["period"], week["bar"].split(" ", 1)[1]) == ("7 days to 02 Mar", "2 of 100")


def test_replies_that_ask_to_stop_are_counted_in_the_account_s_own_month(stage: Stage) -> None:
    account = stage.account(timezone="Asia/Tokyo")
    [ada, grace] = contacts(stage.database, account, ["ada-byron", "grace-hopper"])
    with stage.database.writing() as session:
        propose(session, account, ada, datetime(2026, 2, 28, 14, 59, tzinfo=UTC), "Please stop.")
        propose(session, account, grace, datetime(2026, 2, 28, 15, 0, tzinfo=UTC), "Please stop.")
    assert metadata_of(stage.run_month(), "monthly_report")["requests_to_stop"] == 1


def test_a_month_exists_once_it_has_begun_anywhere_and_is_made_of_its_days(stage: Stage) -> None:
    stage.account()
    moment = datetime(2026, 3, 31, 10, 0, tzinfo=UTC)  # midnight on Kiritimati
    keys = months.get_partition_keys(current_time=moment, dynamic_partitions_store=stage.instance)
    assert keys[-1] == month_key("demo", date(2026, 4, 1)) == "demo|2026-04"
    days = days_of_month.get_upstream_mapped_partitions_result_for_partitions(
        months.subset_with_partition_keys(["demo|2026-03"]),
        months,
        campaigns,
        moment,
        stage.instance,
    ).partitions_subset.get_partition_keys()
    assert len(set(days)) == 31
    assert {"demo|2026-03-01", "demo|2026-03-31"} <= set(days)


def test_loading_the_definitions_loads_nothing_that_only_reports_need() -> None:
    program = "import sys; from linkedin_pipelines.definitions import defs; defs(); print(*sys.modules)"
    asked = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True)
    assert not {"PIL", "alembic", "pandas", "linkedin_pipelines.services.figures.months"} & set(asked.stdout.split())
