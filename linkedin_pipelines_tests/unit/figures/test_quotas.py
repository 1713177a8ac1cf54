"""Limits in one line: a bar is empty only if nothing is used, and full only if nothing is left."""

from __future__ import annotations

from datetime import date

import pytest

from linkedin_pipelines.services.figures.quotas import QuotaView, quota_bar


@pytest.mark.parametrize(
    ("used", "limit", "bar"),
    [
        (0, 10, "░░░░░░░░░░ 0 of 10"),
        (7, 10, "███████░░░ 7 of 10"),
        (10, 10, "██████████ 10 of 10"),
        (1, 100, "█░░░░░░░░░ 1 of 100"),
        (99, 100, "█████████░ 99 of 100"),
        (12, 10, "██████████ 12 of 10"),  # a limit that was lowered afterwards
        (0, 0, "none allowed"),
    ],
)
def test_a_bar(used: int, limit: int, bar: str) -> None:
    assert quota_bar(used, limit) == bar


def test_a_line_says_what_is_left_and_from_when_there_is_more() -> None:
    used_up = QuotaView("birthday_message", 15, 15, 100, 0, 15, 40, 0, 60, date(2026, 3, 19))
    assert used_up.bars == ("██████████ 15 of 15 today, ████░░░░░░ 40 of 100 in 7 days, 0 left; more from 2026-03-19")
