"""Jobs that go by account and day, as far as whoever launches them has to know them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

LIVE_STEPS = {
    "birthday_campaign": "birthday_messages",
    "sourcing_campaign": "profile_visits",
    "invitation_cleanup": "invitation_withdrawals",
    "moments_campaign": "moment_messages",
}
"""Jobs that can act for real, and the step whose configuration says so."""

FIRST_DAY = date(2026, 1, 1)
"""The first day that campaigns have a partition for."""


def last_day(now: datetime) -> date:
    """The latest day that has begun anywhere on Earth: the last one that campaigns have a partition for."""
    return (now.astimezone(UTC) + timedelta(hours=14)).date()


def live_config(job: str) -> dict[str, object]:
    """The run configuration with which a job of `LIVE_STEPS` acts for real."""
    return {"ops": {LIVE_STEPS[job]: {"config": {"live": True}}}}
