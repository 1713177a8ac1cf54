"""A look at the pages before anything is done there: taken when due, kept, and what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from linkedin_pipelines.cli.status import lines_of
from linkedin_pipelines.db.accounts import breakers
from linkedin_pipelines.domain.action_kinds import ACTION_KINDS
from linkedin_pipelines.domain.canary import PARTS, CanaryElement, Part, ProbeOutcome
from linkedin_pipelines.domain.messaging import Recipient, SeenDay
from linkedin_pipelines.domain.states import EntryOutcome, InteractionStatus, Reason
from linkedin_pipelines.errors import (
    NotConnectedError,
    NotNowError,
    PageUnreadableError,
    ProfileGoneError,
    StopSignError,
)
from linkedin_pipelines.services.actions.canary import ask_again, latest_probes
from linkedin_pipelines.services.birthdays.lists import read_list
from linkedin_pipelines.services.birthdays.readings import read_birthdays
from linkedin_pipelines.services.reporting.reports import account_status, campaign_report
from linkedin_pipelines_tests.builders import edit_account
from linkedin_pipelines_tests.integration.campaign.test_campaigns import TODAY, Office, office
from linkedin_pipelines_tests.memory_site import MemorySite

__all__ = ["office"]

EVIDENCE = Path("/home/evidence")
NEEDED = ACTION_KINDS["birthday_message"].needs
SENT = [InteractionStatus.SENT] * 5


def seen(office: Office) -> dict[CanaryElement, ProbeOutcome]:
    return {probed.element: probed.outcome for probed in latest_probes(office.database, "demo")}


def outcomes(office: Office) -> list[object]:
    return [delivery.status for delivery in office.run()]


class PowerCutError(BaseException):
    """Nothing of ours runs after this."""


def die(_: Recipient) -> None:
    raise PowerCutError


def test_the_first_person_waits_for_one_look_and_nobody_else_does(office: Office) -> None:
    assert outcomes(office) == SENT
    assert office.site.polls == [(Part.COMPOSER, office.site.deliveries[0][0])]  # signing in showed the navigation
    assert seen(office) == dict.fromkeys(NEEDED, ProbeOutcome.OK)


def test_a_campaign_resumed_after_a_crash_does_not_look_again(office: Office) -> None:
    office.site.hooks["open"] = die
    with pytest.raises(PowerCutError):
        office.run()
    office.site.hooks.clear()
    assert outcomes(office) == SENT
    assert len(office.site.polls) == 1


def test_a_run_killed_in_the_middle_of_its_look_goes_on_with_the_rest_of_it(office: Office) -> None:
    office.site.hooks["look"] = die
    with pytest.raises(PowerCutError):
        office.run()
    office.site.hooks.clear()
    assert set(seen(office)) == set(PARTS[Part.FEED])
    assert outcomes(office) == SENT
    assert [part for part, _ in office.site.polls] == [Part.COMPOSER, Part.COMPOSER]


def test_a_browser_that_was_open_before_the_look_shows_its_navigation_anew(office: Office) -> None:
    office.site.hooks["after-click"] = die
    with pytest.raises(PowerCutError):
        office.run()
    office.site.hooks.clear()
    office.site.polls.clear()
    ask_again(office.database, "demo")
    office.run()  # reads first what became of the attempt
    assert [part for part, _ in office.site.polls] == [Part.FEED, Part.COMPOSER]


def test_an_unreadable_send_button_holds_every_wish_with_a_reason_until_a_look_passes(office: Office) -> None:
    office.site.unreadable = {CanaryElement.SEND_BUTTON}
    held = office.run()
    assert {(d.status, d.reason) for d in held} == {(EntryOutcome.DEFERRED, Reason.PAGE_UNREADABLE)}
    assert office.site.opened == []
    assert office.rows() == []
    view = read_list(office.database, "demo", TODAY)
    assert view is not None
    for entry in view.entries:
        assert entry.explanation is not None
        assert "the send button" in entry.explanation
        assert "looked at again from 2026-03-18 11:00" in entry.explanation
        assert entry.next_eligible_on == TODAY
    polls = len(office.site.polls)
    assert {d.reason for d in office.run()} == {Reason.PAGE_UNREADABLE}
    assert len(office.site.polls) == polls
    office.site.unreadable.clear()
    office.clock.advance(hours=1)
    assert outcomes(office) == SENT
    assert [part for part, _ in office.site.polls[polls:]] == [Part.COMPOSER]


def test_a_campaign_of_messages_looks_at_nothing_that_messages_do_not_need(office: Office) -> None:
    office.site.unreadable = {CanaryElement.BIRTHDAY_CARDS}
    assert outcomes(office) == SENT
    assert CanaryElement.BIRTHDAY_CARDS not in seen(office)


def test_on_demand_the_pages_are_looked_at_however_lately_they_were(office: Office) -> None:
    office.site.unreadable = {CanaryElement.EDITOR}
    office.run()
    office.site.unreadable.clear()
    ask_again(office.database, "demo")
    assert outcomes(office) == SENT
    assert len(office.site.polls) == 3  # the first look asked two people


def test_pages_that_were_readable_are_looked_at_again_after_their_time(office: Office) -> None:
    def campaign_of_two() -> None:
        office.build()
        office.approve()
        with office.campaign() as run:
            for entry in run.planned()[:2]:
                run.deliver(entry)

    campaign_of_two()
    office.clock.advance(hours=11, minutes=59)
    campaign_of_two()
    assert len(office.site.polls) == 1
    office.clock.advance(minutes=1)
    campaign_of_two()
    assert len(office.site.polls) == 2


def test_a_stop_sign_on_the_way_is_no_failure_of_the_canary(office: Office) -> None:
    def stop(_: Recipient) -> None:
        raise StopSignError("captcha", "Stop sign: the site shows a captcha.")

    office.site.hooks["look"] = stop
    first, *rest = office.run()
    assert (first.status, first.reason) == (EntryOutcome.DEFERRED, Reason.STOP_SIGN)
    assert {delivery.reason for delivery in rest} == {Reason.BREAKER_OPEN}
    assert {seen(office)[element] for element in PARTS[Part.COMPOSER]} == {ProbeOutcome.STOP_SIGN}
    with office.database.writing() as session:
        assert breakers.get(session, office.account_id).stop_sign == "captcha"
        breakers.resume(session, office.account_id, office.clock.now(), "solved it", "cli:jo")
    office.site.hooks.clear()
    assert outcomes(office) == SENT
    assert [part for part, _ in office.site.polls[1:]] == [Part.COMPOSER]


def test_a_person_who_is_no_connection_any_more_is_not_held_against_the_page(office: Office) -> None:
    def gone(_: Recipient) -> None:
        if len(office.site.polls) == 1:
            raise NotConnectedError("the profile says that this person is not a first-degree connection.")

    office.site.hooks["look"] = gone
    assert outcomes(office) == SENT
    assert seen(office)[CanaryElement.SEND_BUTTON] is ProbeOutcome.OK
    assert len({slug for part, slug in office.site.polls if part is Part.COMPOSER}) == 2


def test_a_site_that_is_away_is_not_an_unreadable_one(office: Office) -> None:
    def away(_: Recipient) -> None:
        raise PageUnreadableError("the site is out of order (HTTP 503).")

    office.site.hooks["look"] = away
    assert outcomes(office) == SENT
    assert seen(office)[CanaryElement.SEND_BUTTON] is ProbeOutcome.AWAY


def test_no_page_is_opened_for_an_account_that_must_not_act(office: Office) -> None:
    with office.database.writing() as session:
        breakers.record_stop_sign(session, office.account_id, office.clock.now(), "checkpoint", "LinkedIn asks.")
    office.run()
    assert office.site.polls == []


def test_a_human_pause_passes_between_the_look_and_the_first_wish(office: Office) -> None:
    edit_account(office.database, office.account_id, pace_seconds=[90, 90])
    office.clock.slept.clear()
    assert outcomes(office) == SENT
    assert sum(office.clock.slept) == pytest.approx(5 * 90)


def test_a_catch_up_page_that_failed_holds_its_reading_until_it_is_due_again(office: Office) -> None:
    def lost() -> SeenDay:
        error = PageUnreadableError("expected one card a person, but there is none.")
        error.element = ("catch-up", "birthday_cards")
        raise error

    @contextmanager
    def factory(*_: object) -> Iterator[MemorySite]:
        yield office.site

    def read() -> None:
        read_birthdays(office.database, office.settings, office.clock, "demo", TODAY, "reading", factory)

    office.site.birthdays = lost  # type: ignore[method-assign]
    with pytest.raises(PageUnreadableError):
        read()
    with pytest.raises(NotNowError, match="could not be read when the pages were last looked at"):
        read()
    assert outcomes(office) == SENT
    office.clock.advance(hours=1)
    with pytest.raises(PageUnreadableError):  # it gets as far as the page
        read()


def test_two_deleted_profiles_at_the_head_of_a_list_stop_only_themselves(office: Office) -> None:
    gone: set[str] = set()

    def is_gone(recipient: Recipient) -> None:
        if len(gone) < 2:
            gone.add(recipient.profile_slug)
        if recipient.profile_slug in gone:
            raise ProfileGoneError("This person's profile does not exist any more.")

    office.site.hooks = {"look": is_gone, "open": is_gone}
    delivered = office.run()
    assert [(d.status, d.reason) for d in delivered if d.status is not InteractionStatus.SENT] == [
        (EntryOutcome.SKIPPED, Reason.PROFILE_GONE)
    ] * 2
    assert len(office.site.deliveries) == 3
    assert seen(office)[CanaryElement.SEND_BUTTON] is ProbeOutcome.OK
    with office.database.reading() as session:
        assert breakers.get(session, office.account_id).failures == 0


def test_status_names_what_cannot_be_read_with_its_picture(office: Office) -> None:
    assert account_status(office.database, office.clock, "demo").unreadable == ()
    office.site.unreadable = {CanaryElement.SEND_BUTTON}
    office.run()
    view = account_status(office.database, office.clock, "demo")
    assert [(each.element, each.evidence) for each in view.unreadable] == [
        (CanaryElement.SEND_BUTTON, "demo/send_button.png")
    ]
    lines = list(lines_of(view, EVIDENCE))
    assert any("the send button cannot be read (/home/evidence/demo" in line for line in lines)
    assert view.looked_at_again is not None
    again = f"{view.looked_at_again.astimezone(ZoneInfo(view.timezone)):%Y-%m-%d %H:%M}"
    assert f"  canary    the next run from {again} on looks again" in lines
    report = campaign_report(office.database, office.clock, "demo", TODAY)
    assert f"Cannot be read on the site: the send button. The next run from {again} on looks again." in report.summary
