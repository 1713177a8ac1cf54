"""A page that hangs is given up; the matrix plays all other signs, and what looks like one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Browser

from linkedin_pipelines.errors import PageUnreadableError, ProfileGoneError
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.browser.conftest import StageMaker
from linkedin_pipelines_tests.browser.stage import BRISK, TEXT, THIERRY, stage_of, world
from linkedin_pipelines_tests.doubles import ManualClock


def test_a_hanging_page_ends_in_time_and_the_next_person_is_served(
    chromium: Browser, settings: Settings, clock: ManualClock
) -> None:
    """While a navigation waits, the browser answers no question about its page: it has to be stopped first."""
    with stage_of(chromium, settings, clock, world(), replace(BRISK, navigation=6_000)) as here:
        here.open(THIERRY).close()
        here.fault("hang", path="/in/jane", seconds=600)
        kept = set(settings.evidence.rglob("*"))
        with pytest.raises(PageUnreadableError, match=r"the page hangs: .* within 6 seconds") as refused:
            here.wish()
        assert refused.value.evidence is None  # what is shown is still Thierry's page
        assert set(settings.evidence.rglob("*")) == kept
        assert here.wish(TEXT, THIERRY) == TEXT
        assert here.deliveries() == [(THIERRY, TEXT)]


def test_a_profile_that_does_not_come_is_not_missing_because_the_one_before_was(stage: StageMaker) -> None:
    here = stage(jane={"blocked": True})
    with pytest.raises(ProfileGoneError):
        here.wish()
    here.fault("no_content", path="/in/thierry")
    with pytest.raises(PageUnreadableError, match=r"cannot be reached \(ERR_ABORTED\)") as refused:
        here.wish(TEXT, THIERRY)
    assert refused.value.evidence is None
