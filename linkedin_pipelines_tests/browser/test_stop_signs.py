"""Each stop sign is told apart; what is merely broken is no stop sign."""

from __future__ import annotations

from datetime import date

import pytest

from linkedin_pipelines.errors import PageUnreadableError, StopSignError
from linkedin_pipelines_tests.browser.conftest import StageMaker
from linkedin_pipelines_tests.browser.stage import JANE, TEXT, THIERRY, said

SIGNS = {
    "sign_out": "signed_out",
    "authwall": "auth_wall",
    "redirect_loop": "redirect_loop",
    "checkpoint_app": "challenge",
    "checkpoint_pin": "pin",
    "checkpoint_captcha": "captcha",
    "http_429": "rate_limited",
    "weekly_limit_dialog": "weekly_limit",
    "weekly_limit_toast": "weekly_limit",
    "weekly_limit_main": "weekly_limit",
    "restricted_dialog": "restricted",
    "restricted_toast": "restricted",
    "restricted_main": "restricted",
}


@pytest.mark.parametrize("fault", SIGNS)
def test_a_stop_sign_is_named(stage: StageMaker, fault: str) -> None:
    here = stage({"outlet": "shadow"})
    here.fault(fault, times=None)
    with pytest.raises(StopSignError) as stopped:
        here.wish()
    assert stopped.value.sign == SIGNS[fault]
    assert stopped.value.evidence
    assert here.deliveries() == []


@pytest.mark.parametrize("fault", ["http_500", "http_503", "no_content", "shell"])
def test_a_broken_page_is_no_stop_sign(stage: StageMaker, fault: str) -> None:
    here = stage()
    here.fault(fault)
    with pytest.raises(PageUnreadableError) as refused:
        here.wish()
    assert refused.value.evidence
    assert here.wish() == TEXT


@pytest.mark.parametrize(
    "fault", ["weekly_limit_dialog", "weekly_limit_toast", "restricted_dialog", "restricted_toast"]
)
@pytest.mark.parametrize("language", ["en", "fr", "de", "es"])
def test_a_limit_in_answer_to_a_send_is_seen(stage: StageMaker, fault: str, language: str) -> None:
    here = stage({"language": language})
    here.fault(fault, at="send")
    with pytest.raises(StopSignError) as stopped:
        here.wish()
    assert stopped.value.sign == SIGNS[fault]
    assert here.deliveries() == []


def test_the_words_of_a_limit_in_a_conversation_are_no_limit(stage: StageMaker) -> None:
    text = "I reached the weekly limit, my account is temporarily restricted, try again next week"
    here = stage(jane={"thread": (said("them", text, date(2026, 1, 5)),)})
    assert here.wish() == TEXT
    assert here.deliveries() == [(JANE, TEXT)]


def test_a_hanging_page_ends_in_time_and_the_next_person_is_served(stage: StageMaker) -> None:
    here = stage()
    here.fault("hang", path="/in/jane", seconds=60)
    with pytest.raises(PageUnreadableError, match="the page hangs") as refused:
        here.wish()
    assert refused.value.evidence
    assert here.wish("Bon anniversaire !", THIERRY) == "Bon anniversaire !"
    assert here.deliveries() == [(THIERRY, "Bon anniversaire !")]
