"""A look at the pages before anything is done there: taken when due, kept, and what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from linkedin_pipelines.cli.status import lines_of
from linkedin_pipelines.db import breakers
from linkedin_pipelines.domain.canary import PARTS, CanaryElement, Part, SightOutcome
from linkedin_pipelines.domain.messaging import Recipient
from linkedin_pipelines.domain.states import EntryOutcome, InteractionStatus, Reason
from linkedin_pipelines.errors import (
    NotConnectedError,
    NotNowError,
    PageUnreadableError,
    SessionMissingError,
    StopSignError,
)
from linkedin_pipelines.services.birthday_lists import read_list
from linkedin_pipelines.services.birthday_readings import Pages, read_birthdays
from linkedin_pipelines.services.canary import look_again, sights
from linkedin_pipelines.services.status import account_status
from linkedin_pipelines_tests.builders import edit_account
from linkedin_pipelines_tests.integration.campaign.test_campaigns import TODAY, Office, office

__all__ = ["office"]

EVIDENCE = Path("/home/evidence")
SENT = [InteractionStatus.SENT] * 5


def seen(office: Office) -> dict[CanaryElement, SightOutcome]:
    return {sight.element: sight.outcome for sight in sights(office.database, "demo")}


def outcomes(office: Office) -> list[object]:
    return [delivery.outcome for delivery in office.run()]


def test_the_first_person_waits_for_one_look_and_nobody_else_does(office: Office) -> None:
    assert outcomes(office) == SENT
    assert office.site.looks == [(Part.FEED, ""), (Part.CATCH_UP, ""), (Part.COMPOSER, office.site.deliveries[0][0])]
    assert seen(office) == dict.fromkeys(CanaryElement, SightOutcome.OK)


def test_a_campaign_resumed_after_a_crash_does_not_look_again(office: Office) -> None:
    class PowerCutError(BaseException):
        """Nothing of ours runs after this."""

    def die(_: Recipient) -> None:
        raise PowerCutError

    office.site.hooks["open"] = die
    with pytest.raises(PowerCutError):
        office.run()
    office.site.hooks.clear()
    assert outcomes(office) == SENT
    assert len(office.site.looks) == 3


def test_a_run_killed_in_the_middle_of_its_look_goes_on_with_the_rest_of_it(office: Office) -> None:
    class PowerCutError(BaseException):
        """Nothing of ours runs after this."""

    def die(_: Recipient) -> None:
        raise PowerCutError

    office.site.hooks["look"] = die
    with pytest.raises(PowerCutError):
        office.run()
    office.site.hooks.clear()
    assert set(seen(office)) == {*PARTS[Part.FEED], *PARTS[Part.CATCH_UP]}
    assert outcomes(office) == SENT
    assert [part for part, _ in office.site.looks] == [Part.FEED, Part.CATCH_UP, Part.COMPOSER, Part.COMPOSER]


def test_an_unreadable_send_button_holds_every_wish_with_a_reason_until_a_look_passes(office: Office) -> None:
    office.site.unreadable = {CanaryElement.SEND_BUTTON}
    held = office.run()
    assert {(d.outcome, d.reason) for d in held} == {(EntryOutcome.DEFERRED, Reason.PAGE_UNREADABLE)}
    assert office.site.opened == []
    assert office.rows() == []
    view = read_list(office.database, "demo", TODAY)
    assert view is not None
    for entry in view.entries:
        assert entry.explanation is not None
        assert "the send button" in entry.explanation
        assert "looked at again from 2026-03-18 11:00" in entry.explanation
        assert entry.next_eligible_on == TODAY
    looks = len(office.site.looks)
    assert {d.reason for d in office.run()} == {Reason.PAGE_UNREADABLE}
    assert len(office.site.looks) == looks
    office.site.unreadable.clear()
    office.clock.advance(hours=1)
    assert outcomes(office) == SENT
    assert [part for part, _ in office.site.looks[looks:]] == [Part.COMPOSER]


def test_an_unreadable_catch_up_page_holds_no_wish(office: Office) -> None:
    office.site.unreadable = {CanaryElement.BIRTHDAY_CARDS}
    assert outcomes(office) == SENT
    assert seen(office)[CanaryElement.BIRTHDAY_CARDS] is SightOutcome.FAILED


def test_on_demand_the_pages_are_looked_at_however_lately_they_were(office: Office) -> None:
    office.site.unreadable = {CanaryElement.EDITOR}
    office.run()
    office.site.unreadable.clear()
    look_again(office.database, "demo")
    assert outcomes(office) == SENT
    assert len(office.site.looks) == 7  # the first look asked two people


def test_pages_that_were_readable_are_looked_at_again_after_their_time(office: Office) -> None:
    office.run(live=False)
    office.clock.advance(hours=11, minutes=59)
    office.run(live=False)
    assert len(office.site.looks) == 3
    office.clock.advance(minutes=1)
    office.run(live=False)
    assert len(office.site.looks) == 6


def test_a_stop_sign_on_the_way_is_no_failure_of_the_canary(office: Office) -> None:
    def stop(_: Recipient) -> None:
        raise StopSignError("captcha", "Stop sign: the site shows a captcha.")

    office.site.hooks["look"] = stop
    first, *rest = office.run()
    assert (first.outcome, first.reason) == (EntryOutcome.DEFERRED, Reason.STOP_SIGN)
    assert {delivery.reason for delivery in rest} == {Reason.BREAKER_OPEN}
    assert {seen(office)[element] for element in PARTS[Part.COMPOSER]} == {SightOutcome.STOP_SIGN}
    with office.database.writing() as session:
        assert breakers.get(session, office.account_id).stop_sign == "captcha"
        breakers.resume(session, office.account_id, office.clock.now(), "solved it", "cli:jo")
    office.site.hooks.clear()
    assert outcomes(office) == SENT
    assert [part for part, _ in office.site.looks[3:]] == [Part.COMPOSER]


def test_a_person_who_is_no_connection_any_more_is_not_held_against_the_page(office: Office) -> None:
    def gone(_: Recipient) -> None:
        if len(office.site.looks) == 3:
            raise NotConnectedError("the profile says that this person is not a first-degree connection.")

    office.site.hooks["look"] = gone
    assert outcomes(office) == SENT
    assert seen(office)[CanaryElement.SEND_BUTTON] is SightOutcome.OK
    assert len({slug for part, slug in office.site.looks if part is Part.COMPOSER}) == 2


def test_a_site_that_is_away_is_not_an_unreadable_one(office: Office) -> None:
    def away(_: Recipient) -> None:
        raise PageUnreadableError("the site is out of order (HTTP 503).")

    office.site.hooks["look"] = away
    assert outcomes(office) == SENT
    assert seen(office)[CanaryElement.SEND_BUTTON] is SightOutcome.AWAY


def test_no_page_is_opened_for_an_account_that_must_not_act(office: Office) -> None:
    with office.database.writing() as session:
        breakers.record_stop_sign(session, office.account_id, office.clock.now(), "checkpoint", "LinkedIn asks.")
    office.run()
    assert office.site.looks == []


def test_a_human_pause_passes_between_the_look_and_the_first_wish(office: Office) -> None:
    edit_account(office.database, office.account_id, pace_seconds=[90, 90])
    office.clock.slept.clear()
    assert outcomes(office) == SENT
    assert sum(office.clock.slept) == pytest.approx(5 * 90)


def test_a_catch_up_page_that_failed_holds_its_reading_until_it_is_due_again(office: Office) -> None:
    @contextmanager
    def nobody_signed_in(*_: object) -> Iterator[Pages]:
        raise SessionMissingError("nobody is signed in")
        yield

    def read() -> None:
        read_birthdays(office.database, office.settings, office.clock, "demo", TODAY, "reading", nobody_signed_in)

    office.site.unreadable = {CanaryElement.BIRTHDAY_CARDS}
    office.run()
    with pytest.raises(NotNowError, match="could not be read when the pages were last looked at"):
        read()
    office.clock.advance(hours=1)
    with pytest.raises(SessionMissingError):  # it gets as far as the browser
        read()


def test_status_names_what_cannot_be_read_with_its_picture(office: Office) -> None:
    assert account_status(office.database, office.clock, "demo").unreadable == ()
    office.site.unreadable = {CanaryElement.SEND_BUTTON}
    office.run()
    view = account_status(office.database, office.clock, "demo")
    assert [(each.element, each.evidence) for each in view.unreadable] == [
        (CanaryElement.SEND_BUTTON, "demo/send_button.png")
    ]
    assert any("the send button cannot be read (/home/evidence/demo" in line for line in lines_of(view, EVIDENCE))
