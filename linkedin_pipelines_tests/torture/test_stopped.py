"""Whoever operates the product stops it in the middle of a campaign, and starts it again."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from linkedin_pipelines.domain.ceilings import Quota
from linkedin_pipelines_tests.torture.installation import Installation
from linkedin_pipelines_tests.torture.servers import wait_until

pytestmark = pytest.mark.long

ACCOUNT = "demo"
PEOPLE = 4


@pytest.mark.timeout(900)
def test_a_campaign_goes_on_after_a_stop_and_a_start(tmp_path: Path) -> None:
    place = Installation(tmp_path, [ACCOUNT], PEOPLE, Quota(per_run=15, per_day=15, per_week=100))
    try:
        place.start()
        place.launch(ACCOUNT)
        wait_until(lambda: place.deliveries(ACCOUNT), "nothing was sent", 400)
        assert place.up is not None
        place.up.send_signal(signal.SIGTERM)
        assert place.up.wait(120) == 0
        before = len(place.deliveries(ACCOUNT))
        assert before < PEOPLE
        assert place.unsettled(ACCOUNT) == 0, "a stop lets the person under way be finished"

        place.start()
        wait_until(lambda: len(place.deliveries(ACCOUNT)) == PEOPLE, "the campaign did not go on", 400)
        wait_until(lambda: place.compare().wrong == [], "ledger and site do not agree", 240)
    finally:
        place.close()
