"""The load harness with few accounts: every campaign ends, nothing is sent twice, and no more browsers than allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkedin_pipelines_tests.load.__main__ import Told, lines, play

pytestmark = pytest.mark.long


@pytest.mark.timeout(1800)
def test_campaigns_of_many_accounts_end_within_quotas_and_browsers_beside_readers(tmp_path: Path) -> None:
    told = Told(accounts=6, people=2, contacts=200, at_once=2, readers=5, database="sqlite")
    play(told, tmp_path, None, minutes=25)
    assert told.wrong == [], "\n".join(lines(told))
    assert (told.launched, told.launched_twice, told.failed_ticks) == (6, [], [])
    assert told.deliveries == 12
    assert told.most_browsers <= 2
    assert set(told.answers) == {"200"}
