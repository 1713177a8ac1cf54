"""Defects that other tools of this kind are known for and that show in a browser, each by its name.

Each test says what happens here instead; `docs/known-defects.md` names those that need no browser.
"""

from __future__ import annotations

from datetime import date

import pytest

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.messaging import SeenDay
from linkedin_pipelines.domain.states import InteractionStatus, Reason
from linkedin_pipelines.errors import PageUnreadableError, SiteError, StopSignError
from linkedin_pipelines.sandbox.world import Person, SentInvitation
from linkedin_pipelines_tests.browser.conftest import StageMaker
from linkedin_pipelines_tests.browser.stage import JANE, PEOPLE, TEXT, THIERRY, TODAY, Stage, said
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.ledger.conftest import Desk


def test_composer_text_counted_as_delivery(stage: StageMaker) -> None:
    """The site gives the text back into the editor after a failed send; only the conversation counts."""
    here = stage()
    here.fault("fail_after_click", person=JANE)
    composer = here.open()
    before = composer.events(date(2026, 1, 1))
    composer.write(TEXT)
    composer.click_send()
    assert composer.proof(TEXT, before) is None
    assert here.browser.page.get_by_role("textbox").last.inner_text().strip() == TEXT
    composer.close()
    assert here.deliveries() == []


def test_last_years_identical_wish_counted_as_delivery(stage: StageMaker) -> None:
    """The very words stand in the conversation since last year; a send that got lost is not proven by them."""
    here = stage(jane={"thread": (said("me", TEXT, date(2025, 3, 18)), said("them", TEXT, date(2025, 3, 19)))})
    here.fault("silent_drop", person=JANE)
    assert here.wish() is None
    assert here.deliveries() == []


def test_navigation_fails_and_the_previous_profile_is_still_open_so_bs_text_goes_to_a(stage: StageMaker) -> None:
    """The address is B's and the content A's, or the browser stays with A altogether: nobody is written to."""
    here = stage()
    here.open(THIERRY).close()
    here.fault("stale_profile", person=JANE)
    with pytest.raises(SiteError):
        here.wish()
    here.fault("no_content", path="/in/")
    with pytest.raises(SiteError):
        here.wish()
    assert here.deliveries() == []


@pytest.mark.parametrize(("language", "generation"), [("fr", "sdui"), ("en", "ember")])
def test_a_name_containing_hier_a_headline_with_30_days(stage: StageMaker, language: str, generation: str) -> None:
    """Only the line about the moment tells the day: not Thierry Hier's name, not "30 days of today" in a headline."""
    assert (PEOPLE[0].headline, PEOPLE[2].name) == ("30 days of today", "Thierry Hier")
    here = stage({"language": language, "generation": generation, "moments": "ago"})
    days = {each.slug: each.occurs_on for each in here.browser.birthdays().people}
    assert (days[JANE], days[THIERRY]) == (TODAY, date(2026, 3, 10))


def test_checkpoint_weekly_limit_signed_out_and_empty_list_not_told_apart(stage: StageMaker) -> None:
    """Four things that all show no birthdays: each has a name of its own, and only the page's own word is "none"."""
    nobody = stage(people=(PEOPLE[3],))
    assert nobody.browser.birthdays() == SeenDay(people=(), doubt=None)
    for sign in ("list_empty", "no_signs"):
        nobody.fault(sign)
    with pytest.raises(PageUnreadableError):
        nobody.browser.birthdays()
    signs = [
        _sign(nobody, fault) for fault in ("checkpoint_app", "checkpoint_captcha", "weekly_limit_dialog", "sign_out")
    ]
    assert signs == ["challenge", "captcha", "weekly_limit", "signed_out"]


def test_a_missing_withdraw_dialog_counted_as_success(
    stage: StageMaker, database: Database, clock: ManualClock
) -> None:
    """Withdrawing is not built. The trap is laid for it, and the ledger takes no success from before the last click.

    That click is the dialog's. Without a dialog there is nothing to announce, so `sent` is refused, and the quota of
    withdrawals is free again.
    """
    invited = Person(slug="ada-invited", first_name="Ada", last_name="Invited")
    here = stage(invited=(SentInvitation(person=invited.slug, sent_on=date(2026, 2, 1)),), people=(*PEOPLE, invited))
    here.fault("no_dialog", person=invited.slug)
    page = here.browser.page
    page.goto(f"{here.server.url}/mynetwork/invitation-manager/sent/")
    withdraw = page.get_by_role("link", name="Withdraw invitation sent to Ada Invited")
    with page.expect_response(lambda answer: "/invitations/ask" in answer.url):
        withdraw.click()
    assert page.get_by_role("alertdialog").count() == 0
    assert here.told("withdrawals") == []

    once = {"per_run": 1, "per_day": 1, "per_week": 1}
    desk = Desk(database, clock, quotas={"invitation_withdrawal": once})
    attempt = desk.claimed(kind=InteractionKind.INVITATION_WITHDRAWAL, body=None)
    with pytest.raises(ValueError, match="never announced"):
        desk.settle(attempt, InteractionStatus.SENT)
    desk.settle(attempt, InteractionStatus.FAILED, Reason.PAGE_UNREADABLE)
    desk.claimed(kind=InteractionKind.INVITATION_WITHDRAWAL, body=None)


def _sign(here: Stage, fault: str) -> str:
    here.fault(fault)
    with pytest.raises(StopSignError) as stopped:
        here.browser.birthdays()
    return stopped.value.sign
