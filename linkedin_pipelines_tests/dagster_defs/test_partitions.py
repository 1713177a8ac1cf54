"""Dates exist as soon as they have begun anywhere; keys name date and account."""

from __future__ import annotations

from datetime import UTC, date, datetime

import dagster as dg
import pytest

from linkedin_pipelines.defs.partitions import campaign_key, campaigns, dates


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


def test_dates_begin_with_the_product() -> None:
    assert dates.get_first_partition_key() == "2026-01-01"


def test_a_key_names_account_and_date() -> None:
    key = campaign_key("demo", date(2026, 3, 18))
    assert key.keys_by_dimension == {"account": "demo", "date": "2026-03-18"}
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions("account", ["demo"])
        assert key in campaigns.get_partition_keys(dynamic_partitions_store=instance)
