"""Dates exist as soon as they have begun anywhere; keys name date and account."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from linkedin_pipelines.domain.jobs import FIRST_DAY
from linkedin_pipelines.orchestrator.partitions import campaign_key, campaigns, daily_from, dates
from linkedin_pipelines.services.accounts.first_day import first_day_here
from linkedin_pipelines.services.birthdays.lists import build_list
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.dagster_defs.stage import TODAY, Stage


@pytest.mark.parametrize(
    ("now", "last"),
    [
        ("2026-03-17T09:59:59", "2026-03-17"),
        ("2026-03-17T10:00:00", "2026-03-18"),  # midnight on Kiritimati, the first place of all
        ("2026-12-31T10:00:00", "2027-01-01"),
    ],
)
def test_a_date_exists_once_it_has_begun_anywhere(now: str, last: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert dates.get_partition_keys(current_time=moment)[-1] == last


def test_dates_begin_with_the_first_accounts_first_day(stage: Stage) -> None:
    """Else every day since the product's own first one is missing for ever."""
    assert stage.settings.first_day is None
    now = stage.clock.now()
    assert first_day_here(stage.settings, now) <= TODAY  # no account yet: today, wherever that is
    stage.account("tokyo", timezone="Asia/Tokyo", columns={"created_at": now})
    stage.account(columns={"created_at": stage.clock.advance(days=30)})
    first = first_day_here(stage.settings, stage.clock.now())
    assert first == now.astimezone(ZoneInfo("Asia/Tokyo")).date()
    assert daily_from(first).get_first_partition_key() == first.isoformat()


def test_a_list_of_an_earlier_day_keeps_its_partition(stage: Stage) -> None:
    stage.account(columns={"created_at": stage.clock.now()})
    build_list(stage.database, stage.clock, "demo", TODAY - timedelta(days=5), "a run")
    assert first_day_here(stage.settings, stage.clock.now()) == TODAY - timedelta(days=5)


def test_without_a_database_to_ask_no_day_is_missing(tmp_path: Path) -> None:
    nowhere = Settings.from_environment({"LINKEDIN_HOME": str(tmp_path)})
    assert first_day_here(nowhere, datetime.now(UTC)) == FIRST_DAY
    assert list(tmp_path.iterdir()) == []


def test_a_key_names_account_and_date() -> None:
    key = campaign_key("demo", date(2026, 3, 18))
    assert key.keys_by_dimension == {"account": "demo", "date": "2026-03-18"}
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions("account", ["demo"])
        assert key in campaigns.get_partition_keys(dynamic_partitions_store=instance)
